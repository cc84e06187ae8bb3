import { expect, it } from 'vitest';
import { whatComesNext } from '../../../src/campaigns/what-comes-next.ts';

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
