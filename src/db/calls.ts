import { and, asc, count, desc, eq, exists, gte, inArray, isNull, ne, notExists, or, sql } from 'drizzle-orm';
import { MinibotError } from '../errors.ts';
import { callInteractions, calls, campaignContacts, campaigns, lineLeases } from './schema.ts';
import type { Call } from './schema.ts';
import type { Executor } from './client.ts';
import { mayBeHeld } from './lines.ts';
import { storable } from './text.ts';
import type { EndReason } from '../call-engine/disposition.ts';
import type { HeardDisclosure } from '../call-engine/ports.ts';

/** The right to write about an attempt. A `Call` row is one; it is worth nothing once another worker took over. */
export interface AttemptRef {
  id: string;
  fencingToken: number;
}

export interface AttemptReservation {
  /** Chosen by us; also the channel's UUID. */
  callId: string;
  campaignId: number;
  campaignContactId: number;
  contactId: number;
  phone: string;
  /** Fingerprint of the phone. */
  subject: string;
  attempt: number;
  workerId: string;
}

export interface AttemptOutcome {
  result: string;
  endReason: EndReason;
  hangupCause: string | null;
  sipStatus: number | null;
  /** It was an attempt to reach the person. */
  counted: boolean;
  endedAt: Date;
  /** Null where none was begun, or it is not known. */
  recordingPath: string | null;
  /** What was heard of what tells people who calls them; null when not known. */
  disclosure?: HeardDisclosure[] | null;
}

/**
 * Writes the attempt down before it is dialled. `reserved: true` exactly once per (campaign contact, attempt), and
 * never while another attempt towards this contact, or towards this number in whatever campaign, is unfinished;
 * otherwise the row that stands in the way comes back (unfinished, or this attempt already completed) and the caller
 * must not dial.
 */
export async function reserveAttempt(
  db: Executor,
  reservation: AttemptReservation,
): Promise<{ reserved: boolean; call: Call }> {
  const { callId, campaignContactId, attempt } = reservation;
  return db.transaction(async (tx) => {
    const [contact] = await tx
      .select({ state: campaignContacts.state, attempts: campaignContacts.attempts })
      .from(campaignContacts)
      .where(eq(campaignContacts.id, campaignContactId))
      .for('update');
    if (!contact) {
      throw new MinibotError('campaign_contact_unknown', `there is no campaign contact ${campaignContactId}`);
    }
    const [inTheWay] = await tx
      .select()
      .from(calls)
      .where(
        or(
          and(
            eq(calls.campaignContactId, campaignContactId),
            or(eq(calls.attempt, attempt), ne(calls.status, 'completed')),
          ),
          and(eq(calls.subject, reservation.subject), ne(calls.status, 'completed')),
        ),
      )
      .orderBy(sql`${calls.status} = 'completed'`)
      .limit(1);
    if (inTheWay) return { reserved: false, call: inTheWay };
    if (contact.state === 'done') {
      throw new MinibotError(
        'campaign_contact_done',
        `campaign contact ${campaignContactId} has its final result; attempt ${attempt} is refused`,
      );
    }
    const [call] = await tx
      .insert(calls)
      .values({
        id: callId,
        campaignId: reservation.campaignId,
        campaignContactId,
        contactId: reservation.contactId,
        phone: reservation.phone,
        subject: reservation.subject,
        attempt,
        workerId: reservation.workerId,
        retryCount: contact.attempts,
      })
      .returning();
    if (!call) throw new MinibotError('attempt_not_reserved', `attempt ${callId} was not stored`);
    await tx
      .update(campaignContacts)
      .set({ state: 'calling' })
      .where(eq(campaignContacts.id, campaignContactId));
    return { reserved: true, call };
  });
}

/**
 * Makes `workerId` the attempt's owner: later writes with the token it had are refused. Null when somebody else was
 * faster or the attempt is completed.
 */
export async function takeOverAttempt(db: Executor, ref: AttemptRef, workerId: string): Promise<Call | null> {
  const [call] = await db
    .update(calls)
    .set({ workerId, fencingToken: sql`${calls.fencingToken} + 1` })
    .where(and(owned(ref), ne(calls.status, 'completed')))
    .returning();
  return call ?? null;
}

/**
 * To be called right before originate, which is allowed only when it returns true. True once per attempt, and only while
 * its campaign runs.
 */
export async function markDialing(db: Executor, ref: AttemptRef): Promise<boolean> {
  const running = db
    .select({ one: sql`1` })
    .from(campaigns)
    .where(and(eq(campaigns.id, calls.campaignId), eq(campaigns.status, 'running')));
  const changed = await db
    .update(calls)
    .set({ status: 'dialing', startedAt: sql`now()` })
    .where(and(owned(ref), eq(calls.status, 'reserved'), exists(running)))
    .returning({ id: calls.id });
  return changed.length > 0;
}

/**
 * Forgets an attempt that its worker knows was never dialled, as if it had not been reserved. Does nothing when another
 * worker has taken it over.
 */
export async function withdrawAttempt(db: Executor, ref: AttemptRef): Promise<void> {
  await db.transaction(async (tx) => {
    const [call] = await tx
      .delete(calls)
      .where(and(owned(ref), inArray(calls.status, ['reserved', 'dialing'])))
      .returning({ campaignContactId: calls.campaignContactId });
    if (call === undefined) return;
    const contact = eq(campaignContacts.id, call.campaignContactId);
    await tx
      .update(campaignContacts)
      // What was planned before stands: a contact that waited for a retry waits for it again.
      .set({
        state: sql`case when ${campaignContacts.nextAttemptAt} is null then 'queued' else 'retry_scheduled' end`,
      })
      .where(and(contact, eq(campaignContacts.state, 'calling')));
  });
}

/**
 * Ends an unfinished attempt and, if it counts, counts it for its contact: together, in `tx`. Returns null, and
 * changes nothing, when the attempt is completed already or belongs to another worker now. Flush the journal first:
 * the transcript is put together from the stored turns.
 */
export async function completeAttempt(
  tx: Executor,
  ref: AttemptRef,
  outcome: AttemptOutcome,
): Promise<Call | null> {
  return tx.transaction(async (inner) => {
    const [call] = await inner
      .update(calls)
      .set({
        ...outcome,
        hangupCause: outcome.hangupCause === null ? null : storable(outcome.hangupCause),
        // What the journal stored stays where whoever ends the attempt does not know of it.
        recordingPath: sql`coalesce(${outcome.recordingPath}::text, ${calls.recordingPath})`,
        status: 'completed',
        // greatest() would take 0 for a call that nobody answered: it ignores nulls.
        durationMs: sql`case when ${calls.answeredAt} is not null then
          greatest(0, round(extract(epoch from ${outcome.endedAt}::timestamptz - ${calls.answeredAt}) * 1000))
        end`,
        transcription: sql`(
          select string_agg(${callInteractions.transcription}, e'\n' order by ${callInteractions.turnNumber})
          from ${callInteractions}
          where ${callInteractions.callId} = ${calls.id} and ${callInteractions.transcription} <> ''
        )`,
      })
      .where(and(owned(ref), ne(calls.status, 'completed')))
      .returning();
    if (!call) return null;
    if (outcome.counted) {
      await inner
        .update(campaignContacts)
        .set({ attempts: sql`${campaignContacts.attempts} + 1` })
        .where(eq(campaignContacts.id, call.campaignContactId));
    }
    return call;
  });
}

export async function findCall(db: Executor, id: string): Promise<Call | null> {
  const [row] = await db.select().from(calls).where(eq(calls.id, id));
  return row ?? null;
}

/** The newest attempt towards this contact of a campaign; null before the first. */
export async function latestAttempt(db: Executor, campaignContactId: number): Promise<Call | null> {
  const [row] = await db
    .select()
    .from(calls)
    .where(eq(calls.campaignContactId, campaignContactId))
    .orderBy(desc(calls.attempt))
    .limit(1);
  return row ?? null;
}

/** Counted attempts of this campaign at the person that ended with this result. */
export async function countAttemptsWithResult(
  db: Executor,
  campaignContactId: number,
  result: string,
): Promise<number> {
  const [row] = await db
    .select({ total: count() })
    .from(calls)
    .where(
      and(eq(calls.campaignContactId, campaignContactId), eq(calls.result, result), eq(calls.counted, true)),
    );
  return row?.total ?? 0;
}

/** Attempts that no outcome was written for, oldest first. */
export async function findUnfinished(db: Executor): Promise<Call[]> {
  return db.select().from(calls).where(ne(calls.status, 'completed')).orderBy(asc(calls.startedAt));
}

/** Of these attempts, those that no outcome was written for. */
export async function unfinishedAmong(db: Executor, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db
    .select({ id: calls.id })
    .from(calls)
    .where(and(inArray(calls.id, [...ids]), ne(calls.status, 'completed')));
  return new Set(rows.map(({ id }) => id));
}

/** Unfinished attempts whose line nobody can hold any more: their workers are dead. Oldest first. */
export async function findAbandoned(db: Executor, options: { leaseMs: number }): Promise<Call[]> {
  const lease = db
    .select({ one: sql`1` })
    .from(lineLeases)
    .where(and(eq(lineLeases.callId, calls.id), mayBeHeld(options)));
  return db
    .select()
    .from(calls)
    .where(and(ne(calls.status, 'completed'), notExists(lease)))
    .orderBy(asc(calls.startedAt));
}

export async function findUnfinishedByWorker(db: Executor, workerId: string): Promise<Call[]> {
  return db
    .select()
    .from(calls)
    .where(and(eq(calls.workerId, workerId), ne(calls.status, 'completed')))
    .orderBy(asc(calls.startedAt));
}

/** Every attempt towards this person over all campaigns, oldest first. */
export async function attemptsOfContact(db: Executor, contactId: number): Promise<Call[]> {
  return db
    .select()
    .from(calls)
    .where(eq(calls.contactId, contactId))
    .orderBy(asc(calls.startedAt), asc(calls.attempt));
}

/** Attempts to reach this number since then, over all campaigns; one in progress counts. */
export async function countRecentAttempts(db: Executor, phone: string, since: Date): Promise<number> {
  const [row] = await db
    .select({ total: count() })
    .from(calls)
    .where(
      and(
        eq(calls.phone, phone),
        gte(calls.startedAt, since),
        or(isNull(calls.counted), eq(calls.counted, true)),
      ),
    );
  return row?.total ?? 0;
}

function owned(ref: AttemptRef) {
  return and(eq(calls.id, ref.id), eq(calls.fencingToken, ref.fencingToken));
}
