import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../../src/db/client.ts';
import { fictionPhone, oppose } from '../../helpers/campaign-fixture.ts';
import { createTestDatabase } from '../../helpers/database.ts';
import { runCli } from './run-cli.ts';

const TIMEOUT_MS = 60_000;
/** Of no range for fiction; there is no switch in these tests. */
const PHONE = '+33612345678';

let database: Database;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'minibot-test-call-'));
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

const testCall = (args: string[], env: Record<string, string> = {}) =>
  runCli(['test-call', ...args], {
    cwd: folder,
    env: { DATABASE_URL: database.url, CALL_WINDOW: 'always', ...env },
  });
const SCENARIO = ['--scenario', 'vente_or_investissement'];

it(
  'calls nobody who may not be called, says why and what to do',
  async () => {
    const yes = [...SCENARIO, '--yes'];
    const stranger = await testCall([PHONE, ...yes]);
    expect([stranger.status, stranger.stderr]).toEqual([
      1,
      expect.stringContaining('add the number to TEST_NUMBERS'),
    ]);
    expect(stranger.stderr).not.toContain(PHONE);
    const unshown = await testCall([PHONE, ...yes], { TEST_NUMBERS: PHONE });
    expect(unshown.stderr).toContain('set CALLER_ID and ALLOWED_CALLER_IDS');
    expect(unshown.stderr).not.toContain('before');
    await oppose(database.db, fictionPhone(1));
    const opposed = await testCall([fictionPhone(1), ...yes]);
    expect(opposed.stderr).toContain('minibot opposition remove');
    const hours = {
      CALL_WINDOW: 'mon 03:00-03:01',
      CALLER_ID: '+33162000000',
      ALLOWED_CALLER_IDS: '+33162000000',
    };
    const closed = await testCall([PHONE, ...yes], { TEST_NUMBERS: PHONE, ...hours });
    expect(closed.stderr).toMatch(/is not called before .*CALL_WINDOW holds for test calls too/);
    const french = await testCall([PHONE, ...yes], { MINIBOT_LANG: 'fr' });
    expect(french.stderr).toContain("n'est pas appelé : n'est pas un numéro d'essai");
    // Nothing of them is written down.
    expect((await database.pool.query('select 1 from campaigns')).rowCount).toBe(0);
    expect((await database.pool.query('select 1 from contacts')).rowCount).toBe(0);
  },
  TIMEOUT_MS,
);

it(
  'says what is wrong with the command line',
  async () => {
    const phone = fictionPhone(2);
    expect((await testCall([phone, ...SCENARIO])).stderr).toContain('confirm it, or give --yes');
    expect((await testCall([phone, '--scenario', 'vente', '--yes'])).stderr).toContain(
      'does not exist; there are:',
    );
    expect((await testCall(['0123', ...SCENARIO])).stderr).toContain('“0123”');
    for (const [args, says] of [
      [[phone], "required option '--scenario <name>'"],
      [[phone, '--scenaro', 'x'], 'Did you mean --scenario?'],
      [[phone, ...SCENARIO, '--audio-port', 'x'], 'from 0 to 65535'],
      [[phone, ...SCENARIO, '--audio-url', 'http://x'], 'Give ws://host:port'],
    ] as const) {
      const { status, stderr } = await testCall([...args]);
      expect([status, stderr]).toEqual([2, expect.stringContaining(says)]);
    }
    const unready = await testCall([phone, ...SCENARIO, '--yes'], { FREESWITCH_ESL_PASSWORD: '' });
    expect([unready.status, unready.stderr]).toEqual([1, expect.stringContaining('FREESWITCH_ESL_PASSWORD')]);
  },
  TIMEOUT_MS,
);
