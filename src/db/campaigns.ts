import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm';
import { MinibotError } from '../errors.ts';
import { noteDial } from './dial-turns.ts';
import { lockCampaignLines } from './lines.ts';
import { campaigns } from './schema.ts';
import type { Campaign, CampaignStatus } from './schema.ts';
import type { Executor } from './client.ts';

export type NewCampaign = Pick<
  Campaign,
  | 'name'
  | 'scenario'
  | 'maxConcurrentCalls'
  | 'callDelayMs'
  | 'priority'
  | 'callerId'
  | 'basis'
  | 'retry'
  | 'callingWindow'
> & {
  /** What the calls are recorded for; absent or null records none. */
  recordingPurpose?: string | null;
  /** Absent: `campaign`. */
  kind?: Campaign['kind'];
};

/** Creates a campaign in status `draft`. */
export async function createCampaign(db: Executor, campaign: NewCampaign): Promise<Campaign> {
  const [row] = await db.insert(campaigns).values(campaign).returning();
  if (!row) throw new MinibotError('campaign_not_created', `the campaign “${campaign.name}” was not stored`);
  return row;
}

export async function findCampaign(db: Executor, id: number): Promise<Campaign | null> {
  const [row] = await db.select().from(campaigns).where(eq(campaigns.id, id));
  return row ?? null;
}

/** Newest first: names are not unique. Capitals make no difference. */
export async function findCampaignsNamed(db: Executor, name: string): Promise<Campaign[]> {
  return db
    .select()
    .from(campaigns)
    .where(and(sql`lower(${campaigns.name}) = lower(${name})`, eq(campaigns.kind, 'campaign')))
    .orderBy(desc(campaigns.id));
}

/** Until the transaction ends nobody else looks for a campaign of this name to create it. */
export async function lockCampaignName(tx: Executor, name: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`campaign:${name}`}, 0))`);
}

/** Campaigns in one of `statuses`, oldest first; test calls are none. */
export async function listCampaigns(
  db: Executor,
  { statuses }: { statuses: readonly CampaignStatus[] },
): Promise<Campaign[]> {
  return db
    .select()
    .from(campaigns)
    .where(and(inArray(campaigns.status, [...statuses]), eq(campaigns.kind, 'campaign')))
    .orderBy(asc(campaigns.id));
}

/** Changes the status only if it is one of `from` now; false when it was not (or there is no such campaign). */
export async function changeCampaignStatus(
  db: Executor,
  id: number,
  { from, to }: { from: readonly CampaignStatus[]; to: CampaignStatus },
): Promise<boolean> {
  const ends = to === 'completed' || to === 'cancelled';
  const changed = await db
    .update(campaigns)
    .set({
      status: to,
      ...(to === 'running' && { startedAt: sql`coalesce(${campaigns.startedAt}, now())` }),
      ...(ends && { endedAt: sql`now()` }),
    })
    .where(and(eq(campaigns.id, id), inArray(campaigns.status, [...from])))
    .returning({ id: campaigns.id });
  return changed.length > 0;
}

/** Holds for every call that has no line yet. False when there is no such campaign. */
export async function updatePace(
  db: Executor,
  id: number,
  pace: { maxConcurrentCalls: number; callDelayMs: number },
): Promise<boolean> {
  const { maxConcurrentCalls, callDelayMs } = pace;
  return db.transaction(async (tx) => {
    await lockCampaignLines(tx, id);
    const [before] = await tx
      .select({ callDelayMs: campaigns.callDelayMs })
      .from(campaigns)
      .where(eq(campaigns.id, id))
      .for('no key update');
    if (before === undefined) return false;
    await tx.update(campaigns).set({ maxConcurrentCalls, callDelayMs }).where(eq(campaigns.id, id));
    if (before.callDelayMs === 0 && callDelayMs > 0) await noteDial(tx, id);
    return true;
  });
}

/** False when there is no such campaign. */
export async function updatePriority(db: Executor, id: number, priority: number): Promise<boolean> {
  const changed = await db
    .update(campaigns)
    .set({ priority })
    .where(eq(campaigns.id, id))
    .returning({ id: campaigns.id });
  return changed.length > 0;
}

/** Writes down why nobody can be called for now; null once it is mended. */
export async function noteHeldBack(db: Executor, id: number, heldBack: string | null): Promise<void> {
  const heldBackAt = heldBack === null ? null : sql`now()`;
  await db.update(campaigns).set({ heldBack, heldBackAt }).where(eq(campaigns.id, id));
}
