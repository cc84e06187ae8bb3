import { countByState } from '../db/campaign-contacts.ts';
import { listCampaigns } from '../db/campaigns.ts';
import type { Executor } from '../db/client.ts';
import { listContactsForCampaign } from '../db/contacts.ts';
import { MinibotError } from '../errors.ts';
import type { Campaign } from '../db/schema.ts';
import type { Gate } from './gate.ts';
import { addTo, type CampaignSpec } from './launch.ts';

/** What a launch would do. */
export type LaunchPlan =
  /** An unfinished campaign of this name would be gone on with; `waiting` of its contacts have no job yet. */
  | { kind: 'continue'; campaign: Campaign; waiting: number }
  | {
      kind: 'create';
      /** Contacts that would get a job; those of `waiting` among them. */
      callable: number;
      /** Contacts that would not be called, by reason. */
      refused: Record<string, number>;
      /** Contacts that may not be called now, by reason. */
      waiting: Record<string, number>;
      /** The first `MAX_LISTED` of those refused or waiting. */
      notNow: NotCalled[];
    };

/** Somebody whom the gate would not let be called now. */
export interface NotCalled {
  contactId: number;
  /** Whole: whoever shows it masks it. */
  phone: string;
  reason: string;
  /** When to ask again; null: not in this campaign. */
  until: Date | null;
}

/** Enough to read; the counts are complete. */
const MAX_LISTED = 1_000;

const BATCH = 1_000;

/** Looks at everybody whom a launch would take, and changes nothing. */
export async function planLaunch(
  deps: { db: Executor; gate: Gate; now: () => Date },
  spec: CampaignSpec,
  options: { onProgress: (contacts: number) => void; signal: AbortSignal },
): Promise<LaunchPlan> {
  const unfinished = await listCampaigns(deps.db, { statuses: ['draft', 'running', 'paused'] });
  const campaign = unfinished.find(({ name }) => name === spec.name);
  // A draft's list is still open: it would be completed by the same contacts as a new one's.
  if (campaign !== undefined && campaign.status !== 'draft') {
    const { waiting } = await countByState(deps.db, campaign.id);
    return { kind: 'continue', campaign, waiting };
  }

  const plan: LaunchPlan = { kind: 'create', callable: 0, refused: {}, waiting: {}, notNow: [] };
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
    const candidates = page.map(({ phone, timeZone }) => ({ phone, timeZone, attempts: 0 }));
    const verdicts = await deps.gate.review(spec, candidates, deps.now());
    for (const [at, { id, phone }] of page.entries()) {
      const verdict = verdicts[at];
      if (verdict === undefined) throw new MinibotError('gate_silent', `the gate gave no verdict on ${id}`);
      if (verdict.decision !== 'refuse') plan.callable += 1;
      if (verdict.decision === 'call') continue;
      const until = verdict.decision === 'wait' ? verdict.until : null;
      addTo(until === null ? plan.refused : plan.waiting, verdict.reason);
      if (plan.notNow.length < MAX_LISTED) {
        plan.notNow.push({ contactId: id, phone, reason: verdict.reason, until });
      }
    }
    afterId = last.id;
    left -= page.length;
    options.onProgress(plan.callable);
  }
  return plan;
}
