import { describe, expect, it } from 'vitest';
import { planTry } from '../../../src/campaigns/plan-try.ts';
import { FRANCE_LEGAL_WINDOW, type CallingWindow } from '../../../src/compliance/calling-window.ts';

/** A Monday, 10:30 in Paris. */
const STARTED = new Date('2026-11-23T09:30:00Z');
const NEXT = { retry: true, at: new Date('2026-11-23T10:30:00Z'), reason: 'attempt 2 of 3' } as const;

/** Outside the numbers reserved for fiction, for which no hours are looked at; nobody is called here. */
const CONTACT = { phone: '+33199010000', timeZone: null };

function plan(
  changes: {
    result?: string;
    otherPartOfDay?: boolean;
    window?: CallingWindow | null;
    contact?: { phone: string; timeZone: string | null };
    next?: Parameters<typeof planTry>[0];
  } = {},
) {
  const {
    result = 'no_answer',
    otherPartOfDay = true,
    window = null,
    contact = CONTACT,
    next = NEXT,
  } = changes;
  const retry = {
    enabled: true,
    maxAttempts: 3,
    delayMsByResult: {},
    maxAttemptsByResult: {},
    otherPartOfDay,
  };
  return planTry(
    next,
    { campaign: { callingWindow: window, retry }, contact, attempt: { result, startedAt: STARTED } },
    { ringTimeoutMs: 30_000 },
  );
}

describe('planTry', () => {
  it('moves who did not answer into another part of their day, and says so', () => {
    expect(plan()).toEqual({
      retry: true,
      at: new Date('2026-11-23T11:00:00Z'),
      reason: 'attempt 2 of 3, in another part of the day',
    });
  });

  it('leaves the part of the day alone after any other result, and where that is not wished', () => {
    expect(plan({ result: 'busy' })).toEqual(NEXT);
    expect(plan({ otherPartOfDay: false })).toEqual(NEXT);
  });

  it('moves every planned try into the hours', () => {
    const late = { ...NEXT, at: new Date('2026-11-23T19:30:00Z') };
    expect(plan({ result: 'busy', next: late })).toEqual({
      retry: true,
      at: new Date('2026-11-24T09:00:00Z'),
      reason: 'attempt 2 of 3, when the calling window opens',
    });
  });

  it('goes by the contact’s own zone', () => {
    const contact = { ...CONTACT, timeZone: 'America/Guadeloupe' };
    // 06:30 there: the window opens at 10:00, which is morning, as 05:30 was.
    expect(plan({ result: 'busy', contact })).toMatchObject({ at: new Date('2026-11-23T14:00:00Z') });
    expect(plan({ contact })).toMatchObject({ at: new Date('2026-11-23T16:00:00Z') });
  });

  it('changes nothing where the gate looks at no hours', () => {
    const late = { ...NEXT, at: new Date('2026-11-23T22:00:00Z') };
    expect(plan({ next: late, window: { ...FRANCE_LEGAL_WINDOW, enabled: false } })).toEqual(late);
    expect(plan({ next: late, contact: { phone: '+33199000001', timeZone: null } })).toEqual(late);
    const final = { retry: false, result: 'busy', reason: 'busy: final' } as const;
    expect(plan({ next: final })).toEqual(final);
  });
});
