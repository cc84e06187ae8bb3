import pino from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { TrunkBreaker } from '../../../src/workers/trunk-breaker.ts';

type Outcome = Exclude<Parameters<NonNullable<ReturnType<TrunkBreaker['admit']>>['end']>[0], null>;

const REFUSED: Outcome = {
  ...{ result: 'congestion', endReason: 'not-answered', counted: false, hangupCause: 'GATEWAY_DOWN' },
};
const UNHEARD: Outcome = { ...REFUSED, result: 'timeout', counted: true, hangupCause: 'NO_ANSWER' };
const BUSY: Outcome = { ...REFUSED, result: 'busy', counted: true, hangupCause: 'USER_BUSY' };
const LOST: Outcome = { ...REFUSED, result: 'interrupted', endReason: 'link-lost', hangupCause: null };

let nowMs: number;
let log: string[];
let breaker: TrunkBreaker;
beforeEach(() => {
  nowMs = 0;
  log = [];
  breaker = new TrunkBreaker(
    {
      gateway: 'trunk1',
      nowMs: () => nowMs,
      logger: pino(
        { level: 'info' },
        { write: (line: string) => void log.push((JSON.parse(line) as { msg: string }).msg) }, // Written by pino.
      ),
    },
    { maxRefusals: 3, maxUnheard: 5, pause: { firstMs: 1000, maxMs: 3000 } },
  );
});

/** Calls this person; false when nobody may be called. */
function call(contactId: number, outcome: Outcome | null): boolean {
  const permit = breaker.admit(contactId);
  permit?.end(outcome);
  return permit !== null;
}

function shut(): void {
  for (const contactId of [1, 2, 3]) call(contactId, REFUSED);
}

it('is shut by refusals of so many people in a row, and says why', () => {
  expect([call(1, REFUSED), call(2, REFUSED)]).toEqual([true, true]);
  expect(breaker.trouble).toBeNull();
  call(3, REFUSED);
  expect(breaker.trouble).toMatchObject({ code: 'gateway_refuses' });
  expect(breaker.trouble?.message).toMatch(/trunk1.*GATEWAY_DOWN/);
  expect(call(4, BUSY)).toBe(false);
  expect(log).toHaveLength(1);
});

it.each([
  ['one person again and again', [1, 1, 1, 1].map((id) => [id, REFUSED] as const)],
  [
    'a call that got through',
    [
      [1, REFUSED],
      [2, REFUSED],
      [3, BUSY],
      [4, REFUSED],
      [5, REFUSED],
    ] as const,
  ],
  [
    'calls that we lost',
    [
      [1, LOST],
      [2, LOST],
      [3, LOST],
      [4, LOST],
    ] as const,
  ],
  ['a few of whom nothing was heard', [1, 2, 3, 4].map((id) => [id, UNHEARD] as const)],
  ['nobody dialled', [1, 2, 3, 4].map((id) => [id, null] as const)],
])('is not shut by %s', (_what, calls) => {
  for (const [contactId, outcome] of calls) expect(call(contactId, outcome)).toBe(true);
  expect(breaker.trouble).toBeNull();
});

it('is shut when nothing is heard of many in a row', () => {
  for (const contactId of [1, 2, 3, 4, 5]) call(contactId, UNHEARD);
  expect(breaker.trouble).not.toBeNull();
});

it('takes back the leave of those who have not dialled yet', () => {
  const waiting = breaker.admit(9);
  expect(waiting?.holds()).toBe(true);
  shut();
  expect(waiting?.holds()).toBe(false);
});

describe('once the pause is over', () => {
  beforeEach(() => {
    shut();
    nowMs = 999;
    expect(call(4, BUSY)).toBe(false);
    nowMs = 1000;
  });

  it('lets one call try it at a time', () => {
    expect(breaker.trouble).toBeNull();
    const trial = breaker.admit(4);
    expect(trial?.holds()).toBe(true);
    expect(breaker.admit(5)).toBeNull();
    trial?.end(null);
    expect(breaker.admit(5)).not.toBeNull();
  });

  it('opens when it gets through', () => {
    call(4, BUSY);
    expect(breaker.trouble).toBeNull();
    expect([call(5, REFUSED), call(6, REFUSED)]).toEqual([true, true]);
    expect(breaker.trouble).toBeNull();
    expect(log.at(-1)).toMatch(/calls go on/);
  });

  it('is shut for longer each time that it does not', () => {
    call(4, REFUSED);
    nowMs += 1999;
    expect(call(5, BUSY)).toBe(false);
    nowMs += 1;
    call(5, UNHEARD);
    nowMs += 2999;
    expect(call(6, BUSY)).toBe(false);
    nowMs += 1;
    expect(call(6, BUSY)).toBe(true);
  });

  it('learns nothing of a trial that we lost', () => {
    call(4, LOST);
    expect(breaker.admit(5)).not.toBeNull();
  });
});
