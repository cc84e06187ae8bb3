import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ContactRow } from '../../../src/contacts/contact-row.ts';
import { openContactTable } from '../../../src/contacts/open-contact-table.ts';
import { contactRows } from '../../helpers/contact-table.ts';
import { seededRandom } from '../../helpers/random.ts';
import { textRow, workbookParts, zipOf, type WorkbookContent } from '../../helpers/workbook-file.ts';

const FIXTURES = path.join(import.meta.dirname, '../../fixtures');
const HEAD_BYTES = 4096;
const MEBIBYTE = 2 ** 20;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'minibot-workbook-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let files = 0;
async function readFile(bytes: Buffer, { sheet = null as string | null, name = 'contacts.xlsx' } = {}) {
  const file = path.join(folder, `${(files += 1)}-${name}`);
  await writeFile(file, bytes);
  const head = bytes.subarray(0, HEAD_BYTES);
  return brief(await contactRows(await openContactTable(file, { head, sheet })));
}

function readWorkbook(content: WorkbookContent, sheet: string | null = null) {
  return readFile(zipOf(workbookParts(content)), { sheet });
}

/** A sheet of texts with these rows of XML under its column names. */
function readRows(rows: string, more: Partial<WorkbookContent> = {}) {
  return readWorkbook({ sheets: { Clients: textRow(1, ['telephone', 'nom', 'statut']) + rows }, ...more });
}

function brief(rows: ContactRow[]): string[] {
  return rows.map((row) => {
    if (row.kind === 'contact')
      return `${row.line} ${row.contact.phone} ${row.contact.lastName ?? ''}`.trim();
    if (row.kind === 'opposed') return `${row.line} opposed ${row.phone}`;
    return row.kind === 'rejected' ? `${row.line} ${row.column} ${row.reason} ${row.value}` : `${row.line}`;
  });
}

const fault = (code: string, facts: object = {}) => ({ name: 'ContactFileError', code, facts });

describe('a workbook', () => {
  it('written by LibreOffice is read as it looks there', async () => {
    const file = path.join(FIXTURES, 'contacts-libreoffice.xlsx');
    const head = Buffer.from('PK\x03\x04', 'latin1');
    const rows = await contactRows(await openContactTable(file, { head, sheet: null }));
    expect(brief(rows)).toEqual([
      '2 +33199000001 Dupont',
      '3 +33639980002 Lefèvre',
      '4 +33199000003 Martin',
      '5 +262692000000 Payet',
      '6 null hidden_row +33199000005',
      '7 +33199000006 Fmt',
      '8 Téléphone rounded_by_spreadsheet 33600000000',
      '9 +33199000008 Fusion',
      '10 Téléphone empty ',
      '11 Téléphone spreadsheet_error #N/A',
    ]);
    expect(rows[1]).toMatchObject({
      contact: { bases: [{ basis: 'consent', granted: true, actedAt: new Date('2026-09-11T22:00:00Z') }] },
    });
    expect(brief(await contactRows(await openContactTable(file, { head, sheet: 'autre' })))).toEqual([
      '2 +33199000020',
    ]);
  });

  it('has numbers: with all their digits, by their format, and not as dates', async () => {
    const styles =
      '<numFmts><numFmt numFmtId="164" formatCode="0#&quot; &quot;##&quot; &quot;##&quot; &quot;##&quot; &quot;##"/>' +
      '<numFmt numFmtId="165" formatCode="[$-40C]d\\ mmm\\ yyyy"/><numFmt numFmtId="166" formatCode="#,##0.00"/></numFmts>' +
      '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>' +
      '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="14"/></cellXfs>';
    const cell = (line: number, value: string, style: number): string =>
      `<row r="${line}"><c r="A${line}" s="${style}"><v>${value}</v></c></row>`;
    const rows =
      cell(2, '33199000001', 0) +
      cell(3, '3.3199000002E10', 0) +
      cell(4, '199000003', 1) +
      cell(5, '199000004', 3) +
      cell(6, '45000', 2) +
      cell(7, '45000.5', 4) +
      cell(8, '19900004.5', 0) +
      cell(9, '3.36E+10', 0) +
      cell(10, '1e999', 0);
    expect(await readRows(rows, { styles })).toEqual([
      '2 +33199000001',
      '3 +33199000002',
      '4 +33199000003',
      '5 +33199000004',
      '6 telephone short_number 2023-03-15',
      '7 telephone not_a_number 2023-03-15 12:00:00',
      '8 telephone not_a_number 19900004,5',
      '9 telephone rounded_by_spreadsheet 33600000000',
      '10 telephone rounded_by_spreadsheet 1e999',
    ]);
    expect(await readRows(cell(2, '45000', 2), { styles, is1904: true })).toEqual([
      '2 telephone short_number 2027-03-16',
    ]);
  });

  it('has texts: shared, rich, with characters that XML does not know, and formulas with their values', async () => {
    const sharedStrings =
      '<si><t>0199000001</t></si><si><r><t>Du</t></r><r><rPr><b/></rPr><t xml:space="preserve">pont </t></r>' +
      '<rPh sb="0" eb="1"><t>no</t></rPh></si><si><t>a_x000D_b</t></si>';
    const rows =
      '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c></row>' +
      '<row r="3"><c r="A3" t="str"><f>"0"&amp;A9</f><v>0199000002</v></c><c r="B3" t="s"><v>2</v></c></row>' +
      '<row r="4"><c r="A4"><f>A9</f></c></row>' +
      '<row r="5"><c r="A5" t="s"><v>0</v></c><c r="B5" t="str"><f>IF(A9,"","")</f><v></v></c></row>' +
      '<row r="6"><c r="A6" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>' +
      '<row r="7"><c r="A7" t="b"><v>1</v></c></row>' +
      '<row r="8"><c t="s"><v>0</v></c><c t="inlineStr"><is><t>ohne</t></is></c></row>' +
      '<row><c r="A9" t="s"><v>0</v></c></row>';
    expect(await readRows(rows, { sharedStrings })).toEqual([
      '2 +33199000001 Dupont',
      '3 +33199000002 a b',
      '4 telephone formula =A9',
      '5 +33199000001',
      '6 telephone spreadsheet_error #DIV/0!',
      '7 telephone not_a_number true',
      '8 +33199000001 ohne',
      '9 +33199000001',
    ]);
  });

  it('hides rows: nobody in them is called, whoever is not to be called is not', async () => {
    const hidden = ' hidden="1"';
    const rows =
      textRow(2, ['0199000001', 'Vu']) +
      textRow(3, ['0199000002', 'Filtré'], hidden) +
      textRow(7, ['0199000003', 'Filtré', 'ne pas appeler'], hidden) +
      textRow(8, ['', '', '']) +
      textRow(9, ['0199000004', 'Trop', '', 'large']);
    expect(await readRows(rows)).toEqual([
      '2 +33199000001 Vu',
      '3 null hidden_row +33199000002',
      '7 opposed +33199000003',
      '9 null too_many_columns large',
    ]);
  });

  it('has sheets: the first that is visible, or the one that is asked for', async () => {
    const sheet = (n: number): string => textRow(1, ['phone']) + textRow(2, [`019900000${n}`]);
    const content = {
      sheets: { Caché: sheet(1), Clients: sheet(2), Autres: sheet(3) },
      hiddenSheets: ['Caché'],
    };
    expect(await readWorkbook(content)).toEqual(['2 +33199000002']);
    expect(await readWorkbook(content, 'caché')).toEqual(['2 +33199000001']);
    expect(await readWorkbook(content, '1')).toEqual(['2 +33199000001']);
    expect(await readWorkbook(content, '3')).toEqual(['2 +33199000003']);
    await expect(readWorkbook(content, 'Feuil9')).rejects.toMatchObject(
      fault('CONTACTS_NO_SUCH_SHEET', { sheet: 'Feuil9', sheets: ['Caché', 'Clients', 'Autres'] }),
    );
    await expect(readWorkbook({ sheets: { A: sheet(1) }, hiddenSheets: ['A'] })).rejects.toMatchObject(
      fault('CONTACTS_DAMAGED_WORKBOOK', { detail: 'it has no visible sheet' }),
    );
  });

  it('may have its elements behind a prefix', async () => {
    const parts = workbookParts({ sheets: { A: textRow(1, ['phone']) + textRow(2, ['0199000001']) } });
    const name = 'xl/worksheets/sheet1.xml';
    const prefixed = (parts[name] ?? '').replace(/<(\/?)(\w)/g, '<$1x:$2').replace('xmlns=', 'xmlns:x=');
    expect(await readFile(zipOf({ ...parts, [name]: prefixed }))).toEqual(['2 +33199000001']);
  });

  it('is known by its content, as a text is, whatever the file is called', async () => {
    const bytes = zipOf(workbookParts({ sheets: { A: textRow(1, ['phone']) + textRow(2, ['0199000001']) } }));
    expect(await readFile(bytes, { name: 'contacts.csv' })).toEqual(['2 +33199000001']);
    const text = Buffer.from('phone\n0199000001\n');
    expect(await readFile(text, { name: 'contacts.xlsx' })).toEqual(['2 +33199000001']);
    await expect(readFile(text, { sheet: 'A' })).rejects.toMatchObject(fault('CONTACTS_NO_SHEETS_IN_CSV'));
  });
});

describe('a file that is no workbook', () => {
  it.each([
    ['an old .xls', Buffer.from('d0cf11e0a1b11ae10000', 'hex'), 'CONTACTS_OLD_XLS'],
    ['a PDF', Buffer.from('%PDF-1.7\n%âã'), 'CONTACTS_BINARY'],
    ['a program', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 1]), 'CONTACTS_BINARY'],
    ['a web page called .xls', Buffer.from('\n<html><table><tr><td>phone'), 'CONTACTS_MARKUP'],
    ['XML', Buffer.from('\ufeff<?xml version="1.0"?><Workbook/>'), 'CONTACTS_MARKUP'],
    [
      'an .ods',
      zipOf({ mimetype: 'application/vnd.oasis', 'content.xml': '<x/>' }),
      'CONTACTS_OPEN_DOCUMENT',
    ],
    ['an archive of something', zipOf({ 'contacts.csv': 'phone\n' }), 'CONTACTS_ARCHIVE'],
    ['an empty archive', zipOf({}), 'CONTACTS_ARCHIVE'],
    ['half an archive', zipOf({ a: 'b' }).subarray(0, 30), 'CONTACTS_DAMAGED_WORKBOOK'],
  ])('is %s', async (_name, bytes, code) => {
    await expect(readFile(bytes)).rejects.toMatchObject(fault(code));
  });

  it.each([
    ['xl/workbook.bin', 'CONTACTS_BINARY_WORKBOOK'],
    ['word/document.xml', 'CONTACTS_ARCHIVE'],
  ])('has %s for its main part', async (main, code) => {
    const parts = workbookParts({ sheets: { A: '' } });
    const relations = (parts['_rels/.rels'] ?? '').replace('xl/workbook.xml', main);
    await expect(readFile(zipOf({ ...parts, '_rels/.rels': relations }))).rejects.toMatchObject(fault(code));
  });
});

describe('a hostile or broken workbook', () => {
  const good = workbookParts({ sheets: { A: textRow(1, ['phone']) + textRow(2, ['0199000001']) } });
  const SHEET = 'xl/worksheets/sheet1.xml';
  const STRINGS = 'xl/sharedStrings.xml';
  const sheet = (rows: string): string => `<worksheet><sheetData>${rows}</sheetData></worksheet>`;
  const spaces = Buffer.alloc(70 * MEBIBYTE, ' ');

  it.each([
    [
      'a sheet that unpacks to more than it could need',
      SHEET,
      { content: spaces, declaredBytes: spaces.length },
    ],
    ['texts that do', STRINGS, { content: spaces, declaredBytes: spaces.length }],
  ])('has %s', async (_name, part, content) => {
    await expect(readFile(zipOf({ ...good, [part]: content }))).rejects.toMatchObject(
      fault('CONTACTS_HUGE_WORKBOOK', { megabytes: 64 }),
    );
  });

  it.each([
    [
      'a sheet that is larger than it says',
      SHEET,
      { content: Buffer.alloc(9999, 32), declaredBytes: 50 },
      /too many bytes/,
    ],
    [
      'a cell that never ends',
      SHEET,
      `<worksheet><row r="1"><c><v>${'1'.repeat(2_000_000)}`,
      /absurdly long/,
    ],
    [
      'entities that grow',
      SHEET,
      '<!DOCTYPE x [<!ENTITY a "aaaa">]>' + sheet('<row><c><v>&a;</v></c></row>'),
      /entity/,
    ],
    ['no XML', SHEET, 'phone;name\n', /./],
    ['XML that breaks off', SHEET, '<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c>', /unclosed/],
    ['text that is not UTF-8', SHEET, Buffer.from(sheet('<row><c><v>\xe9</v></c></row>'), 'latin1'), /UTF-8/],
    [
      'a text that is not there',
      SHEET,
      sheet('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'),
      /row 1 has no text/,
    ],
    ['a row beyond the last', SHEET, sheet('<row r="99999999"/>'), /row 99999999/],
    ['a cell that is nowhere', SHEET, sheet('<row r="1"><c r="-1"/></row>'), /cell -1/],
    [
      'a sheet in a part that is missing',
      'xl/_rels/workbook.xml.rels',
      (good['xl/_rels/workbook.xml.rels'] ?? '').replace('sheet1', 'sheet9'),
      /there is no xl\/worksheets\/sheet9\.xml/,
    ],
    [
      'a sheet outside of it',
      'xl/_rels/workbook.xml.rels',
      (good['xl/_rels/workbook.xml.rels'] ?? '').replace('worksheets/sheet1.xml', '../../../../etc/passwd'),
      /there is no etc\/passwd/,
    ],
  ] as const)('has %s', async (_name, part, content, detail) => {
    await expect(readFile(zipOf({ ...good, [part]: content }))).rejects.toMatchObject({
      name: 'ContactFileError',
      code: 'CONTACTS_DAMAGED_WORKBOOK',
      facts: { detail: expect.stringMatching(detail) as string },
    });
  });

  it('has a cell far to the right, which takes no memory', async () => {
    const rows =
      textRow(1, ['phone']) + '<row r="2"><c r="A2"><v>199000001</v></c><c r="XFD2"><v>5</v></c></row>';
    expect(await readFile(zipOf({ ...good, [SHEET]: sheet(rows) }))).toEqual(['2 null too_many_columns 5']);
  });

  it('has ten thousand columns', async () => {
    const cells = '<c t="inlineStr"><is><t>a</t></is></c>'.repeat(10_000);
    await expect(
      readFile(zipOf({ ...good, [SHEET]: sheet(`<row r="1">${cells}</row>`) })),
    ).rejects.toMatchObject({ code: 'CONTACTS_COLUMNS' });
  });

  it('was damaged anywhere: it gives rows or says what is wrong', async () => {
    const random = seededRandom(26);
    const bytes = zipOf(good);
    for (let round = 0; round < 150; round += 1) {
      const worse = Buffer.from(bytes);
      for (let hit = 0; hit < 3; hit += 1) {
        worse[Math.floor(random() * worse.length)] = Math.floor(random() * 256);
      }
      const cut = worse.subarray(0, random() < 0.3 ? Math.ceil(random() * worse.length) : worse.length);
      const said = await readFile(cut).catch((error: unknown) => error);
      if (!Array.isArray(said)) expect(said).toMatchObject({ name: 'ContactFileError' });
    }
  });
});
