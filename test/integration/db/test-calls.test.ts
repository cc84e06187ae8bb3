import pino from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config.ts';
import { findCall, markDialing, reserveAttempt } from '../../../src/db/calls.ts';
import { findCampaignContact } from '../../../src/db/campaign-contacts.ts';
import { findCampaign, listCampaigns } from '../../../src/db/campaigns.ts';
import type { Database } from '../../../src/db/client.ts';
import {
  findContact,
  findContactByPhone,
  listContactsForCampaign,
  storeContacts,
} from '../../../src/db/contacts.ts';
import { CAMPAIGN_STATUSES } from '../../../src/db/schema.ts';
import { forgetTestCall, prepareTestCall } from '../../../src/db/test-calls.ts';
import { reconcileAttempt } from '../../../src/workers/reconcile-attempt.ts';
import { contactInput, fictionPhone, reservation, testFingerprint } from '../../helpers/campaign-fixture.ts';
import { createTestDatabase } from '../../helpers/database.ts';

const PHONE = fictionPhone(7);

let database: Database;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.close());

function prepare(phone = PHONE) {
  return prepareTestCall(database.db, {
    ...{ name: 'essai', scenario: 'short', phone, maxConcurrentCalls: 1, callDelayMs: 0, priority: 0 },
    ...{ callerId: null, basis: 'consent', callingWindow: null, retry: loadConfig({}).retry },
  });
}

const everyCampaign = () => listCampaigns(database.db, { statuses: CAMPAIGN_STATUSES });
const everyContact = () => listContactsForCampaign(database.db, { tags: [], afterId: 0, batch: 100 });

it('is no campaign for workers and lists, and its number no contact for campaigns until it is imported', async () => {
  const { campaign, contact } = await prepare();
  expect(campaign).toMatchObject({ kind: 'test', status: 'running' });
  expect(await everyCampaign()).toEqual([]);
  expect(await everyContact()).toEqual([]);

  for (const skipDuplicates of [true, false]) {
    await storeContacts(
      database.db,
      { contacts: [contactInput(PHONE)], opposed: [] },
      { fingerprint: testFingerprint, skipDuplicates, source: 'test' },
    );
    expect(await everyContact()).toMatchObject([{ id: contact.id, testOnly: false }]);
  }
});

it('leaves no trace where nobody was dialled, and nobody’s contact goes', async () => {
  const unknown = await prepare();
  await forgetTestCall(database.db, unknown.campaign.id);
  expect(await findCampaign(database.db, unknown.campaign.id)).toBeNull();
  expect(await findContactByPhone(database.db, PHONE)).toBeNull();

  const contacts = [contactInput(PHONE)];
  await storeContacts(
    database.db,
    { contacts, opposed: [] },
    { fingerprint: testFingerprint, skipDuplicates: false, source: 'test' },
  );
  const known = await prepare();
  await forgetTestCall(database.db, known.campaign.id);
  expect(await findCampaign(database.db, known.campaign.id)).toBeNull();
  expect(await everyContact()).toMatchObject([{ phone: PHONE }]);
});

it('removes what an earlier one left that died before it wrote its attempt down', async () => {
  const left = await prepare();
  await database.pool.query("update campaigns set created_at = now() - interval '2 hours'");
  await prepare(fictionPhone(8));
  expect(await findCampaign(database.db, left.campaign.id)).toBeNull();
  expect(await findContactByPhone(database.db, PHONE)).toBeNull();
});

it('is ended by a worker when its process was killed: hung up, written down, never tried again', async () => {
  const { db } = database;
  const { campaign, campaignContact, contact } = await prepare();
  const { call } = await reserveAttempt(
    db,
    reservation(campaign.id, { id: campaignContact.id, contactId: contact.id, phone: PHONE }),
  );
  expect(await markDialing(db, call)).toBe(true);
  const hungUp: string[] = [];

  await reconcileAttempt(
    {
      db,
      telephony: {
        listChannels: () => Promise.resolve([{ channelUuid: call.id, createdAt: null, answered: true }]),
        hangUpChannel: (uuid) => Promise.resolve(void hungUp.push(uuid)),
      },
      ...{ workerId: 'w1', ownCalls: new Set(), lines: { leaseMs: 1 }, planning: { ringTimeoutMs: 30_000 } },
      now: () => new Date(),
      logger: pino({ level: 'silent' }),
    },
    call,
  );

  expect(hungUp).toEqual([call.id]);
  expect(await findCall(db, call.id)).toMatchObject({ status: 'completed', result: 'interrupted' });
  expect(await findCampaignContact(db, campaignContact.id)).toMatchObject({
    ...{ state: 'done', result: 'interrupted', nextAttemptAt: null },
    nextReason: 'interrupted: a test call',
  });
  expect(await findCampaign(db, campaign.id)).toMatchObject({ status: 'completed' });
  // What somebody of the team did in a test says nothing about where they stand.
  expect(await findContact(db, contact.id)).toMatchObject({ status: 'pending' });
});
