import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { PlannedFault } from '../../chaos/fault-plan.ts';
import { runChaos } from '../../chaos/run-chaos.ts';
import { openTestRedis } from '../helpers/redis.ts';

/** `npm run chaos` in little: each kind of fault once, close together. A dead worker is noticed after 15 s: no less. */
const PLAN: readonly PlannedFault[] = (
  [
    { kind: 'kill-worker', worker: 0, restartMs: 0 },
    { kind: 'drop-esl' },
    { kind: 'restart-redis', how: 'kill', downMs: 200 },
    { kind: 'cut-audio', worker: 1 },
    { kind: 'restart-postgres', how: 'immediate' },
    { kind: 'drain-worker', worker: 1 },
    { kind: 'wipe-redis' },
    { kind: 'crash-switch', restartMs: 200 },
  ] as const
).map((fault, index) => ({ afterOriginates: 4 + index * 3, delayMs: 50 * (index % 4), fault }));

const redis = await openTestRedis();
await redis?.close();

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'minibot-chaos-test-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

it.skipIf(redis === null)(
  'a campaign keeps its promises while everything around it breaks',
  async () => {
    const report = await runChaos({
      root: fileURLToPath(new URL('../..', import.meta.url)),
      dataDir,
      calls: 30,
      seed: 7,
      workers: 2,
      maxConcurrentCalls: 8,
      // One: what becomes of a killed call is settled once it is noticed.
      maxAttempts: 1,
      plan: PLAN,
      onProgress: () => undefined,
      signal: new AbortController().signal,
    });
    expect(report.violations).toEqual([]);
    expect(report.faults).toEqual(Object.fromEntries(PLAN.map(({ fault }) => [fault.kind, 1])));
    expect(report.recovery.kills).toBe(1);
  },
  120_000,
);
