import { createServer } from 'node:http';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkAudio } from '../../../src/doctor/checks/audio.ts';
import { checkClock } from '../../../src/doctor/checks/clock.ts';
import { checkConfiguration } from '../../../src/doctor/checks/configuration.ts';
import { checkDisk } from '../../../src/doctor/checks/disk.ts';
import { checkNode } from '../../../src/doctor/checks/node.ts';
import { checkScenarios } from '../../../src/doctor/checks/scenarios.ts';
import { checkStreaming } from '../../../src/doctor/checks/streaming.ts';
import { checkVosk } from '../../../src/doctor/checks/vosk.ts';
import { codesOf, examine, MuteServer } from '../../helpers/examine.ts';
import { freePort } from '../../helpers/free-port.ts';

const ROOT = path.join(import.meta.dirname, '../../..');
const SHIPPED = {
  SCENARIOS_DIR: path.join(ROOT, 'scenarios'),
  OBJECTIONS_DIR: path.join(ROOT, 'objections'),
  FREESWITCH_SOUNDS_DIR: path.join(ROOT, 'audio'),
  VOSK_MODEL_PATH: path.join(ROOT, 'models/vosk-demo-fr/model'),
  PATH: process.env['PATH'] ?? '',
};

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'doctor-'));
});
afterAll(() => rm(dir, { recursive: true }));

describe('node', () => {
  it('is new enough here', async () => {
    expect(codesOf(await examine(checkNode))[0]).toBe('node_version');
  });
});

describe('configuration', () => {
  it('counts what is set, and passes on what it warns of', async () => {
    const findings = await examine(checkConfiguration, { CALL_WINDOW: 'always', HOME: '/root', DB_HOST: '' });
    expect(codesOf(findings)).toEqual(['configuration_read', 'configuration_warning', 'caller_id_none']);
    expect(findings[0]?.values).toEqual({ set: 1 });
  });

  it('says when nobody would be called for the caller ID, without the whole number', async () => {
    const [, undeclared] = await examine(checkConfiguration, { CALLER_ID: '+33162000000' });
    expect(undeclared).toMatchObject({
      code: 'caller_id_not_declared',
      values: { number: '+331620••••00' },
    });
    const own = { CALLER_ID: '+33199000001', ALLOWED_CALLER_IDS: '+33199000001' };
    expect(codesOf(await examine(checkConfiguration, own))).toContain('caller_id_range');
    expect(codesOf(await examine(checkConfiguration, { ...own, CALLER_ID_CHECK: 'declared' }))).toEqual([
      'configuration_read',
    ]);
  });
});

describe('clock', () => {
  it('tells a clock that nobody set', async () => {
    expect(codesOf(await examine(checkClock, {}, { now: new Date(0) }))).toEqual([
      'clock_wrong',
      'zones_known',
    ]);
    const [right] = await examine(checkClock, {}, { now: new Date('2026-07-01T10:00:00Z') });
    expect(right).toMatchObject({ code: 'clock', values: { time: '2026-07-01 12:00' } });
  });
});

describe('disk', () => {
  it('looks at the nearest folder that exists, and at recordings only where they are here', async () => {
    const findings = await examine(checkDisk, {
      MINIBOT_DATA_DIR: path.join(dir, 'not/yet'),
      RECORDINGS_DIR: '/nowhere/recordings',
    });
    expect(findings.map(({ values }) => values['what'])).toEqual(['MINIBOT_DATA_DIR']);
  });

  it('says that a file is no folder to write into', async () => {
    const file = path.join(dir, 'file');
    await writeFile(file, '');
    const findings = await examine(checkDisk, { MINIBOT_DATA_DIR: dir, LOG_DIR: path.join(file, 'logs') });
    expect(findings.map(({ values }) => values['what'])).toEqual(['MINIBOT_DATA_DIR', 'LOG_DIR']);
  });
});

describe('streaming', () => {
  const on = (port: number, more: Record<string, string> = {}) =>
    examine(checkStreaming, { STREAMING_ASR_PORT: String(port), ...more }, { deadlineMs: 2000 });

  it('tells a free port, a worker, another web server and a program that says nothing', async () => {
    const port = await freePort();
    expect(codesOf(await on(port))).toEqual(['streaming_free']);
    let status = 426;
    const web = createServer((_request, response) => response.writeHead(status).end()).listen(
      port,
      '127.0.0.1',
    );
    await once(web, 'listening');
    expect(codesOf(await on(port))).toEqual(['streaming_worker']);
    status = 200;
    expect(codesOf(await on(port))).toEqual(['streaming_taken']);
    web.close();
    web.closeAllConnections();
    const mute = await MuteServer.start();
    expect(codesOf(await on(mute.port))).toEqual(['streaming_taken']);
    await mute.close();
  });

  it('says when the switch could not find us', async () => {
    const far = { FREESWITCH_ESL_HOST: '192.0.2.1' };
    expect(codesOf(await on(0, far))).toEqual(['streaming_any', 'streaming_unreachable']);
    expect(codesOf(await on(0, { STREAMING_ASR_HOST: '0.0.0.0' }))).toEqual([
      'streaming_any',
      'streaming_wildcard',
    ]);
    expect(codesOf(await on(await freePort(), { STREAMING_ASR_HOST: '192.0.2.7' }))[0]).toBe(
      'streaming_unusable',
    );
    const named = { STREAMING_ASR_PUBLIC_URL: `ws://${'x'.repeat(64)}.invalid:8080` };
    expect(codesOf(await on(0, named))).toEqual(['streaming_any', 'streaming_name_unknown']);
  });
});

describe('vosk', () => {
  it('loads the shipped model, decodes, and says whom it does not understand', async () => {
    const findings = await examine(checkVosk, SHIPPED, { deadlineMs: 15_000 });
    expect(codesOf(findings).filter((code) => code !== 'vosk_slow' && code !== 'vosk_decodes')).toEqual([
      'vosk_model',
      'vosk_demo',
    ]);
    expect(findings[0]?.values).toMatchObject({ model: SHIPPED.VOSK_MODEL_PATH });
  });

  it('says what is wrong with a model and a library, whatever they are', async () => {
    expect(codesOf(await examine(checkVosk, { VOSK_MODEL_PATH: dir }))).toEqual(['vosk_model_missing']);
    const findings = await examine(checkVosk, { ...SHIPPED, VOSK_LIBRARY_PATH: path.join(dir, 'file') });
    expect(codesOf(findings)).toEqual(['fault', 'vosk_demo']);
    const threads = { VOSK_DECODE_THREADS: '8', UV_THREADPOOL_SIZE: '6' };
    expect(await examine(checkVosk, { ...SHIPPED, ...threads })).toContainEqual({
      code: 'vosk_threads',
      level: 'warning',
      values: { threads: 8, pool: 6, wanted: 10 },
    });
  });
});

describe('scenarios and their recordings', () => {
  it('are usable and complete as they ship', async () => {
    expect(codesOf(await examine(checkScenarios, SHIPPED))).toEqual(['scenarios_usable']);
    const [complete] = await examine(checkAudio, SHIPPED);
    expect(complete).toMatchObject({ code: 'recordings_complete', values: { scenarios: 3 } });
  });

  it('say what cannot be used, what is not there, and what cannot be seen', async () => {
    await writeFile(path.join(dir, 'broken.json'), '{"steps": ');
    const [broken] = await examine(checkScenarios, { ...SHIPPED, SCENARIOS_DIR: dir });
    expect(broken).toMatchObject({ code: 'scenario_broken', values: { scenario: 'broken' } });
    expect(codesOf(await examine(checkScenarios, { SCENARIOS_DIR: path.join(dir, 'none') }))).toEqual([
      'scenarios_none',
    ]);
    const missing = await examine(checkAudio, { ...SHIPPED, FREESWITCH_SOUNDS_DIR: dir });
    expect(new Set(codesOf(missing))).toEqual(new Set(['recordings_missing', 'answers_missing']));
    const unseen = await examine(checkAudio, { ...SHIPPED, FREESWITCH_SOUNDS_DIR: '/nowhere' });
    expect(codesOf(unseen)).toEqual(['recordings_unseen']);
  });
});
