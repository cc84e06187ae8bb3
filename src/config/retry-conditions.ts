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

export interface RetryCondition {
  result: (typeof RETRYABLE_RESULTS)[number];
  /** Null takes `RETRY_DELAY`. */
  delayMs: number | null;
}

const MAX_DELAY_S = 30 * 24 * 3600;

export const RETRY_CONDITION_FORMS = `results separated by commas, each with its own delay in seconds if need be (no_answer,busy=300); results: ${RETRYABLE_RESULTS.join(', ')}`;

/** Reads `RETRY_CONDITIONS`; undefined where it cannot be read. */
export function readRetryConditions(text: string): RetryCondition[] | undefined {
  const conditions = text.split(',').map((item) => readCondition(item.trim()));
  return conditions.every((condition) => condition !== undefined) ? conditions : undefined;
}

function readCondition(item: string): RetryCondition | undefined {
  const match = /^([a-z_]+)(?:\s*=\s*(\d{1,7}))?$/.exec(item);
  const result = RETRYABLE_RESULTS.find((name) => name === match?.[1]);
  const delayS = match?.[2] === undefined ? null : Number(match[2]);
  if (result === undefined || (delayS !== null && delayS > MAX_DELAY_S)) return undefined;
  return { result, delayMs: delayS === null ? null : delayS * 1000 };
}
