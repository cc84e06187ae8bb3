import { randomUUID } from 'node:crypto';
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { attemptsOfContact } from '../../src/db/calls.ts';
import { findCampaign } from '../../src/db/campaigns.ts';
import { findContactByPhone } from '../../src/db/contacts.ts';
import { openFingerprint } from '../../src/db/fingerprints.ts';
import { prepareTestCall } from '../../src/db/test-calls.ts';
import { holdLine } from '../../src/workers/line-keeper.ts';
import { makeTestCall, type TestCallEvent, type TestCallOutcome } from '../../src/workers/test-call.ts';
import { channelsLeft, expectDecentRecord } from '../helpers/e2e-record.ts';
import { E2eWorld } from '../helpers/e2e-world.ts';

const TEST_DEADLINE_MS = 60_000;

let world: E2eWorld;
beforeAll(async () => {
  world = await E2eWorld.open({ cast: ['agrees', 'agrees', 'busy', 'busy'], env: { SWITCH_MAX_CALLS: '1' } });
  // Beside a worker that looks after strays, and whose campaign has nobody to call yet.
  await world.openWorker();
});
afterAll(async () => {
  expectDecentRecord(world.record());
  expect(channelsLeft(world.record())).toEqual([]);
  await world.close();
});

async function testCall(
  phone: string,
  options: { onEvent?: (event: TestCallEvent) => void; signal?: AbortSignal } = {},
): Promise<{ outcome: TestCallOutcome; events: TestCallEvent[] }> {
  const { config, database } = world;
  const events: TestCallEvent[] = [];
  const outcome = await makeTestCall(
    {
      config,
      db: database.db,
      fingerprint: await openFingerprint(database.db, config.compliance.oppositionKey),
      logger: pino({ level: 'silent' }),
    },
    {
      phone,
      scenario: 'short',
      audio: { port: 0, url: null },
      onEvent: (event) => {
        events.push(event);
        options.onEvent?.(event);
      },
      signal: options.signal ?? world.signal,
    },
  );
  return { outcome, events };
}

function phoneOf(index: number): string {
  const phone = world.phones[index];
  if (phone === undefined) throw new Error(`the cast has no member ${index}`);
  return phone;
}

/** The only attempt at this person, with its campaign. */
async function onlyAttempt(phone: string) {
  const contact = await findContactByPhone(world.database.db, phone);
  const [call, ...others] = await attemptsOfContact(world.database.db, contact?.id ?? 0);
  if (call === undefined) throw new Error('there is no attempt');
  expect(others).toEqual([]);
  return { call, contact, campaign: await findCampaign(world.database.db, call.campaignId) };
}

it(
  'tells what happens in the call, and writes it down like any other',
  { timeout: TEST_DEADLINE_MS },
  async () => {
    const phone = phoneOf(0);
    const { outcome, events } = await testCall(phone);

    expect(outcome).toMatchObject({ state: 'made', result: { result: 'success', endReason: 'scenario' } });
    const types = events.map(({ type }) => type);
    const milestones = [
      'opening',
      'dialling',
      'created',
      'ringing',
      'answered',
      'amd-decided',
      'step-entered',
    ];
    expect([...new Set(types)].filter((type) => milestones.includes(type))).toEqual(milestones);
    for (const type of ['prompt-played', 'speech-heard', 'turn-taken']) expect(types).toContain(type);
    const turn = events.findLast((event) => event.type === 'turn-taken');
    expect(turn).toMatchObject({
      turn: { intent: 'affirm', processingMethod: expect.any(String) as string },
    });

    const { call, contact, campaign } = await onlyAttempt(phone);
    expect(call).toMatchObject({ status: 'completed', result: 'success', attempt: 1, counted: true });
    expect(call.steps).toEqual(outcome.state === 'made' ? outcome.result.steps : []);
    expect(campaign).toMatchObject({ kind: 'test', status: 'completed' });
    expect(contact).toMatchObject({ status: 'pending', testOnly: false });
  },
);

it('hangs up when it is told to, and never tries again', { timeout: TEST_DEADLINE_MS }, async () => {
  const phone = phoneOf(1);
  const stop = new AbortController();
  const { outcome } = await testCall(phone, {
    signal: stop.signal,
    onEvent: ({ type }) => {
      if (type === 'prompt-played') stop.abort();
    },
  });
  expect(outcome).toMatchObject({ state: 'made', result: { result: 'interrupted', endReason: 'cancelled' } });
  const { call, campaign } = await onlyAttempt(phone);
  expect(call).toMatchObject({ status: 'completed', result: 'interrupted' });
  expect(campaign).toMatchObject({ status: 'completed' });
  expect(channelsLeft(world.record(phone))).toEqual([]);
});

it('busy is a result', { timeout: TEST_DEADLINE_MS }, async () => {
  const { outcome, events } = await testCall(phoneOf(2));
  expect(outcome).toMatchObject({ state: 'made', result: { result: 'busy', hangupCause: 'USER_BUSY' } });
  expect(events.map(({ type }) => type)).not.toContain('answered');
  expect((await onlyAttempt(phoneOf(2))).call).toMatchObject({ result: 'busy' });
});

it('waits for a line of the switch while others have them all', { timeout: TEST_DEADLINE_MS }, async () => {
  const { db } = world.database;
  const { freeswitch } = world.config;
  const other = await prepareTestCall(db, {
    ...{ name: 'other', scenario: 'short', phone: phoneOf(0), maxConcurrentCalls: 1, callDelayMs: 0 },
    ...{ priority: 0, callerId: null, basis: 'consent', callingWindow: null, retry: world.config.retry },
  });
  const line = await holdLine(
    db,
    {
      ...{ switchName: `${freeswitch.eslHost}:${freeswitch.eslPort}`, limit: 1, leaseMs: 60_000 },
      ...{ campaignId: other.campaign.id, campaignLimit: 1, campaignContactId: other.campaignContact.id },
      ...{ callId: randomUUID(), workerId: 'other' },
    },
    pino({ level: 'silent' }),
  );
  if (line === null) throw new Error('the line was not free');

  const { outcome, events } = await testCall(phoneOf(3), {
    onEvent: ({ type }) => {
      if (type === 'waiting-for-line') void line.release();
    },
  });
  await line.release();
  expect(events.slice(0, 3).map(({ type }) => type)).toEqual(['opening', 'waiting-for-line', 'dialling']);
  expect(outcome).toMatchObject({ state: 'made', result: { result: 'busy' } });
});
