import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Database } from '../../../src/db/client.ts';
import { listCampaigns } from '../../../src/db/campaigns.ts';
import { upsertContacts } from '../../../src/db/contacts.ts';
import { contactInput, fictionPhone } from '../../helpers/campaign-fixture.ts';
import { createTestDatabase } from '../../helpers/database.ts';
import { finishedCalls } from '../../helpers/recorded-call.ts';
import { runCli } from './run-cli.ts';

const TIMEOUT_MS = 120_000;
const DAY_MS = 86_400_000;

let database: Database;
let folder: string;
beforeEach(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'minibot-calls-'));
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

const cli = (args: string[], env: Record<string, string> = {}) =>
  runCli(args, {
    cwd: folder,
    env: { DATABASE_URL: database.url, RECORDINGS_DIR: folder, TARGET_ASR_LATENCY: '200', ...env },
  });

it(
  'shows a call with its turns beside the targets and, asked for, what was said',
  async () => {
    const [call] = await finishedCalls(database.db, { endedAt: [new Date()], directory: folder });
    if (call === undefined) throw new Error('a call is needed');
    const shown = (await cli(['call', 'show', call.id, '--transcript'])).stdout;
    expect(shown).toMatch(/Recording\s+.*\.wav \(from 1\.2 s after the answer\)/);
    expect(shown).toMatch(/1\s+hello\s+oui je vous écoute\s+affirm 0\.95\s+local\s+–\s+210 ms ✘\s+3 ms ✔/);
    expect(shown).toContain('[00:00.0–00:01.2] Bot (hello): Bonjour Camille.');
    expect(shown).toContain('[00:01.5–00:02.4] Contact: oui je vous écoute → affirm');
    expect((await cli(['call', 'show', call.id])).stdout).not.toContain('Bonjour Camille');

    const json = JSON.parse((await cli(['call', 'show', call.id, '--json'])).stdout) as Record<
      string,
      unknown
    >;
    expect(json).toMatchObject({
      call: { id: call.id, result: 'success' },
      turns: [{ transcription: 'oui je vous écoute' }],
      latencyTargets: { asrMs: 200 },
      transcript: { lines: [{ speaker: 'bot', heardMs: 1160 }, { words: [{ word: 'oui', startMs: 1500 }] }] },
    });
    const unknown = await cli(['call', 'show', '11111111-2222-4333-8444-555555555555']);
    expect(unknown.stderr).toContain('there is no call');
    expect((await cli(['call', 'show', 'seven'])).stderr).toContain('is no call');
  },
  TIMEOUT_MS,
);

it(
  'purges what is too old, after saying what that would be',
  async () => {
    const days = (count: number): Date => new Date(Date.now() - count * DAY_MS);
    const [, young] = await finishedCalls(database.db, { endedAt: [days(40), days(3)], directory: folder });
    const env = { TRANSCRIPT_RETENTION_DAYS: '2' };
    const dry = await cli(['purge', '--dry-run'], env);
    expect(dry.stdout).toContain('Recordings that would be removed: 1 (older than 30 days)');
    expect(dry.stdout).toContain('Transcripts that would be blanked: 2 (older than 2 days)');
    expect(await readdir(folder)).toHaveLength(2);
    const elsewhere = await cli(['purge', '--dry-run', '--json'], { ...env, RECORDINGS_DIR: '/nowhere' });
    expect(JSON.parse(elsewhere.stdout)).toMatchObject({ dryRun: true, recordings: 1, transcripts: 2 });

    const purged = await cli(['purge', '--json'], env);
    expect(JSON.parse(purged.stdout)).toEqual({
      ...{ recordings: 1, leftovers: 0, elsewhere: 0, transcripts: 2 },
      rules: { recordingDays: 30, transcriptDays: 2 },
    });
    expect(await readdir(folder)).toEqual([`${young?.id}.wav`]);
    const shown = (await cli(['call', 'show', young?.id ?? '', '--transcript'], env)).stdout;
    expect(shown).toContain('The words were removed');
  },
  TIMEOUT_MS,
);

it(
  'records a campaign only with a purpose, a place and a notice',
  async () => {
    await upsertContacts(database.db, [contactInput(fictionPhone(1))]);
    const launch = (args: string[], env: Record<string, string> = {}) =>
      cli(['launch-campaign', '--scenario', 'test', ...args], env);
    const purpose = ['--record-purpose', 'contrôle de qualité'];
    expect((await launch(['--record'])).stderr).toContain('--record-purpose');
    expect((await launch(purpose)).stderr).toContain('add --record');
    expect((await launch(['--record', ...purpose], { RECORDINGS_DIR: '' })).stderr).toContain(
      'RECORDINGS_DIR',
    );
    expect((await launch(['--record', ...purpose])).stderr).toContain(
      'tells people that the call is recorded',
    );
    expect(await listCampaigns(database.db, { statuses: ['draft', 'running'] })).toEqual([]);

    const said = {
      ...{ type: 'audio', audio_path: 'demo/base/bye.wav', is_final: true, result: 'success' },
      text: 'Ici Essai. Ceci est un appel automatisé. Cet appel est enregistré. Dites stop pour ne plus être appelé.',
      discloses: ['automated', 'caller', 'opposition', 'recording'],
    };
    await writeFile(path.join(folder, 'told.json'), JSON.stringify({ name: 'Told', steps: { hello: said } }));
    const told = await cli(['launch-campaign', '--scenario', 'told', '--record', ...purpose], {
      SCENARIOS_DIR: folder,
    });
    expect(told.stderr).toBe('');
    expect(told.stdout).toContain('Recorded: contrôle de qualité');
    expect(await listCampaigns(database.db, { statuses: ['running'] })).toMatchObject([
      { recordingPurpose: 'contrôle de qualité' },
    ]);
  },
  TIMEOUT_MS,
);
