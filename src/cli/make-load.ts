import { Closers } from '../closers.ts';
import { loadConfig, type Config } from '../config.ts';
import type { LoadProgress } from '../load-test/held-calls.ts';
import { runLoadTest } from '../load-test/load-test.ts';
import type { LoadReport } from '../load-test/report.ts';
import { openConfiguredSwitch, openSimulator, type LoadTarget } from '../load-test/where.ts';
import { createLogger } from '../logging.ts';
import type { CommandContext } from './command-context.ts';
import { formatNumber } from './format.ts';
import { drawProgress, ProgressBar } from './progress.ts';

export interface LoadOptions {
  scenario: string;
  concurrent: number;
  /** Seconds. */
  duration: number;
  simulator: boolean;
  yesThisIsMySwitch: boolean;
}

export interface MadeLoad extends Pick<LoadTarget, 'kind' | 'where'> {
  config: Config;
  report: LoadReport;
}

/** Holds conversations with numbers of fiction: on the configured switch where there is one, else on the simulator. */
export async function makeLoad(context: CommandContext, options: LoadOptions): Promise<MadeLoad> {
  const { environment, messages, terminal } = context;
  const { logging, freeswitch } = loadConfig(environment);
  const logger = context.verbose
    ? createLogger({ ...logging, level: 'debug' }, terminal.stderr)
    : createLogger(logging, { write: () => undefined });
  const closers = new Closers(logger);
  const failure = new AbortController();
  const bar = new ProgressBar(terminal.stderr, messages.operations.load.starting, () => performance.now());
  const durationMs = options.duration * 1000;
  try {
    bar.update(0, 0);
    const simulate = options.simulator || freeswitch.eslPassword === null;
    const { concurrent, yesThisIsMySwitch: isConfirmed } = options;
    const target = simulate
      ? await openSimulator(
          environment,
          { concurrent, onUnexpectedExit: (error) => failure.abort(error) },
          closers,
        )
      : await openConfiguredSwitch(environment, { concurrent, isConfirmed, signal: context.signal });
    const report = await runLoadTest(
      target.config,
      {
        scenario: options.scenario,
        concurrent,
        durationMs,
        switchPid: target.pid,
        onProgress: (progress) => show(context, bar, progress, durationMs),
        signal: AbortSignal.any([context.signal, failure.signal]),
      },
      closers,
      logger,
    );
    failure.signal.throwIfAborted();
    return { kind: target.kind, where: target.where, config: target.config, report };
  } finally {
    bar.clear();
    await closers.close();
  }
}

function show(
  { messages }: CommandContext,
  bar: ProgressBar,
  { stage, elapsedMs, inFlight, made, failed }: LoadProgress,
  durationMs: number,
): void {
  const { load } = messages.operations;
  const number = (value: number): string => formatNumber(value, messages);
  const label = load.progress(number(inFlight), number(made), number(failed));
  const seconds = Math.floor(Math.min(elapsedMs, durationMs) / 1000);
  bar.showLine(
    stage === 'ending' ? `${label}, ${load.ending}` : drawProgress(label, seconds, durationMs / 1000),
  );
}
