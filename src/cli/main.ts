import { CommanderError, type Command } from 'commander';
import { readEnvironment } from '../config.ts';
import type { Shell } from './command-context.ts';
import { chooseMessages } from './language.ts';
import { en } from './messages/en.ts';
import { createProgram } from './program.ts';
import { reportError } from './report-error.ts';
import { EXIT } from './run-command.ts';
import { Terminal } from './terminal.ts';

leaveQuietlyWhenNobodyReads();
process.exitCode = await main(process.argv);

async function main(argv: readonly string[]): Promise<number> {
  const shell = openShell();
  if (shell === null) return EXIT.failed;
  let status: number = EXIT.ok;
  const program = createProgram(shell, (exitStatus) => {
    status = exitStatus;
  });
  try {
    await program.parseAsync(argv);
    return status;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return reportUsageError(error, shell, commandLineOf(program, argv.slice(2)));
  }
}

/** Null, and said why, when not even `.env` can be read. */
function openShell(): Shell | null {
  try {
    const environment = readEnvironment();
    return {
      environment,
      messages: chooseMessages(environment),
      terminal: new Terminal(process.stdout, process.stderr, environment),
    };
  } catch (error) {
    const terminal = new Terminal(process.stdout, process.stderr, {});
    reportError(error, { messages: en, terminal, json: false, verbose: false });
    return null;
  }
}

/** Help that was asked for is no error; help in place of a command is. */
function reportUsageError(error: CommanderError, { messages, terminal }: Shell, command: string): number {
  if (error.exitCode === 0) return EXIT.ok;
  if (error.code !== 'commander.help') {
    terminal.printError(messages.errorLabel, messages.usageError(error.message.replace(/^error: /, '')));
    terminal.printNote(messages.usageHint(command));
  }
  return EXIT.usage;
}

/** The command that the words name, as far as they name one: `minibot campaign show`. */
function commandLineOf(command: Command, words: readonly string[]): string {
  const [word, ...rest] = words;
  const named = command.commands.find((candidate) => candidate.name() === word);
  return named === undefined ? command.name() : `${command.name()} ${commandLineOf(named, rest)}`;
}

/** `minibot campaign list | head -1` closes our output before we are done with it. */
function leaveQuietlyWhenNobodyReads(): void {
  process.stdout.on('error', (error: Error) => {
    if ('code' in error && error.code === 'EPIPE') process.exit(EXIT.ok);
    throw error;
  });
}
