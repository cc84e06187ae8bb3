import { FRANCE_LEGAL_WINDOW } from '../compliance/calling-window.ts';
import type { CallerIdCheck } from '../compliance/caller-id.ts';
import { standingOf } from '../compliance/consent.ts';
import type { Fingerprint } from '../compliance/fingerprint.ts';
import { mayCall } from '../compliance/gate.ts';
import type { Executor } from '../db/client.ts';
import { basisRecordsOf } from '../db/consents.ts';
import { contactHistories, NO_HISTORY } from '../db/contact-history.ts';
import { opposedAmong } from '../db/oppositions.ts';
import { FRENCH_COUNTRY_CODES } from '../phone/numbering-plan.ts';
import type { CampaignTerms, Candidate, Gate, GateVerdict } from './gate.ts';

export interface ContactGateOptions {
  fingerprint: Fingerprint;
  ringTimeoutMs: number;
  /** Attempts at one person within 30 days, over all campaigns. Code de la consommation D223-9: 4. */
  maxAttemptsPer30Days: number;
  /** How long a refusal is respected. D223-9: 60. */
  refusalPauseDays: number;
  consentValidityDays: number;
  contractRequiresConsent: boolean;
  callerIds: {
    /** Shown where the campaign names none; null: the gateway's own. */
    default: string | null;
    declared: readonly string[];
    check: CallerIdCheck;
  };
  /** As `GateFacts` has it; null for calls of campaigns. */
  testNumbers: readonly string[] | null;
}

/** Results by which a person said no, or that the number is not theirs who was meant. */
const REFUSALS = ['not_interested', 'opt_out', 'wrong_number'];

const HISTORY_DAYS = 31;
const DAY_MS = 86_400_000;

/** Brings the facts of the database before the pure rules of `compliance/gate.ts`. */
export function createContactGate(db: Executor, options: ContactGateOptions): Gate {
  return {
    subjectOf: options.fingerprint,
    review: (campaign, candidates, now) => review(db, options, campaign, candidates, now),
    mayCallNow: async ({ campaign, campaignContact, contact }, now, tx = db) => {
      const candidate = {
        phone: contact.phone,
        timeZone: contact.timeZone,
        attempts: campaignContact.attempts,
      };
      const [verdict] = await review(tx, options, campaign, [candidate], now);
      return verdict ?? { decision: 'refuse', reason: 'facts_unusable: nobody was asked about' };
    },
  };
}

async function review(
  db: Executor,
  options: ContactGateOptions,
  campaign: CampaignTerms,
  candidates: readonly Candidate[],
  now: Date,
): Promise<GateVerdict[]> {
  const people = candidates.map((candidate) => ({
    ...candidate,
    subject: options.fingerprint(candidate.phone),
  }));
  const subjects = people.map(({ subject }) => subject);
  const since = new Date(now.getTime() - HISTORY_DAYS * DAY_MS);
  const opposed = await opposedAmong(db, subjects);
  const records = await basisRecordsOf(db, subjects);
  const histories = await contactHistories(db, { people, since, refusals: REFUSALS });
  return people.map(({ phone, timeZone, attempts, subject }) => {
    const history = histories.get(subject) ?? NO_HISTORY;
    const verdict = mayCall({
      contactPhone: phone,
      timeZone,
      opposed: opposed.has(subject),
      basis: campaign.basis,
      standing: standingOf(records.get(subject) ?? [], options, now),
      contractRequiresConsent: options.contractRequiresConsent,
      callerId: {
        shown: campaign.callerId ?? options.callerIds.default,
        declared: options.callerIds.declared,
        check: options.callerIds.check,
      },
      allowedCountryCodes: FRENCH_COUNTRY_CODES,
      window: campaign.callingWindow ?? FRANCE_LEGAL_WINDOW,
      now,
      ringTimeoutMs: options.ringTimeoutMs,
      attempts: {
        countedInCampaign: attempts,
        maxInCampaign: campaign.retry.enabled ? campaign.retry.maxAttempts : 1,
        recentAt: history.recentAt,
        maxPer30Days: options.maxAttemptsPer30Days,
        lastRefusalAt: history.lastRefusalAt,
        refusalPauseDays: options.refusalPauseDays,
      },
      exemptFictionNumbers: true,
      testNumbers: options.testNumbers,
    });
    if (verdict.allowed) return { decision: 'call', clearance: verdict.clearance };
    const reason = `${verdict.reason}: ${verdict.detail}`;
    return verdict.retryAt === null
      ? { decision: 'refuse', reason }
      : { decision: 'wait', until: verdict.retryAt, reason };
  });
}
