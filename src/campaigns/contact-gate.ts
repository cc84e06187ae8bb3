import { FRANCE_LEGAL_WINDOW } from '../compliance/calling-window.ts';
import { mayCall } from '../compliance/gate.ts';
import { contactHistory } from '../db/contact-history.ts';
import type { Executor } from '../db/client.ts';
import { isOnDoNotCallList } from '../db/do-not-call.ts';
import { forbiddenNumberReason } from '../phone/callable-number.ts';
import { FRENCH_COUNTRY_CODES } from '../phone/numbering-plan.ts';
import type { Gate, GateVerdict } from './gate.ts';
import type { WorkItem } from './work-item.ts';

export interface ContactGateOptions {
  ringTimeoutMs: number;
  /** Attempts at one person within 30 days, over all campaigns. Code de la consommation D223-9: 4. */
  maxAttemptsPer30Days: number;
  /** How long a refusal is respected. D223-9: 60. */
  refusalPauseDays: number;
}

/** Results by which a person said no. */
const REFUSALS = ['not_interested', 'opt_out'];

const HISTORY_DAYS = 31;
const DAY_MS = 86_400_000;

/** Brings the facts of the database before the pure rules of `compliance/gate.ts`. */
export function createContactGate(db: Executor, options: ContactGateOptions): Gate {
  return {
    refusalAtEnqueue: ({ phone, onDoNotCallList }) => {
      if (onDoNotCallList) return 'do_not_call';
      const forbidden = forbiddenNumberReason(phone, FRENCH_COUNTRY_CODES);
      return forbidden === null ? null : `forbidden_number: ${forbidden}`;
    },
    mayCallNow: (item, now) => mayCallNow(db, options, item, now),
  };
}

async function mayCallNow(
  db: Executor,
  options: ContactGateOptions,
  { campaign, campaignContact, contact }: WorkItem,
  now: Date,
): Promise<GateVerdict> {
  const since = new Date(now.getTime() - HISTORY_DAYS * DAY_MS);
  const [doNotCall, history] = await Promise.all([
    isOnDoNotCallList(db, contact.phone),
    contactHistory(db, { phone: contact.phone, since, refusals: REFUSALS }),
  ]);
  const verdict = mayCall({
    contactPhone: contact.phone,
    timeZone: contact.timeZone,
    doNotCall,
    allowedCountryCodes: FRENCH_COUNTRY_CODES,
    window: campaign.callingWindow ?? FRANCE_LEGAL_WINDOW,
    now,
    ringTimeoutMs: options.ringTimeoutMs,
    attempts: {
      countedInCampaign: campaignContact.attempts,
      maxInCampaign: campaign.retry.enabled ? campaign.retry.maxAttempts : 1,
      recentAt: history.recentAt,
      maxPer30Days: options.maxAttemptsPer30Days,
      lastRefusalAt: history.lastRefusalAt,
      refusalPauseDays: options.refusalPauseDays,
    },
    exemptFictionNumbers: true,
  });
  if (verdict.allowed) return { decision: 'call' };
  const reason = `${verdict.reason}: ${verdict.detail}`;
  return verdict.retryAt === null
    ? { decision: 'refuse', reason }
    : { decision: 'wait', until: verdict.retryAt, reason };
}
