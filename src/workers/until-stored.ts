import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';

const FIRST_DELAY_MS = 250;
const MAX_DELAY_MS = 10_000;

/**
 * Repeats a write until it succeeds: the outcome of a call that was made must not be lost because the database is being
 * restarted. `write` must be safe to repeat. Rejects with the last error when `deadlineMs` is over.
 */
export async function untilStored<T>(
  write: () => Promise<T>,
  options: { deadlineMs: number; logger: Logger },
): Promise<T> {
  const giveUpAtMs = performance.now() + options.deadlineMs;
  for (let delayMs = FIRST_DELAY_MS; ; delayMs = Math.min(delayMs * 2, MAX_DELAY_MS)) {
    try {
      return await write();
    } catch (error) {
      if (performance.now() + delayMs > giveUpAtMs) throw error;
      options.logger.warn({ err: error, delayMs }, 'the outcome could not be stored; trying again');
      await delay(delayMs);
    }
  }
}
