import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import ExcelJS from 'exceljs';
import { SaxesParser } from 'saxes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import type { Database } from '../../../src/db/client.ts';
import type { Call } from '../../../src/db/schema.ts';
import { CampaignExporter, type ExcelOptions } from '../../../src/exports/campaign-exporter.ts';
import { openExport } from '../../../src/exports/open-export.ts';
import { writeCampaignWorkbook } from '../../../src/exports/workbook/workbook-export.ts';
import { createTestDatabase } from '../../helpers/database.ts';
import { exportedCampaign, HOSTILE } from './exported-campaign.ts';

const EVERY_CALL = { results: null, from: null, before: null, phones: null };

let database: Database;
let folder: string;
let campaignId: number;
let made: Call[];
beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'minibot-workbook-'));
  ({ campaignId, made } = await exportedCampaign(database.db));
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

let files = 0;
async function exported(options: ExcelOptions = {}): Promise<string> {
  const file = path.join(folder, `${files++}.xlsx`);
  await new CampaignExporter(database.db, campaignId).exportExcel(file, options);
  return file;
}

async function opened(file: string): Promise<ExcelJS.Workbook> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.readFile(file);
  return workbook;
}

/** The parts of a package by their paths. */
async function partsOf(file: string): Promise<Map<string, string>> {
  const zip = await fromBufferPromise(await readFile(file));
  const parts = new Map<string, string>();
  for await (const entry of zip.eachEntry()) {
    parts.set(entry.fileName, await text(await zip.openReadStreamPromise(entry)));
  }
  return parts;
}

/** Values of an attribute, over all elements of that name. Throws on what is no XML. */
function attributes(xml: string, element: string, attribute: string): string[] {
  const values: string[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', (tag) => {
    if (tag.name === element) values.push(String(tag.attributes[attribute]));
  });
  parser.write(xml).close();
  return values;
}

const column = (sheet: ExcelJS.Worksheet | undefined, letter: string): ExcelJS.CellValue[] =>
  (sheet?.getColumn(letter).values ?? []).slice(1);

describe('the sheets', () => {
  it("are the guide's, and hold its columns with dates and numbers as such, and phones as text", async () => {
    const workbook = await opened(await exported({ withTranscriptions: true }));
    expect(workbook.worksheets.map(({ name }) => name)).toEqual(['Summary', 'Calls', 'Results', 'Timeline']);
    const calls = workbook.getWorksheet('Calls');
    expect(calls?.autoFilter).toBe('A1:Q5');
    expect(calls?.views[0]).toMatchObject({ state: 'frozen', ySplit: 1 });
    expect(column(calls, 'B')).toEqual(['call_uuid', ...made.map(({ id }) => id)]);
    expect(column(calls, 'D')[1]).toBe('+33199000000');
    expect(calls?.getCell('D2').numFmt).toBe('@');
    expect(column(calls, 'K')).toEqual(['duration', 5, undefined, 5, 5]);
    // exceljs takes a spreadsheet's clock for UTC: 10:00 is what an operator in Paris sees.
    expect(calls?.getCell('L2').value).toEqual(new Date('2026-11-26T10:00:00.000Z'));
    expect(calls?.getCell('M5').value).toEqual(new Date('2026-11-27T00:30:00.000Z'));
  });

  it('hold hostile text as text', async () => {
    const calls = (await opened(await exported({ withTranscriptions: true }))).getWorksheet('Calls');
    const row = calls?.getRow(2);
    expect(row?.getCell('E').value).toBe(HOSTILE.firstName);
    expect(row?.getCell('E').type).toBe(ExcelJS.ValueType.String);
    expect(row?.getCell('F').value).toBe(HOSTILE.lastName);
    expect(row?.getCell('G').value).toBe(HOSTILE.company);
    // `_x0041_` would be an A; exceljs does not read such codes in cells, Excel and LibreOffice do.
    expect(row?.getCell('Q').value).toBe('=oui\ufffd je_x005F_x0041_\n+33 199');
    expect((await partsOf(await exported())).get('xl/worksheets/sheet2.xml')).not.toContain('<f');
  });

  it('count calls by result and attempt, by hour, day and hour of the day', async () => {
    const workbook = await opened(await exported());
    const results = workbook.getWorksheet('Results');
    expect(results?.getRow(1).values).toEqual([
      ...[undefined, 'Result', 'Calls', 'Share', 'Answered', 'Average duration, s', 'Attempt 1', 'Attempt 2'],
    ]);
    expect(results?.getRow(2).values).toEqual([undefined, 'success', 3, 0.75, 3, 5, 3, 0]);
    expect(results?.getRow(3).values).toEqual([undefined, 'busy', 1, 0.25, 0, undefined, 0, 1]);
    expect(results?.getRow(4).values).toEqual([undefined, 'Total', 4, 1, 3, 5, 3, 1]);
    const timeline = workbook.getWorksheet('Timeline');
    expect(timeline?.getRow(2).values).toEqual([
      ...[undefined, new Date('2026-11-26'), 10, 2, 1, 1, undefined],
      ...[new Date('2026-11-26'), 3, 2, 2, undefined, '00:00', 1, 1, 1],
    ]);
    expect(column(timeline, 'L')).toHaveLength(25);
  });

  it('say in French what a French reader asks first', async () => {
    const workbook = await opened(await exported({ language: 'fr', results: ['success'] }));
    const summary = workbook.getWorksheet('Summary');
    const facts = new Map(
      Array.from({ length: 30 }, (_, row) => [
        summary?.getCell(`A${row + 1}`).value,
        summary?.getCell(`B${row + 1}`).value,
      ]),
    );
    expect(summary?.getCell('A1').value).toBe(`Campagne ${campaignId} : Or janvier`);
    expect(facts.get("Heures à l'horloge de")).toBe('Europe/Paris');
    expect(facts.get('Seulement les appels de résultat')).toBe('success');
    expect(facts.get('Appels')).toBe(3);
    expect(facts.get('Succès, sur les appels terminés')).toBe(1);
    expect(workbook.getWorksheet('Calls')?.getCell('A1').value).toBe('call_id');
  });
});

describe('the package', () => {
  it('knows every part by its type, and every relation leads to one', async () => {
    const parts = await partsOf(await exported());
    const typed = attributes(parts.get('[Content_Types].xml') ?? '', 'Override', 'PartName');
    const described = [...parts.keys()].filter((name) => !/rels$|^\[/.test(name));
    expect(typed.map((name) => name.slice(1)).sort()).toEqual(described.sort());
    const relations = [...parts].filter(([name]) => name.endsWith('.rels'));
    const targets = relations.flatMap(([name, xml]) => {
      const from = name.replace('_rels/', '').replace(/\.rels$/, '');
      return attributes(xml, 'Relationship', 'Target').map((target) =>
        path.posix.join(path.posix.dirname(from), target),
      );
    });
    expect(targets.sort()).toEqual(described.sort());
    expect(described.filter((name) => name.startsWith('xl/charts/'))).toHaveLength(3);
    const drawing = parts.get('xl/drawings/drawing1.xml') ?? '';
    expect(attributes(drawing, 'c:chart', 'r:id')).toEqual(['rId1', 'rId2', 'rId3']);
    expect(new Set(attributes(drawing, 'xdr:cNvPr', 'id')).size).toBe(3);
  });

  it('has no drawing without charts, nor without calls', async () => {
    for (const options of [{ includeCharts: false }, { results: ['qualified'] }]) {
      const file = await exported(options);
      const parts = await partsOf(file);
      expect([...parts.keys()].filter((name) => /drawing|chart/.test(name))).toEqual([]);
      expect(parts.get('xl/worksheets/sheet1.xml')).not.toContain('<drawing');
      await opened(file);
    }
  });
});

describe('while it is written', () => {
  const settings = {
    ...{
      filter: EVERY_CALL,
      timeZone: 'Europe/Paris',
      withTranscriptions: false,
      onProgress: () => undefined,
    },
    ...{ includeCharts: true, language: 'en' as const },
  };

  it('goes on a further sheet when one is full', async () => {
    const stream = new PassThrough();
    const bytes = buffer(stream);
    const { signal } = new AbortController();
    await openExport(database.db, campaignId, { ...settings, signal }, (source) =>
      writeCampaignWorkbook(source, { ...settings, signal }, stream, { end: true, rowsPerSheet: 4 }),
    );
    const file = path.join(folder, 'split.xlsx');
    await writeFile(file, await bytes);
    const workbook = await opened(file);
    expect(workbook.worksheets.map(({ name }) => name)).toEqual([
      ...['Summary', 'Calls', 'Calls 2', 'Results', 'Timeline'],
    ]);
    expect(column(workbook.getWorksheet('Calls'), 'A')).toHaveLength(4);
    expect(column(workbook.getWorksheet('Calls 2'), 'A')).toEqual(['call_id', made[3]?.id]);
    expect(workbook.getWorksheet('Calls 2')?.autoFilter).toBe('A1:Q2');
  });

  it('says what went wrong with its rows', async () => {
    const { signal } = new AbortController();
    const writing = openExport(database.db, campaignId, { ...settings, signal }, (source) =>
      writeCampaignWorkbook(
        {
          ...source,
          // eslint-disable-next-line require-yield
          pages: async function* () {
            await Promise.resolve();
            throw new Error('the database is gone');
          },
        },
        { ...settings, signal },
        new PassThrough().resume(),
        { end: true },
      ),
    );
    await expect(writing).rejects.toThrow('the database is gone');
  });

  it('ends when it is told to, and leaves no file', async () => {
    const stop = new AbortController();
    const writing = exported({
      signal: stop.signal,
      onProgress: () => {
        stop.abort(new Error('interrupted'));
      },
    });
    await expect(writing).rejects.toThrow('interrupted');
    expect((await readdir(folder)).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });
});
