import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { findCampaignContact, finish, scheduleRetry } from '../../../src/db/campaign-contacts.ts';
import {
  attemptsOfContact,
  completeAttempt,
  countRecentAttempts,
  findCall,
  findUnfinished,
  findUnfinishedByWorker,
  latestAttempt,
  markDialing,
  reserveAttempt,
  takeOverAttempt,
  withdrawAttempt,
} from '../../../src/db/calls.ts';
import type { AttemptOutcome } from '../../../src/db/calls.ts';
import type { Database } from '../../../src/db/client.ts';
import {
  createAttempt,
  createRunningCampaign,
  reservation,
  oppose,
  isOpposed,
} from '../../helpers/campaign-fixture.ts';
import { createTestDatabase } from '../../helpers/database.ts';

let database: Database;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.close());

const BUSY: AttemptOutcome = {
  result: 'busy',
  endReason: 'not-answered',
  hangupCause: 'USER_BUSY',
  sipStatus: 486,
  counted: true,
  endedAt: new Date('2026-11-23T10:00:30.000Z'),
  recordingPath: null,
};

async function oneContact() {
  const { campaignId, contacts } = await createRunningCampaign(database.db, { size: 1 });
  const [contact] = contacts;
  if (!contact) throw new Error('the campaign has no contact');
  return { campaignId, contact };
}

it('reserves an attempt once, however many workers try at the same moment', async () => {
  const { db, pool } = database;
  const { campaignId, contact } = await oneContact();
  // They are held back until all of them stand at the same point.
  const gate = await pool.connect();
  await gate.query('begin');
  await gate.query('select 1 from campaign_contacts where id = $1 for update', [contact.id]);

  const reserving = Promise.all(
    Array.from({ length: 12 }, (_, n) =>
      reserveAttempt(db, reservation(campaignId, contact, { workerId: `worker-${n}` })),
    ),
  );
  await vi.waitFor(async () => {
    const blocked = await pool.query(
      `select 1 from pg_stat_activity
       where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0`,
    );
    expect(blocked.rowCount).toBe(12);
  }, 10_000);
  await gate.query('commit');
  gate.release();
  const answers = await reserving;

  const winners = answers.filter((answer) => answer.reserved);
  expect(winners).toHaveLength(1);
  expect(new Set(answers.map((answer) => answer.call.id))).toEqual(new Set([winners[0]?.call.id]));
  expect(await findCampaignContact(db, contact.id)).toMatchObject({ state: 'calling', attempts: 0 });
});

it('lets exactly one of many dial a reserved attempt', async () => {
  const { db } = database;
  const call = await createAttempt(db);

  const answers = await Promise.all(Array.from({ length: 10 }, () => markDialing(db, call)));

  expect(answers.filter(Boolean)).toHaveLength(1);
});

it('forgets an attempt that was never dialled: the contact waits for what it waited for', async () => {
  const { db } = database;
  const { campaignId, contact } = await oneContact();
  const first = await reserveAttempt(db, reservation(campaignId, contact));
  await withdrawAttempt(db, first.call);
  expect(await attemptsOfContact(db, contact.contactId)).toEqual([]);
  expect(await findCampaignContact(db, contact.id)).toMatchObject({ state: 'queued', nextAttemptAt: null });

  const planned = { at: new Date('2026-11-24T09:00:00Z'), reason: 'busy: attempt 2 of 3' };
  await scheduleRetry(db, contact.id, planned);
  const second = await reserveAttempt(db, reservation(campaignId, contact));
  await markDialing(db, second.call);
  expect(await findCampaignContact(db, contact.id)).toMatchObject({ state: 'calling' });
  await withdrawAttempt(db, second.call);
  expect(await findCampaignContact(db, contact.id)).toMatchObject({
    ...{ state: 'retry_scheduled', nextAttemptAt: planned.at, nextReason: planned.reason, attempts: 0 },
  });
});

it('withdraws no attempt that is another worker’s by now, that rings, or that has ended', async () => {
  const { db } = database;
  const { campaignId, contact } = await oneContact();
  const { call } = await reserveAttempt(db, reservation(campaignId, contact));
  const taken = await takeOverAttempt(db, call, 'worker-2');
  if (taken === null) throw new Error('the attempt is unfinished');
  await withdrawAttempt(db, call);
  expect(await findCall(db, call.id)).toMatchObject({ workerId: 'worker-2', status: 'reserved' });
  await database.pool.query("update calls set status = 'ringing'");
  await withdrawAttempt(db, taken);
  expect(await findCall(db, call.id)).toMatchObject({ status: 'ringing' });
  await completeAttempt(db, taken, BUSY);
  await withdrawAttempt(db, taken);
  expect(await findCall(db, call.id)).toMatchObject({ status: 'completed' });
  expect(await findCampaignContact(db, contact.id)).toMatchObject({ state: 'calling' });
});

it('does not reserve the next attempt while one towards this contact is unfinished', async () => {
  const { db } = database;
  const { campaignId, contact } = await oneContact();
  const first = await reserveAttempt(db, reservation(campaignId, contact, { attempt: 1 }));

  const second = await reserveAttempt(db, reservation(campaignId, contact, { attempt: 2 }));

  expect(second.reserved).toBe(false);
  expect(second.call.id).toBe(first.call.id);
});

it('gives a completed attempt back instead of a second one with its number', async () => {
  const { db } = database;
  const { campaignId, contact } = await oneContact();
  const first = await reserveAttempt(db, reservation(campaignId, contact));
  await completeAttempt(db, first.call, BUSY);

  const again = await reserveAttempt(db, reservation(campaignId, contact));
  const next = await reserveAttempt(db, reservation(campaignId, contact, { attempt: 2 }));

  expect(again).toMatchObject({ reserved: false, call: { id: first.call.id, status: 'completed' } });
  expect(next).toMatchObject({ reserved: true, call: { attempt: 2, retryCount: 1 } });
  expect(await latestAttempt(db, contact.id)).toMatchObject({ id: next.call.id });
});

it('refuses an attempt towards a contact that has its final result, or that there is not', async () => {
  const { db } = database;
  const { campaignId, contact } = await oneContact();
  await finish(db, contact.id, 'refused_by_gate', 'on the do-not-call list');

  await expect(reserveAttempt(db, reservation(campaignId, contact))).rejects.toMatchObject({
    code: 'campaign_contact_done',
  });
  await expect(
    reserveAttempt(db, reservation(campaignId, { ...contact, id: contact.id + 1 })),
  ).rejects.toMatchObject({ code: 'campaign_contact_unknown' });
});

it('refuses every write with a token that another worker has taken over', async () => {
  const { db } = database;
  const stale = await createAttempt(db);

  const takeovers = await Promise.all(
    ['worker-2', 'worker-3'].map((worker) => takeOverAttempt(db, stale, worker)),
  );

  const owners = takeovers.filter((call) => call !== null);
  expect(owners).toHaveLength(1);
  expect(await markDialing(db, stale)).toBe(false);
  expect(await completeAttempt(db, stale, BUSY)).toBeNull();
  const [owner] = owners;
  if (!owner) throw new Error('nobody took over');
  expect(await completeAttempt(db, owner, { ...BUSY, result: 'interrupted', counted: false })).toMatchObject({
    result: 'interrupted',
    workerId: owner.workerId,
  });
});

it('completes an attempt once, and counts it once', async () => {
  const { db } = database;
  const call = await createAttempt(db);
  await markDialing(db, call);

  const answers = await Promise.all(Array.from({ length: 8 }, () => completeAttempt(db, call, BUSY)));

  expect(answers.filter((answer) => answer !== null)).toHaveLength(1);
  expect(await findCall(db, call.id)).toMatchObject({
    status: 'completed',
    result: 'busy',
    endReason: 'not-answered',
    hangupCause: 'USER_BUSY',
    sipStatus: 486,
    durationMs: null,
    duration: null,
    transcription: null,
  });
  expect(await findCampaignContact(db, call.campaignContactId)).toMatchObject({ attempts: 1 });
  expect(await takeOverAttempt(db, call, 'worker-2')).toBeNull();
});

it('does not count an attempt that reached nobody', async () => {
  const { db } = database;
  const call = await createAttempt(db);

  await completeAttempt(db, call, {
    ...BUSY,
    result: 'congestion',
    counted: false,
    hangupCause: 'NO\0_CIRCUIT',
  });

  expect(await findCampaignContact(db, call.campaignContactId)).toMatchObject({ attempts: 0 });
  expect(await findCall(db, call.id)).toMatchObject({ counted: false, hangupCause: 'NO_CIRCUIT' });
  expect(await countRecentAttempts(db, call.phone, new Date(0))).toBe(0);
});

it('counts the attempts since a moment over all campaigns, one in progress included', async () => {
  const { db, pool } = database;
  const first = await createAttempt(db);
  await completeAttempt(db, first, BUSY);
  await pool.query("update calls set started_at = '2026-11-01T10:00:00Z'");
  const second = await createAttempt(db);

  expect(await countRecentAttempts(db, second.phone, new Date('2026-10-01T00:00:00Z'))).toBe(2);
  expect(await countRecentAttempts(db, second.phone, new Date('2026-11-02T00:00:00Z'))).toBe(1);
  expect((await attemptsOfContact(db, second.contactId)).map((call) => call.id)).toEqual([
    first.id,
    second.id,
  ]);
});

it('writes the outcome and the opposition together or not at all', async () => {
  const { db } = database;
  const call = await createAttempt(db);
  const optOut = { ...BUSY, result: 'opt_out', endReason: 'scenario' as const };

  const failing = db.transaction(async (tx) => {
    await completeAttempt(tx, call, optOut);
    await oppose(tx, call.phone);
    throw new Error('the worker fails here');
  });

  await expect(failing).rejects.toThrow('the worker fails here');
  expect(await isOpposed(db, call.phone)).toBe(false);
  expect(await findCall(db, call.id)).toMatchObject({ status: 'reserved', result: null });
  expect(await findCampaignContact(db, call.campaignContactId)).toMatchObject({ attempts: 0 });
});

it('finds the attempts that nobody finished', async () => {
  const { db } = database;
  const { campaignId, contacts } = await createRunningCampaign(db, { size: 3 });
  const reserved = [];
  for (const [n, contact] of contacts.entries()) {
    reserved.push(
      await reserveAttempt(db, reservation(campaignId, contact, { workerId: `worker-${n % 2}` })),
    );
  }
  const ids = reserved.map(({ call }) => call.id);
  const last = reserved[2]?.call;
  if (!last) throw new Error('three were reserved');
  await completeAttempt(db, last, BUSY);

  expect((await findUnfinished(db)).map((call) => call.id)).toEqual(ids.slice(0, 2));
  expect((await findUnfinishedByWorker(db, 'worker-0')).map((call) => call.id)).toEqual([ids[0]]);
});

it('refuses rows that contradict themselves', async () => {
  const { db, pool } = database;
  const call = await createAttempt(db);

  await expect(pool.query("update calls set status = 'completed'")).rejects.toMatchObject({ code: '23514' });
  await expect(pool.query("update calls set status = 'lost'")).rejects.toMatchObject({ code: '23514' });
  await expect(
    pool.query(
      `insert into calls (call_uuid, campaign_id, campaign_contact_id, contact_id, phone, attempt, worker_id)
       values ($1, $2, $3, $4, $5, 2, 'worker-9')`,
      [randomUUID(), call.campaignId, call.campaignContactId, call.contactId, call.phone],
    ),
  ).rejects.toMatchObject({ code: '23505' });
});
