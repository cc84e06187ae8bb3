import type { Campaign, CampaignContact } from '../db/schema.ts';
import type { Gate } from './gate.ts';
import type { WorkItem } from './work-item.ts';

/** What happens next to a person in a campaign, when, and why. */
export interface WhatComesNext {
  action: 'first_call' | 'call_in_progress' | 'retry' | 'paused' | 'nothing';
  /** Not before this; null where no time is planned. */
  at: Date | null;
  /** Null where there is nothing to explain. */
  why: string | null;
}

/** Pure: from what the database says about the campaign and the person. */
export function whatComesNext(
  campaign: Pick<Campaign, 'status'>,
  contact: Pick<CampaignContact, 'state' | 'nextAttemptAt' | 'nextReason'>,
): WhatComesNext {
  const { state, nextAttemptAt: at, nextReason: why } = contact;
  if (state === 'done') return { action: 'nothing', at: null, why };
  if (state === 'calling') return { action: 'call_in_progress', at: null, why: null };
  switch (campaign.status) {
    case 'draft':
      return { action: 'nothing', at: null, why: 'the campaign has not been launched' };
    case 'completed':
    case 'cancelled':
      return { action: 'nothing', at: null, why: `the campaign is ${campaign.status}` };
    case 'paused':
      return { action: 'paused', at, why: 'the campaign is paused' };
    case 'running':
      return state === 'retry_scheduled'
        ? { action: 'retry', at, why }
        : { action: 'first_call', at: null, why: null };
  }
}

/**
 * The same, with what the gate says of that moment: who waits for the hours of calling, or must not be called in this
 * campaign, is told so before a worker finds out. Asks the gate once at most.
 */
export async function whatTheGateLetsHappenNext(
  gate: Pick<Gate, 'mayCallNow'>,
  item: WorkItem,
  now: Date,
): Promise<WhatComesNext> {
  const next = whatComesNext(item.campaign, item.campaignContact);
  if (next.action !== 'first_call' && next.action !== 'retry') return next;
  const moment = next.at !== null && next.at > now ? next.at : now;
  const verdict = await gate.mayCallNow(item, moment);
  switch (verdict.decision) {
    case 'call':
      return next;
    case 'wait':
      return {
        action: next.action,
        at: verdict.until,
        why: [next.why, verdict.reason].filter((why) => why !== null).join('; '),
      };
    case 'refuse':
      return { action: 'nothing', at: null, why: verdict.reason };
  }
}
