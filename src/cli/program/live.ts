import type { Command } from 'commander';
import type { TestCallOptions } from '../commands/test-call.ts';
import type { Shell } from '../command-context.ts';
import { optionValues } from '../option-values.ts';
import { SCENARIO_OPTION, type Run, type With } from './declare.ts';

const MAX_PORT = 65_535;

/** What is watched while it happens. */
export function declareLiveCommands(program: Command, shell: Shell, run: Run): void {
  declareTestCall(program, shell, run);
}

function declareTestCall(program: Command, shell: Shell, run: Run): void {
  const { help: texts } = shell.messages.live.testCall;
  const values = optionValues(shell.messages);
  program
    .command('test-call')
    .description(texts.description)
    .argument('<phone>', texts.phone)
    .option(SCENARIO_OPTION, texts.scenario, values.text)
    .option('--yes', texts.yes, false)
    .option('--audio-port <port>', texts.audioPort, values.wholeNumber(0, MAX_PORT), 0)
    .option('--audio-url <url>', texts.audioUrl, values.audioUrl)
    .option('--json', texts.json)
    .option('--verbose', shell.messages.help.verbose)
    .addHelpText('after', texts.examples)
    .action(async (phone: string, options: With<TestCallOptions>, command: Command) => {
      // As with launch-campaign: a misspelt option is complained about first.
      if (!Object.hasOwn(options, 'scenario')) {
        command.error(`error: required option '${SCENARIO_OPTION}' not specified`);
      }
      const { runTestCall } = await import('../commands/test-call.ts');
      await run(options, (context) => runTestCall(context, phone, options));
    });
}
