import { FRANCE_LEGAL_WINDOW } from '../compliance/calling-window.ts';
import { placeTry, type CallingHours } from '../compliance/place-try.ts';
import type { Campaign, Contact } from '../db/schema.ts';
import { isReservedForFiction } from '../phone/numbering-plan.ts';
import { timeZoneOfNumber } from '../phone/time-zone.ts';
import type { NextTry } from '../queues/retry-policy.ts';
import { reason } from '../reasons.ts';

export interface PlanningOptions {
  ringTimeoutMs: number;
}

/** Nobody picked up: at another time of the day somebody may. */
const NOT_IN = 'no_answer';

/**
 * Moves a planned try to when it will really come, so that what the operator sees is true: into the campaign's hours, and
 * after no answer into another part of the person's day. The gate decides anew when that time has come. Pure.
 */
export function planTry(
  next: NextTry,
  about: {
    campaign: Pick<Campaign, 'callingWindow' | 'retry'>;
    contact: Pick<Contact, 'phone' | 'timeZone'>;
    /** How and when the latest attempt began and ended. */
    attempt: { result: string; startedAt: Date };
  },
  options: PlanningOptions,
): NextTry {
  if (!next.retry) return next;
  const { campaign, contact, attempt } = about;
  const hours = callingHours(campaign, contact, options);
  if (hours === null) return next;
  const isAway = campaign.retry.otherPartOfDay && attempt.result === NOT_IN;
  const { at, because } = placeTry(hours, {
    earliest: next.at,
    awayFrom: isAway ? attempt.startedAt : null,
  });
  return { ...next, at, reason: because === null ? next.reason : `${next.reason}, ${reason(because, {})}` };
}

/** Null where the gate looks at no hours, or at none that can be known. */
function callingHours(
  { callingWindow }: Pick<Campaign, 'callingWindow'>,
  { phone, timeZone }: Pick<Contact, 'phone' | 'timeZone'>,
  { ringTimeoutMs }: PlanningOptions,
): CallingHours | null {
  const window = callingWindow ?? FRANCE_LEGAL_WINDOW;
  if (!window.enabled || isReservedForFiction(phone)) return null;
  const own = timeZone ?? timeZoneOfNumber(phone);
  if (own !== null) return { window, zone: own, ringTimeoutMs };
  return window.timeZone === 'contact' ? null : { window, zone: window.timeZone, ringTimeoutMs };
}
