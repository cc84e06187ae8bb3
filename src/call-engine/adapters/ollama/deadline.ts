import { MinibotError } from '../../../errors.ts';

export interface Deadline {
  ms: number;
  /** Any of these aborts the work, with its own reason. */
  signals: readonly AbortSignal[];
  /** What is waited for, for the message. */
  what: string;
}

/**
 * Runs `work` with a signal that aborts at the deadline or with any of the given signals; rejects then at once, whether
 * or not `work` listens. Leaves no timer and no listener behind.
 */
export async function withDeadline<T>(
  { ms, signals, what }: Deadline,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  for (const signal of signals) signal.throwIfAborted();
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort(new MinibotError('OLLAMA_TIMEOUT', `${what}: no answer within ${ms} ms`));
  }, ms);
  const followers = signals.map((signal) => {
    const follow = (): void => {
      controller.abort(signal.reason);
    };
    signal.addEventListener('abort', follow, { once: true });
    return { signal, follow };
  });
  const aborted = new Promise<never>((_resolve, reject) => {
    controller.signal.addEventListener('abort', () => reject(reasonOf(controller.signal)), { once: true });
  });
  try {
    return await Promise.race([work(controller.signal), aborted]);
  } catch (error) {
    throw controller.signal.aborted ? reasonOf(controller.signal) : error;
  } finally {
    clearTimeout(timer);
    for (const { signal, follow } of followers) signal.removeEventListener('abort', follow);
  }
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('aborted', { cause: signal.reason });
}
