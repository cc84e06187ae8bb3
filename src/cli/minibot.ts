import { CommanderError, type Command } from 'commander';
import { readEnvironment, type Environment } from '../config.ts';
import type { Input, Shell } from './command-context.ts';
import { chooseMessages } from './language.ts';
import { en } from './messages/en.ts';
import { createProgram } from './program.ts';
import { reportError } from './report-error.ts';
import { EXIT } from './run-command.ts';
import { Terminal, type Output } from './terminal.ts';

export interface MinibotProcess {
  /** Without the program's own name. */
  args: readonly string[];
  /** Without it, the environment of this process. */
  environment?: Environment;
  /** Folder it was started in, where `.env` is looked for. */
  directory: string;
  stdin: Input;
  stdout: Output;
  stderr: Output;
  leftBehind?: Shell['leftBehind'];
}

/** Runs one command line. Resolves with the exit status; what is wrong with the command line or its settings is printed. */
export async function runMinibot({ args, ...started }: MinibotProcess): Promise<number> {
  const shell = openShell(started);
  if (shell === null) return EXIT.failed;
  let status: number = EXIT.ok;
  const program = createProgram(shell, (exitStatus) => {
    status = exitStatus;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return status;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return reportUsageError(error, shell, commandLineOf(program, args));
  }
}

/** Null, and said why, when not even `.env` can be read. */
function openShell({
  environment: own,
  directory,
  stdin,
  stdout,
  stderr,
  leftBehind,
}: Omit<MinibotProcess, 'args'>): Shell | null {
  try {
    const environment = readEnvironment(directory, own);
    return {
      environment,
      messages: chooseMessages(environment),
      stdin,
      terminal: new Terminal(stdout, stderr, environment),
      ...(leftBehind !== undefined && { leftBehind }),
    };
  } catch (error) {
    reportError(error, {
      messages: en,
      terminal: new Terminal(stdout, stderr, {}),
      json: false,
      verbose: false,
    });
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
