import { OperatorError } from '../errors.ts';
import type { CommandContext, Shell } from './command-context.ts';
import { reportError } from './report-error.ts';

export interface CommonOptions {
  json?: boolean;
  verbose?: boolean;
}

/** Resolves with the exit status; nothing means 0. */
export type CommandRun = (context: CommandContext) => Promise<number | undefined>;

export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** As a shell reports an end by this signal. */
const EXIT_BY_SIGNAL = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type StopSignal = keyof typeof EXIT_BY_SIGNAL;
/** SIGHUP: the terminal it was started in is gone. */
const STOP_SIGNALS: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** One Ctrl+C may reach us twice (terminal, and npm or tsx passing it on); a real second one comes later. */
const SAME_SIGNAL_MS = 500;

/**
 * Runs one command: turns Ctrl+C into an abort, errors into one line, and all of it into an exit status. A second
 * Ctrl+C ends the process at once.
 */
export async function runCommand(shell: Shell, options: CommonOptions, run: CommandRun): Promise<number> {
  const stop = new AbortController();
  const context: CommandContext = {
    ...shell,
    json: options.json === true,
    verbose: options.verbose === true || isDebugLevel(shell.environment['LOG_LEVEL']),
    signal: stop.signal,
  };
  let stoppedBy: { name: StopSignal; atMs: number } | null = null;
  const onSignal = (name: StopSignal): void => {
    if (stoppedBy === null) {
      stoppedBy = { name, atMs: performance.now() };
      stop.abort(new OperatorError('interrupted', shell.messages.interrupted));
    } else if (performance.now() - stoppedBy.atMs > SAME_SIGNAL_MS) {
      process.exit(EXIT_BY_SIGNAL[name]);
    }
  };
  const exitStatus = (otherwise: number): number =>
    stoppedBy === null ? otherwise : EXIT_BY_SIGNAL[stoppedBy.name];
  for (const name of STOP_SIGNALS) process.on(name, onSignal);
  try {
    return (await run(context)) ?? EXIT.ok;
  } catch (error) {
    reportError(error, context);
    return exitStatus(EXIT.failed);
  } finally {
    for (const name of STOP_SIGNALS) process.off(name, onSignal);
  }
}

/** For a process that minds its signals itself. */
export async function runForeground(
  shell: Shell,
  options: CommonOptions,
  run: () => Promise<number>,
): Promise<number> {
  try {
    return await run();
  } catch (error) {
    const verbose = options.verbose === true || isDebugLevel(shell.environment['LOG_LEVEL']);
    reportError(error, { ...shell, json: false, verbose });
    return EXIT.failed;
  }
}

function isDebugLevel(level: string | undefined): boolean {
  return level !== undefined && ['debug', 'trace'].includes(level.trim().toLowerCase());
}
