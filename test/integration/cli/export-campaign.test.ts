import { mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createCampaign } from '../../../src/db/campaigns.ts';
import type { Database } from '../../../src/db/client.ts';
import { runMinibot } from '../../../src/cli/minibot.ts';
import { TEST_OPPOSITION_KEY } from '../../helpers/campaign-fixture.ts';
import { noInput } from '../../helpers/no-input.ts';
import { createTestDatabase } from '../../helpers/database.ts';
import { exportedCampaign } from '../exports/exported-campaign.ts';
import { runCli } from './run-cli.ts';

const TIMEOUT_MS = 120_000;

let database: Database;
let folder: string;
let campaignId: number;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'minibot-export-cli-'));
  ({ campaignId } = await exportedCampaign(database.db));
  const settings = {
    ...{ scenario: 'test', maxConcurrentCalls: 1, callDelayMs: 0, priority: 0, callerId: null },
    ...{ basis: 'consent' as const, callingWindow: null },
    retry: {
      enabled: false,
      maxAttempts: 1,
      delayMsByResult: {},
      maxAttemptsByResult: {},
      otherPartOfDay: false,
    },
  };
  for (const name of ['Été', 'Deux fois', 'deux FOIS'])
    await createCampaign(database.db, { name, ...settings });
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

const run = (args: string[], env: Record<string, string> = {}) =>
  runCli(['export-campaign', ...args], { cwd: folder, env: { DATABASE_URL: database.url, ...env } });

describe('a file', () => {
  it(
    'gets a name by campaign and time, and only its owner reads it',
    async () => {
      const { status, stdout, stderr } = await run(['or JANVIER']);
      expect([status, stderr]).toEqual([
        0,
        expect.stringContaining('It holds full phone numbers') as unknown,
      ]);
      const [name = ''] = await readdir(path.join(folder, 'exports'));
      expect(name).toMatch(new RegExp(`^campaign_${campaignId}_\\d{8}_\\d{6}\\.csv$`));
      expect(stdout).toMatch(/^4 calls exported to .*\.csv \(\d\.\d kB\)$/m);
      const file = path.join(folder, 'exports', name);
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      expect((await readFile(file, 'utf8')).split('\n')[0]).toContain('call_id,call_uuid,campaign_id,phone');
    },
    TIMEOUT_MS,
  );

  it(
    'has the format of its name, and is replaced only with --force',
    async () => {
      const file = path.join(folder, 'calls.xlsx');
      const first = await run(['--campaign-id', String(campaignId), '-o', 'calls.xlsx', '--json']);
      const { size } = await stat(file);
      expect(JSON.parse(first.stdout)).toEqual({
        ...{ campaign: campaignId, format: 'xlsx', calls: 4, bytes: size },
        file: path.join(await realpath(folder), 'calls.xlsx'),
      });
      expect((await readFile(file)).subarray(0, 2).toString()).toBe('PK');
      const second = await run([String(campaignId), '-o', 'calls.xlsx'], { LANG: 'fr_FR.UTF-8' });
      expect([second.status, second.stderr]).toEqual([1, expect.stringContaining('existe déjà') as unknown]);
      expect((await run([String(campaignId), '-o', 'calls.xlsx', '--no-charts', '--force'])).status).toBe(0);
      expect((await stat(file)).size).toBeLessThan(size);
    },
    TIMEOUT_MS,
  );
});

describe('standard output', () => {
  it(
    'takes what the filters let through',
    async () => {
      const lines = async (...args: string[]) =>
        (await run([String(campaignId), '-o', '-', ...args])).stdout.split('\n').slice(1, -1);
      expect(await lines('--result', 'SUCCESS', '--to', '26/11/2026')).toHaveLength(2);
      expect(
        await lines('--filter-phone', '01 99 00 00 01', '--filter-result', 'busy,no_answer'),
      ).toHaveLength(1);
      expect(await lines('--from', '2026-11-27', '--timezone', 'UTC')).toHaveLength(0);
      expect(await lines('--start-date', '2026-11-27')).toHaveLength(1);
    },
    TIMEOUT_MS,
  );

  it(
    'takes JSON as well, and says beside it that nothing matches',
    async () => {
      const args = ['--format', 'json', '-o', '-', '--result', 'sucess'];
      const { status, stdout, stderr } = await run([String(campaignId), ...args]);
      expect(status).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ campaign: { name: 'Or janvier' }, calls: [] });
      expect(stderr).toContain('no call matches; of this campaign there are: success, busy.');
      expect((await run(['Été', '-o', '-'])).stderr).toContain('No call has been made yet');
    },
    TIMEOUT_MS,
  );
});

it(
  'ends without a complaint when its reader has seen enough',
  async () => {
    const closed = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    const written = { stderr: '' };
    const status = await runMinibot({
      args: ['export-campaign', String(campaignId), '-o', '-'],
      environment: { DATABASE_URL: database.url, OPPOSITION_KEY: TEST_OPPOSITION_KEY },
      directory: folder,
      stdin: noInput(),
      stdout: new Writable({ write: (_chunk, _encoding, done) => done(closed) }),
      stderr: { write: (text: string) => void (written.stderr += text) },
    });
    expect([status, written.stderr]).toEqual([0, '']);
  },
  TIMEOUT_MS,
);

describe('what cannot be done', () => {
  it.each<[string[], string, number]>([
    [[], 'say which campaign', 2],
    [['1', '--campaign-id', '1'], 'give the campaign once', 2],
    [['1', '--fromat', 'csv'], "unknown option '--fromat'", 2],
    [['1', '--format', 'pdf'], 'Give one of: csv, xlsx, excel, json.', 2],
    [['1', '--result', 'très bien'], 'Give results such as success', 2],
    [['1', '--from', '31/02/2026'], 'Give a date as 2026-09-12', 2],
    [['1', '--separator', '|'], 'Give comma, semicolon or tab.', 2],
    [['1', '--timezone', 'Paris'], 'Give a time zone such as Europe/Paris.', 2],
    [['1', '--phones', '12'], 'is too short', 1],
    [['1', '--from', '2026-11-27', '--to', '2026-11-26'], '--to lies before --from', 1],
    [['1', '--json', '-o', '-'], 'leave it out with --output -', 1],
    [['1', '-o', 'x.json', '--separator', ';'], '--separator belongs to CSV', 1],
    [['1', '-o', 'x.xls'], 'x.xls is no name for xlsx, programs would not open it: end it in .xlsx', 1],
    [['1', '-o', 'x.xlsx', '--format', 'csv'], 'x.xlsx is no name for csv', 1],
    [['1', '--no-charts'], '--no-charts belongs to xlsx', 1],
    [['77'], 'there is no campaign 77', 1],
    [['Rien'], 'there is no campaign “Rien”', 1],
    [
      ['deux fois'],
      'several campaigns are called “deux FOIS”: give the number of one of them: 4 (draft, ',
      1,
    ],
    [['1', '-o', 'nowhere/x.csv'], 'is in a folder that does not exist', 1],
    [['1', '-o', '.'], 'is a folder', 1],
  ])('%j', async (args, complaint, expected) => {
    const { status, stdout, stderr } = await run(args);
    expect([status, stdout]).toEqual([expected, '']);
    expect(stderr).toContain(complaint);
  });
});

it(
  'leaves the old file as it was, and no half one, when it is interrupted',
  async () => {
    const sub = await mkdtemp(path.join(folder, 'interrupted-'));
    const file = path.join(sub, 'calls.csv');
    await writeFile(file, 'old');
    // Whoever holds this lock keeps the export waiting for its first row.
    const blocker = await database.pool.connect();
    try {
      await blocker.query('begin; lock table calls in access exclusive mode');
      const waits = vi.waitFor(
        async () => {
          const { rows } = await database.pool.query(
            `select from pg_locks where relation = 'calls'::regclass and not granted`,
          );
          expect(rows).toHaveLength(1);
        },
        { timeout: TIMEOUT_MS, interval: 50 },
      );
      const running = runCli(['export-campaign', '1', '-o', file, '--force'], {
        cwd: folder,
        env: { DATABASE_URL: database.url },
        interruptWhen: () => waits,
      });
      await waits;
      // After the signal, which is sent as soon as the export waits.
      await setImmediate();
      await blocker.query('rollback');
      expect((await running).status).toBe(130);
    } finally {
      blocker.release();
    }
    expect(await readFile(file, 'utf8')).toBe('old');
    expect(await readdir(sub)).toEqual(['calls.csv']);
  },
  TIMEOUT_MS,
);
