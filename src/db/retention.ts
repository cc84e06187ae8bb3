import { and, asc, count, eq, gt, inArray, isNotNull, isNull, lt, or, sql } from 'drizzle-orm';
import type { Executor } from './client.ts';
import { appendToLedger } from './ledger.ts';
import { callInteractions, callLines, calls } from './schema.ts';

/** A call whose recording or words have been kept for as long as they may. */
export interface ExpiredCall {
  id: string;
  endedAt: Date;
  campaignId: number;
  subject: string | null;
  recordingPath: string | null;
}

/** Where the last page of expired calls ended; null before the first. */
export type ExpiredCursor = Pick<ExpiredCall, 'id' | 'endedAt'> | null;

const EXPIRED_CALL = {
  id: calls.id,
  endedAt: sql<Date>`${calls.endedAt}`.mapWith(calls.endedAt),
  campaignId: calls.campaignId,
  subject: calls.subject,
  recordingPath: calls.recordingPath,
};

/** Calls with a recording that ended before `before`, oldest first. */
export async function pageExpiredRecordings(
  db: Executor,
  { before, after, batch }: { before: Date; after: ExpiredCursor; batch: number },
): Promise<ExpiredCall[]> {
  return db
    .select(EXPIRED_CALL)
    .from(calls)
    .where(and(isNotNull(calls.recordingPath), lt(calls.endedAt, before), isAfter(after)))
    .orderBy(asc(calls.endedAt), asc(calls.id))
    .limit(batch);
}

/** Calls whose words are still stored and that ended before `before`, oldest first. */
export async function pageExpiredTranscripts(
  db: Executor,
  { before, batch }: { before: Date; batch: number },
): Promise<ExpiredCall[]> {
  return db
    .select(EXPIRED_CALL)
    .from(calls)
    .where(and(hasWords(), lt(calls.endedAt, before)))
    .orderBy(asc(calls.endedAt), asc(calls.id))
    .limit(batch);
}

export async function countExpired(
  db: Executor,
  before: { recordings: Date; transcripts: Date },
): Promise<{ recordings: number; transcripts: number }> {
  const [recordings] = await db
    .select({ total: count() })
    .from(calls)
    .where(and(isNotNull(calls.recordingPath), lt(calls.endedAt, before.recordings)));
  const [transcripts] = await db
    .select({ total: count() })
    .from(calls)
    .where(and(hasWords(), lt(calls.endedAt, before.transcripts)));
  return { recordings: recordings?.total ?? 0, transcripts: transcripts?.total ?? 0 };
}

/** Of these ids, the ended calls whose recording the database knows nothing of: their files are left over. */
export async function withoutRecording(db: Executor, callIds: readonly string[]): Promise<string[]> {
  const rows = await db
    .select({ id: calls.id })
    .from(calls)
    .where(and(inArray(calls.id, [...callIds]), isNull(calls.recordingPath), eq(calls.status, 'completed')));
  return rows.map(({ id }) => id);
}

/** The files are gone: forgets their paths, and tells the ledger. */
export async function markRecordingsPurged(db: Executor, expired: readonly ExpiredCall[]): Promise<void> {
  if (expired.length === 0) return;
  await db.transaction(async (tx) => {
    const purged = await tx
      .update(calls)
      .set({
        recordingPath: null,
        assembledPath: null,
        recordingProblem: null,
        recordingPurgedAt: sql`now()`,
      })
      .where(and(inArray(calls.id, idsOf(expired)), isNotNull(calls.recordingPath)))
      .returning({ id: calls.id });
    await tell(tx, expired, new Set(idsOf(purged)), 'recording');
  });
}

/** Blanks the words of these calls and tells the ledger; steps, times, intents and latencies stay for the figures. */
export async function purgeTranscripts(db: Executor, expired: readonly ExpiredCall[]): Promise<void> {
  if (expired.length === 0) return;
  await db.transaction(async (tx) => {
    await blankWords(tx, idsOf(expired));
    await tell(tx, expired, new Set(idsOf(expired)), 'transcript');
  });
}

/** What was said by both sides of these calls, wherever it is stored. */
export async function blankWords(tx: Executor, callIds: readonly string[]): Promise<void> {
  const ids = [...callIds];
  await tx.update(callInteractions).set({ transcription: '' }).where(inArray(callInteractions.callId, ids));
  await tx.update(callLines).set({ text: '', words: null }).where(inArray(callLines.callId, ids));
  await tx
    .update(calls)
    .set({ transcription: null, lastHeard: null, transcriptPurgedAt: sql`now()` })
    .where(inArray(calls.id, ids));
}

async function tell(
  tx: Executor,
  expired: readonly ExpiredCall[],
  purged: ReadonlySet<string>,
  what: 'recording' | 'transcript',
): Promise<void> {
  await appendToLedger(
    tx,
    expired.flatMap(({ id, campaignId, subject, endedAt }) =>
      // An attempt of a version without fingerprints has no place in the ledger.
      subject === null || !purged.has(id)
        ? []
        : [
            {
              event: 'purge' as const,
              subject,
              campaignId,
              callId: id,
              details: { what, callEndedAt: endedAt },
            },
          ],
    ),
  );
}

/** Nobody says anything in a call that nobody answered. */
function hasWords() {
  return and(isNotNull(calls.answeredAt), isNull(calls.transcriptPurgedAt));
}

function isAfter(cursor: ExpiredCursor) {
  if (cursor === null) return undefined;
  return or(
    gt(calls.endedAt, cursor.endedAt),
    and(eq(calls.endedAt, cursor.endedAt), gt(calls.id, cursor.id)),
  );
}

function idsOf(rows: readonly { id: string }[]): string[] {
  return rows.map(({ id }) => id);
}
