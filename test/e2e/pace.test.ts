import { expect, it, vi } from 'vitest';
import { expectDecentRecord, originates } from '../helpers/e2e-record.ts';
import { E2eWorld } from '../helpers/e2e-world.ts';
import { WorkerProcess } from '../helpers/e2e-worker-process.ts';
import type { SimulatorRecordEntry } from '../helpers/simulator.ts';

const PEOPLE = 24;
const SWITCH_LIMIT = 4;
const TEST_DEADLINE_MS = 150_000;
const STEP_DEADLINE_MS = 60_000;

/** A pace, and from when it may have been in force until when it certainly was the only one. */
interface Pace {
  maxConcurrentCalls: number;
  callDelayMs: number;
  fromMs: number;
}

/** A call that had its line, or its turn, when the pace changed may still be dialled by the old one: for so long. */
const LINE_TO_DIAL_MS = 3_000;
const TURN_TO_DIAL_MS = 1_000;
/** The record rounds. */
const ROUNDING_MS = 0.1;

/** The paces that may have been in force at some moment of the last `agoMs` before `atMs`. */
function inForce(paces: readonly Pace[], atMs: number, agoMs: number): Pace[] {
  return paces.filter(({ fromMs }, index) => {
    const untilMs = paces[index + 1]?.fromMs ?? Number.POSITIVE_INFINITY;
    return fromMs <= atMs && untilMs >= atMs - agoMs;
  });
}

/** Looks at the switch's own account, moment by moment. */
function expectPaceKept(record: readonly SimulatorRecordEntry[], paces: readonly Pace[]): void {
  const live = new Set<string>();
  let previousMs = Number.NEGATIVE_INFINITY;
  for (const { type, uuid = '', atMs } of record) {
    if (type === 'hangup') live.delete(uuid);
    if (type !== 'originate') continue;
    live.add(uuid);
    const limit = Math.max(...inForce(paces, atMs, LINE_TO_DIAL_MS).map((pace) => pace.maxConcurrentCalls));
    expect(live.size, `channels at ${atMs}`).toBeLessThanOrEqual(limit);
    const delayMs = Math.min(...inForce(paces, atMs, TURN_TO_DIAL_MS).map((pace) => pace.callDelayMs));
    expect(atMs - previousMs, `time since the last originate at ${atMs}`).toBeGreaterThanOrEqual(
      delayMs - ROUNDING_MS,
    );
    previousMs = atMs;
  }
}

it(
  'the switch never sees more channels than any limit, nor two dials of a campaign closer than its delay',
  { timeout: TEST_DEADLINE_MS },
  async () => {
    const cast = [
      ...Array<'turns-away'>(PEOPLE).fill('turns-away'),
      ...Array<'declines'>(PEOPLE).fill('declines'),
    ];
    const world = await E2eWorld.open({
      cast,
      env: {
        SWITCH_MAX_CALLS: String(SWITCH_LIMIT),
        MAX_RETRY_ATTEMPTS: '1',
        RETRY_CONDITIONS: 'no_answer',
        WORKER_DRAIN_TIMEOUT: '20',
      },
    });
    const processes: WorkerProcess[] = [];
    const startProcess = (): WorkerProcess => {
      const process = new WorkerProcess({ env: world.environment(), cwd: world.dir });
      processes.push(process);
      return process;
    };
    const paces = new Map<number, Pace[]>();
    const setPace = async (campaignId: number, maxConcurrentCalls: number, callDelayMs: number) => {
      // Before the change: from here on the new pace may be in force.
      const pace = { maxConcurrentCalls, callDelayMs, fromMs: Date.now() };
      paces.set(campaignId, [...(paces.get(campaignId) ?? []), pace]);
      await world.setPace(campaignId, pace);
    };
    const untilDialled = async (count: number): Promise<void> => {
      await vi.waitFor(() => expect(originates(world.record()).length).toBeGreaterThanOrEqual(count), {
        timeout: STEP_DEADLINE_MS,
        interval: 20,
      });
    };
    try {
      const first = await world.launch({ tags: ['turns-away'], maxConcurrentCalls: 3, callDelayMs: 100 });
      const second = await world.launch({ tags: ['declines'], maxConcurrentCalls: 3, callDelayMs: 250 });
      const before = { maxConcurrentCalls: 3, fromMs: 0 };
      paces.set(first, [{ ...before, callDelayMs: 100 }]);
      paces.set(second, [{ ...before, callDelayMs: 250 }]);

      const killed = startProcess();
      const drained = startProcess();
      await untilDialled(6);
      await world.openWorker();
      await setPace(first, 1, 400);
      await untilDialled(14);
      drained.terminate();
      await setPace(first, 3, 50);
      await setPace(second, 2, 600);
      await untilDialled(24);
      await killed.kill();
      startProcess();
      await setPace(second, 4, 0);
      await setPace(first, 2, 150);
      await world.untilCampaignIs(first, 'completed', STEP_DEADLINE_MS);
      await world.untilCampaignIs(second, 'completed', STEP_DEADLINE_MS);

      const record = world.record();
      for (const [campaignId, changes] of paces) {
        const own = new Set(
          (await world.report(campaignId)).flatMap(({ attempts }) => attempts.map(({ id }) => id)),
        );
        expectPaceKept(
          record.filter(({ uuid }) => uuid !== undefined && own.has(uuid)),
          changes,
        );
      }
      const always = { maxConcurrentCalls: SWITCH_LIMIT, callDelayMs: 0, fromMs: 0 };
      expectPaceKept(record, [always]);
      expect(await drained.status()).toBe(0);
    } finally {
      for (const process of processes) await process.kill();
      await world.close();
    }
  },
);

it(
  'busy and declined end the attempt: the switch is told to dial once for each, however many are allowed',
  { timeout: TEST_DEADLINE_MS },
  async () => {
    const cast = ['turns-away', 'declines', 'turns-away', 'declines'] as const;
    const world = await E2eWorld.open({
      cast,
      env: { MAX_RETRY_ATTEMPTS: '3', RETRY_CONDITIONS: 'busy=1,rejected=1:2' },
    });
    try {
      const campaignId = await world.launch({ maxConcurrentCalls: 4 });
      await world.openWorker();
      await world.untilCampaignIs(campaignId, 'completed', STEP_DEADLINE_MS);
      for (const {
        contact: { phone },
        attempts,
      } of await world.report(campaignId)) {
        const result = cast[world.phones.indexOf(phone)] === 'declines' ? 'rejected' : 'busy';
        const most = result === 'rejected' ? 2 : 3;
        expect(attempts.map((attempt) => attempt.result)).toEqual(Array<string>(most).fill(result));
        // The switch's own account: one order to dial for each attempt, and no other to this person.
        expect(originates(world.record(phone)).map(({ uuid }) => uuid)).toEqual(attempts.map(({ id }) => id));
      }
      expectDecentRecord(world.record());
    } finally {
      await world.close();
    }
  },
);
