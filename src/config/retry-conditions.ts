/** Results after which a person may be tried again. A refusal, a wrong number or a success is never in here. */
const RETRYABLE_RESULTS = [
  'no_answer',
  'busy',
  'timeout',
  'rejected',
  'congestion',
  'failed',
  'interrupted',
  'answering_machine',
  'hangup',
  'silence',
  'callback',
] as const;

/** Somebody picked up, and the scenario did not come to its end. */
const UNFINISHED_RESULTS = ['hangup', 'silence', 'callback'] as const;

type RetryableResult = (typeof RETRYABLE_RESULTS)[number];

export interface RetryCondition {
  result: RetryableResult;
  /** Null takes the usual delay. */
  delayMs: number | null;
  /** Attempts that may end so, the first included; null: as many as there are attempts. */
  maxAttempts: number | null;
}

const MAX_DELAY_S = 30 * 24 * 3600;

const FORM =
  'separated by commas, each with its own delay in seconds and, after a colon, the most attempts that may end so, if need be';

export const RETRY_CONDITION_FORMS = `results ${FORM} (no_answer,busy=300,timeout=600:2); results: ${RETRYABLE_RESULTS.join(', ')}`;
export const RETRY_UNFINISHED_FORMS = `off, or results ${FORM} (hangup=86400:2); results: ${UNFINISHED_RESULTS.join(', ')}`;

/** Reads `RETRY_CONDITIONS`; undefined where it cannot be read. */
export function readRetryConditions(text: string): RetryCondition[] | undefined {
  return readConditions(text, RETRYABLE_RESULTS);
}

/** Reads `RETRY_UNFINISHED`; undefined where it cannot be read. */
export function readUnfinishedConditions(text: string): RetryCondition[] | undefined {
  return text === 'off' ? [] : readConditions(text, UNFINISHED_RESULTS);
}

function readConditions(text: string, allowed: readonly RetryableResult[]): RetryCondition[] | undefined {
  const conditions = text.split(',').map((item) => readCondition(item.trim(), allowed));
  return conditions.every((condition) => condition !== undefined) ? conditions : undefined;
}

function readCondition(item: string, allowed: readonly RetryableResult[]): RetryCondition | undefined {
  const match = /^([a-z_]+)(?:\s*=\s*(\d{1,7}))?(?:\s*:\s*([1-9]\d?))?$/.exec(item);
  const result = allowed.find((name) => name === match?.[1]);
  const [, , delayS = null, maxAttempts = null] = match ?? [];
  if (result === undefined || Number(delayS ?? 0) > MAX_DELAY_S) return undefined;
  return {
    result,
    delayMs: delayS === null ? null : Number(delayS) * 1000,
    maxAttempts: maxAttempts === null ? null : Number(maxAttempts),
  };
}
