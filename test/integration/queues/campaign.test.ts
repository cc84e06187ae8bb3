import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  cancelCampaign,
  pauseCampaign,
  resumeCampaign,
  retryNow,
  setPace,
} from '../../../src/campaigns/lifecycle.ts';
import { attemptsOfContact, findUnfinished, markDialing, reserveAttempt } from '../../../src/db/calls.ts';
import {
  countByState,
  findCampaignContact,
  pageUnfinished,
  pageUnqueued,
} from '../../../src/db/campaign-contacts.ts';
import { changeCampaignStatus, findCampaign } from '../../../src/db/campaigns.ts';
import type { Executor } from '../../../src/db/client.ts';
import { findContactByPhone } from '../../../src/db/contacts.ts';
import { freeLineOf, reserveLine } from '../../../src/db/lines.ts';
import type { Campaign } from '../../../src/db/schema.ts';
import { OperatorError } from '../../../src/errors.ts';
import { CONTACT_JOB, contactJobId } from '../../../src/queues/campaign-queue.ts';
import type { CallResult } from '../../../src/call-engine/call-session.ts';
import { createCallWorkerHandler } from '../../../src/workers/call-worker.ts';
import { openTestRedis } from '../../helpers/redis.ts';
import { isOpposed, testFingerprint } from '../../helpers/campaign-fixture.ts';
import { BUSY, REFUSED, SUCCESS } from '../../helpers/call-results.ts';
import { CampaignWorld } from './fixture.ts';

const redis = await openTestRedis();
afterAll(() => redis?.close());

/** Waits for a condition, never for a time. */
function eventually(check: () => unknown): Promise<unknown> {
  return vi.waitFor(check, { timeout: 15_000, interval: 25 });
}

/** A promise that the test settles: a call that lasts as long as the test wants. */
function heldCall() {
  let end: (report: CallResult) => void = () => undefined;
  const report = new Promise<CallResult>((resolve) => {
    end = resolve;
  });
  return { report, end };
}

/** Whether the next try of a contact of this campaign is due. */
async function isRetryDue(db: Executor, campaignId: number): Promise<boolean> {
  const page = await pageUnfinished(db, campaignId, { afterId: 0, batch: 100 });
  return page.some(({ nextAttemptAt }) => nextAttemptAt !== null && nextAttemptAt.getTime() <= Date.now());
}

describe.each([
  { kind: 'redis' as const, isThere: redis !== null },
  { kind: 'postgres' as const, isThere: true },
])('a campaign on $kind', ({ kind, isThere }) => {
  describe.skipIf(!isThere)('', () => {
    let world: CampaignWorld;

    beforeEach(async () => {
      world = await CampaignWorld.open(kind === 'redis' ? (redis?.url ?? null) : null);
    });
    afterEach(() => world.close());

    /** The only contact's entry in the campaign. */
    async function onlyEntry(campaign: Campaign) {
      const [entry] = await pageUnqueued(world.db, campaign.id, { batch: 1 });
      if (entry === undefined) throw new Error('no contact waits');
      return entry;
    }

    /** The first attempt at a contact as a worker leaves it that dies before it dials. */
    async function leaveBehind(
      campaign: Campaign,
      entry: Awaited<ReturnType<typeof onlyEntry>>,
      callId: string,
    ) {
      const { call } = await reserveAttempt(world.db, {
        ...{ callId, campaignId: campaign.id, campaignContactId: entry.id, contactId: entry.contactId },
        ...{ phone: entry.phone, subject: testFingerprint(entry.phone), attempt: 1, workerId: 'dead' },
      });
      return call;
    }

    function campaignLines({ id, maxConcurrentCalls }: Campaign) {
      return { ...world.lines, campaignId: id, campaignLimit: maxConcurrentCalls, campaignContactId: 0 };
    }

    async function isCompleted(campaign: Campaign): Promise<void> {
      await eventually(async () =>
        expect((await findCampaign(world.db, campaign.id))?.status).toBe('completed'),
      );
    }

    it('calls everybody once and is then completed', async () => {
      await world.addContacts(4);
      const campaign = await world.prepare();
      await world.addWorker('w1').start();
      expect(await world.launch(campaign)).toEqual({ queued: 4, refused: {}, waiting: {} });
      await isCompleted(campaign);
      expect(world.calls.map((call) => call.contact.phone).sort()).toEqual([
        '+33199000000',
        '+33199000001',
        '+33199000002',
        '+33199000003',
      ]);
      expect(await findUnfinished(world.db)).toEqual([]);
    });

    it('tries again who is due before it calls those who were never called', async () => {
      await world.addContacts(4);
      const campaign = await world.prepare({ maxConcurrentCalls: 1 });
      const held = heldCall();
      const tries: number[] = [];
      world.script = (_order, attempt) => {
        tries.push(attempt);
        if (tries.length === 1) return BUSY;
        // Until the retry is due, at most one other person is called.
        return attempt === 1 ? held.report : SUCCESS;
      };
      await world.addWorker('w1').start();
      await world.launch(campaign);
      await eventually(() => expect(tries).not.toEqual([1]));
      await eventually(async () =>
        expect(tries.includes(2) || (await isRetryDue(world.db, campaign.id))).toBe(true),
      );
      held.end(SUCCESS);
      await isCompleted(campaign);
      expect(tries).toHaveLength(5);
      expect(tries.indexOf(2)).toBeLessThanOrEqual(2);
    });

    it('tries a busy contact again after its delay, and tells in the job’s log', async () => {
      await world.addContacts(1);
      const campaign = await world.prepare();
      const entry = await onlyEntry(campaign);
      world.script = (_order, attempt) => (attempt === 1 ? BUSY : SUCCESS);
      await world.addWorker('w1').start();
      await world.launch(campaign);
      await isCompleted(campaign);

      const attempts = await attemptsOfContact(world.db, entry.contactId);
      expect(attempts.map(({ attempt, result, counted }) => ({ attempt, result, counted }))).toEqual([
        { attempt: 1, result: 'busy', counted: true },
        { attempt: 2, result: 'success', counted: true },
      ]);
      expect(await findCampaignContact(world.db, entry.id)).toMatchObject({
        state: 'done',
        result: 'success',
        attempts: 2,
      });
      const { logs } = await world.backend.queue(campaign.id).getJobLogs(contactJobId(entry.id));
      expect(logs.join('\n')).toMatch(/busy\. Next try .*attempt 2 of 3/);
      expect(logs.join('\n')).not.toContain('+33199000000');
    });

    it('stops after the last attempt and keeps its result', async () => {
      await world.addContacts(1);
      const campaign = await world.prepare();
      const entry = await onlyEntry(campaign);
      world.script = () => BUSY;
      await world.addWorker('w1').start();
      await world.launch(campaign);
      await isCompleted(campaign);
      expect(world.calls).toHaveLength(3);
      expect(await findCampaignContact(world.db, entry.id)).toMatchObject({ result: 'busy', attempts: 3 });
    });

    it('stores what a call came to, also when the handler of the call breaks', async () => {
      await world.addContacts(1);
      const campaign = await world.prepare({
        retry: {
          enabled: false,
          maxAttempts: 1,
          delayMsByResult: {},
          maxAttemptsByResult: {},
          otherPartOfDay: false,
        },
      });
      const entry = await onlyEntry(campaign);
      world.script = (order) => {
        order.journal.record({ type: 'ringing', at: new Date() });
        throw new Error('boom');
      };
      await world.addWorker('w1').start();
      await world.launch(campaign);
      await isCompleted(campaign);
      const [attempt] = await attemptsOfContact(world.db, entry.contactId);
      expect(attempt).toMatchObject({
        result: 'failed',
        endReason: 'internal-error',
        counted: true,
        status: 'completed',
      });
    });

    it('puts whoever asks for it on the opposition list, and calls them no more', async () => {
      await world.addContacts(1);
      const campaign = await world.prepare({
        retry: {
          enabled: true,
          maxAttempts: 3,
          delayMsByResult: { opt_out: 1 },
          maxAttemptsByResult: {},
          otherPartOfDay: false,
        },
      });
      world.script = () => ({ ...SUCCESS, result: 'opt_out', optOut: true });
      await world.addWorker('w1').start();
      await world.launch(campaign);
      await isCompleted(campaign);
      expect(world.calls).toHaveLength(1);
      expect(await isOpposed(world.db, '+33199000000')).toBe(true);
    });

    it('waits for the calling window without an attempt', async () => {
      await world.addContacts(1);
      const campaign = await world.prepare();
      const entry = await onlyEntry(campaign);
      const opening = new Date(Date.now() + 3_600_000);
      world.gate.verdict = { decision: 'wait', until: opening, reason: 'outside the calling window' };
      await world.addWorker('w1').start();
      await world.launch(campaign);
      const queue = world.backend.queue(campaign.id);
      await eventually(async () => expect(await queue.getDelayedCount()).toBe(1));
      expect(await attemptsOfContact(world.db, entry.contactId)).toEqual([]);
      expect(await findCampaignContact(world.db, entry.id)).toMatchObject({ state: 'queued', attempts: 0 });

      world.gate.verdict = { decision: 'call' };
      await (await queue.getJob(contactJobId(entry.id)))?.promote();
      await isCompleted(campaign);
      expect(world.calls).toHaveLength(1);
    });

    it('says why the gate refused somebody, at launch and right before dialling', async () => {
      await world.addContacts(2);
      world.gate.refuse.set('+33199000000', 'opposed: asked not to be called');
      const campaign = await world.prepare();
      const [first, second] = await pageUnqueued(world.db, campaign.id, { batch: 2 });
      world.gate.verdict = { decision: 'refuse', reason: 'called four times this month' };
      expect(await world.launch(campaign)).toEqual({
        queued: 1,
        refused: { 'opposed: asked not to be called': 1 },
        waiting: {},
      });
      await world.addWorker('w1').start();
      await isCompleted(campaign);
      expect(world.calls).toEqual([]);
      for (const [entry, reason] of [
        [first, 'opposed: asked not to be called'],
        [second, 'called four times this month'],
      ] as const) {
        expect(await findCampaignContact(world.db, entry?.id ?? 0)).toMatchObject({
          result: 'refused_by_gate',
          nextReason: reason,
        });
      }
    });

    it('enqueues nobody twice, and completes a launch that was interrupted', async () => {
      await world.addContacts(1_200);
      const campaign = await world.prepare();
      const interrupt = new AbortController();
      const queue = world.backend.queue(campaign.id);
      vi.spyOn(queue, 'addBulk').mockImplementationOnce(async (jobs) => {
        interrupt.abort();
        return queue.addBulk(jobs);
      });
      await expect(world.launch(campaign, interrupt.signal)).rejects.toThrow();
      expect(await queue.getJobCountByTypes('wait', 'prioritized')).toBe(1_000);

      expect((await world.launch(campaign)).queued).toBe(200);
      expect((await world.launch(campaign)).queued).toBe(0);
      expect(await queue.getJobCountByTypes('wait', 'prioritized')).toBe(1_200);
      expect((await world.prepare()).id).toBe(campaign.id);
    });

    it('never makes more calls at once than allowed, over several workers, and takes a new limit at once', async () => {
      await world.addContacts(7);
      const campaign = await world.prepare({ maxConcurrentCalls: 2 });
      const held: ReturnType<typeof heldCall>[] = [];
      world.script = () => {
        const call = heldCall();
        held.push(call);
        return call.report;
      };
      await world.addWorker('w1').start();
      await world.addWorker('w2').start();
      await world.launch(campaign);
      await eventually(() => expect(world.callsAtOnce).toBe(2));
      held.shift()?.end(SUCCESS);
      await eventually(() => expect(world.calls).toHaveLength(3));
      expect(world.mostCallsAtOnce).toBe(2);

      await setPace(world, campaign.id, { maxConcurrentCalls: 4, callDelayMs: 0 });
      held.shift()?.end(SUCCESS);
      await eventually(() => expect(world.callsAtOnce).toBe(4));
      while (world.calls.length < 7 || held.length > 0) {
        held.shift()?.end(SUCCESS);
        await new Promise((resolve) => setImmediate(resolve));
      }
      await isCompleted(campaign);
      expect(world.mostCallsAtOnce).toBe(4);
    });

    it('holds the delay between calls, and takes a new one while it waits', async () => {
      await world.addContacts(2);
      const campaign = await world.prepare({ callDelayMs: 3_600_000 });
      await world.addWorker('w1').start();
      await world.launch(campaign);
      await eventually(async () => expect((await countByState(world.db, campaign.id)).done).toBe(1));
      const queue = world.backend.queue(campaign.id);
      expect(await queue.getJobCountByTypes('wait', 'prioritized')).toBe(1);
      expect(await queue.getRateLimitTtl()).toBeGreaterThan(3_000_000);

      await setPace(world, campaign.id, { maxConcurrentCalls: 5, callDelayMs: 1 });
      await isCompleted(campaign);
    });

    it('dials once the delay has passed since the switch had the last call, over several workers', async () => {
      const delayMs = 120;
      await world.addContacts(6);
      const campaign = await world.prepare({ callDelayMs: delayMs });
      const createdAtMs: number[] = [];
      const dialledAtMs: number[] = [];
      world.script = async (order) => {
        dialledAtMs.push(performance.now());
        // The switch takes its time: the delay counts from when it has the call.
        await new Promise((resolve) => setTimeout(resolve, 60));
        createdAtMs.push(performance.now());
        order.journal.record({ type: 'created', at: new Date() });
        return SUCCESS;
      };
      await world.addWorker('w1').start();
      await world.addWorker('w2').start();
      // All jobs at once: nothing but the gate before dialling keeps them apart.
      await world.launch(campaign);
      await world.backend.queue(campaign.id).removeGlobalRateLimit();
      await isCompleted(campaign);
      expect(dialledAtMs).toHaveLength(6);
      for (const [index, dialled] of dialledAtMs.entries()) {
        if (index > 0) expect(dialled - (createdAtMs[index - 1] ?? 0)).toBeGreaterThanOrEqual(delayMs);
      }
    });

    it('dials nobody whose window shuts, or whose campaign is paused, while they wait for their turn', async () => {
      await world.addContacts(2);
      const campaign = await world.prepare({ callDelayMs: 400 });
      world.decisionHoldsMs = 100;
      const queue = world.backend.queue(campaign.id);
      const call = heldCall();
      world.script = () => call.report;
      await world.launch(campaign);
      await queue.removeGlobalRateLimit();
      await world.addWorker('w1').start();
      // Both are at work: one calls, the other waits for its turn.
      await eventually(async () =>
        expect([world.calls.length, await queue.getActiveCount()]).toEqual([1, 2]),
      );
      world.gate.verdict = { decision: 'wait', until: new Date(Date.now() + 3_600_000), reason: 'shut' };
      call.end(SUCCESS);
      await eventually(async () => expect(await queue.getDelayedCount()).toBe(1));
      const waiting = async () => (await countByState(world.db, campaign.id)).queued;
      await eventually(async () => expect(await waiting()).toBe(1));
      expect(world.calls).toHaveLength(1);

      world.gate.verdict = { decision: 'call' };
      for (const job of await queue.getDelayed()) await job.promote();
      await isCompleted(campaign);
      expect(
        (await attemptsOfContact(world.db, world.calls[1]?.contact.id ?? 0)).map(({ attempt }) => attempt),
      ).toEqual([1]);
    });

    it('gives up waiting for its turn when the worker is told to stop', async () => {
      await world.addContacts(2);
      const campaign = await world.prepare({ callDelayMs: 1_500 });
      const queue = world.backend.queue(campaign.id);
      const call = heldCall();
      world.script = () => call.report;
      await world.launch(campaign);
      await queue.removeGlobalRateLimit();
      const worker = world.addWorker('w1');
      await worker.start();
      await eventually(async () =>
        expect([world.calls.length, await queue.getActiveCount()]).toEqual([1, 2]),
      );
      const closed = worker.close({ graceMs: 60_000 });
      await eventually(async () => expect(await queue.getDelayedCount()).toBe(1));
      call.end(SUCCESS);
      await closed;
      expect(world.calls).toHaveLength(1);
      expect(await findUnfinished(world.db)).toEqual([]);
    });

    it('waits for a line of the switch without an attempt', async () => {
      await world.addContacts(1);
      const campaign = await world.prepare();
      const entry = await onlyEntry(campaign);
      world.lines.limit = 1;
      const other = '00000000-0000-4000-8000-000000000001';
      const elsewhere = { ...campaignLines(campaign), callId: other, workerId: 'elsewhere', leaseMs: 60_000 };
      await reserveLine(world.db, elsewhere);
      await world.addWorker('w1').start();
      await world.launch(campaign);
      await eventually(async () => expect(await world.backend.queue(campaign.id).getDelayedCount()).toBe(1));
      expect(await attemptsOfContact(world.db, entry.contactId)).toEqual([]);
      await freeLineOf(world.db, other);
      await isCompleted(campaign);
      expect(world.calls).toHaveLength(1);
    });

    it('lets calls in flight end when paused, starts no other, and goes on when resumed', async () => {
      await world.addContacts(2);
      const campaign = await world.prepare({ maxConcurrentCalls: 1 });
      const call = heldCall();
      world.script = () => (world.calls.length === 1 ? call.report : SUCCESS);
      const worker = world.addWorker('w1');
      await worker.tick();
      await world.launch(campaign);
      await worker.tick();
      await eventually(() => expect(world.callsAtOnce).toBe(1));

      await pauseCampaign(world, campaign.id);
      await worker.tick();
      expect(world.calls[0]?.signal.aborted).toBe(false);
      call.end(SUCCESS);
      await eventually(async () => expect((await countByState(world.db, campaign.id)).done).toBe(1));
      await worker.tick();
      expect(world.calls).toHaveLength(1);
      await expect(pauseCampaign(world, campaign.id)).rejects.toThrow(/is paused and cannot be paused/);

      await resumeCampaign(world, campaign.id);
      await worker.start();
      await isCompleted(campaign);
      expect(world.calls).toHaveLength(2);
    });

    it('calls nobody any more once cancelled', async () => {
      await world.addContacts(3);
      const campaign = await world.prepare({ maxConcurrentCalls: 1 });
      const call = heldCall();
      world.script = () => call.report;
      const worker = world.addWorker('w1');
      await world.launch(campaign);
      await worker.start();
      await eventually(() => expect(world.callsAtOnce).toBe(1));
      await cancelCampaign(world, campaign.id);
      call.end(SUCCESS);
      await eventually(async () => expect((await countByState(world.db, campaign.id)).done).toBe(1));
      await worker.tick();
      expect(world.calls).toHaveLength(1);
      await expect(world.launch(campaign)).rejects.toThrow(/cancelled and cannot be launched/);
    });

    it('hangs up calls that outlast the grace time, and plans those again that nobody picked up', async () => {
      await world.addContacts(1);
      const campaign = await world.prepare();
      const entry = await onlyEntry(campaign);
      world.script = (order) =>
        new Promise((resolve) => {
          order.signal.addEventListener('abort', () =>
            resolve({ ...SUCCESS, result: 'interrupted', endReason: 'cancelled', answered: false }),
          );
        });
      await world.launch(campaign);
      const worker = world.addWorker('w1');
      await worker.tick();
      await eventually(() => expect(world.callsAtOnce).toBe(1));
      await worker.close({ graceMs: 10 });
      expect(await findUnfinished(world.db)).toEqual([]);
      expect(await world.backend.queue(campaign.id).getJobState(contactJobId(entry.id))).toBe('delayed');
      expect(await findCampaignContact(world.db, entry.id)).toMatchObject({
        state: 'retry_scheduled',
        attempts: 1,
      });
    });

    it('never dials an attempt again that a dead worker left behind: hangs up, writes it down, plans a new one', async () => {
      await world.addContacts(1);
      const campaign = await world.prepare({
        retry: {
          enabled: true,
          maxAttempts: 3,
          delayMsByResult: {},
          maxAttemptsByResult: {},
          otherPartOfDay: false,
        },
      });
      const entry = await onlyEntry(campaign);
      await world.launch(campaign);
      const callId = '00000000-0000-4000-8000-000000000002';
      const { call } = await reserveAttempt(world.db, {
        ...{ callId, campaignId: campaign.id, campaignContactId: entry.id, contactId: entry.contactId },
        ...{ phone: entry.phone, subject: testFingerprint(entry.phone), attempt: 1, workerId: 'dead' },
      });
      expect(await markDialing(world.db, call)).toBe(true);
      world.telephony.channels.add(callId);

      // While its line is leased its worker may live: nobody touches the attempt.
      const request = { ...campaignLines(campaign), callId, workerId: 'dead' };
      await reserveLine(world.db, { ...request, leaseMs: 60_000 });
      await world.addWorker('w1').start();
      const queue = world.backend.queue(campaign.id);
      await eventually(async () => expect(await queue.getDelayedCount()).toBe(1));
      expect(world.telephony.hungUp).toEqual([]);

      await reserveLine(world.db, { ...request, leaseMs: 1 });
      await eventually(() => expect(world.telephony.hungUp).toEqual([callId]));
      // The dead worker wakes up: it may not dial.
      expect(await markDialing(world.db, call)).toBe(false);
      await eventually(async () =>
        expect(await findCampaignContact(world.db, entry.id)).toMatchObject({
          state: 'retry_scheduled',
          attempts: 1,
        }),
      );
      // It was on its way: the phone may have rung.
      expect(await attemptsOfContact(world.db, entry.contactId)).toMatchObject([
        { id: callId, result: 'interrupted', counted: true, workerId: 'w1' },
      ]);
      expect(world.calls).toEqual([]);
    });

    it('does not count an attempt whose worker died before it dialled', async () => {
      await world.addContacts(1);
      const campaign = await world.prepare();
      const entry = await onlyEntry(campaign);
      await leaveBehind(campaign, entry, '00000000-0000-4000-8000-000000000005');
      await world.addWorker('w1').tick();
      expect(await attemptsOfContact(world.db, entry.contactId)).toMatchObject([
        { result: 'interrupted', counted: false },
      ]);
    });

    it('does not call again who picked up a call whose worker died, though nobody stored that they did', async () => {
      await world.addContacts(1);
      const campaign = await world.prepare();
      const entry = await onlyEntry(campaign);
      const callId = '00000000-0000-4000-8000-000000000006';
      await changeCampaignStatus(world.db, campaign.id, { from: ['draft'], to: 'running' });
      expect(await markDialing(world.db, await leaveBehind(campaign, entry, callId))).toBe(true);
      world.telephony.channels.add(callId);
      world.telephony.answered.add(callId);
      await world.addWorker('w1').tick();
      expect(world.telephony.hungUp).toEqual([callId]);
      expect(await findCampaignContact(world.db, entry.id)).toMatchObject({
        state: 'done',
        result: 'interrupted',
      });
    });

    it('leaves an abandoned attempt alone while the switch cannot be asked', async () => {
      await world.addContacts(1);
      const campaign = await world.prepare();
      const entry = await onlyEntry(campaign);
      await reserveAttempt(world.db, {
        ...{
          callId: '00000000-0000-4000-8000-000000000003',
          campaignId: campaign.id,
          campaignContactId: entry.id,
        },
        ...{
          contactId: entry.contactId,
          phone: entry.phone,
          subject: testFingerprint(entry.phone),
          attempt: 1,
          workerId: 'dead',
        },
      });
      world.telephony.isDown = true;
      const worker = world.addWorker('w1');
      await worker.tick();
      expect(await findUnfinished(world.db)).toHaveLength(1);
      expect(world.calls).toEqual([]);

      world.telephony.isDown = false;
      await worker.tick();
      expect(await findUnfinished(world.db)).toEqual([]);
    });

    it('makes the jobs again that the queue has lost, and calls everybody once', async () => {
      await world.addContacts(3);
      const campaign = await world.prepare({ maxConcurrentCalls: 1 });
      const call = heldCall();
      world.script = () => (world.calls.length === 1 ? call.report : SUCCESS);
      await world.launch(campaign);
      await world.addWorker('w1').start();
      await eventually(() => expect(world.callsAtOnce).toBe(1));
      const queue = world.backend.queue(campaign.id);
      // The worker's look wakes a paused queue, and only a paused one can be emptied.
      await eventually(() => queue.obliterate({ force: true }));
      await eventually(async () => expect(await queue.getGlobalConcurrency()).toBe(1));
      call.end(SUCCESS);
      await isCompleted(campaign);
      expect(world.calls).toHaveLength(3);
    });

    it('does not dial twice when the same job runs twice at once', async () => {
      await world.addContacts(1);
      const campaign = await world.prepare();
      const entry = await onlyEntry(campaign);
      const call = heldCall();
      world.script = () => call.report;
      await world.launch(campaign);
      await world.addWorker('w1').start();
      await eventually(() => expect(world.callsAtOnce).toBe(1));

      const job = await world.backend.queue(campaign.id).getJob(contactJobId(entry.id));
      if (job === undefined) throw new Error('the job is gone');
      const second = createCallWorkerHandler(world.handlerDeps('w2'));
      // It has no lock of its own, so that even putting the job back is refused.
      await expect(second(job, 'no-token', new AbortController().signal)).rejects.toThrow();
      expect(world.calls).toHaveLength(1);
      call.end(SUCCESS);
      await isCompleted(campaign);
      expect(world.calls).toHaveLength(1);
    });

    it('calls nobody while the gateway takes no calls, says so, and goes on when it does', async () => {
      await world.addContacts(30);
      const campaign = await world.prepare({ maxConcurrentCalls: 1 });
      world.maxRefusals = 3;
      let isDown = true;
      const connected: string[] = [];
      world.script = ({ contact }) => {
        if (isDown) return REFUSED;
        connected.push(contact.phone);
        return SUCCESS;
      };
      await world.launch(campaign);
      await world.addWorker('w1').start();
      await eventually(async () =>
        expect((await findCampaign(world.db, campaign.id))?.heldBack).toContain('the gateway test-trunk'),
      );
      expect(world.complaints[0]).toContain('no calls for now');
      isDown = false;
      await eventually(() => expect(connected.length).toBeGreaterThanOrEqual(3));
      await eventually(async () => expect((await findCampaign(world.db, campaign.id))?.heldBack).toBeNull());
    });

    it('says once per campaign that nobody can be called and why, and goes on when it is mended', async () => {
      await world.addContacts(3);
      const campaign = await world.prepare();
      world.brokenScenario = new OperatorError(
        'scenario_missing',
        'scenario scenarios/test.json does not exist',
      );
      await world.addWorker('w1').start();
      await world.launch(campaign);
      const queue = world.backend.queue(campaign.id);
      await eventually(async () => expect(await queue.getDelayedCount()).toBe(3));
      expect(world.complaints).toEqual([
        'the campaign cannot be called for now: scenario scenarios/test.json does not exist',
      ]);
      expect(await findCampaign(world.db, campaign.id)).toMatchObject({
        heldBack: 'scenario scenarios/test.json does not exist',
      });

      world.brokenScenario = null;
      for (const job of await queue.getDelayed()) await job.promote();
      await isCompleted(campaign);
      expect(await findCampaign(world.db, campaign.id)).toMatchObject({ heldBack: null, heldBackAt: null });
    });

    it('writes down where a person stands with the outcome of their call', async () => {
      await world.addContacts(2);
      const campaign = await world.prepare();
      world.script = ({ contact }) =>
        contact.phone.endsWith('0') ? SUCCESS : { ...SUCCESS, result: 'not_interested' };
      await world.addWorker('w1').start();
      await world.launch(campaign);
      await isCompleted(campaign);
      expect(await findContactByPhone(world.db, '+33199000000')).toMatchObject({ status: 'qualified' });
      expect(await findContactByPhone(world.db, '+33199000001')).toMatchObject({ status: 'not_interested' });
    });

    it('gives a result up after its own maximum, whatever other results came in between', async () => {
      await world.addContacts(1);
      const retry = { busy: 20, no_answer: 20 };
      const campaign = await world.prepare({
        retry: {
          enabled: true,
          maxAttempts: 9,
          delayMsByResult: retry,
          maxAttemptsByResult: { busy: 2 },
          otherPartOfDay: true,
        },
      });
      const entry = await onlyEntry(campaign);
      world.script = (_order, attempt) => (attempt === 2 ? { ...BUSY, result: 'no_answer' } : BUSY);
      await world.addWorker('w1').start();
      await world.launch(campaign);
      await isCompleted(campaign);
      expect(world.calls).toHaveLength(3);
      expect(await findCampaignContact(world.db, entry.id)).toMatchObject({
        result: 'busy',
        attempts: 3,
        nextReason: 'busy: 2 times, which is the most',
      });
    });

    it('makes planned tries due now, of everybody or of one, and calls nobody whose window is shut', async () => {
      await world.addContacts(3);
      const campaign = await world.prepare({
        retry: {
          enabled: true,
          maxAttempts: 2,
          delayMsByResult: { busy: 3_600_000 },
          maxAttemptsByResult: {},
          otherPartOfDay: false,
        },
      });
      world.script = () => BUSY;
      await world.addWorker('w1').start();
      await world.launch(campaign);
      const states = async () => countByState(world.db, campaign.id);
      await eventually(async () => expect((await states()).retry_scheduled).toBe(3));
      const options = { contactId: null, onProgress: () => undefined, signal: new AbortController().signal };

      const contactId = world.calls[0]?.contact.id ?? 0;
      expect(await retryNow(world, campaign.id, { ...options, contactId })).toBe(1);
      await eventually(async () => expect((await states()).done).toBe(1));
      expect(world.calls.map(({ contact }) => contact.id).filter((id) => id === contactId)).toHaveLength(2);

      world.gate.verdict = { decision: 'wait', until: new Date(Date.now() + 3_600_000), reason: 'shut' };
      expect(await retryNow(world, campaign.id, options)).toBe(2);
      const queue = world.backend.queue(campaign.id);
      await eventually(async () => {
        const logs = await Promise.all(
          (await queue.getDelayed()).map(async ({ id = '' }) => queue.getJobLogs(id)),
        );
        expect(logs.filter(({ logs: lines }) => lines.at(-1)?.includes('shut'))).toHaveLength(2);
      });
      expect(world.calls).toHaveLength(4);

      world.gate.verdict = { decision: 'call' };
      expect(await retryNow(world, campaign.id, options)).toBe(2);
      await isCompleted(campaign);
      expect(world.calls).toHaveLength(6);
      await expect(retryNow(world, campaign.id, options)).rejects.toThrow(/is completed/);
    });

    it('makes one campaign of two launches of one name at the same moment', async () => {
      await world.addContacts(2);
      const campaigns = await Promise.all([world.prepare(), world.prepare(), world.prepare()]);
      expect(new Set(campaigns.map(({ id }) => id)).size).toBe(1);
    });

    it('queues nobody any more once the campaign is cancelled in the middle of its launch', async () => {
      await world.addContacts(1_200);
      const campaign = await world.prepare();
      const queue = world.backend.queue(campaign.id);
      vi.spyOn(queue, 'addBulk').mockImplementationOnce(async (jobs) => {
        await cancelCampaign(world, campaign.id);
        return queue.addBulk(jobs);
      });
      await expect(world.launch(campaign)).rejects.toThrow(/is cancelled/);
      expect(await queue.getJobCountByTypes('wait', 'prioritized')).toBe(0);
    });

    it('goes on when a pause reaches the queue after the campaign was resumed', async () => {
      await world.addContacts(1);
      const campaign = await world.prepare();
      world.gate.verdict = { decision: 'wait', until: new Date(Date.now() + 300), reason: 'shut' };
      await world.launch(campaign);
      const worker = world.addWorker('w1');
      await worker.tick();
      // Of two operators, one paused and the other resumed; the queue heard of it the other way round.
      await pauseCampaign(world, campaign.id);
      await resumeCampaign(world, campaign.id);
      await world.backend.queue(campaign.id).pause();
      world.gate.verdict = { decision: 'call' };
      await worker.start();
      await isCompleted(campaign);
    });

    it('hangs up channels that no attempt owns, and only those', async () => {
      await world.addContacts(1);
      const campaign = await world.prepare();
      const call = heldCall();
      world.script = (order) => {
        world.telephony.channels.add(order.callId);
        return call.report;
      };
      const stray = '00000000-0000-4000-8000-00000000000a';
      world.telephony.channels.add(stray);
      world.telephony.isDown = true;
      await world.launch(campaign);
      const worker = world.addWorker('w1');
      await worker.tick();
      await worker.tick();
      expect(world.telephony.hungUp).toEqual([]);

      world.telephony.isDown = false;
      await worker.start();
      await eventually(() => expect(world.callsAtOnce).toBe(1));
      const other = world.addWorker('w2');
      await other.tick();
      await other.tick();
      await eventually(() => expect(world.telephony.hungUp).toContain(stray));
      expect(world.telephony.hungUp).not.toContain(world.calls[0]?.callId);
      call.end(SUCCESS);
      await isCompleted(campaign);
    });

    it('keeps a job that nobody can read, as failed', async () => {
      await world.addContacts(1);
      const campaign = await world.prepare();
      world.gate.verdict = { decision: 'wait', until: new Date(Date.now() + 3_600_000), reason: 'closed' };
      await world.launch(campaign);
      const queue = world.backend.queue(campaign.id);
      await queue.add(
        CONTACT_JOB,
        { campaignContactId: 0, campaignId: 0, contactId: 0 },
        { jobId: 'contact-x' },
      );
      await world.addWorker('w1').start();
      await eventually(async () => expect(await queue.getFailedCount()).toBe(1));
      expect(await queue.getFailed()).toMatchObject([{ id: 'contact-x', attemptsMade: 1 }]);
    });
  });
});
