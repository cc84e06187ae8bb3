import { afterEach, beforeEach, expect, it } from 'vitest';
import { finish, scheduleRetry } from '../../../src/db/campaign-contacts.ts';
import { campaignSnapshot } from '../../../src/db/campaign-snapshot.ts';
import { createCallJournal } from '../../../src/db/call-journal.ts';
import { completeAttempt, reserveAttempt } from '../../../src/db/calls.ts';
import type { Database } from '../../../src/db/client.ts';
import pino from 'pino';
import { createRunningCampaign, reservation } from '../../helpers/campaign-fixture.ts';
import { createTestDatabase } from '../../helpers/database.ts';

let database: Database;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.close());

it('shows a campaign as it is now: totals, live calls, latest finished calls, next retry', async () => {
  const { db } = database;
  const { campaignId, contacts } = await createRunningCampaign(db, { size: 6 });
  const attempts = [];
  for (const contact of contacts.slice(0, 4)) {
    attempts.push({ contact, ...(await reserveAttempt(db, reservation(campaignId, contact))) });
  }
  const [live, ...ended] = attempts;
  if (!live) throw new Error('nothing was reserved');
  const journal = createCallJournal(db, live.call, pino({ level: 'silent' }));
  journal.record({ type: 'answered', at: new Date('2026-11-23T10:00:00Z') });
  journal.record({ type: 'step-entered', at: new Date(), step: 'question1' });
  journal.record({ type: 'partial-heard', at: new Date(), text: 'oui mais' });
  await journal.flush({ signal: AbortSignal.timeout(10_000) });
  for (const [n, { call, contact }] of ended.entries()) {
    const result = n === 2 ? 'busy' : 'success';
    await completeAttempt(db, call, {
      result,
      endReason: 'scenario',
      hangupCause: 'NORMAL_CLEARING',
      sipStatus: null,
      counted: true,
      endedAt: new Date(Date.UTC(2026, 10, 23, 10, n)),
      recordingPath: null,
    });
    if (result === 'success') await finish(db, contact.id, result, 'scenario ended');
    else await scheduleRetry(db, contact.id, { at: new Date('2026-11-23T11:00:00Z'), reason: 'busy' });
  }

  const snapshot = await campaignSnapshot(db, campaignId, { finishedLimit: 2 });

  expect(snapshot).toMatchObject({
    total: 6,
    byState: { waiting: 2, queued: 0, calling: 1, retry_scheduled: 1, done: 2 },
    byResult: { success: 2 },
    nextAttemptAt: new Date('2026-11-23T11:00:00Z'),
    liveCalls: [
      {
        id: live.call.id,
        phone: live.contact.phone,
        attempt: 1,
        status: 'active',
        currentStep: 'question1',
        lastHeard: 'oui mais',
        answeredAt: new Date('2026-11-23T10:00:00Z'),
        firstName: null,
      },
    ],
  });
  expect(snapshot.finishedCalls.map((call) => [call.id, call.result])).toEqual([
    [ended[2]?.call.id, 'busy'],
    [ended[1]?.call.id, 'success'],
  ]);
});

it('shows nothing of a campaign without contacts', async () => {
  const { db } = database;
  const { campaignId } = await createRunningCampaign(db, { size: 0 });
  expect(await campaignSnapshot(db, campaignId, { finishedLimit: 10 })).toMatchObject({
    total: 0,
    byResult: {},
    nextAttemptAt: null,
    liveCalls: [],
    finishedCalls: [],
  });
});
