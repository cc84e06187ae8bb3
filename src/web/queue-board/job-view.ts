import { DateTime } from 'luxon';
import { whatComesNext, type WhatComesNext } from '../../campaigns/what-comes-next.ts';
import type { CampaignContactHistory } from '../../db/campaign-contact-histories.ts';
import type { Call, Campaign } from '../../db/schema.ts';
import { maskPhoneNumber } from '../../masking.ts';

/** A job as the board shows it: who, what comes next and why, what was tried. No name, no whole number. */
export function jobView(campaign: Campaign, history: CampaignContactHistory) {
  const { campaignContact, phone, attempts } = history;
  return {
    phone: maskPhoneNumber(phone),
    contactId: campaignContact.contactId,
    campaign: campaign.name,
    result: campaignContact.result,
    next: nextLine(whatComesNext(campaign, campaignContact)),
    countedAttempts: `${campaignContact.attempts} of at most ${campaign.retry.maxAttempts}`,
    // Lines, not objects: Bull Board folds what is nested deeper, and this is what one comes to see.
    attempts: attempts.map(attemptLine),
  };
}

/** The job's headline. */
export function jobTitle({ campaignContact, phone }: CampaignContactHistory): string {
  const { state, result } = campaignContact;
  return `${maskPhoneNumber(phone)} · ${result ?? words(state)}`;
}

function nextLine({ action, at, why }: WhatComesNext): string {
  const when = at === null ? '' : ` at ${onOurClock(at)}`;
  return `${words(action)}${when}${why === null ? '' : ` (${why})`}`;
}

/** `1: busy (USER_BUSY, SIP 486) · 2026-11-23 14:56:27 +01:00 · by worker-1` */
function attemptLine(call: Call): string {
  const { attempt, result, status, hangupCause, sipStatus, durationMs, counted } = call;
  const said = [hangupCause, sipStatus === null ? null : `SIP ${sipStatus}`].filter((part) => part !== null);
  return [
    `${attempt}: ${result ?? status}${said.length === 0 ? '' : ` (${said.join(', ')})`}`,
    onOurClock(call.startedAt),
    ...(durationMs === null ? [] : [`talked ${(durationMs / 1000).toFixed(1)} s`]),
    ...(counted === false ? ['not counted'] : []),
    `by ${call.workerId}`,
  ].join(' · ');
}

function words(name: string): string {
  return name.replaceAll('_', ' ');
}

/** On this machine's clock, which is the operators' where TZ says so. */
function onOurClock(moment: Date): string {
  return DateTime.fromJSDate(moment).toFormat('yyyy-MM-dd HH:mm:ss ZZ');
}
