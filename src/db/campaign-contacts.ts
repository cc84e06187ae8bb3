import { and, asc, count, eq, gt, inArray, ne, sql } from 'drizzle-orm';
import type { CampaignBasis } from '../compliance/basis.ts';
import { CAMPAIGN_CONTACT_STATES, campaignContacts, campaigns, contacts } from './schema.ts';
import type { CampaignContact, CampaignContactState } from './schema.ts';
import type { Executor } from './client.ts';
import { reason } from '../reasons.ts';

/** Adds contacts to a campaign; those already in it are left as they are. Returns how many were new. */
export async function addCampaignContacts(
  db: Executor,
  campaignId: number,
  contactIds: readonly number[],
): Promise<number> {
  // One array parameter: a VALUES list would meet the protocol's limit of 65535 parameters.
  const result = await db.execute(sql`
    insert into ${campaignContacts} (campaign_id, contact_id)
    select ${campaignId}, id from unnest(${sql.param([...contactIds])}::bigint[]) as id
    on conflict (campaign_id, contact_id) do nothing`);
  return result.rowCount ?? 0;
}

export async function findCampaignContact(db: Executor, id: number): Promise<CampaignContact | null> {
  const [row] = await db.select().from(campaignContacts).where(eq(campaignContacts.id, id));
  return row ?? null;
}

/** A contact without a job, with what the gate asks before it gets one. */
interface UnqueuedContact {
  id: number;
  contactId: number;
  phone: string;
  timeZone: string | null;
  attempts: number;
}

/** The next contacts that have no job yet, in id order. Empty once every one is queued. */
export async function pageUnqueued(
  db: Executor,
  campaignId: number,
  { batch }: { batch: number },
): Promise<UnqueuedContact[]> {
  return db
    .select({
      id: campaignContacts.id,
      contactId: campaignContacts.contactId,
      phone: contacts.phone,
      timeZone: contacts.timeZone,
      attempts: campaignContacts.attempts,
    })
    .from(campaignContacts)
    .innerJoin(contacts, eq(contacts.id, campaignContacts.contactId))
    .where(and(eq(campaignContacts.campaignId, campaignId), eq(campaignContacts.state, 'waiting')))
    .orderBy(asc(campaignContacts.id))
    .limit(batch);
}

/** Notes that these contacts' jobs are on the queue. Those a worker has taken meanwhile are left as they are. */
export async function markQueued(
  db: Executor,
  jobs: readonly { id: number; jobId: string }[],
): Promise<void> {
  const ids = jobs.map((job) => job.id);
  const jobIds = jobs.map((job) => job.jobId);
  await db.execute(sql`
    update ${campaignContacts} as target
    set job_id = job.job_id,
        state = case when target.state = 'waiting' then 'queued' else target.state end,
        updated_at = now()
    from unnest(${sql.param(ids)}::bigint[], ${sql.param(jobIds)}::text[]) as job (id, job_id)
    where target.id = job.id`);
}

/** Contacts that have a job and no final result, in id order. Empty after the last one. */
export async function pageUnfinished(
  db: Executor,
  campaignId: number,
  { afterId, batch }: { afterId: number; batch: number },
): Promise<Pick<CampaignContact, 'id' | 'contactId' | 'nextAttemptAt'>[]> {
  return db
    .select({
      id: campaignContacts.id,
      contactId: campaignContacts.contactId,
      nextAttemptAt: campaignContacts.nextAttemptAt,
    })
    .from(campaignContacts)
    .where(
      and(
        eq(campaignContacts.campaignId, campaignId),
        inArray(campaignContacts.state, ['queued', 'calling', 'retry_scheduled']),
        gt(campaignContacts.id, afterId),
      ),
    )
    .orderBy(asc(campaignContacts.id))
    .limit(batch);
}

/** Plans the next try and says why; false when the contact already has its final result. */
export async function scheduleRetry(
  db: Executor,
  id: number,
  next: { at: Date; reason: string },
): Promise<boolean> {
  const changed = await db
    .update(campaignContacts)
    .set({ state: 'retry_scheduled', nextAttemptAt: next.at, nextReason: next.reason })
    .where(and(eq(campaignContacts.id, id), ne(campaignContacts.state, 'done')))
    .returning({ id: campaignContacts.id });
  return changed.length > 0;
}

/**
 * Makes the planned tries of a page due now, of everybody or of one contact; those that are due already stay as they are.
 * Returns the page's ids in order, due ones included; empty after the last one.
 */
export async function bringForward(
  db: Executor,
  campaignId: number,
  page: { contactId: number | null; afterId: number; batch: number },
): Promise<number[]> {
  const planned = and(
    eq(campaignContacts.campaignId, campaignId),
    eq(campaignContacts.state, 'retry_scheduled'),
    gt(campaignContacts.id, page.afterId),
    page.contactId === null ? undefined : eq(campaignContacts.contactId, page.contactId),
  );
  const rows = await db
    .select({ id: campaignContacts.id })
    .from(campaignContacts)
    .where(planned)
    .orderBy(asc(campaignContacts.id))
    .limit(page.batch);
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return ids;
  await db
    .update(campaignContacts)
    .set({
      nextAttemptAt: sql`now()`,
      nextReason: sql`${campaignContacts.nextReason} || ${`, ${reason('brought_forward', {})}`}::text`,
    })
    .where(and(planned, inArray(campaignContacts.id, ids), gt(campaignContacts.nextAttemptAt, sql`now()`)));
  return ids;
}

/** Gives the contact its final result and says why; false when it already had one, which then stays. */
export async function finish(db: Executor, id: number, result: string, reason: string): Promise<boolean> {
  const changed = await db
    .update(campaignContacts)
    .set({ state: 'done', result, nextAttemptAt: null, nextReason: reason })
    .where(and(eq(campaignContacts.id, id), ne(campaignContacts.state, 'done')))
    .returning({ id: campaignContacts.id });
  return changed.length > 0;
}

/** Like `finish` for many, each with its reason. Returns the ids of those that had no final result yet. */
export async function finishAll(
  tx: Executor,
  result: string,
  contactsToFinish: readonly { id: number; reason: string }[],
): Promise<number[]> {
  const ids = contactsToFinish.map(({ id }) => id);
  const reasons = contactsToFinish.map(({ reason }) => reason);
  const { rows } = await tx.execute<{ id: string }>(sql`
    update ${campaignContacts} as target
    set state = 'done', result = ${result}, next_attempt_at = null, next_reason = given.reason, updated_at = now()
    from unnest(${sql.param(ids)}::bigint[], ${sql.param(reasons)}::text[]) as given (id, reason)
    where target.id = given.id and target.state <> 'done'
    returning target.id`);
  return rows.map(({ id }) => Number(id));
}

/**
 * Ends the places of these numbers that wait in campaigns of these bases; jobs that run find their contact done. A call that
 * goes on is let end. Returns how many places were ended.
 */
export async function finishWaiting(
  tx: Executor,
  phones: readonly string[],
  { bases, reason: why }: { bases: readonly CampaignBasis[]; reason: string },
): Promise<number> {
  if (phones.length === 0 || bases.length === 0) return 0;
  const people = tx
    .select({ id: contacts.id })
    .from(contacts)
    .where(inArray(contacts.phone, [...phones]));
  const ofBases = tx
    .select({ id: campaigns.id })
    .from(campaigns)
    .where(inArray(campaigns.basis, [...bases]));
  const finished = await tx
    .update(campaignContacts)
    .set({ state: 'done', result: 'refused_by_gate', nextAttemptAt: null, nextReason: why })
    .where(
      and(
        inArray(campaignContacts.state, ['waiting', 'queued', 'retry_scheduled']),
        inArray(campaignContacts.contactId, people),
        inArray(campaignContacts.campaignId, ofBases),
      ),
    )
    .returning({ id: campaignContacts.id });
  return finished.length;
}

export async function countByState(
  db: Executor,
  campaignId: number,
): Promise<Record<CampaignContactState, number>> {
  const rows = await db
    .select({ state: campaignContacts.state, total: count() })
    .from(campaignContacts)
    .where(eq(campaignContacts.campaignId, campaignId))
    .groupBy(campaignContacts.state);
  const totals = Object.fromEntries(CAMPAIGN_CONTACT_STATES.map((state) => [state, 0]));
  for (const { state, total } of rows) totals[state] = total;
  return totals as Record<CampaignContactState, number>;
}
