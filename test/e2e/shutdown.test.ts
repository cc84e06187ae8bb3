import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { channelsLeft, expectDecentRecord, originates } from '../helpers/e2e-record.ts';
import { E2eWorld } from '../helpers/e2e-world.ts';
import { WorkerProcess } from '../helpers/e2e-worker-process.ts';

const TEST_DEADLINE_MS = 60_000;
const SETTLE_DEADLINE_MS = 5000;

describe('when a worker has stopped', { timeout: TEST_DEADLINE_MS }, () => {
  let world: E2eWorld;
  beforeEach(async () => {
    world = await E2eWorld.open({ cast: ['hangs-up'] });
  });
  afterEach(() => world.close());

  it('nothing of it is left open in the process', async () => {
    // Opened and closed once before counting: what a library keeps for the process's whole life is no leak of a worker.
    await (await world.openWorker()).close({ graceMs: 0 });
    const before = openResources();

    await world.launch();
    const worker = await world.openWorker();
    await world.untilPrompt('offer.wav', 'playback-ended');
    expect(grownSince(before)).toContain('TCPServerWrap');
    await worker.close({ graceMs: 0 });
    // Sockets close a moment later; what waits for them has timers of its own, so these are counted afterwards.
    await vi.waitFor(() => expect(grownSince(before, { except: 'Timeout' })).toEqual([]), {
      timeout: SETTLE_DEADLINE_MS,
    });
    expect(grownSince(before)).toEqual([]);
  });

  it('its process ends by itself, with status 0, after the call in flight has ended', async () => {
    await world.launch();
    const worker = new WorkerProcess({ env: world.environment(), cwd: world.dir });
    try {
      await world.untilPrompt('hello.wav', 'playback-started');
      worker.terminate();
      expect(await worker.status()).toBe(0);
    } finally {
      await worker.kill();
    }
    expect(worker.complaints()).toEqual([]);
    expect(world.record()).toContainEqual(expect.objectContaining({ type: 'hangup', by: 'callee' }));
    expect(originates(world.record())).toHaveLength(1);
    expect(channelsLeft(world.record())).toEqual([]);
    expectDecentRecord(world.record());
  });
});

/** Open handles and timers of this process, by kind. */
function openResources(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** Kinds of which there are more now. Fewer is no leak: idle connections of the test itself end by and by. */
function grownSince(before: ReadonlyMap<string, number>, { except = '' } = {}): string[] {
  return [...openResources()]
    .filter(([kind, count]) => kind !== except && count > (before.get(kind) ?? 0))
    .map(([kind]) => kind);
}
