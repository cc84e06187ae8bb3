import type { Campaign, CampaignContact } from '../db/schema.ts';

/** What happens next to a person in a campaign, when, and why. */
export interface WhatComesNext {
  action: 'first_call' | 'call_in_progress' | 'retry' | 'paused' | 'nothing';
  /** Null where no time is planned. */
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
