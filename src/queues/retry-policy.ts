import type { BackoffStrategy } from 'bullmq';
import type { RetryPolicy } from '../db/campaign-settings.ts';
import { MinibotError } from '../errors.ts';
import { reason } from '../reasons.ts';
import { InvalidJobError } from './campaign-queue.ts';

/**
 * What happens after an attempt.
 *
 * `MAX_RETRY_ATTEMPTS` ("Max tentatives") is the number of times a person is tried to be reached **in total**, the first
 * time included: 3 means one call and at most two more. It is the reading that disturbs people less, and the one the
 * legal limits count in.
 */
interface AttemptMade {
  result: string;
  /** False: nobody's phone rang and the fault was ours or the network's. Such an attempt is made again, uncounted. */
  counted: boolean;
  /** Somebody picked up. */
  answered: boolean;
  /** Counted attempts so far, this one included when it counts. */
  attemptsMade: number;
  /** Counted attempts so far that ended with this result, this one included. */
  sameResultMade: number;
  /** Uncounted attempts so far, this one included when it is one. */
  faultsMade: number;
}

export type NextTry =
  /** `at` is the earliest moment: hours and parts of the day are not looked at here. */
  | { retry: true; at: Date; reason: string }
  /** `result` is the contact's final result. */
  | { retry: false; result: string; reason: string };

/** After so many faults a contact is given up: something about it, not about us, must be wrong. */
export const MAX_FAULTS = 20;

const FIRST_FAULT_DELAY_MS = 10_000;
const MAX_FAULT_DELAY_MS = 15 * 60_000;

/**
 * Ours to make good, whatever RETRY_CONDITIONS say: the person was not talked to because of us. Unless they picked up:
 * somebody who has answered a call that broke down is not called again unasked.
 */
const OUR_FAULTS = new Set(['interrupted', 'failed', 'congestion']);

/** Decides whether and when this contact is tried again. Pure. */
export function planNextTry(policy: RetryPolicy, attempt: AttemptMade, now: Date): NextTry {
  const { result } = attempt;
  if (!attempt.counted) {
    if (attempt.faultsMade >= MAX_FAULTS) {
      return {
        retry: false,
        result,
        reason: `${result}: ${reason('given_up', { faults: attempt.faultsMade })}`,
      };
    }
    const delayMs = faultDelayMs(attempt.faultsMade);
    return {
      retry: true,
      at: later(now, delayMs),
      reason: `${result}: ${reason('fault_made_good', { faults: attempt.faultsMade })}`,
    };
  }

  const isOursToMend = OUR_FAULTS.has(result) && !attempt.answered;
  const delayMs = policy.delayMsByResult[result] ?? (isOursToMend ? faultDelayMs(1) : undefined);
  if (delayMs === undefined) return { retry: false, result, reason: `${result}: ${reason('final', {})}` };
  if (!policy.enabled) return { retry: false, result, reason: `${result}: ${reason('retries_off', {})}` };
  if (attempt.attemptsMade >= policy.maxAttempts) {
    return {
      retry: false,
      result,
      reason: `${result}: ${reason('all_attempts_made', { most: policy.maxAttempts })}`,
    };
  }
  const maxOfResult = policy.maxAttemptsByResult[result];
  if (maxOfResult !== undefined && attempt.sameResultMade >= maxOfResult) {
    return {
      retry: false,
      result,
      reason: `${result}: ${reason('most_of_result', { times: attempt.sameResultMade })}`,
    };
  }
  return {
    retry: true,
    at: later(now, delayMs),
    reason: `${result}: ${reason('next_attempt', { next: attempt.attemptsMade + 1, most: policy.maxAttempts })}`,
  };
}

/**
 * Thrown by the job handler when the contact is to be tried again. Everything is in the database already; this tells
 * BullMQ when to run the job next.
 */
export class TryAgainLater extends MinibotError {
  readonly at: Date;

  constructor(plan: { at: Date; reason: string }) {
    super('try_again', plan.reason);
    this.at = plan.at;
  }
}

/**
 * BullMQ's custom backoff. A planned try comes at its time; an invalid job stops (−1); anything else (the database is
 * down, a bug) is tried again with growing delays and never lost.
 */
export const contactJobBackoff: BackoffStrategy = (attemptsMade, _type, error) => {
  if (error instanceof InvalidJobError) return -1;
  if (error instanceof TryAgainLater) return Math.max(1, error.at.getTime() - Date.now());
  return faultDelayMs(attemptsMade);
};

/** 10 s, 20 s, 40 s … 15 min. */
function faultDelayMs(faults: number): number {
  return Math.min(FIRST_FAULT_DELAY_MS * 2 ** Math.min(Math.max(faults, 1) - 1, 10), MAX_FAULT_DELAY_MS);
}

function later(now: Date, delayMs: number): Date {
  return new Date(now.getTime() + delayMs);
}
