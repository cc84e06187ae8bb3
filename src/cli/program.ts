import { Command } from 'commander';
import type { Shell } from './command-context.ts';
import { declareAudioCommands } from './program/audio.ts';
import { declareCallCommands } from './program/calls.ts';
import { declareCampaignCommands } from './program/campaigns.ts';
import { declareComplianceCommands } from './program/compliance.ts';
import { declareContactCommands } from './program/contacts.ts';
import { declareDebugCommands } from './program/debug.ts';
import { declareOperationCommands } from './program/operations.ts';
import { declareLiveCommands } from './program/live.ts';
import { declareExportCommands } from './program/exports.ts';
import { declareScenarioCommands } from './program/scenarios.ts';
import { withCommonOptions, type Run } from './program/declare.ts';
import { runCommand, runForeground, type CommonOptions } from './run-command.ts';

/**
 * Every command of `minibot` with its options. What a command does is loaded when it is run, so that help and mistakes
 * in the command line are answered at once. `onExit` is told the exit status.
 */
export function createProgram(shell: Shell, onExit: (status: number) => void): Command {
  const { help } = shell.messages;
  const program = new Command('minibot').description(help.program);
  configure(program, shell);

  const run: Run = async (options, command) => {
    onExit(await runCommand(shell, options, command));
  };
  declareContactCommands(program, shell, run);
  declareCampaignCommands(program, shell, run);
  declareScenarioCommands(program, shell, run);
  declareAudioCommands(program, shell, run);
  declareDebugCommands(program, shell, run);
  declareCallCommands(program, shell, run);
  declareLiveCommands(program, shell, run);
  declareExportCommands(program, shell, run);
  declareComplianceCommands(program, shell, run);
  declareOperationCommands(program, shell, run);

  withCommonOptions(program.command('migrate').description(help.migrate), shell).action(
    async (options: CommonOptions) => {
      const { runMigrate } = await import('./commands/migrate.ts');
      await run(options, runMigrate);
    },
  );
  program
    .command('worker')
    .description(help.worker)
    .option('--verbose', help.verbose)
    .action(async (options: CommonOptions) => {
      const { runWorker } = await import('../workers/run-worker.ts');
      onExit(await runForeground(shell, options, runWorker));
    });
  return program;
}

/** Errors of the command line are thrown, not printed: `main.ts` says them in the reader's language. */
function configure(program: Command, { messages, terminal }: Shell): void {
  const titles: Record<string, string> = messages.help.titles;
  program
    .helpOption('-h, --help', messages.help.helpOption)
    .helpCommand('help [command]', messages.help.helpCommand)
    .configureHelp({
      styleTitle: (title) => terminal.colors.bold(titles[title] ?? title),
      optionDescription: ({ description }) => description,
    })
    .configureOutput({ outputError: () => undefined })
    .exitOverride();
}
