import { and, asc, eq, gte, inArray, lt, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { listTurns } from './call-interactions.ts';
import { listLines } from './call-lines.ts';
import type { Executor } from './client.ts';
import { calls, contacts } from './schema.ts';
import type { Call, CallInteraction, CallLine, Contact } from './schema.ts';

/** Which calls of a campaign are meant; null leaves nothing out. */
export interface CallFilter {
  results: readonly string[] | null;
  /** Begun at this moment or later. */
  from: Date | null;
  /** Begun earlier than this. */
  before: Date | null;
  /** E.164. */
  phones: readonly string[] | null;
}

/** A call as it is exported, with whom it was made to. */
export interface ExportedCall {
  call: Call;
  person: Pick<Contact, 'firstName' | 'lastName' | 'company' | 'email'>;
  /** What was said, in order; null when it was not asked for. */
  said: { lines: CallLine[]; turns: CallInteraction[] } | null;
}

/** A snapshot keeps Postgres from tidying up: a reader who stalls for so long loses it. */
const STALLED_READER_MS = 600_000;
/** Sorting millions of calls takes longer than other statements may. */
const SNAPSHOT_STATEMENT_MS = 300_000;

/** Whatever `work` reads, it sees the database as it was at one moment. It can change nothing. */
export async function readSnapshot<T>(db: Executor, work: (tx: Executor) => Promise<T>): Promise<T> {
  return db.transaction(
    async (tx) => {
      await tx.execute(sql`select
        set_config('idle_in_transaction_session_timeout', ${String(STALLED_READER_MS)}, true),
        set_config('statement_timeout', ${String(SNAPSHOT_STATEMENT_MS)}, true)`);
      return work(tx);
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
}

/**
 * Calls in the order in which they were begun, a page at a time: bounded memory, and sorted once however many there are.
 * `tx` is a transaction, and is read by nobody else until the last page came.
 */
export async function* pageExportedCalls(
  tx: Executor,
  campaignId: number,
  { filter, withSaid, batch }: { filter: CallFilter; withSaid: boolean; batch: number },
): AsyncGenerator<ExportedCall[]> {
  // Ids alone: what is sorted stays small, and whole rows are read by the page.
  const ordered = tx
    .select({ id: calls.id })
    .from(calls)
    .where(isExported(campaignId, filter))
    .orderBy(asc(calls.startedAt), asc(calls.id));
  await tx.execute(sql`declare exported_calls no scroll cursor for ${ordered.getSQL()}`);
  for (;;) {
    const { rows } = await tx.execute<{ call_uuid: string }>(
      sql`fetch forward ${sql.raw(String(batch))} from exported_calls`,
    );
    if (rows.length === 0) break;
    yield await callsById(
      tx,
      rows.map((row) => row.call_uuid),
      withSaid,
    );
  }
  await tx.execute(sql`close exported_calls`);
}

/** In the order of `ids`. */
async function callsById(tx: Executor, ids: readonly string[], withSaid: boolean): Promise<ExportedCall[]> {
  const rows = await tx
    .select({
      call: calls,
      person: {
        firstName: contacts.firstName,
        lastName: contacts.lastName,
        company: contacts.company,
        email: contacts.email,
      },
    })
    .from(calls)
    .innerJoin(contacts, eq(contacts.id, calls.contactId))
    .where(inArray(calls.id, [...ids]));
  const byId = new Map(rows.map((row): [string, ExportedCall] => [row.call.id, { ...row, said: null }]));
  if (withSaid) {
    for (const exported of byId.values()) exported.said = { lines: [], turns: [] };
    for (const line of await listLines(tx, ids)) byId.get(line.callId)?.said?.lines.push(line);
    for (const turn of await listTurns(tx, ids)) byId.get(turn.callId)?.said?.turns.push(turn);
  }
  return ids.flatMap((id) => byId.get(id) ?? []);
}

export function isExported(
  campaignId: number,
  { results, from, before, phones }: CallFilter,
): SQL | undefined {
  return and(
    eq(calls.campaignId, campaignId),
    results === null ? undefined : inArray(calls.result, [...results]),
    from === null ? undefined : gte(calls.startedAt, from),
    before === null ? undefined : lt(calls.startedAt, before),
    phones === null ? undefined : inArray(calls.phone, [...phones]),
  );
}
