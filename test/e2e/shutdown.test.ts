import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { E2eWorld } from '../helpers/e2e-world.ts';

const TEST_DEADLINE_MS = 60_000;
const SETTLE_DEADLINE_MS = 5000;

let world: E2eWorld;
beforeEach(async () => {
  world = await E2eWorld.open({ cast: ['hangs-up'] });
});
afterEach(() => world.close());

it('a worker that was closed leaves nothing open in its process', { timeout: TEST_DEADLINE_MS }, async () => {
  await world.launch();
  const before = openResources();

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
