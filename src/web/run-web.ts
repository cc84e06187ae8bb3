import { once } from 'node:events';
import type { Logger } from 'pino';
import { loadConfig, readEnvironment } from '../config.ts';
import { OperatorError } from '../errors.ts';
import { createLogger } from '../logging.ts';
import { openWebServer } from './server.ts';

const STOP_SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** The web process: runs until it is told to stop. Resolves with the exit status: 1 when it could not start. */
export async function runWeb(): Promise<number> {
  let logger: Logger | null = null;
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  for (const signal of STOP_SIGNALS) process.on(signal, onSignal);
  try {
    const config = loadConfig(readEnvironment());
    logger = createLogger(config.logging);
    for (const warning of config.warnings) logger.warn(warning);
    const server = await openWebServer(config, logger);
    if (!stop.signal.aborted) await once(stop.signal, 'abort');
    logger.info('stopping');
    await server.close();
    return 0;
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    if (logger === null) process.stderr.write(`error: ${error.message}\n`);
    else logger.fatal({ code: error.code }, error.message);
    return 1;
  } finally {
    for (const signal of STOP_SIGNALS) process.off(signal, onSignal);
  }
}
