import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import { MinibotError } from '../errors.ts';
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
>;

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

/** Campaigns in one of `statuses`, oldest first. */
export async function listCampaigns(
  db: Executor,
  { statuses }: { statuses: readonly CampaignStatus[] },
): Promise<Campaign[]> {
  return db
    .select()
    .from(campaigns)
    .where(inArray(campaigns.status, [...statuses]))
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

/** False when there is no such campaign. */
export async function updatePace(
  db: Executor,
  id: number,
  pace: { maxConcurrentCalls: number; callDelayMs: number },
): Promise<boolean> {
  const changed = await db
    .update(campaigns)
    .set({ maxConcurrentCalls: pace.maxConcurrentCalls, callDelayMs: pace.callDelayMs })
    .where(eq(campaigns.id, id))
    .returning({ id: campaigns.id });
  return changed.length > 0;
}
