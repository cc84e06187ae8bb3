import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/db/client.ts';
import { checkFreeswitch } from '../../../src/doctor/checks/freeswitch.ts';
import { checkOllama } from '../../../src/doctor/checks/ollama.ts';
import { checkPostgres } from '../../../src/doctor/checks/postgres.ts';
import { checkRedis } from '../../../src/doctor/checks/redis.ts';
import type { Check } from '../../../src/doctor/check.ts';
import { runDoctor } from '../../../src/doctor/doctor.ts';
import { CHECKS, type ComponentName } from '../../../src/doctor/components.ts';
import { TEST_OPPOSITION_KEY } from '../../helpers/campaign-fixture.ts';
import { createTestDatabase } from '../../helpers/database.ts';
import { EslServer } from '../../helpers/esl-server.ts';
import { ScriptedSwitch } from '../../helpers/esl-switch.ts';
import { codesOf, examine, MuteServer } from '../../helpers/examine.ts';
import { answering, FakeOllama } from '../../helpers/fake-ollama.ts';
import { freePort } from '../../helpers/free-port.ts';
import { openTestRedis, startPrivateRedis } from '../../helpers/redis.ts';

const redis = await openTestRedis();
let mute: MuteServer;
beforeAll(async () => {
  mute = await MuteServer.start();
});
afterAll(async () => {
  await mute.close();
  await redis?.close();
});

describe('postgres', () => {
  let database: Database;
  afterEach(() => database.close());

  it('tells version, schema, connections and key, and changes nothing', async () => {
    database = await createTestDatabase();
    const settings = { DATABASE_URL: database.url, OPPOSITION_KEY: TEST_OPPOSITION_KEY, DB_POOL_MAX: '10' };
    expect(codesOf(await examine(checkPostgres, settings))).toEqual([
      'postgres_version',
      'schema_current',
      'connections',
      'opposition_key_new',
    ]);
    const { rows } = await database.pool.query<{ n: string }>('select count(*) as n from opposition_key');
    expect(rows).toEqual([{ n: '0' }]);
    const crowded = await examine(checkPostgres, { ...settings, DB_POOL_MAX: '1000' });
    expect(codesOf(crowded)).toContain('connections_few');
  });

  it('tells a schema that is not there, behind or ahead, and another key', async () => {
    database = await createTestDatabase();
    const look = async (key = TEST_OPPOSITION_KEY) =>
      codesOf(await examine(checkPostgres, { DATABASE_URL: database.url, OPPOSITION_KEY: key }));
    await database.pool.query("insert into opposition_key (check_value) values ('of another key')");
    expect(await look()).toContain('fault');
    const stamps = await database.pool.query<{ id: number; created_at: string }>(
      'select id, created_at from drizzle.__drizzle_migrations order by created_at',
    );
    const shift = (to: string, which: string) =>
      database.pool.query(`update drizzle.__drizzle_migrations set created_at = ${to} where ${which}`);
    const last = stamps.rows.at(-1);
    try {
      await shift('created_at + 1', `id = ${last?.id ?? 0}`);
      expect(await look()).toContain('schema_ahead');
      await shift('1', `id = ${last?.id ?? 0}`);
      expect(await look()).toContain('schema_behind');
      await shift('1', 'true');
      expect(await look()).toContain('schema_none');
    } finally {
      for (const { id, created_at } of stamps.rows) await shift(created_at, `id = ${id}`);
    }
  });

  it('says what keeps it from being reached', async () => {
    database = await createTestDatabase();
    const wrong = new URL(database.url);
    wrong.password = 'wrong';
    const nowhere = `postgresql://u:secret@127.0.0.1:${await freePort()}/x`;
    for (const url of [String(wrong), nowhere]) {
      const failing = examine(checkPostgres, { DATABASE_URL: url, OPPOSITION_KEY: TEST_OPPOSITION_KEY });
      await expect(failing).rejects.toMatchObject({
        message: expect.stringContaining('DATABASE_URL') as string,
      });
      await expect(failing).rejects.not.toMatchObject({
        message: expect.stringContaining('secret') as string,
      });
    }
  });
});

describe.skipIf(redis === null)('redis', () => {
  it('tells version and advice of a real one', async () => {
    const findings = await examine(checkRedis, { REDIS_URL: redis?.url ?? '' });
    expect(codesOf(findings).slice(0, 2)).toEqual(['redis_version', 'redis_memory']);
    expect(findings[0]?.values['version']).toMatch(/^\d+\.\d+/);
  });

  it('tells a wrong password from a server that is not there', async () => {
    const guarded = await startPrivateRedis({ password: 'right' });
    if (guarded !== null) {
      const url = guarded.url.replace('right', 'wrong');
      expect(codesOf(await examine(checkRedis, { REDIS_URL: url }))).toEqual(['redis_refused']);
      await guarded.close();
    }
    const url = `redis://127.0.0.1:${await freePort()}`;
    expect(codesOf(await examine(checkRedis, { REDIS_URL: url }))).toEqual(['redis_unreachable']);
    expect(codesOf(await examine(checkRedis))).toEqual(['redis_unused']);
  });
});

describe('freeswitch', () => {
  let server: EslServer;
  const answers = new Map<string, string>();
  const WELL: readonly [string, string][] = [
    ['version', 'FreeSWITCH Version 1.10.12-release~64bit ( 64bit)\n'],
    [
      'status',
      '0 session(s) - peak 1, last 5min 1 \n0 session(s) per Sec out of max 200, peak 1\n1000 session(s) max\n',
    ],
    ['sofia status gateway mygateway', 'Name    \tmygateway\nState   \tREGED\nStatus  \tUP\n'],
    ['uuid_audio_stream', '-USAGE: <uuid> [start | stop ]\n'],
    ['fsctl pause_check', 'false'],
  ];
  beforeAll(async () => {
    server = await EslServer.start();
    server.handlers.push(({ line, session }) => {
      const answer = answers.get(line.replace(/^api /, ''));
      if (answer !== undefined) session.apiResponse(answer);
      return answer !== undefined;
    });
  });
  afterAll(() => server.close());

  const look = async (differences: readonly [string, string][], more: Record<string, string> = {}) => {
    answers.clear();
    for (const [question, answer] of [...WELL, ...differences]) answers.set(question, answer);
    return codesOf(
      await examine(checkFreeswitch, {
        FREESWITCH_ESL_HOST: '127.0.0.1',
        FREESWITCH_ESL_PORT: String(server.port),
        FREESWITCH_ESL_PASSWORD: server.options.password,
        ...more,
      }),
    );
  };

  it('is well', async () => {
    expect(await look([])).toEqual([
      'switch_version',
      'gateway_up',
      'audio_module_loaded',
      'switch_sessions',
    ]);
  });

  it.each([
    ['gateway_unknown', ['sofia status gateway mygateway', 'Invalid Gateway!\n']],
    ['gateway_down', ['sofia status gateway mygateway', 'State   \tNOREG\nStatus  \tDOWN (ping)\n']],
    ['gateway_down', ['sofia status gateway mygateway', 'State   \tFAIL_WAIT\nStatus  \tUP\n']],
    ['audio_module_missing', ['module_exists mod_audio_stream', 'false']],
    ['audio_module_mute', ['uuid_audio_stream', '-ERR uuid_audio_stream Command not found!\n']],
    ['switch_paused', ['fsctl pause_check', 'true']],
    [
      'switch_sessions_few',
      ['status', '0 session(s) - peak 1\n0 session(s) per Sec out of max 2\n10 session(s) max\n'],
    ],
    ['null_endpoint_missing', ['module_exists mod_loopback', 'false']],
    ['switch_folder_missing', ['file_exists /usr/share/freeswitch/sounds/minibot', 'false']],
  ] as const)('finds %s', async (code, [question, answer]) => {
    expect(await look([[question, answer]])).toContain(code);
  });

  it('knows the password that everybody knows', async () => {
    const { password } = server.options;
    expect(await look([], { FREESWITCH_ESL_PASSWORD: '' })).toEqual(['switch_no_password']);
    server.options.password = 'ClueCon';
    expect(await look([], { FREESWITCH_ESL_PASSWORD: '' })).toEqual([
      'switch_no_password',
      'switch_default_password',
    ]);
    expect(await look([])).toContain('switch_default_password');
    server.options.password = password;
    expect(await look([], { FREESWITCH_ESL_PASSWORD: 'another' })).toEqual(['switch_password_refused']);
  });

  it('tells a switch that is away from one that is none', async () => {
    expect(await look([], { FREESWITCH_ESL_PORT: String(await freePort()) })).toEqual(['switch_unreachable']);
    server.greeting = 'Content-Type: text/rude-rejection\nContent-Length: 0\n\n';
    expect(await look([])).toEqual(['switch_address_refused']);
    server.greeting = 'Content-Type: auth/request\n\n';
  });

  it('calls nobody when it is asked to, and hears it', async () => {
    const scripted = await ScriptedSwitch.start();
    const findings = await examine(
      checkFreeswitch,
      {
        FREESWITCH_ESL_HOST: '127.0.0.1',
        FREESWITCH_ESL_PORT: String(scripted.port),
        FREESWITCH_ESL_PASSWORD: scripted.password,
        STREAMING_ASR_PORT: '0',
      },
      { originate: true },
    );
    expect(codesOf(findings)).toContain('audio_arrives');
    const originated = scripted.server.commands.filter(({ line }) => line.startsWith('bgapi originate'));
    expect(originated.map(({ line }) => /\}(\S+)/.exec(line)?.[1])).toEqual(['null/minibot']);
    await scripted.close();
  });
});

describe('ollama', () => {
  it('answers, or says why not; calls can be made all the same', async () => {
    const fake = await FakeOllama.start(['mistral:7b']);
    fake.behaviour = answering('objection');
    const { url } = fake;
    const look = (more: Record<string, string> = {}) =>
      examine(checkOllama, { OLLAMA_BASE_URL: url, TARGET_INTENT_LATENCY: '60000', ...more });
    expect(codesOf(await look())).toEqual(['ollama_ready']);
    expect(codesOf(await look({ OLLAMA_MODEL: 'absent' }))).toEqual(['ollama_no_model']);
    fake.behaviour = { type: 'status', status: 500, error: 'out of memory' };
    expect(codesOf(await look())).toEqual(['ollama_failed']);
    expect(codesOf(await look({ INTENT_ENGINE: 'local' }))).toEqual(['ollama_unused']);
    await fake.close();
    const [away] = await look();
    expect(away).toMatchObject({ code: 'ollama_away', level: 'warning' });
  });
});

describe('servers that take the connection and never say a word', () => {
  it('are given up at the deadline, all of them together', async () => {
    const address = `127.0.0.1:${mute.port}`;
    const checks: Record<ComponentName, Check> = CHECKS;
    const report = await runDoctor({
      environment: {
        DATABASE_URL: `postgresql://u:p@${address}/x`,
        OPPOSITION_KEY: TEST_OPPOSITION_KEY,
        REDIS_URL: `redis://${address}`,
        FREESWITCH_ESL_HOST: '127.0.0.1',
        FREESWITCH_ESL_PORT: String(mute.port),
        FREESWITCH_ESL_PASSWORD: 'any',
        OLLAMA_BASE_URL: `http://${address}`,
      },
      components: ['postgres', 'redis', 'freeswitch', 'ollama'],
      deadlineMs: 700,
      originate: false,
      signal: new AbortController().signal,
      onProgress: () => undefined,
      checks,
    });
    expect(report.components.map(({ level }) => level)).toEqual(['failed', 'failed', 'failed', 'failed']);
  });
});
