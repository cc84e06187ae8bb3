import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  addCampaignContacts,
  countByState,
  findCampaignContact,
  finish,
  markQueued,
  pageUnqueued,
  scheduleRetry,
} from '../../../src/db/campaign-contacts.ts';
import { changeCampaignStatus, findCampaign, listCampaigns, updatePace } from '../../../src/db/campaigns.ts';
import type { Database } from '../../../src/db/client.ts';
import { createRunningCampaign, fictionPhone } from '../../helpers/campaign-fixture.ts';
import { createTestDatabase } from '../../helpers/database.ts';

let database: Database;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.close());

it('changes a status only from an expected one, and only once when many try', async () => {
  const { db } = database;
  const { campaignId } = await createRunningCampaign(db, { size: 0 });

  const cancelled = await Promise.all(
    Array.from({ length: 10 }, () =>
      changeCampaignStatus(db, campaignId, { from: ['running', 'paused'], to: 'cancelled' }),
    ),
  );

  expect(cancelled.filter(Boolean)).toHaveLength(1);
  expect(await changeCampaignStatus(db, campaignId, { from: ['paused'], to: 'running' })).toBe(false);
  const campaign = await findCampaign(db, campaignId);
  expect(campaign?.status).toBe('cancelled');
  expect(campaign?.endedAt).toBeInstanceOf(Date);
});

it('keeps the time of the first start over a pause', async () => {
  const { db } = database;
  const { campaignId } = await createRunningCampaign(db, { size: 0 });
  const started = (await findCampaign(db, campaignId))?.startedAt;
  await changeCampaignStatus(db, campaignId, { from: ['running'], to: 'paused' });
  await changeCampaignStatus(db, campaignId, { from: ['paused'], to: 'running' });

  expect(started).toBeInstanceOf(Date);
  expect((await findCampaign(db, campaignId))?.startedAt).toEqual(started);
});

it('lists campaigns by status and changes their pace', async () => {
  const { db } = database;
  const { campaignId } = await createRunningCampaign(db, { size: 0 });

  expect(await updatePace(db, campaignId, { maxConcurrentCalls: 9, callDelayMs: 250 })).toBe(true);
  expect(await updatePace(db, campaignId + 1, { maxConcurrentCalls: 9, callDelayMs: 250 })).toBe(false);

  expect(await listCampaigns(db, { statuses: ['draft', 'paused'] })).toEqual([]);
  expect(await listCampaigns(db, { statuses: ['running'] })).toMatchObject([
    { id: campaignId, maxConcurrentCalls: 9, callDelayMs: 250, retry: { maxAttempts: 3 } },
  ]);
});

it('adds the same contacts any number of times and gives each one entry', async () => {
  const { db } = database;
  const { campaignId, contacts } = await createRunningCampaign(db, { size: 4 });
  const ids = contacts.map((contact) => contact.contactId);

  expect(await addCampaignContacts(db, campaignId, ids)).toBe(0);
  expect(await addCampaignContacts(db, campaignId, [])).toBe(0);
  expect(await countByState(db, campaignId)).toEqual({
    waiting: 4,
    queued: 0,
    calling: 0,
    retry_scheduled: 0,
    done: 0,
  });
});

it('offers contacts for queueing until they are marked, with what the gate asks', async () => {
  const { db } = database;
  const { campaignId, contacts } = await createRunningCampaign(db, { size: 3 });
  const first = await pageUnqueued(db, campaignId, { batch: 2 });

  expect(first).toMatchObject([
    { phone: fictionPhone(0), timeZone: null, attempts: 0 },
    { phone: fictionPhone(1), timeZone: null, attempts: 0 },
  ]);
  await markQueued(
    db,
    first.map(({ id }) => ({ id, jobId: `job-${id}` })),
  );

  expect(await pageUnqueued(db, campaignId, { batch: 2 })).toMatchObject([{ phone: fictionPhone(2) }]);
  const [row] = contacts;
  expect(await findCampaignContact(db, row?.id ?? 0)).toMatchObject({
    state: 'queued',
    jobId: `job-${row?.id}`,
  });
});

it('does not put a contact back to queued that a worker has taken already', async () => {
  const { db } = database;
  const { contacts } = await createRunningCampaign(db, { size: 1 });
  const id = contacts[0]?.id ?? 0;
  await scheduleRetry(db, id, { at: new Date('2026-11-24T09:00:00Z'), reason: 'busy' });

  await markQueued(db, [{ id, jobId: 'job-late' }]);

  expect(await findCampaignContact(db, id)).toMatchObject({ state: 'retry_scheduled', jobId: 'job-late' });
});

it('gives a contact one final result, which stays', async () => {
  const { db } = database;
  const { contacts } = await createRunningCampaign(db, { size: 1 });
  const id = contacts[0]?.id ?? 0;
  expect(await scheduleRetry(db, id, { at: new Date(), reason: 'busy' })).toBe(true);

  const finished = await Promise.all(
    ['success', 'failed', 'busy'].map((result) => finish(db, id, result, 'call ended')),
  );

  expect(finished.filter(Boolean)).toHaveLength(1);
  expect(await finish(db, id, 'interrupted', 'late')).toBe(false);
  expect(await scheduleRetry(db, id, { at: new Date(), reason: 'late' })).toBe(false);
  expect(await findCampaignContact(db, id)).toMatchObject({
    state: 'done',
    result: ['success', 'failed', 'busy'][finished.indexOf(true)],
    nextAttemptAt: null,
    nextReason: 'call ended',
  });
});
