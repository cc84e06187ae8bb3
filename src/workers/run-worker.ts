import type { Logger } from 'pino';
import { loadConfig, readEnvironment, type Config } from '../config.ts';
import { OperatorError } from '../errors.ts';
import { createLogger } from '../logging.ts';
import { openCallWorker } from './app.ts';

/** SIGHUP: the terminal it was started in is gone. */
const STOP_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/**
 * The worker process: runs until it is told to stop, then drains. A second signal stops waiting for calls in flight.
 * Resolves with the exit status: 0 after a clean stop, 1 when it could not start.
 */
export async function runWorker(): Promise<number> {
  let logger: Logger | null = null;
  const stop = new AbortController();
  const hurry = new AbortController();
  const onSignal = (): void => {
    if (stop.signal.aborted) hurry.abort();
    stop.abort();
  };
  for (const signal of STOP_SIGNALS) process.on(signal, onSignal);
  try {
    const config = loadConfig(readEnvironment());
    logger = createLogger(config.logging);
    await work(config, logger, stop.signal, hurry.signal);
    return 0;
  } catch (error) {
    if (stop.signal.aborted) return 0;
    if (!(error instanceof OperatorError)) throw error;
    if (logger === null) process.stderr.write(`error: ${error.message}\n`);
    else logger.fatal({ code: error.code }, error.message);
    return 1;
  } finally {
    for (const signal of STOP_SIGNALS) process.off(signal, onSignal);
  }
}

async function work(config: Config, logger: Logger, stop: AbortSignal, hurry: AbortSignal): Promise<void> {
  for (const warning of config.warnings) logger.warn(warning);
  const app = await openCallWorker(config, logger, stop);
  await aborted(stop);
  logger.info({ graceMs: config.calls.drainTimeoutMs }, 'stopping: no new calls, calls in flight end');
  const drained = app.close({ graceMs: config.calls.drainTimeoutMs });
  await Promise.race([drained, aborted(hurry).then(() => app.hangUp())]);
  await drained;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
