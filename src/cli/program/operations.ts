import type { Command } from 'commander';
import type { DoctorCommandOptions } from '../commands/doctor.ts';
import type { Shell } from '../command-context.ts';
import { optionValues } from '../option-values.ts';
import { withCommonOptions, type Run, type With } from './declare.ts';

const DEFAULT_CHECK_S = 20;
const MAX_CHECK_S = 600;

export function declareOperationCommands(program: Command, shell: Shell, run: Run): void {
  declareDoctor(program, shell, run);
}

function declareDoctor(program: Command, shell: Shell, run: Run): void {
  const { help, doctor } = shell.messages.operations;
  const values = optionValues(shell.messages);
  const component = values.oneOf(componentNames(doctor.components));
  withCommonOptions(program.command('doctor').description(help.doctor), shell)
    .argument(
      '[component...]',
      help.components(Object.keys(doctor.components).join(', ')),
      (text: string, before: ComponentName[] | undefined) => [...(before ?? []), component(text)],
    )
    .option('--originate', help.originate, false)
    .option('--timeout <seconds>', help.timeout, values.wholeNumber(1, MAX_CHECK_S), DEFAULT_CHECK_S)
    .action(async (named: ComponentName[], options: With<DoctorCommandOptions>) => {
      const { runDoctorCommand } = await import('../commands/doctor.ts');
      await run(options, (context) =>
        runDoctorCommand(context, named.length > 0 ? named : componentNames(doctor.components), options),
      );
    });
}

type ComponentName = keyof Shell['messages']['operations']['doctor']['components'];

/** From the texts, so that help does not load every check. */
function componentNames(components: Readonly<Record<ComponentName, string>>): ComponentName[] {
  return Object.keys(components) as ComponentName[]; // Object.keys forgets it.
}
