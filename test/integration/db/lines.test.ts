import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findAbandoned, reserveAttempt } from '../../../src/db/calls.ts';
import { changeCampaignStatus, updatePace, updatePriority } from '../../../src/db/campaigns.ts';
import type { Database } from '../../../src/db/client.ts';
import { freeLineOf, lineIsHeld, releaseLine, renewLine, reserveLine } from '../../../src/db/lines.ts';
import type { LineRequest } from '../../../src/db/lines.ts';
import { createAttempt, createRunningCampaign, reservation } from '../../helpers/campaign-fixture.ts';
import { createTestDatabase } from '../../helpers/database.ts';

let database: Database;
let campaignId: number;
beforeEach(async () => {
  database = await createTestDatabase();
  ({ campaignId } = await createRunningCampaign(database.db, { size: 0 }));
});
afterEach(() => database.close());

function request(changes: Partial<LineRequest> = {}): LineRequest {
  return {
    switchName: 'fs-1',
    limit: 5,
    campaignId,
    campaignLimit: 100,
    campaignContactId: 1,
    callId: randomUUID(),
    workerId: 'worker-1',
    leaseMs: 60_000,
    ...changes,
  };
}

/** Lets every lease run out, as time would. */
async function expireAll(): Promise<void> {
  await database.pool.query("update line_leases set expires_at = now() - interval '1 second'");
}

it('gives out exactly as many lines as there are to 20 takers at once', async () => {
  const leases = await Promise.all(Array.from({ length: 20 }, () => reserveLine(database.db, request())));

  const slots = leases.flatMap((lease) => (lease ? [lease.slot] : []));
  expect(slots.sort()).toEqual([0, 1, 2, 3, 4]);
});

it('keeps the lines of switches apart', async () => {
  const { db } = database;
  expect(await reserveLine(db, request({ limit: 1 }))).not.toBeNull();
  expect(await reserveLine(db, request({ limit: 1 }))).toBeNull();
  expect(await reserveLine(db, request({ limit: 1, switchName: 'fs-2' }))).toMatchObject({ slot: 0 });
});

it('gives a call the line it already holds', async () => {
  const { db } = database;
  const mine = request({ limit: 2 });
  const first = await reserveLine(db, mine);
  await reserveLine(db, request({ limit: 2 }));

  expect(await reserveLine(db, mine)).toMatchObject({ slot: first?.slot, callId: mine.callId });
});

it('reuses the lowest line that was given back, and counts lines above a lowered limit', async () => {
  const { db } = database;
  const leases = [];
  for (let n = 0; n < 4; n += 1) leases.push(await reserveLine(db, request()));
  const [, second] = leases;
  if (!second) throw new Error('four lines were reserved');
  await releaseLine(db, second);
  await releaseLine(db, second);

  expect(await reserveLine(db, request({ limit: 3 }))).toBeNull();
  expect(await reserveLine(db, request({ limit: 4 }))).toMatchObject({ slot: 1 });
});

it('frees a line whose lease ran out; its former holder cannot renew or release it', async () => {
  const { db } = database;
  const old = await reserveLine(db, request({ limit: 1 }));
  if (!old) throw new Error('no line');
  await expireAll();
  const successor = request({ limit: 1 });
  const taken = await reserveLine(db, successor);

  expect(taken).toMatchObject({ slot: 0, callId: successor.callId });
  expect(await renewLine(db, old, 60_000)).toBe(false);
  await releaseLine(db, old);
  expect(await reserveLine(db, request({ limit: 1 }))).toBeNull();
});

it('counts the lines of a campaign by themselves', async () => {
  const { db } = database;
  const { campaignId: own, contacts } = await createRunningCampaign(db, { size: 1 });
  const [contact] = contacts;
  if (!contact) throw new Error('no contact');
  const { callId } = reservation(own, contact);
  expect(await reserveLine(db, request({ campaignId: own, campaignLimit: 1, callId }))).not.toBeNull();
  expect(await reserveLine(db, request({ campaignId: own, campaignLimit: 1 }))).toBeNull();
  // Whose it is is known once its attempt is written down.
  expect(await reserveLine(db, request({ campaignLimit: 1 }))).toBeNull();
  await reserveAttempt(db, { ...reservation(own, contact), callId });
  expect(await reserveLine(db, request({ campaignLimit: 1 }))).not.toBeNull();
  expect(await reserveLine(db, request({ campaignId: own, campaignLimit: 2 }))).toBeNull();
  expect(await reserveLine(db, request({ campaignId: own, campaignLimit: 3 }))).not.toBeNull();
});

it('goes by the limit that the campaign has by now', async () => {
  const { db } = database;
  await updatePace(db, campaignId, { maxConcurrentCalls: 1, callDelayMs: 40 });
  expect(await reserveLine(db, request({ campaignLimit: 9 }))).toMatchObject({ callDelayMs: 40 });
  expect(await reserveLine(db, request({ campaignLimit: 9 }))).toBeNull();
});

it('gives free lines of a full switch to those of higher priority first, no more than they wait for', async () => {
  const { db } = database;
  const urgent = await createRunningCampaign(db, { size: 0 });
  await updatePriority(db, urgent.campaignId, 5);
  const first = await reserveLine(db, request({ limit: 2 }));
  const second = await reserveLine(db, request({ limit: 2 }));
  if (!first || !second) throw new Error('two lines are free');
  const waiting = request({ limit: 2, campaignId: urgent.campaignId, campaignContactId: 7 });
  expect(await reserveLine(db, waiting)).toBeNull();

  await releaseLine(db, first);
  expect(await reserveLine(db, request({ limit: 2 }))).toBeNull();
  await releaseLine(db, second);
  expect(await reserveLine(db, request({ limit: 2 }))).not.toBeNull();
  expect(await reserveLine(db, request({ limit: 2 }))).toBeNull();
  expect(await reserveLine(db, waiting)).not.toBeNull();
});

it('keeps no line free for a campaign that is paused, nor for a job that asks no more', async () => {
  const { db } = database;
  const urgent = await createRunningCampaign(db, { size: 0 });
  await updatePriority(db, urgent.campaignId, 5);
  const held = await reserveLine(db, request({ limit: 1 }));
  if (!held) throw new Error('a line is free');
  const waiting = request({ limit: 1, campaignId: urgent.campaignId, campaignContactId: 7 });
  expect(await reserveLine(db, waiting)).toBeNull();
  await releaseLine(db, held);
  expect(await reserveLine(db, request({ limit: 1 }))).toBeNull();
  await changeCampaignStatus(db, urgent.campaignId, { from: ['running'], to: 'paused' });
  const next = await reserveLine(db, request({ limit: 1 }));
  if (!next) throw new Error('the paused campaign wants nothing');

  await changeCampaignStatus(db, urgent.campaignId, { from: ['paused'], to: 'running' });
  await releaseLine(db, next);
  expect(await reserveLine(db, request({ limit: 1 }))).toBeNull();
  await database.pool.query("update line_wants set expires_at = now() - interval '1 second'");
  expect(await reserveLine(db, request({ limit: 1 }))).not.toBeNull();
});

it('keeps the line of a dead worker’s call until that call was ended', async () => {
  const { db } = database;
  const call = await createAttempt(db);
  await reserveLine(db, request({ limit: 1, callId: call.id }));
  await expireAll();
  expect(await reserveLine(db, request({ limit: 1 }))).toBeNull();
  await freeLineOf(db, call.id);
  expect(await reserveLine(db, request({ limit: 1 }))).not.toBeNull();
});

it('takes nobody for dead who could not renew while the server was away', async () => {
  const { db } = database;
  const call = await createAttempt(db);
  await reserveLine(db, request({ callId: call.id }));
  await expireAll();
  const sinceEver = { leaseMs: 2 * 1000 * 3600 * 24 * 365 };
  expect(await lineIsHeld(db, call.id, sinceEver)).toBe(true);
  expect(await findAbandoned(db, sinceEver)).toEqual([]);
  expect(await lineIsHeld(db, call.id, { leaseMs: 1 })).toBe(false);
  expect(await findAbandoned(db, { leaseMs: 1 })).toMatchObject([{ id: call.id }]);
});

it('knows whether a call still holds its line', async () => {
  const { db } = database;
  const lease = await reserveLine(db, request());
  if (!lease) throw new Error('no line');
  expect(await lineIsHeld(db, lease.callId, { leaseMs: 1 })).toBe(true);

  await expireAll();
  expect(await lineIsHeld(db, lease.callId, { leaseMs: 1 })).toBe(false);

  expect(await renewLine(db, lease, 60_000)).toBe(true);
  expect(await lineIsHeld(db, lease.callId, { leaseMs: 1 })).toBe(true);
});
