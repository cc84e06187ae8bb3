import { asc, eq, gt, inArray, sql } from 'drizzle-orm';
import { CAMPAIGN_BASES } from '../compliance/basis.ts';
import { reason as sentence } from '../reasons.ts';
import type { Executor } from './client.ts';
import { finishWaiting } from './campaign-contacts.ts';
import { withdrawConsents } from './consents.ts';
import { appendToLedger } from './ledger.ts';
import { oppositions, type Opposition } from './schema.ts';
import { storable } from './text.ts';

export interface NewOpposition {
  /** Fingerprint of the number. */
  subject: string;
  /** E.164, to cancel what waits for it; null where only the fingerprint is known. Not stored. */
  phone: string | null;
  reason: string;
  /** Where it comes from. */
  source: string;
  sourceCallId: string | null;
  /** Null: now. */
  since: Date | null;
}

/** What a contact's reason says whose turn was cancelled by an opposition. */
const CANCELLED = `opposed: ${sentence('opposed', {})}`;

/**
 * Whoever asks about a number or dials it does so one after the other: held until the transaction ends, over all campaigns
 * and workers.
 */
export async function lockSubject(tx: Executor, subject: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`subject:${subject}`}, 0))`);
}

export async function findOpposition(db: Executor, subject: string): Promise<Opposition | null> {
  const [row] = await db.select().from(oppositions).where(eq(oppositions.subject, subject));
  return row ?? null;
}

/** Those of these people who are on the list. */
export async function opposedAmong(db: Executor, subjects: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await db
    .select({ subject: oppositions.subject })
    .from(oppositions)
    .where(inArray(oppositions.subject, [...subjects]));
  return new Set(rows.map(({ subject }) => subject));
}

/**
 * Adds people to the list (an earlier entry stays as it is), ends their consents and finishes every contact of theirs that
 * waits in any campaign: all or nothing, in `tx`. A call that goes on is let end; its contact is not tried again.
 */
export async function recordOppositions(
  tx: Executor,
  entries: readonly NewOpposition[],
): Promise<{ added: number; cancelled: number }> {
  const bySubject = new Map(entries.map((entry) => [entry.subject, entry]));
  // In one order, so that two transactions never wait for each other.
  const ordered = [...bySubject.values()].sort((a, b) => (a.subject < b.subject ? -1 : 1));
  const [only, ...others] = ordered;
  if (only === undefined) return { added: 0, cancelled: 0 };
  if (others.length === 0) await lockSubject(tx, only.subject);
  const { rows } = await tx.execute<{ subject: string }>(sql`
    insert into ${oppositions} (subject, reason, source, source_call_id, created_at)
    select subject, reason, source, source_call_id, coalesce(since, now())
    from jsonb_to_recordset(${JSON.stringify(
      ordered.map(({ subject, reason, source, sourceCallId, since }) => ({
        subject,
        since,
        reason: storable(reason),
        source: storable(source),
        source_call_id: sourceCallId,
      })),
    )}::jsonb) as entry (subject text, reason text, source text, source_call_id uuid, since timestamptz)
    on conflict (subject) do nothing
    returning subject`);
  const added = rows.flatMap(({ subject }) => bySubject.get(subject) ?? []);
  await appendToLedger(
    tx,
    added.map(({ subject, reason, source, sourceCallId }) => ({
      event: 'opposition',
      subject,
      campaignId: null,
      callId: sourceCallId,
      details: { reason, source },
    })),
  );
  await withdrawConsents(tx, [...bySubject.keys()], { source: 'opposition', at: new Date() });
  const phones = ordered.flatMap(({ phone }) => phone ?? []);
  const cancelled = await finishWaiting(tx, phones, { bases: CAMPAIGN_BASES, reason: CANCELLED });
  return { added: added.length, cancelled };
}

/** Takes somebody off the list; the ledger keeps why. False when they were not on it. A consent does not come back by it. */
export async function liftOpposition(
  tx: Executor,
  { subject, reason }: { subject: string; reason: string },
): Promise<boolean> {
  const removed = await tx
    .delete(oppositions)
    .where(eq(oppositions.subject, subject))
    .returning({ reason: oppositions.reason, createdAt: oppositions.createdAt });
  const [entry] = removed;
  if (entry === undefined) return false;
  await appendToLedger(tx, [
    {
      event: 'opposition_lifted',
      subject,
      campaignId: null,
      callId: null,
      details: { reason: storable(reason), was: entry.reason, since: entry.createdAt },
    },
  ]);
  return true;
}

/** The list in the order of its fingerprints, a page at a time. Start with `after` empty. */
export async function pageOppositions(
  db: Executor,
  { after, batch }: { after: string; batch: number },
): Promise<Opposition[]> {
  return db
    .select()
    .from(oppositions)
    .where(gt(oppositions.subject, after))
    .orderBy(asc(oppositions.subject))
    .limit(batch);
}
