import { countByState } from '../db/campaign-contacts.ts';
import { listCampaigns } from '../db/campaigns.ts';
import type { Executor } from '../db/client.ts';
import { listContactsForCampaign } from '../db/contacts.ts';
import type { Campaign } from '../db/schema.ts';
import type { Gate } from './gate.ts';
import type { CampaignSpec } from './launch.ts';

/** What a launch would do. */
export type LaunchPlan =
  /** An unfinished campaign of this name would be gone on with; `waiting` of its contacts have no job yet. */
  | { kind: 'continue'; campaign: Campaign; waiting: number }
  /** `refused`: contacts that would not be called, by reason. */
  | { kind: 'create'; callable: number; refused: Record<string, number> };

const BATCH = 1_000;

/** Looks at everybody whom a launch would take, and changes nothing. */
export async function planLaunch(
  deps: { db: Executor; gate: Gate },
  spec: Pick<CampaignSpec, 'name' | 'tags' | 'limit'>,
  options: { onProgress: (contacts: number) => void; signal: AbortSignal },
): Promise<LaunchPlan> {
  const unfinished = await listCampaigns(deps.db, { statuses: ['draft', 'running', 'paused'] });
  const campaign = unfinished.find(({ name }) => name === spec.name);
  // A draft's list is still open: it would be completed by the same contacts as a new one's.
  if (campaign !== undefined && campaign.status !== 'draft') {
    const { waiting } = await countByState(deps.db, campaign.id);
    return { kind: 'continue', campaign, waiting };
  }

  const plan: LaunchPlan = { kind: 'create', callable: 0, refused: {} };
  let left = spec.limit ?? Number.POSITIVE_INFINITY;
  for (let afterId = 0; left > 0;) {
    options.signal.throwIfAborted();
    const page = await listContactsForCampaign(deps.db, {
      tags: spec.tags,
      afterId,
      batch: Math.min(BATCH, left),
    });
    const last = page.at(-1);
    if (last === undefined) break;
    for (const contact of page) {
      const refusal = deps.gate.refusalAtEnqueue(contact);
      if (refusal === null) plan.callable += 1;
      else plan.refused[refusal] = (plan.refused[refusal] ?? 0) + 1;
    }
    afterId = last.id;
    left -= page.length;
    options.onProgress(plan.callable);
  }
  return plan;
}
