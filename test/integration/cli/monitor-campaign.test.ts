import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { finish, scheduleRetry } from '../../../src/db/campaign-contacts.ts';
import { changeCampaignStatus, createCampaign } from '../../../src/db/campaigns.ts';
import { watchCampaign } from '../../../src/db/campaign-watch.ts';
import type { Database } from '../../../src/db/client.ts';
import { reserveAttempt } from '../../../src/db/calls.ts';
import { createRunningCampaign, reservation } from '../../helpers/campaign-fixture.ts';
import { createTestDatabase } from '../../helpers/database.ts';
import { finishedCalls } from '../../helpers/recorded-call.ts';
import { runCli } from './run-cli.ts';

const TIMEOUT_MS = 120_000;
const ENDED_AT = [1, 2, 3].map((minutes) => new Date(Date.now() - minutes * 60_000));
const NEXT_TRY = new Date('2030-01-07T10:00:00Z');

let database: Database;
let folder: string;
/** Seven people: one in a call, one to be tried again, two refused, one done, two not called yet. */
let campaignId: number;
/** Three calls, completed. */
let finishedId: number;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'minibot-monitor-'));
  const { db } = database;
  const [call] = await finishedCalls(db, { endedAt: ENDED_AT, directory: null });
  finishedId = call?.campaignId ?? 0;
  await changeCampaignStatus(db, finishedId, { from: ['running'], to: 'completed' });
  const made = await createRunningCampaign(db, { size: 7 });
  campaignId = made.campaignId;
  const [inCall, later, first, second, done] = made.contacts;
  if (!inCall || !later || !first || !second || !done) throw new Error('contacts are missing');
  await reserveAttempt(db, reservation(campaignId, inCall));
  await scheduleRetry(db, later.id, { at: NEXT_TRY, reason: 'busy: attempt 2 of 3' });
  await finish(db, first.id, 'refused_by_gate', 'no_consent: expired');
  await finish(db, second.id, 'refused_by_gate', 'no_consent: withdrawn');
  await finish(db, done.id, 'success', 'success: final');
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

const cli = (...args: string[]) => runCli(args, { cwd: folder, env: { DATABASE_URL: database.url } });

it('reads what the screen shows from the database', async () => {
  const seen = await watchCampaign(database.db, campaignId);
  expect(seen).toMatchObject({
    total: 7,
    byState: { waiting: 2, queued: 0, calling: 1, retry_scheduled: 1, done: 3 },
    byResult: { success: 1 },
    refused: { no_consent: 2 },
    retries: { planned: 1, nextAt: NEXT_TRY, lastAt: NEXT_TRY },
    active: 1,
    ...{ recent: [], latencies: [], waitingForLine: 0 },
  });
  expect(await watchCampaign(database.db, 999_999)).toBeNull();

  const other = await watchCampaign(database.db, finishedId);
  expect(other?.recent.map((recent) => recent.endedAt)).toEqual(ENDED_AT);
  expect(other?.latencies).toMatchObject([{ asrMs: 210.4 }, { asrMs: 210.4 }, { asrMs: 210.4 }]);
});

it(
  'shows a campaign once, as a screen, as JSON, into a file; numbers masked',
  async () => {
    const shown = await cli('monitor-campaign', String(campaignId), '--once', '--show-live-calls');
    expect(shown.status).toBe(0);
    expect(shown.stdout).toContain('3/7 (42%)');
    expect(shown.stdout).toMatch(/Retries planned {2}1 \(07\/01/);
    expect(shown.stdout).toContain('not called: no consent 2');
    expect(shown.stdout).toMatch(/\+331990••••00 {2}dialling/);

    const file = path.join(folder, 'figures.csv');
    const json = await cli('monitor-campaign', String(finishedId), '--once', '--json', '--export-csv', file);
    const figures = JSON.parse(json.stdout) as Record<string, unknown>;
    expect(json.stdout.trim().split('\n')).toHaveLength(1);
    expect(figures).toMatchObject({
      campaign: { status: 'completed' },
      ...{ attempts: 3, active: 0, liveCalls: [] },
      latencies: expect.arrayContaining([expect.objectContaining({ name: 'asr', p95Ms: 210 })]) as unknown[],
    });
    await cli(
      'monitor-campaign',
      '--campaign-id',
      String(campaignId),
      '--once',
      '--json',
      '--export-csv',
      file,
    );
    const [head, latest, , nothing] = (await readFile(file, 'utf8')).split('\n');
    expect(head).toMatch(/^at,campaign_id,status,contacts,done,.*success,.*,other_results$/);
    expect(latest).toMatch(/^2\d{3}-[^,]+,\d+,completed,3,/);
    expect(nothing).toBe('');
    expect(json.stdout + shown.stdout).not.toMatch(/\+3319900\d{4}/);
  },
  TIMEOUT_MS,
);

it(
  'says which campaign it would need, and what is wrong with the options',
  async () => {
    const { db } = database;
    expect((await cli('monitor-campaign', '999999', '--once')).stderr).toContain(
      'there is no campaign 999999',
    );
    expect((await cli('monitor-campaign', 'Nobody', '--once')).stderr).toContain(
      'there is no campaign “Nobody”',
    );
    const both = await cli('monitor-campaign', '1', '--campaign-id', '1');
    expect([both.status, both.stderr]).toEqual([1, expect.stringContaining('give the campaign once')]);
    const misspelt = await cli('monitor-campaign', '--refesh', '5');
    expect([misspelt.status, misspelt.stderr]).toEqual([2, expect.stringContaining('--refresh')]);
    const fast = await cli('monitor-campaign', '--refresh', '0');
    expect([fast.status, fast.stderr]).toEqual([2, expect.stringContaining('from 1 to 3600')]);
    await writeFile(path.join(folder, 'letter.txt'), 'Dear all,\n');
    const foreign = await cli('monitor-campaign', String(campaignId), '--once', '--export-csv', 'letter.txt');
    expect(foreign.stderr).toContain('letter.txt holds something else');
    expect(await readFile(path.join(folder, 'letter.txt'), 'utf8')).toBe('Dear all,\n');

    expect((await cli('monitor-campaign', 'essai', '--once')).stderr).toContain('several campaigns');
    // The only one under way is meant where none is named; of two, one must be.
    expect((await cli('monitor-campaign', '--once')).status).toBe(0);
    const second = await createCampaign(db, {
      ...{
        name: 'Autre',
        scenario: 'test',
        maxConcurrentCalls: 1,
        callDelayMs: 0,
        priority: 0,
        callerId: null,
      },
      ...{ basis: 'consent', callingWindow: null },
      retry: {
        ...{ enabled: false, maxAttempts: 1, delayMsByResult: {}, maxAttemptsByResult: {} },
        otherPartOfDay: false,
      },
    });
    await changeCampaignStatus(db, second.id, { from: ['draft'], to: 'running' });
    expect((await cli('monitor-campaign', '--once')).stderr).toContain(`“Essai”, ${second.id} “Autre”`);
  },
  TIMEOUT_MS,
);

it(
  'prints a line for each change where it is piped, and ends with the campaign',
  async () => {
    const { campaignId: id } = await createRunningCampaign(database.db, { size: 1 });
    const watching = cli('monitor-campaign', String(id), '--refresh', '1');
    await changeCampaignStatus(database.db, id, { from: ['running'], to: 'cancelled' });
    const { status, stdout, stderr } = await watching;
    expect(status).toBe(0);
    expect(stdout.trim().split('\n').at(-1)).toMatch(/ {2}cancelled · 0\/1 done, 0 in call/);
    expect(stderr).toContain(`Campaign ${id} is cancelled.`);
  },
  TIMEOUT_MS,
);
