import type { Command } from 'commander';
import type { DoctorCommandOptions } from '../commands/doctor.ts';
import type { LoadOptions } from '../make-load.ts';
import type { Shell } from '../command-context.ts';
import { bashCompletion } from '../completion.ts';
import { optionValues } from '../option-values.ts';
import { DEFAULT_SCENARIO, SCENARIO_OPTION, withCommonOptions, type Run, type With } from './declare.ts';

const DEFAULT_CHECK_S = 20;
const MAX_CHECK_S = 600;
const DEFAULT_LOAD = { concurrent: 5, durationS: 30 };
const MAX_LOAD = { concurrent: 1000, durationS: 24 * 3600 };

export function declareOperationCommands(program: Command, shell: Shell, run: Run): void {
  declareDoctor(program, shell, run);
  declareLoadTest(program, shell, run);
  program
    .command('completion')
    .description(shell.messages.operations.help.completion)
    .action(() => void shell.terminal.stdout.write(bashCompletion(program)));
}

function declareLoadTest(program: Command, shell: Shell, run: Run): void {
  const { help } = shell.messages.operations;
  const { wholeNumber } = optionValues(shell.messages);
  withCommonOptions(program.command('load-test').description(help.loadTest), shell)
    .option('--concurrent <n>', help.concurrent, wholeNumber(1, MAX_LOAD.concurrent), DEFAULT_LOAD.concurrent)
    .option('--duration <seconds>', help.duration, wholeNumber(1, MAX_LOAD.durationS), DEFAULT_LOAD.durationS)
    .option(SCENARIO_OPTION, help.scenario, DEFAULT_SCENARIO)
    .option('--simulator', help.simulator, false)
    .option('--yes-this-is-my-switch', help.confirm, false)
    .action(async (options: With<LoadOptions>) => {
      const { runLoadTestCommand } = await import('../commands/load-test.ts');
      await run(options, (context) => runLoadTestCommand(context, options));
    });
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
