import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Closers } from '../../src/closers.ts';
import { runLoadTest } from '../../src/load-test/load-test.ts';
import { openConfiguredSwitch, openSimulator } from '../../src/load-test/where.ts';
import { inspectSwitch } from '../../src/call-engine/adapters/freeswitch/inspect-switch.ts';
import { eslPasswordOf } from '../../src/config.ts';
import { ScriptedSwitch } from '../helpers/esl-switch.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const logger = pino({ level: 'silent' });

/** Says one thing that takes 200 ms, and ends. */
const SHORT = {
  name: 'Short',
  voice: 'demo',
  theme: 'standard',
  steps: {
    hello: { type: 'audio', audio_path: 'short.wav', is_final: true, result: 'success', transitions: {} },
  },
};

let dir: string;
let scripted: ScriptedSwitch;
let closers: Closers;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'load-test-'));
  await writeFile(path.join(dir, 'short.json'), JSON.stringify(SHORT));
});
afterAll(() => rm(dir, { recursive: true }));
beforeEach(async () => {
  scripted = await ScriptedSwitch.start();
  closers = new Closers(logger);
});
afterEach(async () => {
  await closers.close();
  await scripted.close();
});

const environment = (more: Record<string, string> = {}) => ({
  FREESWITCH_ESL_HOST: '127.0.0.1',
  FREESWITCH_ESL_PORT: String(scripted.port),
  FREESWITCH_ESL_PASSWORD: scripted.password,
  FREESWITCH_SOUNDS_DIR: '/nowhere',
  STREAMING_ASR_PORT: '0',
  SCENARIOS_DIR: dir,
  OBJECTIONS_DIR: path.join(ROOT, 'objections'),
  VOSK_MODEL_PATH: path.join(ROOT, 'models/vosk-demo-fr/model'),
  VOSK_SAMPLE_RATE: '8000',
  INTENT_ENGINE: 'local',
  AMD_ENABLED: 'false',
  DISCLOSURE_CHECK: 'warn',
  ...more,
});

const openSwitch = (more: Record<string, string> = {}, options = { concurrent: 2, isConfirmed: false }) =>
  openConfiguredSwitch(environment(more), { ...options, signal: AbortSignal.timeout(10_000) });

describe('a load test on the configured switch', () => {
  it('holds real conversations with numbers of fiction, under a mark of its own', async () => {
    const { config, kind } = await openSwitch();
    const stop = new AbortController();
    const report = await runLoadTest(
      config,
      {
        scenario: 'short',
        concurrent: 2,
        durationMs: 10_000,
        switchPid: null,
        onProgress: ({ made }) => {
          if (made >= 3) stop.abort();
        },
        signal: stop.signal,
      },
      closers,
      logger,
    );
    expect(kind).toBe('switch');
    expect(report.calls.failed).toBe(0);
    expect(report.calls.byResult['success']).toBeGreaterThanOrEqual(2);
    expect(report.counts.frames).toBeGreaterThan(0);
    const dialled = scripted.server.commands.flatMap(
      ({ line }) => /sofia\/gateway\/(\S+)/.exec(line)?.[1] ?? [],
    );
    expect(dialled.length).toBe(report.calls.made);
    expect(dialled.filter((target) => !/^mygateway\/33639985\d{3}$/.test(target))).toEqual([]);
    const marks = scripted.server.commands.flatMap(
      ({ line }) => /presence_data=([^.,]+)/.exec(line)?.[1] ?? [],
    );
    expect(new Set(marks)).toEqual(new Set(['minibot_load']));
  });

  it('asks first where it might be in the way', async () => {
    scripted.server.handlers.unshift(({ line, session }) => {
      if (line !== 'api status') return false;
      session.apiResponse('3 session(s) - peak 9\n0 session(s) per Sec out of max 30\n1000 session(s) max\n');
      return true;
    });
    const far = openSwitch({ FREESWITCH_ESL_HOST: '192.0.2.1' });
    await expect(far).rejects.toThrow(/it is on another machine.*--yes-this-is-my-switch/);
    await expect(openSwitch()).rejects.toThrow(/3 calls are under way on it.*--yes-this-is-my-switch/);
    await expect(openSwitch({}, { concurrent: 2, isConfirmed: true })).resolves.toMatchObject({
      kind: 'switch',
    });
    await expect(openSwitch({}, { concurrent: 31, isConfirmed: true })).rejects.toThrow(
      'SWITCH_MAX_CALLS (30)',
    );
    expect(scripted.server.count(/originate/)).toBe(0);
  });
});

it('the simulator of a load test takes calls, through whatever gateway is configured', async () => {
  const { config } = await openSimulator(
    environment({ FREESWITCH_GATEWAY: 'trunk_ovh', AUDIO_DIR: path.join(ROOT, 'audio') }),
    { concurrent: 3, onUnexpectedExit: () => undefined },
    closers,
  );
  const { eslHost, eslPort, gateway, soundsDir } = config.freeswitch;
  const facts = await inspectSwitch({
    address: { host: eslHost, port: eslPort, password: eslPasswordOf(config) },
    gateway,
    audioModule: 'audio_stream',
    folders: [soundsDir],
    deadlineMs: 10_000,
    signal: AbortSignal.timeout(15_000),
  });
  expect(facts).toMatchObject({ gateway: { isUp: true }, missingFolders: [], sessions: { most: 23 } });
});
