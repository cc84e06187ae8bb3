import type { Logger } from 'pino';
import { OperatorError } from '../errors.ts';

export interface EmbeddedPostgres {
  url: string;
  close(): Promise<void>;
}

export function openEmbeddedPostgres(
  options: { dataDir: string; durable: boolean },
  logger: Logger,
): Promise<EmbeddedPostgres> {
  logger.debug(options);
  return Promise.reject(new OperatorError('x', 'being written'));
}
