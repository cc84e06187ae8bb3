import { describe, expect, it } from 'vitest';
import { channelsOf } from '../../../chaos/channels.ts';
import { judgeRecord } from '../../../chaos/judge-record.ts';
import type { RecordEntry } from '../../../chaos/switch-record.ts';

const CAMILLE = '+33639980001';
const HUGO = '+33639980002';

type Line = [atMs: number, type: string, uuid?: string, number?: string, by?: string, cause?: string];

function rulesBroken(
  lines: Line[],
  rules: Partial<Parameters<typeof judgeRecord>[1]> = {},
): { rules: string[]; evidence: string; figures: ReturnType<typeof judgeRecord>['figures'] } {
  const entries: RecordEntry[] = lines.map(([atMs, type, uuid, number, by, cause]) => ({
    ...{ atMs, type, uuid, number, by, cause },
  }));
  const { violations, figures } = judgeRecord(channelsOf(entries), {
    maxConcurrentCalls: 2,
    callDelayMs: 0,
    maxAttempts: 2,
    faults: [],
    leftBehind: new Map(),
    ...rules,
  });
  return {
    rules: violations.map(({ rule }) => rule),
    evidence: violations.map(({ evidence }) => evidence).join('\n'),
    figures,
  };
}

/** A call that rings and is turned away. */
const busy = (uuid: string, number: string, atMs: number): Line[] => [
  [atMs, 'originate', uuid, number],
  [atMs + 1, 'ringing', uuid, number],
  [atMs + 5, 'hangup', uuid, number, 'callee', 'USER_BUSY'],
];

/** A call that is answered and ends after 5 ms. */
const answered = (uuid: string, number: string, atMs: number): Line[] => [
  [atMs, 'originate', uuid, number],
  [atMs + 1, 'answered', uuid, number],
  [atMs + 5, 'hangup', uuid, number, 'caller', 'NORMAL_CLEARING'],
];

describe('judgeRecord', () => {
  it('finds nothing in a campaign that went well', () => {
    const { rules, figures } = rulesBroken([
      ...busy('a', CAMILLE, 0),
      ...answered('b', CAMILLE, 100),
      ...answered('c', HUGO, 200),
    ]);
    expect(rules).toEqual([]);
    expect(figures).toMatchObject({ originates: 3, reached: 3, answered: 2, mostReachedPerNumber: 2 });
  });

  it('finds a channel that was originated twice, also when the switch refused it', () => {
    const twice: Line[] = [...busy('a', CAMILLE, 0), [50, 'originate-refused', 'a', CAMILLE]];
    expect(rulesBroken(twice).rules).toEqual(['one dial per attempt']);
  });

  it('finds more channels at once than allowed; one that ends makes room in the same moment', () => {
    const atOnce = (...startsMs: number[]): Line[] =>
      startsMs
        .flatMap((atMs, index) => answered(`c${index}`, `+3363998001${index}`, atMs))
        .sort(([one], [other]) => one - other);
    expect(rulesBroken(atOnce(0, 1, 5)).rules).toEqual([]);
    expect(rulesBroken(atOnce(0, 1, 4)).rules).toEqual(['never more calls than MAX_CONCURRENT_CALLS']);
  });

  it('finds two orders to dial closer than CALL_DELAY, also when the switch refused one', () => {
    const paced = [...busy('a', CAMILLE, 0), ...busy('b', HUGO, 50)];
    expect(rulesBroken(paced, { callDelayMs: 50 })).toMatchObject({
      rules: [],
      figures: { closestDialsMs: 50 },
    });
    const { rules, evidence } = rulesBroken(paced, { callDelayMs: 51 });
    expect(rules).toEqual(['never closer than CALL_DELAY']);
    expect(evidence).toBe('b at 50, 50.0 ms after a; 51 ms must lie between');
    const refused: Line[] = [
      ...busy('a', CAMILLE, 0),
      [20, 'originate-refused', 'r', HUGO],
      ...busy('b', HUGO, 60),
    ];
    expect(rulesBroken(refused, { callDelayMs: 50 }).rules).toHaveLength(2);
    expect(rulesBroken(refused.slice(0, 1), { callDelayMs: 50 }).figures.closestDialsMs).toBeNull();
  });

  it('counts whoever was reached, and not what the network refused or a crash ended', () => {
    const congested: Line[] = [
      [0, 'originate', 'x', CAMILLE],
      [1, 'hangup', 'x', CAMILLE, 'callee', 'NORMAL_TEMPORARY_FAILURE'],
      [10, 'originate', 'y', CAMILLE],
      [11, 'crash'],
    ];
    const twice = [...busy('a', CAMILLE, 100), ...busy('b', CAMILLE, 200)];
    expect(rulesBroken([...congested, ...twice]).rules).toEqual([]);
    const { rules, evidence } = rulesBroken([...twice, ...busy('c', CAMILLE, 300)]);
    expect(rules).toEqual(['nobody beyond the maximum of attempts']);
    expect(evidence).toContain('+336399••••01');
    expect(evidence).not.toContain(CAMILLE);
  });

  it('finds two calls to one person at once', () => {
    const lines: Line[] = [
      [0, 'originate', 'a', CAMILLE],
      [3, 'originate', 'b', CAMILLE],
      [4, 'hangup', 'a', CAMILLE, 'network', 'NORMAL_TEMPORARY_FAILURE'],
      [5, 'hangup', 'b', CAMILLE, 'network', 'NORMAL_TEMPORARY_FAILURE'],
    ];
    expect(rulesBroken(lines).rules).toEqual(['nobody called twice at once']);
  });

  it('finds a channel that nobody ended', () => {
    expect(rulesBroken([[0, 'originate', 'a', CAMILLE]]).rules).toEqual(['no channel left']);
  });

  it('finds a person who had answered and is dialled again, unless nobody could know', () => {
    const again = [...answered('a', CAMILLE, 10_000), ...answered('b', CAMILLE, 60_000)];
    expect(rulesBroken(again).rules).toEqual(['nobody who answered is dialled again']);
    expect(rulesBroken(again, { leftBehind: new Map([['a', 10_500]]) })).toMatchObject({
      rules: [],
      figures: { unknownAnswers: 1 },
    });
    expect(rulesBroken(again, { leftBehind: new Map([['a', 20_000]]) }).rules).toHaveLength(1);
    const dropped = { kind: 'drop-esl', startedMs: 9_000, endedMs: 9_000 } as const;
    expect(rulesBroken(again, { faults: [dropped] }).rules).toEqual([]);
    expect(
      rulesBroken(again, { faults: [{ ...dropped, startedMs: 30_000, endedMs: 30_000 }] }).rules,
    ).toHaveLength(1);
  });
});
