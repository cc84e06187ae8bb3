import { expect, it } from 'vitest';
import type { GateVerdict } from '../../../src/campaigns/gate.ts';
import { whatComesNext, whatTheGateLetsHappenNext } from '../../../src/campaigns/what-comes-next.ts';
import { clearanceFor, fictionPhone } from '../../helpers/campaign-fixture.ts';
import type { WorkItem } from '../../../src/campaigns/work-item.ts';

const AT = new Date('2026-11-23T14:00:00Z');
const WHY = 'busy: attempt 2 of 3';

it.each([
  ['running', 'waiting', { action: 'first_call', at: null, why: null }],
  ['running', 'queued', { action: 'first_call', at: null, why: null }],
  ['running', 'calling', { action: 'call_in_progress', at: null, why: null }],
  ['running', 'retry_scheduled', { action: 'retry', at: AT, why: WHY }],
  ['running', 'done', { action: 'nothing', at: null, why: WHY }],
  ['paused', 'calling', { action: 'call_in_progress', at: null, why: null }],
  ['paused', 'retry_scheduled', { action: 'paused', at: AT, why: 'the campaign is paused' }],
  ['draft', 'waiting', { action: 'nothing', at: null, why: 'the campaign has not been launched' }],
  ['cancelled', 'retry_scheduled', { action: 'nothing', at: null, why: 'the campaign is cancelled' }],
  ['cancelled', 'done', { action: 'nothing', at: null, why: WHY }],
] as const)('in a %s campaign, for a contact that is %s', (status, state, expected) => {
  expect(whatComesNext({ status }, { state, nextAttemptAt: AT, nextReason: WHY })).toEqual(expected);
});

/** A person whose next try is due at `AT`, and a gate that says `verdict`. */
async function askGate(
  verdict: GateVerdict,
  { now, state = 'retry_scheduled' }: { now: Date; state?: string },
) {
  const asked: Date[] = [];
  const gate = {
    mayCallNow: (_item: WorkItem, moment: Date) => {
      asked.push(moment);
      return Promise.resolve(verdict);
    },
  };
  const item = {
    campaign: { status: 'running' },
    campaignContact: { state, nextAttemptAt: AT, nextReason: WHY },
  };
  // The gate above reads nothing of it.
  return { next: await whatTheGateLetsHappenNext(gate, item as unknown as WorkItem, now), asked };
}

const CALL = clearanceFor(fictionPhone(1));
const BEFORE = new Date('2026-11-23T13:00:00Z');
const AFTER = new Date('2026-11-23T15:00:00Z');
const OPENING = new Date('2026-11-24T09:00:00Z');

it('asks the gate of the moment when the next try is due', async () => {
  const { next, asked } = await askGate(CALL, { now: BEFORE });
  expect(next).toEqual({ action: 'retry', at: AT, why: WHY });
  expect(asked).toEqual([AT]);
  expect((await askGate(CALL, { now: AFTER })).asked).toEqual([AFTER]);
});

it('says that a try waits for the hours of calling, and why', async () => {
  const shut = { decision: 'wait', until: OPENING, reason: 'outside_hours: shut' } as const;
  expect((await askGate(shut, { now: BEFORE })).next).toEqual({
    action: 'retry',
    at: OPENING,
    why: `${WHY}; outside_hours: shut`,
  });
});

it('says that somebody will not be called although they wait', async () => {
  const refusal = { decision: 'refuse', reason: 'do_not_call' } as const;
  expect((await askGate(refusal, { now: BEFORE })).next).toEqual({
    action: 'nothing',
    at: null,
    why: 'do_not_call',
  });
});

it('asks nothing about somebody who is done', async () => {
  expect((await askGate(CALL, { now: BEFORE, state: 'done' })).asked).toEqual([]);
});
