import { describe, expect, it } from 'vitest';
import type { RetryPolicy } from '../../../src/db/campaign-settings.ts';
import { InvalidJobError } from '../../../src/queues/campaign-queue.ts';
import {
  contactJobBackoff,
  MAX_FAULTS,
  planNextTry,
  TryAgainLater,
} from '../../../src/queues/retry-policy.ts';

const NOW = new Date('2026-11-23T10:00:00Z');
const policy: RetryPolicy = {
  enabled: true,
  maxAttempts: 3,
  delayMsByResult: { busy: 300_000, no_answer: 3_600_000, timeout: 3_600_000 },
  maxAttemptsByResult: {},
  otherPartOfDay: true,
};

function plan(
  attempt: {
    result: string;
    counted?: boolean;
    answered?: boolean;
    attemptsMade?: number;
    sameResultMade?: number;
    faultsMade?: number;
  },
  given = policy,
) {
  return planNextTry(
    given,
    { counted: true, answered: false, attemptsMade: 1, sameResultMade: 1, faultsMade: 0, ...attempt },
    NOW,
  );
}

describe('planNextTry', () => {
  it('waits as long as the result’s own delay says', () => {
    expect(plan({ result: 'busy' })).toEqual({
      retry: true,
      at: new Date('2026-11-23T10:05:00Z'),
      reason: 'busy: attempt 2 of 3',
    });
    expect(plan({ result: 'no_answer', attemptsMade: 2 })).toEqual({
      retry: true,
      at: new Date('2026-11-23T11:00:00Z'),
      reason: 'no_answer: attempt 3 of 3',
    });
  });

  it.each([
    'success',
    'not_interested',
    'rejected',
    'invalid_number',
    'hangup',
    'answering_machine',
    'opt_out',
  ])('ends with %s, which no condition names', (result) =>
    expect(plan({ result })).toEqual({ retry: false, result, reason: `${result}: final` }),
  );

  it('takes MAX_RETRY_ATTEMPTS as attempts in total, the first included', () => {
    expect(plan({ result: 'busy', attemptsMade: 2 })).toMatchObject({ retry: true });
    expect(plan({ result: 'busy', attemptsMade: 3 })).toEqual({
      retry: false,
      result: 'busy',
      reason: 'busy: all 3 attempts made',
    });
  });

  it('takes a maximum of a result’s own as attempts that may end so', () => {
    const twice = { ...policy, maxAttemptsByResult: { busy: 2 } };
    expect(plan({ result: 'busy', attemptsMade: 2, sameResultMade: 1 }, twice)).toMatchObject({
      retry: true,
    });
    expect(plan({ result: 'busy', attemptsMade: 2, sameResultMade: 2 }, twice)).toEqual({
      retry: false,
      result: 'busy',
      reason: 'busy: 2 times, which is the most',
    });
    expect(plan({ result: 'no_answer', attemptsMade: 2, sameResultMade: 2 }, twice)).toMatchObject({
      retry: true,
    });
  });

  it('tries nobody again when retries are off', () => {
    expect(plan({ result: 'busy' }, { ...policy, enabled: false })).toMatchObject({
      retry: false,
      result: 'busy',
    });
  });

  it('tries again after a fault of ours, also when retries are off', () => {
    const off = { ...policy, enabled: false };
    expect(plan({ result: 'failed', counted: false, attemptsMade: 0, faultsMade: 1 }, off)).toMatchObject({
      retry: true,
    });
    expect(plan({ result: 'congestion', counted: false, attemptsMade: 2, faultsMade: 1 })).toMatchObject({
      retry: true,
      at: new Date('2026-11-23T10:00:10Z'),
    });
  });

  it('waits longer after every fault, at most a quarter of an hour', () => {
    const delays = [1, 2, 3, 7, 8, 19].map((faultsMade) => {
      const next = plan({ result: 'failed', counted: false, faultsMade });
      return next.retry ? (next.at.getTime() - NOW.getTime()) / 1000 : null;
    });
    expect(delays).toEqual([10, 20, 40, 640, 900, 900]);
  });

  it('gives a contact up after too many faults', () => {
    expect(plan({ result: 'failed', counted: false, faultsMade: MAX_FAULTS })).toMatchObject({
      retry: false,
      result: 'failed',
    });
  });

  it('makes an interrupted call good within the attempts allowed, though no condition names it', () => {
    expect(plan({ result: 'interrupted', attemptsMade: 2 })).toMatchObject({ retry: true });
    expect(plan({ result: 'interrupted', attemptsMade: 3 })).toMatchObject({ retry: false });
  });

  it.each(['interrupted', 'failed'])('does not call again who picked up a call that ended %s', (result) => {
    expect(plan({ result, answered: true })).toEqual({ retry: false, result, reason: `${result}: final` });
    const asked = { ...policy, delayMsByResult: { [result]: 60_000 } };
    expect(plan({ result, answered: true }, asked)).toMatchObject({ retry: true });
  });
});

describe('contactJobBackoff', () => {
  it('comes back when the plan says, at once when that time has passed', () => {
    const soon = contactJobBackoff(
      1,
      'custom',
      new TryAgainLater({ at: new Date(Date.now() + 60_000), reason: 'busy' }),
    );
    expect(soon).toBeGreaterThan(50_000);
    expect(soon).toBeLessThanOrEqual(60_000);
    expect(contactJobBackoff(1, 'custom', new TryAgainLater({ at: new Date(0), reason: 'busy' }))).toBe(1);
  });

  it('stops a job that nobody can read', () => {
    expect(contactJobBackoff(1, 'custom', new InvalidJobError('job_invalid', 'x'))).toBe(-1);
  });

  it('never gives up on an unexpected fault', () => {
    expect(contactJobBackoff(1, 'custom', new Error('database away'))).toBe(10_000);
    expect(contactJobBackoff(500, 'custom', new Error('database away'))).toBe(900_000);
  });
});
