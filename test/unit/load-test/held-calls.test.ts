import { pino } from 'pino';
import { describe, expect, it, vi } from 'vitest';
import type { CallResult } from '../../../src/call-engine/call-session.ts';
import { HeldCalls, type LoadProgress } from '../../../src/load-test/held-calls.ts';
import { reportOf } from '../../../src/load-test/report.ts';
import { isReservedForFiction } from '../../../src/phone/numbering-plan.ts';
import type { Conversation } from '../../../src/workers/open-engine.ts';
import { SUCCESS } from '../../helpers/call-results.ts';

/** Calls that last until they are ended by name or hung up. */
class Lines {
  readonly orders: Conversation[] = [];
  readonly inFlight = new Map<string, (result: Partial<CallResult>) => void>();
  most = 0;
  private waiters: (() => void)[] = [];

  talk = (order: Conversation): Promise<CallResult> =>
    new Promise((resolve) => {
      const { phone } = order.clearance;
      const end = (result: Partial<CallResult>): void => {
        this.inFlight.delete(phone);
        resolve({ ...SUCCESS, ...result });
      };
      expect(this.inFlight.has(phone)).toBe(false);
      this.orders.push(order);
      this.inFlight.set(phone, end);
      this.most = Math.max(this.most, this.inFlight.size);
      order.signal.addEventListener('abort', () => end({ result: 'interrupted', endReason: 'cancelled' }));
      for (const waiter of this.waiters.splice(0)) waiter();
    });

  async until(calls: number): Promise<void> {
    while (this.orders.length < calls) await new Promise<void>((resolve) => this.waiters.push(resolve));
  }

  endAll(result: Partial<CallResult> = {}): void {
    for (const end of [...this.inFlight.values()]) end(result);
  }
}

function hold(lines: Lines, options: { concurrent: number; durationMs: number }) {
  const stop = new AbortController();
  const told: LoadProgress[] = [];
  const running = new HeldCalls(
    { ...options, rampMs: 0, onProgress: (progress) => told.push(progress), signal: stop.signal },
    lines.talk,
    pino({ level: 'silent' }),
  ).run();
  return { stop, told, running };
}

describe('held calls', () => {
  it('use so many lines at once, one call after the other, with numbers of fiction only', async () => {
    const lines = new Lines();
    const { running, stop } = hold(lines, { concurrent: 3, durationMs: 60_000 });
    await lines.until(3);
    lines.endAll();
    await lines.until(6);
    expect(lines.most).toBe(3);
    stop.abort();
    lines.endAll();
    expect(await running).toHaveLength(6);
    const numbers = lines.orders.map(({ clearance }) => clearance.phone);
    expect(numbers.every(isReservedForFiction)).toBe(true);
    expect(new Set(numbers).size).toBe(6);
  });

  it('begin none after their time, and let the last ones end', async () => {
    const lines = new Lines();
    const { running, told } = hold(lines, { concurrent: 2, durationMs: 50 });
    await lines.until(2);
    await vi.waitFor(() => expect(told.at(-1)?.stage).toBe('ending'), { timeout: 15_000 });
    lines.endAll();
    expect(await running).toHaveLength(2);
    expect(told.at(-1)).toMatchObject({ stage: 'ending', inFlight: 2, made: 0 });
  });

  it('count as failed what could not be made or broke, not who did not answer', async () => {
    const lines = new Lines();
    const { running, stop } = hold(lines, { concurrent: 4, durationMs: 10_000 });
    await lines.until(4);
    stop.abort();
    const results: Partial<CallResult>[] = [
      { result: 'congestion', answered: false, hangupCause: 'NORMAL_CIRCUIT_CONGESTION' },
      { result: 'busy', answered: false },
      { result: 'failed', endReason: 'audio-lost' },
      { result: 'hangup' },
    ];
    [...lines.inFlight.values()].forEach((end, index) => end(results[index] ?? {}));
    const calls = await running;
    expect(calls.map(({ result }) => result)).toEqual(['congestion', 'busy', 'failed', 'hangup']);
    const report = reportOf(calls, { concurrent: 4, seconds: 1, counts: NO_COUNTS, load: NO_LOAD });
    expect(report.calls).toMatchObject({ made: 4, answered: 2, failed: 2, cut: 0 });
    expect(report.failures).toEqual({ NORMAL_CIRCUIT_CONGESTION: 1, NORMAL_CLEARING: 1 });
  });
});

const NO_COUNTS = {
  peakCalls: 0,
  frames: 0,
  missingFrames: 0,
  largestGapMs: 0,
  overloadedUtterances: 0,
  recognitionFaults: 0,
  refusedCommands: 0,
};
const NO_LOAD = {
  eventLoopDelayMs: { p50: 0, p95: 0, p99: 0, max: 0 },
  cpuSeconds: { worker: 0, simulator: null },
  memoryPeakMb: 0,
};
