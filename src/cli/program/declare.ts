import type { Command } from 'commander';
import type { Shell } from '../command-context.ts';
import type { CommandRun, CommonOptions } from '../run-command.ts';

/** What the groups of commands share in declaring themselves. */

export type With<T> = T & CommonOptions;

/** Runs a command and reports its exit status. */
export type Run = (options: CommonOptions, command: CommandRun) => Promise<void>;

/** Of calls that are made to try something. */
export const DEFAULT_SCENARIO = 'vente_or_investissement';

export const SCENARIO_OPTION = '--scenario <name>';

export function withJson(command: Command, { messages }: Shell): Command {
  return command.option('--json', messages.help.json);
}

export function withCommonOptions(command: Command, shell: Shell): Command {
  return withJson(command, shell).option('--verbose', shell.messages.help.verbose);
}
