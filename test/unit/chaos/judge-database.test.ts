import { describe, expect, it } from 'vitest';
import { channelsOf, type SwitchHistory } from '../../../chaos/channels.ts';
import { countedInDoubt, judgeDatabase, type StoredCampaign } from '../../../chaos/judge-database.ts';
import { judgeRecovery } from '../../../chaos/recovery.ts';

const PHONE = '+33639980001';

/** One person, called once, busy. */
const HISTORY: SwitchHistory = channelsOf([
  { atMs: 1000, type: 'originate', uuid: 'a', number: PHONE },
  { atMs: 1500, type: 'hangup', uuid: 'a', number: PHONE, by: 'callee', cause: 'USER_BUSY' },
]);
const ATTEMPT = {
  uuid: 'a',
  phone: PHONE,
  campaignContactId: 1,
  status: 'completed',
  result: 'busy',
  counted: true,
  startedAtMs: 990,
  endedAtMs: 1510,
};

function stored(
  changes: Partial<Omit<StoredCampaign, 'attempts'>> = {},
  attempts: (typeof ATTEMPT)[] = [ATTEMPT],
): StoredCampaign {
  return {
    status: 'completed',
    contacts: [{ id: 1, phone: PHONE, state: 'done', result: 'busy', attempts: 1 }],
    heldLines: [],
    attempts: new Map(attempts.map((attempt) => [attempt.uuid, attempt])),
    ...changes,
  };
}

function rulesBroken(campaign: StoredCampaign): string[] {
  return judgeDatabase(campaign, HISTORY, { people: 1, maxAttempts: 1 }).map(({ rule }) => rule);
}

describe('judgeDatabase', () => {
  it('finds nothing where database and record agree', () => {
    expect(rulesBroken(stored())).toEqual([]);
  });

  it('finds what is not at its end', () => {
    const waiting = [{ id: 1, phone: PHONE, state: 'retry_scheduled', result: null, attempts: 1 }];
    expect(rulesBroken(stored({ status: 'running', contacts: waiting, heldLines: ['a'] }))).toEqual([
      'campaign completed',
      'every contact in one final state',
      'no line held',
    ]);
    expect(rulesBroken(stored({ contacts: [] }))).toEqual(['every contact in one final state']);
    expect(rulesBroken(stored({}, [{ ...ATTEMPT, status: 'dialing' }]))).toEqual(['no unfinished attempt']);
  });

  it('finds attempts that are miscounted or too many', () => {
    const contacts = [{ id: 1, phone: PHONE, state: 'done', result: 'busy', attempts: 2 }];
    expect(rulesBroken(stored({ contacts }))).toEqual(['attempts are counted once']);
    const another = { ...ATTEMPT, uuid: 'b' };
    expect(rulesBroken(stored({ contacts }, [ATTEMPT, another]))).toEqual([
      'nobody beyond the maximum of attempts',
    ]);
  });

  it('finds an order to dial that was not written down, or too late, or for somebody else', () => {
    const rule = 'every attempt is written down before it is dialled';
    const nobody = [{ id: 1, phone: PHONE, state: 'done', result: 'busy', attempts: 0 }];
    expect(rulesBroken(stored({ contacts: nobody }, []))).toEqual([rule]);
    expect(rulesBroken(stored({}, [{ ...ATTEMPT, startedAtMs: 1100 }]))).toEqual([rule]);
    expect(rulesBroken(stored({}, [{ ...ATTEMPT, phone: '+33639980002' }]))).toEqual([rule]);
  });

  it('finds a person who was reached and not counted; counting in doubt is a figure', () => {
    const contacts = [{ id: 1, phone: PHONE, state: 'done', result: 'busy', attempts: 0 }];
    expect(rulesBroken(stored({ contacts }, [{ ...ATTEMPT, counted: false }]))).toEqual([
      'whoever was reached is counted',
    ]);
    expect(countedInDoubt(stored(), HISTORY)).toBe(0);
    expect(countedInDoubt(stored(), { ...HISTORY, channels: [] })).toBe(1);
  });
});

describe('judgeRecovery', () => {
  const kill = (killedAtMs: number) => [{ workerId: 'w', killedAtMs, attempts: ['a'] }];

  it('measures from the kill to the end of the channel and to the outcome', () => {
    const { violations, figures } = judgeRecovery(kill(1200), stored(), HISTORY.channels);
    expect(violations).toEqual([]);
    expect(figures).toEqual({
      kills: 1,
      attemptsLeftBehind: 1,
      channelGoneMs: { median: 300, worst: 300 },
      outcomeWrittenMs: { median: 310, worst: 310 },
    });
  });

  it('finds what took more than a minute, or never came', () => {
    expect(judgeRecovery(kill(-60_000), stored(), HISTORY.channels).violations).toHaveLength(1);
    expect(judgeRecovery(kill(1200), stored({}, []), HISTORY.channels).violations).toHaveLength(1);
  });

  it('takes a channel that never ended for what it is', () => {
    const open = HISTORY.channels.map((channel) => ({ ...channel, endedAtMs: null }));
    expect(judgeRecovery(kill(1200), stored(), open).violations).toHaveLength(1);
  });
});
