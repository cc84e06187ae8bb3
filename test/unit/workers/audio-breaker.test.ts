import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AudioReach } from '../../../src/call-engine/ports.ts';
import { AudioBreaker, type CallPermit } from '../../../src/workers/audio-breaker.ts';

const ARRIVES: AudioReach = { result: 'arrives', reason: null };
const MISSING: AudioReach = { result: 'missing', reason: 'Connection refused' };
const UNTRIED: AudioReach = { result: 'untried', reason: '-ERR CHAN_NOT_IMPLEMENTED' };

const PROBE_MS = 1000;
const CALL_MS = 10_000;

describe('the audio breaker', () => {
  let reach: AudioReach | Error;
  let probes: number;
  let isSwitchReady: boolean;
  let nowMs: number;
  let logged: { level: number; msg: string }[];
  let breaker: AudioBreaker;

  beforeEach(() => {
    reach = ARRIVES;
    probes = 0;
    isSwitchReady = true;
    nowMs = 0;
    logged = [];
    breaker = new AudioBreaker(
      {
        telephony: {
          isReady: () => isSwitchReady,
          probeAudio: () => {
            probes += 1;
            return reach instanceof Error ? Promise.reject(reach) : Promise.resolve(reach);
          },
        },
        audioAddress: 'ws://192.0.2.10:8080',
        nowMs: () => nowMs,
        // Written by pino.
        logger: pino(
          {},
          { write: (line: string) => void logged.push(JSON.parse(line) as (typeof logged)[0]) },
        ),
      },
      {
        maxSilentCalls: 3,
        probePause: { firstMs: PROBE_MS, maxMs: 4 * PROBE_MS },
        callPause: { firstMs: CALL_MS, maxMs: 2 * CALL_MS },
      },
    );
  });

  const admitted = (): CallPermit => {
    const permit = breaker.admit();
    if (permit === null) throw new Error('no call is admitted');
    return permit;
  };
  const call = (audioArrived: boolean | null): void => admitted().end(audioArrived);
  /** Lets a try that has begun end. */
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  };
  const tryAt = async (atMs: number): Promise<void> => {
    nowMs = atMs;
    breaker.tryIfDue();
    await settled();
  };

  it('lets calls through where audio arrives', async () => {
    await breaker.start();
    expect(breaker.trouble).toBeNull();
    call(true);
    expect(probes).toBe(1);
    expect(logged).toEqual([]);
  });

  it('lets nobody be called where the first try fails, and says once what to check', async () => {
    reach = MISSING;
    await breaker.start();
    expect(breaker.admit()).toBeNull();
    expect(breaker.trouble?.message).toMatch(
      /Connection refused.*ws:\/\/192\.0\.2\.10:8080.*STREAMING_ASR_PORT.*firewall/,
    );
    expect(logged.filter(({ level }) => level === 50)).toHaveLength(1);
  });

  it('tries again with growing pauses, and goes on as soon as audio arrives', async () => {
    reach = MISSING;
    await breaker.start();
    for (const [dueMs, count] of [
      [1000, 2],
      [3000, 3],
      [7000, 4],
      [11_000, 5],
    ] as const) {
      await tryAt(dueMs - 1);
      expect(probes).toBe(count - 1);
      await tryAt(dueMs);
      expect(probes).toBe(count);
    }
    reach = ARRIVES;
    await tryAt(15_000);
    expect(breaker.trouble).toBeNull();
    call(true);
    expect(logged.filter(({ level }) => level === 50)).toHaveLength(1);
  });

  it('tries after the first call without audio, and shuts when that fails', async () => {
    await breaker.start();
    const other = admitted();
    reach = MISSING;
    call(false);
    await settled();
    expect(breaker.admit()).toBeNull();
    expect(other.holds()).toBe(false);
  });

  it('lets nobody be dialled while it is being tried after a call without audio', async () => {
    await breaker.start();
    const other = admitted();
    call(false);
    expect(breaker.admit()).toBeNull();
    expect(other.holds()).toBe(false);
    await settled();
    expect(other.holds()).toBe(true);
    call(true);
    expect(breaker.trouble).toBeNull();
  });

  it('shuts after three calls in a row without audio, whatever the tries say', async () => {
    await breaker.start();
    for (const audioArrived of [false, false, true, false, null, false]) {
      call(audioArrived);
      await settled();
    }
    expect(breaker.trouble).toBeNull();
    call(false);
    expect(breaker.trouble?.message).toContain('3 answered calls in a row');
    await tryAt(PROBE_MS);
    expect(breaker.trouble).toBeNull();
  });

  it('stays shut longer when calls go on without audio after a try that found some', async () => {
    await breaker.start();
    for (const untilMs of [1000, 3000, 7000]) {
      for (let count = 0; count < 3; count += 1) {
        call(false);
        await settled();
      }
      await tryAt(untilMs - 1);
      expect(breaker.trouble).not.toBeNull();
      await tryAt(untilMs);
      expect(breaker.trouble).toBeNull();
    }
  });

  it('does not try while the switch is away, and again when a try breaks off', async () => {
    reach = MISSING;
    await breaker.start();
    isSwitchReady = false;
    await tryAt(PROBE_MS);
    expect(probes).toBe(1);
    isSwitchReady = true;
    reach = new Error('no link');
    await tryAt(PROBE_MS + 1);
    expect(breaker.trouble).not.toBeNull();
    reach = ARRIVES;
    await tryAt(PROBE_MS + 2);
    expect(breaker.trouble).toBeNull();
  });

  describe('where only a call can try it', () => {
    beforeEach(async () => {
      reach = UNTRIED;
      await breaker.start();
      for (let count = 0; count < 3; count += 1) call(false);
    });

    it('shuts after three calls, having said at start that it cannot try', () => {
      expect(probes).toBe(1);
      expect(breaker.admit()).toBeNull();
      expect(logged[0]?.msg).toContain('load mod_loopback');
    });

    it('lets one call try it after a pause, and goes on when that has audio', async () => {
      await tryAt(CALL_MS - 1);
      expect(breaker.admit()).toBeNull();
      await tryAt(CALL_MS);
      expect(breaker.trouble).toBeNull();
      const trial = admitted();
      expect(trial.holds()).toBe(true);
      expect(breaker.admit()).toBeNull();
      trial.end(true);
      expect(breaker.trouble).toBeNull();
      call(true);
      call(true);
    });

    it('stays shut when the call has none', async () => {
      await tryAt(CALL_MS);
      call(false);
      expect(breaker.trouble).not.toBeNull();
      expect(breaker.admit()).toBeNull();
    });

    it('lets the next call try it when nobody answered', async () => {
      await tryAt(CALL_MS);
      call(null);
      call(null);
      const trial = admitted();
      trial.end(null);
      trial.end(false);
      expect(breaker.trouble).toBeNull();
    });

    it('tries without a call once the switch can', async () => {
      reach = ARRIVES;
      await tryAt(CALL_MS);
      expect(breaker.trouble).toBeNull();
      call(true);
      call(true);
    });
  });
});
