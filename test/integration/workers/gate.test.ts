import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CallResult } from '../../../src/call-engine/call-session.ts';
import { createContactGate, type ContactGateOptions } from '../../../src/campaigns/contact-gate.ts';
import type { Gate, GateVerdict } from '../../../src/campaigns/gate.ts';
import { FRANCE_LEGAL_WINDOW, type CallingWindow } from '../../../src/compliance/calling-window.ts';
import { attemptsOfContact } from '../../../src/db/calls.ts';
import { findCampaignContact, pageUnqueued } from '../../../src/db/campaign-contacts.ts';
import { recordConsents } from '../../../src/db/consents.ts';
import { upsertContacts } from '../../../src/db/contacts.ts';
import { ledgerOfSubject } from '../../../src/db/ledger.ts';
import { lockSubject, recordOppositions } from '../../../src/db/oppositions.ts';
import type { Campaign } from '../../../src/db/schema.ts';
import { JOB_PRIORITY, type ContactJob } from '../../../src/queues/campaign-queue.ts';
import { TryAgainLater } from '../../../src/queues/retry-policy.ts';
import { createCallWorkerHandler } from '../../../src/workers/call-worker.ts';
import {
  clearanceFor,
  contactInput,
  isOpposed,
  oppose,
  testFingerprint,
} from '../../helpers/campaign-fixture.ts';
import { BUSY, SUCCESS } from '../../helpers/call-results.ts';
import { CampaignWorld } from '../queues/fixture.ts';

/** Not of the ranges for fiction, so that every rule holds for it; there is no switch in these tests. */
const PHONE = '+33199010001';
const FICTION = '+33199000000';
const CALLER_ID = '+33162000000';
const NEVER_SHUT: CallingWindow = { ...FRANCE_LEGAL_WINDOW, enabled: false };

const GATE_OPTIONS: ContactGateOptions = {
  fingerprint: testFingerprint,
  ringTimeoutMs: 1000,
  maxAttemptsPer30Days: 4,
  refusalPauseDays: 60,
  consentValidityDays: 365,
  contractRequiresConsent: true,
  callerIds: { default: CALLER_ID, declared: [CALLER_ID], check: 'strict' },
  testNumbers: null,
};

let world: CampaignWorld;
beforeEach(async () => {
  world = await CampaignWorld.open(null);
});
afterEach(() => world.close());

type Entry = Awaited<ReturnType<typeof pageUnqueued>>[number];
interface Place {
  campaign: Campaign;
  entry: Entry;
}

/** What became of a run of the handler. */
async function runJob(gate: Gate, place: Place, workerId = 'w1'): Promise<string> {
  return (await lookAt(gate, place, { workerId })).outcome;
}

/** A run of the handler at that moment: what became of it, and when the job is to be looked at again. */
async function lookAt(
  gate: Gate,
  { campaign, entry }: Place,
  { workerId = 'w1', now = new Date() }: { workerId?: string; now?: Date } = {},
): Promise<{ outcome: string; again: string | null }> {
  let again: Date | null = null;
  const job = {
    data: { campaignContactId: entry.id, campaignId: campaign.id, contactId: entry.contactId },
    log: () => Promise.resolve(1),
    priority: JOB_PRIORITY.first,
    changePriority: () => Promise.resolve(),
    moveToDelayed: (untilMs: number) => {
      again = new Date(untilMs);
      return Promise.resolve();
    },
  } as unknown as ContactJob; // What of a job the handler uses.
  const handler = createCallWorkerHandler({ ...world.handlerDeps(workerId), gate, now: () => now });
  const outcome = await handler(job, 'token', new AbortController().signal).then(
    ({ result }) => result,
    (error: unknown) => {
      if (error instanceof TryAgainLater) again = error.at;
      return error instanceof Error ? error.constructor.name : String(error);
    },
  );
  return { outcome, again: (again as Date | null)?.toISOString() ?? null }; // Set by the job.
}

async function placeIn(
  name: string,
  phone: string,
  { callingWindow = NEVER_SHUT, busyDelayMs = 1 } = {},
): Promise<Place> {
  await upsertContacts(world.db, [contactInput(phone)]);
  const campaign = await world.prepare({
    name,
    callingWindow,
    retry: {
      enabled: true,
      maxAttempts: 9,
      delayMsByResult: { busy: busyDelayMs },
      maxAttemptsByResult: {},
      otherPartOfDay: false,
    },
  });
  await world.database.pool.query("update campaigns set status = 'running' where id = $1", [campaign.id]);
  const [entry] = await pageUnqueued(world.db, campaign.id, { batch: 1 });
  if (entry === undefined) throw new Error('the campaign has no contact');
  return { campaign, entry };
}

async function recordConsent(granted: boolean): Promise<void> {
  const consent = { subject: testFingerprint(PHONE), basis: 'consent', granted, channel: 'web' } as const;
  const actedAt = granted ? new Date(Date.now() - 86_400_000) : null;
  await world.db.transaction((tx) =>
    recordConsents(tx, [{ ...consent, actedAt, expiresAt: null, source: 'form', wording: 'v1' }]),
  );
}

describe('nobody is dialled past the gate', () => {
  /** Answers the first question as told, the second (right before the attempt is written down) too. */
  const gateOf = (...answers: (() => Promise<GateVerdict>)[]): Gate => {
    const queue = [...answers];
    return {
      subjectOf: testFingerprint,
      review: () => Promise.reject(new Error('not asked here')),
      mayCallNow: () => (queue.shift() ?? (() => Promise.reject(new Error('asked too often'))))(),
    };
  };
  const yes = (): Promise<GateVerdict> => Promise.resolve(clearanceFor(FICTION));
  const no = (): Promise<GateVerdict> =>
    Promise.resolve({ decision: 'refuse', reason: 'opposed: meanwhile' });
  const later = (): Promise<GateVerdict> =>
    Promise.resolve({ decision: 'wait', until: new Date(Date.now() + 60_000), reason: 'holiday: x' });
  const broken = (): Promise<GateVerdict> => Promise.reject(new Error('the database is away'));

  it.each([
    ['refuses', [no], 'refused_by_gate'],
    ['refuses the second time', [yes, no], 'refused_by_gate'],
    ['says later', [later], 'DelayedError'],
    ['says later the second time', [yes, later], 'DelayedError'],
    ['throws', [broken], 'Error'],
    ['throws the second time', [yes, broken], 'Error'],
  ])('when it %s', async (_name, answers, outcome) => {
    const place = await placeIn('A', FICTION);
    expect(await runJob(gateOf(...answers), place)).toBe(outcome);
    expect(world.calls).toEqual([]);
    expect(await attemptsOfContact(world.db, place.entry.contactId)).toEqual([]);
  });

  it('while it does not answer', async () => {
    const place = await placeIn('A', FICTION);
    let answer: (verdict: GateVerdict) => void = () => undefined;
    const hanging = vi.fn(
      () =>
        new Promise<GateVerdict>((resolve) => {
          answer = resolve;
        }),
    );
    const run = runJob(gateOf(yes, hanging), place);
    await vi.waitFor(() => expect(hanging).toHaveBeenCalled(), { timeout: 10_000, interval: 10 });
    expect(world.calls).toEqual([]);
    answer({ decision: 'refuse', reason: 'opposed: at last' });
    expect(await run).toBe('refused_by_gate');
    expect(world.calls).toEqual([]);
  });

  it('and whoever is dialled is who was cleared', async () => {
    const place = await placeIn('A', FICTION);
    expect(await runJob(gateOf(yes, yes), place)).toBe('success');
    expect(world.calls).toMatchObject([{ clearance: { phone: FICTION, callerId: null } }]);
  });
});

describe('limits hold over all campaigns and workers', () => {
  const gate = () => createContactGate(world.db, GATE_OPTIONS);

  it('two campaigns that reach for the last attempt at a person at once make one call', async () => {
    await recordConsent(true);
    const [a, b] = [await placeIn('A', PHONE), await placeIn('B', PHONE)];
    await pastAttempts(a, 3);
    let release: (result: CallResult) => void = () => undefined;
    world.script = () =>
      new Promise((resolve) => {
        release = resolve;
      });
    const runs = [runJob(gate(), a, 'w1'), runJob(gate(), b, 'w2')];
    expect(await Promise.race(runs)).toBe('DelayedError');
    await vi.waitFor(() => expect(world.calls).toHaveLength(1), { timeout: 10_000, interval: 10 });
    release(BUSY);
    expect((await Promise.all(runs)).sort()).toEqual(['DelayedError', 'TryAgainLater']);

    world.script = () => SUCCESS;
    await runJob(gate(), a, 'w1');
    await runJob(gate(), b, 'w2');
    expect(world.calls).toHaveLength(1);
  });

  it('many at once never make more calls than the limit, nor two at once', async () => {
    await recordConsent(true);
    const places: Place[] = [];
    for (let n = 0; n < 8; n += 1) places.push(await placeIn(`C${n}`, PHONE));
    world.script = () => BUSY;
    for (let round = 0; round < 6; round += 1) {
      await Promise.all(places.map((place, n) => runJob(gate(), place, `w${n}`)));
    }
    expect(world.mostCallsAtOnce).toBe(1);
    expect(world.calls).toHaveLength(GATE_OPTIONS.maxAttemptsPer30Days);
  });

  it('an opt-out in one campaign ends the person’s place in every other, in the ledger too', async () => {
    await recordConsent(true);
    const [a, b] = [await placeIn('A', PHONE), await placeIn('B', PHONE)];
    world.script = () => ({ ...SUCCESS, result: 'opt_out', optOut: true });
    expect(await runJob(gate(), a)).toBe('opt_out');
    expect(await findCampaignContact(world.db, b.entry.id)).toMatchObject({
      state: 'done',
      nextReason: 'opposed: asked not to be called',
    });
    expect(await runJob(gate(), b)).toBe('refused_by_gate');
    expect(world.calls).toHaveLength(1);
    expect(await isOpposed(world.db, PHONE)).toBe(true);
    expect((await ledgerOfSubject(world.db, testFingerprint(PHONE))).map(({ event }) => event)).toEqual([
      ...['consent', 'opposition', 'consent', 'attempt'],
    ]);
  });
});

it('waits for whoever changes what is known of a number, and goes by what they have written', async () => {
  await recordConsent(true);
  const place = await placeIn('A', PHONE);
  const run = await world.db.transaction(async (tx) => {
    await lockSubject(tx, testFingerprint(PHONE));
    const job = runJob(createContactGate(world.db, GATE_OPTIONS), place);
    await vi.waitFor(
      async () => {
        const { rows } = await world.database.pool.query<{ waiting: number }>(
          "select count(*)::int as waiting from pg_locks where locktype = 'advisory' and not granted",
        );
        // Without the lock it would have dialled by now.
        expect(world.calls.length + (rows[0]?.waiting ?? 0)).toBe(1);
      },
      { timeout: 15_000, interval: 10 },
    );
    expect(world.calls).toEqual([]);
    await recordOppositions(tx, [
      {
        ...{ subject: testFingerprint(PHONE), phone: null, reason: 'letter', source: 'test' },
        ...{ sourceCallId: null, since: null },
      },
    ]);
    return { job };
  });
  expect(await run.job).toBe('refused_by_gate');
  expect(world.calls).toEqual([]);
});

it('sees what changed while a job waited: a consent that was withdrawn, an opposition', async () => {
  await recordConsent(true);
  const [a, b] = [await placeIn('A', PHONE), await placeIn('B', PHONE)];
  const gate = createContactGate(world.db, GATE_OPTIONS);
  await recordConsent(false);
  expect(await runJob(gate, a)).toBe('refused_by_gate');
  expect(await findCampaignContact(world.db, a.entry.id)).toMatchObject({
    nextReason: 'no_consent: withdrawn',
  });
  await oppose(world.db, PHONE);
  expect(await runJob(gate, b)).toBe('refused_by_gate');
  expect(world.calls).toEqual([]);
});

describe('the hours of calling, by the clock of the job’s own moment', () => {
  const gate = () => createContactGate(world.db, GATE_OPTIONS);
  const hours = (day: number, ...ranges: [{ start: string; end: string }]): CallingWindow => ({
    ...FRANCE_LEGAL_WINDOW,
    ...{ days: [day], ranges },
  });
  const consentOfSummer = () =>
    world.db.transaction((tx) =>
      recordConsents(tx, [
        {
          ...{ subject: testFingerprint(PHONE), basis: 'consent', granted: true, channel: 'web' },
          ...{ actedAt: new Date('2026-09-01T10:00:00Z'), expiresAt: null, source: 'form', wording: 'v1' },
        },
      ]),
    );

  it('are those that the campaign has by then: a job that waits finds the new ones at its next look', async () => {
    await consentOfSummer();
    const place = await placeIn('A', PHONE, {
      callingWindow: hours(1, { start: '10:00', end: '12:00' }),
    });
    const change = async (callingWindow: CallingWindow): Promise<void> => {
      await world.database.pool.query('update campaigns set calling_window = $1 where id = $2', [
        JSON.stringify(callingWindow),
        place.campaign.id,
      ]);
    };
    const monday = (time: string): { now: Date } => ({ now: new Date(`2026-11-23T${time}+01:00`) });
    expect(await lookAt(gate(), place, monday('13:00:00'))).toEqual({
      ...{ outcome: 'DelayedError', again: '2026-11-30T09:00:00.000Z' },
    });
    await change(hours(1, { start: '15:00', end: '16:00' }));
    expect(await lookAt(gate(), place, monday('13:30:00'))).toEqual({
      ...{ outcome: 'DelayedError', again: '2026-11-23T14:00:00.000Z' },
    });
    // Shut again before the moment that it waited for has come.
    await change(hours(2, { start: '10:00', end: '11:00' }));
    expect(await lookAt(gate(), place, monday('15:00:00'))).toEqual({
      ...{ outcome: 'DelayedError', again: '2026-11-24T09:00:00.000Z' },
    });
    expect(world.calls).toEqual([]);
    await change(hours(1, { start: '15:00', end: '16:00' }));
    expect(await lookAt(gate(), place, monday('15:30:00'))).toEqual({ outcome: 'success', again: null });
    expect(world.calls).toHaveLength(1);
  });

  it('come twice in the night in which the clocks go back, and a busy line is tried in the second', async () => {
    await consentOfSummer();
    const place = await placeIn('A', PHONE, {
      callingWindow: hours(7, { start: '02:30', end: '03:00' }),
      busyDelayMs: 20 * 60_000,
    });
    world.script = () => BUSY;
    const night = (time: string): { now: Date } => ({ now: new Date(`2026-10-25T${time}Z`) });
    expect(await lookAt(gate(), place, night('00:10:00'))).toEqual({
      ...{ outcome: 'DelayedError', again: '2026-10-25T00:30:00.000Z' },
    });
    // 02:50 in summer time; twenty minutes later it is 02:10 again, in winter time.
    expect(await lookAt(gate(), place, night('00:50:00'))).toEqual({
      ...{ outcome: 'TryAgainLater', again: '2026-10-25T01:30:00.000Z' },
    });
    expect(await lookAt(gate(), place, night('01:10:00'))).toMatchObject({ outcome: 'DelayedError' });
    expect(world.calls).toHaveLength(1);
    world.script = () => SUCCESS;
    expect(await lookAt(gate(), place, night('01:30:00'))).toEqual({ outcome: 'success', again: null });
    expect(world.calls).toHaveLength(2);
  });

  it('begin late in the night in which the clocks go forward over their start', async () => {
    await consentOfSummer();
    const place = await placeIn('A', PHONE, { callingWindow: hours(7, { start: '02:30', end: '03:30' }) });
    const night = (time: string): { now: Date } => ({ now: new Date(`2027-03-28T${time}Z`) });
    expect(await lookAt(gate(), place, night('00:40:00'))).toEqual({
      ...{ outcome: 'DelayedError', again: '2027-03-28T01:00:00.000Z' },
    });
    expect(world.calls).toEqual([]);
    expect(await lookAt(gate(), place, night('01:00:00'))).toEqual({ outcome: 'success', again: null });
  });

  it.each([
    ['Good Friday', '2027-03-26T10:00:00Z', '2027-03-30T08:00:00.000Z'],
    ['Easter Monday', '2027-03-29T10:00:00Z', '2027-03-30T08:00:00.000Z'],
    ['26 December', '2028-12-26T10:00:00Z', '2028-12-27T09:00:00.000Z'],
  ])('are shut on %s', async (_day, now, again) => {
    const place = await placeIn('A', PHONE, { callingWindow: FRANCE_LEGAL_WINDOW });
    await world.database.pool.query("update campaigns set basis = 'non-commercial'");
    expect(await lookAt(gate(), place, { now: new Date(now) })).toEqual({
      ...{ outcome: 'DelayedError', again },
    });
    expect(world.calls).toEqual([]);
  });
});

/** Attempts of the last days. */
async function pastAttempts({ campaign, entry }: Place, count: number): Promise<void> {
  for (let n = 1; n <= count; n += 1) {
    await world.database.pool.query(
      `insert into calls (call_uuid, campaign_id, campaign_contact_id, contact_id, phone, subject, attempt,
         worker_id, status, result, counted, started_at, ended_at)
       values ($1, $2, $3, $4, $5, $6, $7, 'w0', 'completed', 'busy', true, now() - $8::interval, now())`,
      [
        ...[randomUUID(), campaign.id, entry.id, entry.contactId, PHONE, testFingerprint(PHONE), n],
        `${n} days`,
      ],
    );
  }
}
