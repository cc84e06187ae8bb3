import type { Logger } from 'pino';
import type { Config, Environment } from '../config.ts';
import type { Finding } from './findings.ts';

export interface CheckContext {
  config: Config;
  environment: Environment;
  /** Also places a call that reaches nobody. */
  originate: boolean;
  /** Aborted at the deadline of the check: whatever it holds must be let go. */
  signal: AbortSignal;
  /** What one question to a server may take: less than the check, so that its answer is not missed for a moment. */
  deadlineMs: number;
  now: () => Date;
  nowMs: () => number;
  logger: Logger;
}

/** Looks at one component. Rejects where what is wrong says by itself how to mend it (an `OperatorError`). */
export type Check = (context: CheckContext) => Promise<Finding[]>;
