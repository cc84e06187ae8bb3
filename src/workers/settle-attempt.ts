import { contactStatusAfter } from '../campaigns/contact-status.ts';
import { planTry, type PlanningOptions } from '../campaigns/plan-try.ts';
import {
  completeAttempt,
  countAttemptsWithResult,
  type AttemptOutcome,
  type AttemptRef,
} from '../db/calls.ts';
import { findCampaignContact, finish, scheduleRetry } from '../db/campaign-contacts.ts';
import { changeCampaignStatus, findCampaign } from '../db/campaigns.ts';
import type { Executor } from '../db/client.ts';
import { changeContactStatus, findContact } from '../db/contacts.ts';
import { appendToLedger } from '../db/ledger.ts';
import { recordOppositions } from '../db/oppositions.ts';
import type { Call } from '../db/schema.ts';
import { MinibotError } from '../errors.ts';
import { planNextTry, type NextTry } from '../queues/retry-policy.ts';
import { reason } from '../reasons.ts';

export type { PlanningOptions } from '../campaigns/plan-try.ts';

/** How an attempt ended, as far as it matters to what comes next. */
export interface CallOutcome extends AttemptOutcome {
  /** The person asked not to be called again. */
  optOut: boolean;
  /** Somebody picked up. */
  answered: boolean;
}

export interface SettledAttempt {
  next: NextTry;
  /** Counted attempts so far. */
  attempts: number;
}

/**
 * Writes an attempt's outcome, the person's wish not to be called again (in every campaign), where they stand now and what
 * becomes of the contact, together or not at all. Null, and nothing written, when the attempt was completed already or
 * belongs to another worker now.
 */
export async function settleAttempt(
  db: Executor,
  ref: AttemptRef,
  outcome: CallOutcome,
  planning: PlanningOptions,
): Promise<SettledAttempt | null> {
  const { optOut, answered, ...attemptOutcome } = outcome;
  const { result, counted } = outcome;
  return db.transaction(async (tx) => {
    const call = await completeAttempt(tx, ref, attemptOutcome);
    if (call === null) return null;
    if (optOut) await recordOptOut(tx, call);
    await noteAttempt(tx, call);

    const campaign = await findCampaign(tx, call.campaignId);
    const campaignContact = await findCampaignContact(tx, call.campaignContactId);
    const contact = await findContact(tx, call.contactId);
    if (campaign === null || campaignContact === null || contact === null) {
      throw new MinibotError(
        'campaign_contact_unknown',
        `there is no campaign contact ${call.campaignContactId}`,
      );
    }
    // What somebody of the team said to try the system says nothing about where they stand.
    const isTest = campaign.kind === 'test';
    const status = contactStatusAfter(contact.status, { result, counted, optOut });
    if (!isTest && status !== contact.status) await changeContactStatus(tx, contact.id, status);

    const planned = planNextTry(
      campaign.retry,
      {
        result,
        counted,
        // What the journal could not store the caller may know, and the other way round.
        answered: answered || call.answeredAt !== null,
        attemptsMade: campaignContact.attempts,
        sameResultMade: await countAttemptsWithResult(tx, campaignContact.id, result),
        faultsMade: call.attempt - campaignContact.attempts,
      },
      outcome.endedAt,
    );
    const final = optOut
      ? reason('asked_for_peace', {})
      : isTest
        ? `${result}: ${reason('test_call', {})}`
        : null;
    const next: NextTry =
      final !== null
        ? { retry: false, result, reason: final }
        : planTry(planned, { campaign, contact, attempt: { result, startedAt: call.startedAt } }, planning);
    if (next.retry) await scheduleRetry(tx, campaignContact.id, next);
    else await finish(tx, campaignContact.id, next.result, next.reason);
    if (isTest) await changeCampaignStatus(tx, campaign.id, { from: ['running', 'paused'], to: 'completed' });
    return { next, attempts: campaignContact.attempts };
  });
}

async function recordOptOut(tx: Executor, call: Call): Promise<void> {
  await recordOppositions(tx, [
    {
      subject: subjectOf(call),
      phone: call.phone,
      reason: 'opt_out',
      source: 'call',
      sourceCallId: call.id,
      since: null,
    },
  ]);
}

async function noteAttempt(tx: Executor, call: Call): Promise<void> {
  // A version without fingerprints reserved it; its row has all that the ledger would.
  if (call.subject === null) return;
  await appendToLedger(tx, [
    {
      event: 'attempt',
      subject: call.subject,
      campaignId: call.campaignId,
      callId: call.id,
      details: {
        attempt: call.attempt,
        startedAt: call.startedAt,
        result: call.result,
        counted: call.counted,
        answered: call.answeredAt !== null,
        disclosure: call.disclosure,
      },
    },
  ]);
}

/** Every attempt that this version dials has one. */
function subjectOf(call: Call): string {
  if (call.subject !== null) return call.subject;
  throw new MinibotError('attempt_without_subject', `attempt ${call.id} has no fingerprint of its number`);
}
