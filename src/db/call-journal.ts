import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { CallJournal, JournalEntry } from '../call-engine/ports.ts';
import { MinibotError } from '../errors.ts';
import { foldEntries, storeProgress } from './call-progress.ts';
import type { AttemptRef } from './calls.ts';
import type { Executor } from './client.ts';
import { isTransientDatabaseError } from './connection-errors.ts';

/** Entries held while the database is slow or away. A call of ten minutes makes about 200 that are not partials. */
const CAPACITY = 1000;
/** Between two writes of one call; what happens meanwhile is written together. */
const WRITE_GAP_MS = 400;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;

/**
 * Writes what happens in one call while it happens, by a background writer of its own. Of partial transcripts only
 * the latest waits, and none while the journal is full; whatever else cannot be kept is counted, logged and makes
 * `flush` reject. A write that meets a lost connection is repeated until it succeeds or `flush` is aborted; writes
 * are idempotent. Refused (`attempt_lost`) once another worker has taken the attempt over.
 */
export function createCallJournal(db: Executor, ref: AttemptRef, logger: Logger): CallJournal {
  return new BackgroundJournal(db, ref, logger);
}

class BackgroundJournal implements CallJournal {
  readonly #db: Executor;
  readonly #ref: AttemptRef;
  readonly #logger: Logger;
  /** Oldest first; at most one partial, and then it is the last. */
  #waiting: JournalEntry[] = [];
  #inFlight: readonly JournalEntry[] = [];
  #stepsStored: readonly string[] = [];
  #lost = 0;
  #failure: Error | null = null;
  #writer: Promise<void> | null = null;
  #lastWriteAtMs = -Infinity;
  /** Aborted while `flush` waits and once nothing can be stored: no pause between writes. */
  #hurry = new AbortController();
  /** Aborted once nothing can be stored any more. */
  readonly #stop = new AbortController();

  constructor(db: Executor, ref: AttemptRef, logger: Logger) {
    this.#db = db;
    this.#ref = ref;
    this.#logger = logger;
  }

  record(entry: JournalEntry): void {
    // Whatever comes next says more than a partial that still waits.
    if (this.#waiting.at(-1)?.type === 'partial-heard') this.#waiting.pop();
    if (this.#failure !== null || this.#waiting.length >= CAPACITY) {
      this.#lose(entry);
      return;
    }
    this.#waiting.push(entry);
    this.#writer ??= this.#write();
  }

  async flush({ signal }: { signal: AbortSignal }): Promise<void> {
    this.#throwIfFailed();
    this.#hurry.abort();
    const { promise: aborted, dispose } = abortion(signal);
    try {
      await Promise.race([this.#writer, aborted]);
      if (this.#writer !== null) this.#fail(this.#notStored(signal.reason));
    } finally {
      dispose();
      if (!this.#stop.signal.aborted) this.#hurry = new AbortController();
    }
    this.#throwIfFailed();
    if (this.#lost > 0) throw this.#notStored(null);
  }

  /** Runs while something waits. Never rejects: what went wrong is told by `flush`. */
  async #write(): Promise<void> {
    try {
      do {
        await this.#pause();
        this.#inFlight = this.#waiting;
        this.#waiting = [];
        await this.#store(this.#inFlight);
        this.#inFlight = [];
      } while (this.#waiting.length > 0);
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.#writer = null;
    }
  }

  async #store(batch: readonly JournalEntry[]): Promise<void> {
    const progress = foldEntries(batch, this.#stepsStored);
    for (let retryMs = FIRST_RETRY_MS; ; retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS)) {
      this.#stop.signal.throwIfAborted();
      this.#lastWriteAtMs = performance.now();
      try {
        await storeProgress(this.#db, this.#ref, progress);
        this.#stepsStored = progress.steps ?? this.#stepsStored;
        return;
      } catch (error) {
        if (!isTransientDatabaseError(error)) throw error;
        this.#logger.warn({ err: error, retryMs }, 'the call journal could not be written; trying again');
        await delay(retryMs, undefined, { signal: this.#stop.signal });
      }
    }
  }

  /** Always gives way to the caller once, also when it is time to write: `record` must not wait for SQL to be built. */
  async #pause(): Promise<void> {
    const waitMs = Math.max(0, this.#lastWriteAtMs + WRITE_GAP_MS - performance.now());
    // Rejects only when cut short, which is what the signal asks for; a stop is seen before the next write.
    await delay(waitMs, undefined, { signal: this.#hurry.signal }).catch(() => undefined);
  }

  #throwIfFailed(): void {
    if (this.#failure !== null) throw this.#failure;
  }

  #fail(error: Error): void {
    if (this.#failure !== null) return;
    this.#failure = error;
    this.#lost += this.#inFlight.length + this.#waiting.length;
    this.#waiting = [];
    this.#logger.error({ err: error, lost: this.#lost }, 'the call journal cannot be stored');
    this.#stop.abort(error);
    this.#hurry.abort();
  }

  #lose(entry: JournalEntry): void {
    if (entry.type === 'partial-heard') return;
    this.#lost += 1;
    // Once for the journal, then only counted: a call must not flood the log.
    if (this.#lost === 1)
      this.#logger.error({ entry: entry.type }, 'the call journal is full: an entry was lost');
  }

  #notStored(cause: unknown): MinibotError {
    return new MinibotError(
      'journal_not_stored',
      `what happened in call ${this.#ref.id} could not be stored in full (${this.#lost} entries lost)`,
      { cause },
    );
  }
}

/** Resolves when the signal aborts. */
function abortion(signal: AbortSignal): { promise: Promise<void>; dispose: () => void } {
  const ours = new AbortController();
  const promise = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true, signal: ours.signal });
  });
  return { promise, dispose: () => ours.abort() };
}
