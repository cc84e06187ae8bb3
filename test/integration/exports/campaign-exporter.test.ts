import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import { parse } from 'csv-parse/sync';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findCall } from '../../../src/db/calls.ts';
import type { Database, Executor } from '../../../src/db/client.ts';
import { readSnapshot } from '../../../src/db/exported-calls.ts';
import { calls } from '../../../src/db/schema.ts';
import type { Call } from '../../../src/db/schema.ts';
import { CampaignExporter, type CsvOptions } from '../../../src/exports/campaign-exporter.ts';
import { storeCalls } from '../../../bench/store-calls.ts';
import { createTestDatabase } from '../../helpers/database.ts';
import { exportedCampaign } from './exported-campaign.ts';

/** Of Postgres. */
const READ_ONLY_TRANSACTION = '25006';

let database: Database;
let folder: string;
let exporter: CampaignExporter;
let made: Call[];
beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'minibot-export-'));
  const campaign = await exportedCampaign(database.db);
  made = campaign.made;
  exporter = new CampaignExporter(database.db, campaign.campaignId);
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

let files = 0;
async function csv(options: CsvOptions = {}): Promise<string> {
  const file = path.join(folder, `${files++}.csv`);
  await exporter.exportCsv(file, options);
  return readFile(file, 'utf8');
}

async function rows(options: CsvOptions = {}): Promise<Record<string, string>[]> {
  return parse(await csv(options), { columns: true, delimiter: options.separator ?? ',', bom: true });
}

describe('CSV', () => {
  it("has the guide's columns, a line for each call in the order in which they were begun", async () => {
    const text = await csv();
    expect(text.split('\n')[0]).toBe(
      'call_id,call_uuid,campaign_id,phone,first_name,last_name,company,email,status,result,duration,started_at,ended_at,current_step,amd_result,retry_count,transcription',
    );
    const read = await rows();
    expect(read.map(({ call_uuid: id }) => id)).toEqual(made.map(({ id }) => id));
    expect(read[0]).toEqual({
      ...{ call_id: made[0]?.id, call_uuid: made[0]?.id, campaign_id: String(made[0]?.campaignId) },
      ...{ phone: '+33199000000', email: '', status: 'completed', result: 'success', duration: '5' },
      ...{ first_name: '\'=HYPERLINK("http://example.invalid";"clic")', last_name: "'@SUM(1;1)" },
      ...{ company: 'Dupont, "Fils"; & <Co>', current_step: 'bye', amd_result: 'HUMAN', retry_count: '0' },
      ...{ started_at: '2026-11-26 10:00:00', ended_at: '2026-11-26 10:00:05', transcription: '' },
    });
    expect(read[1]).toMatchObject({ result: 'busy', duration: '', retry_count: '1' });
  });

  it('opens in a French Excel with semicolons', async () => {
    await database.db
      .update(calls)
      .set({ durationMs: 61_250 })
      .where(eq(calls.id, made[2]?.id ?? ''));
    const text = await csv({ separator: ';' });
    expect(text.startsWith('\ufeffcall_id;call_uuid;')).toBe(true);
    expect((await rows({ separator: ';' }))[2]?.['duration']).toBe('61,25');
    expect((await csv()).startsWith('call_id')).toBe(true);
  });

  it('holds what people said only when it is asked for', async () => {
    expect((await rows()).map(({ transcription }) => transcription)).toEqual(['', '', '', '']);
    const said = (await rows({ withTranscriptions: true })).map(({ transcription }) => transcription);
    expect(said.slice(1)).toEqual(['', 'oui je vous écoute', 'oui je vous écoute']);
    expect(said[0]).toContain('+33 199');
  });

  it.each<[string, CsvOptions, number[]]>([
    ['results', { results: ['busy', 'callback'] }, [1]],
    ['phones', { phones: ['+33199000002', '+33199000003'] }, [2, 3]],
    ['a moment from which', { from: new Date('2026-11-26T09:29:54.750Z') }, [1, 2, 3]],
    ['a moment before which', { before: new Date('2026-11-26T09:29:54.750Z') }, [0]],
    [
      'all at once',
      { results: ['success'], from: new Date('2026-11-26T10:00:00Z'), phones: ['+33199000003'] },
      [3],
    ],
    ['what nobody matches', { results: ['qualified'] }, []],
  ])('can be held to %s', async (_what, options, expected) => {
    const read = await rows(options);
    expect(read.map((row) => made.findIndex(({ id }) => id === row['call_uuid']))).toEqual(expected);
  });

  it('goes into a stream, which stays open', async () => {
    let text = '';
    const stream = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        text += chunk.toString();
        done();
      },
    });
    expect(await exporter.exportCsv(stream)).toBe(4);
    expect(text).toBe(await csv());
    expect(stream.writableEnded).toBe(false);
  });
});

describe('JSON', () => {
  it('is the same in a file and in memory', async () => {
    const file = path.join(folder, 'calls.json');
    const options = { withTranscriptions: true, results: ['success'] };
    expect(await exporter.writeJson(file, options)).toBe(3);
    const written = JSON.parse(await readFile(file, 'utf8')) as { exportedAt: string };
    const inMemory = JSON.parse(JSON.stringify(await exporter.exportJson(options))) as typeof written;
    expect({ ...written, exportedAt: '' }).toEqual({ ...inMemory, exportedAt: '' });
    expect(written).toMatchObject({
      campaign: { name: 'Or janvier', status: 'running' },
      filter: { results: ['success'], from: null },
      timeZone: 'Europe/Paris',
      figures: { contacts: 3, calls: 3, successRate: { ofCalls: 1 } },
      calls: [
        {
          call_uuid: made[0]?.id,
          started_at: '2026-11-26T09:00:00.000Z',
          duration: 5,
          transcript: [{ speaker: 'bot', text: 'Bonjour Camille.' }, { speaker: 'contact' }],
        },
        {},
        {},
      ],
    });
  });

  it('counts calls by result, day and hour', async () => {
    const { figures } = await exporter.exportJson();
    expect(figures).toMatchObject({
      ...{ contacts: 4, calls: 4, ended: 4, answered: 3, success: 3 },
      successRate: { ofCalls: 0.75, ofAnswered: 1, ofContacts: 0.75 },
      results: [
        { result: 'success', calls: 3, share: 0.75, answered: 3, byAttempt: [3, 0] },
        { result: 'busy', calls: 1, share: 0.25, answered: 0, averageDurationMs: null, byAttempt: [0, 1] },
      ],
      hours: [
        { when: '2026-11-26 10', calls: 2, answered: 1, success: 1 },
        { when: '2026-11-26 23', calls: 1 },
        { when: '2026-11-27 00', calls: 1 },
      ],
      days: [
        { when: '2026-11-26', calls: 3 },
        { when: '2026-11-27', calls: 1 },
      ],
    });
    expect(figures.hoursOfDay).toHaveLength(24);
    expect(figures.hoursOfDay[1]).toEqual({ when: '01', calls: 0, answered: 0, success: 0 });
    expect(figures.hoursOfDay[10]).toEqual({ when: '10', calls: 2, answered: 1, success: 1 });
  });

  it('is whole without a call', async () => {
    const file = path.join(folder, 'none.json');
    await exporter.writeJson(file, { results: ['qualified'] });
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
      figures: { calls: 0, results: [], successRate: { ofCalls: null } },
      calls: [],
    });
  });
});

it('exports what npm run bench stores, as much said as it is to be measured with', async () => {
  const stored = await storeCalls(database.url, 20);
  const exported = await new CampaignExporter(database.db, stored).exportJson({ withTranscriptions: true });
  expect(exported.figures).toMatchObject({ contacts: 20, calls: 20, ended: 20, answered: 10 });
  expect(exported.calls.map(({ transcript }) => transcript?.length ?? 0).sort()).toEqual([
    ...Array.from({ length: 10 }, () => 0),
    ...Array.from({ length: 10 }, () => 6),
  ]);
});

describe('while it is written', () => {
  it('sees no call that changed since it began, and changes none', async () => {
    const { id } = made[3] ?? { id: '' };
    const setResult = (db: Executor, result: string) =>
      db.update(calls).set({ result }).where(eq(calls.id, id));
    const seen = await readSnapshot(database.db, async (tx) => {
      const before = await findCall(tx, id);
      await setResult(database.db, 'qualified');
      return [before?.result, (await findCall(tx, id))?.result];
    });
    expect(seen).toEqual(['success', 'success']);
    await expect(readSnapshot(database.db, (tx) => setResult(tx, 'busy'))).rejects.toMatchObject({
      cause: { code: READ_ONLY_TRANSACTION },
    });
    await setResult(database.db, 'success');
  });

  it('ends when it is told to, and leaves no file', async () => {
    const stop = new AbortController();
    const writing = exporter.exportCsv(path.join(folder, 'stopped.csv'), {
      signal: stop.signal,
      onProgress: () => {
        stop.abort(new Error('interrupted'));
      },
    });
    await expect(writing).rejects.toThrow('interrupted');
    expect((await readdir(folder)).filter((name) => /stopped|partial/.test(name))).toEqual([]);
  });

  it('refuses a campaign that does not exist', async () => {
    await expect(new CampaignExporter(database.db, 999).exportJson()).rejects.toMatchObject({
      code: 'campaign_unknown',
    });
  });
});
