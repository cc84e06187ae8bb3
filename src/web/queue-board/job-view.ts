import { whatComesNext } from '../../campaigns/what-comes-next.ts';
import type { CampaignContactHistory } from '../../db/campaign-contact-histories.ts';
import type { Campaign } from '../../db/schema.ts';
import { maskPhoneNumber } from '../../masking.ts';
import { attemptView } from '../attempt-view.ts';

/** A job as the board shows it: who, what was tried, what comes next and why. No name, no whole number. */
export function jobView(campaign: Campaign, history: CampaignContactHistory) {
  const { campaignContact, phone, attempts } = history;
  return {
    phone: maskPhoneNumber(phone),
    contactId: campaignContact.contactId,
    campaign: campaign.name,
    state: campaignContact.state,
    result: campaignContact.result,
    next: whatComesNext(campaign, campaignContact),
    countedAttempts: `${campaignContact.attempts} of at most ${campaign.retry.maxAttempts}`,
    attempts: attempts.map(attemptView),
  };
}

/** The job's headline. */
export function jobTitle({ campaignContact, phone }: CampaignContactHistory): string {
  const { state, result } = campaignContact;
  return `${maskPhoneNumber(phone)} · ${result ?? state.replaceAll('_', ' ')}`;
}
