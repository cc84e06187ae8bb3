import path from 'node:path';
import { ContactFileError } from '../contact-file-error.ts';
import { damaged, type Archive } from './archive.ts';
import { numberFormat, type NumberFormat } from './number-formats.ts';
import { TextTable } from './text-table.ts';
import { readAllXml } from './xml.ts';

/** What is to be known of a workbook before one of its sheets is read. */
export interface Workbook {
  /** The sheet's part in the archive. */
  sheetPart: string;
  strings: TextTable;
  /** By the number of a cell's style. */
  formats: readonly NumberFormat[];
  is1904: boolean;
}

interface Sheet {
  name: string;
  relation: string;
  isHidden: boolean;
}

interface Relation {
  /** The last word of its type: `worksheet`, `styles`. */
  type: string;
  part: string;
}

/** In memory at once; a million contacts with texts of their own take about a quarter of it. */
const MAX_STRINGS_BYTES = 256 * 2 ** 20;
/** Where it is, beside the text itself. */
const BYTES_PER_STRING = 12;

/** Reads everything but the sheets. `sheet`: its name or number; null for the first that is visible. */
export async function readWorkbook(archive: Archive, sheet: string | null): Promise<Workbook> {
  const main = await findMainPart(archive);
  const relations = await readRelations(archive, main);
  const { sheets, is1904 } = await readSheetList(archive, main);
  const worksheets = sheets.filter(({ relation }) => relations.get(relation)?.type === 'worksheet');
  const chosen = chooseSheet(worksheets, sheet);
  const sheetPart = relations.get(chosen.relation)?.part ?? '';
  const partOf = (type: string): string | null =>
    [...relations.values()].find((relation) => relation.type === type)?.part ?? null;
  const strings = partOf('sharedStrings');
  const styles = partOf('styles');
  return {
    sheetPart,
    is1904,
    strings: strings === null ? new TextTable() : await readStrings(archive, strings),
    formats: styles === null ? [] : await readFormats(archive, styles),
  };
}

/** The workbook itself. Throws a `ContactFileError` that says what the archive is where it is none. */
async function findMainPart(archive: Archive): Promise<string> {
  if (archive.has('mimetype') && archive.has('content.xml')) {
    throw new ContactFileError('CONTACTS_OPEN_DOCUMENT', {});
  }
  if (!archive.has('_rels/.rels')) throw new ContactFileError('CONTACTS_ARCHIVE', {});
  const relations = await readRelations(archive, '');
  const main = [...relations.values()].find(({ type }) => type === 'officeDocument')?.part ?? '';
  if (/\.bin$/i.test(main)) throw new ContactFileError('CONTACTS_BINARY_WORKBOOK', {});
  // Word and PowerPoint files are built alike.
  if (!/(?:^|\/)workbook[^/]*\.xml$/i.test(main)) throw new ContactFileError('CONTACTS_ARCHIVE', {});
  return main;
}

async function readRelations(archive: Archive, part: string): Promise<Map<string, Relation>> {
  const folder = path.posix.dirname(part);
  const relations = new Map<string, Relation>();
  await readAllXml(archive.read(path.posix.join(folder, '_rels', `${path.posix.basename(part)}.rels`)), {
    open: (name, { Id: id = '', Type: type = '', Target: target = '', TargetMode: mode }) => {
      if (name !== 'Relationship' || mode === 'External') return;
      const found = path.posix.resolve('/', folder, target).slice(1);
      relations.set(id, { type: path.posix.basename(type), part: found });
    },
    close: () => undefined,
    text: () => undefined,
  });
  return relations;
}

async function readSheetList(archive: Archive, main: string): Promise<{ sheets: Sheet[]; is1904: boolean }> {
  const sheets: Sheet[] = [];
  let is1904 = false;
  await readAllXml(archive.read(main), {
    open: (name, attributes) => {
      if (name === 'workbookPr') is1904 = isTrue(attributes['date1904']);
      if (name !== 'sheet') return;
      const relation = Object.entries(attributes).find(([key]) => /(?:^|:)id$/.test(key))?.[1] ?? '';
      const isHidden = /hidden/i.test(attributes['state'] ?? '');
      sheets.push({ name: attributes['name'] ?? '', relation, isHidden });
    },
    close: () => undefined,
    text: () => undefined,
  });
  return { sheets, is1904 };
}

function chooseSheet(sheets: readonly Sheet[], wanted: string | null): Sheet {
  if (wanted === null) {
    const visible = sheets.find(({ isHidden }) => !isHidden);
    if (visible === undefined) throw damaged('it has no visible sheet');
    return visible;
  }
  const byName = (same: (name: string) => boolean) => sheets.find(({ name }) => same(name.trim()));
  const chosen =
    byName((name) => name === wanted) ??
    byName((name) => name.toLowerCase() === wanted.toLowerCase()) ??
    (/^\d+$/.test(wanted) ? sheets[Number(wanted) - 1] : undefined);
  if (chosen !== undefined) return chosen;
  const names = sheets.map(({ name }) => name);
  throw new ContactFileError('CONTACTS_NO_SUCH_SHEET', { sheet: wanted, sheets: names });
}

/** The texts that cells share. Rich text loses its looks; the pronunciation beside Japanese text is left out. */
async function readStrings(archive: Archive, part: string): Promise<TextTable> {
  const strings = new TextTable();
  let text = '';
  let isText = false;
  let isPronunciation = false;
  let bytes = 0;
  await readAllXml(archive.read(part, 4 * MAX_STRINGS_BYTES), {
    open: (name) => {
      if (name === 'si') text = '';
      if (name === 'rPh') isPronunciation = true;
      if (name === 't') isText = !isPronunciation;
    },
    close: (name) => {
      if (name === 't') isText = false;
      if (name === 'rPh') isPronunciation = false;
      if (name === 'si') strings.add(unescaped(text));
    },
    text: (piece) => {
      if (!isText) return;
      bytes += piece.length + BYTES_PER_STRING;
      if (bytes > MAX_STRINGS_BYTES) {
        throw new ContactFileError('CONTACTS_HUGE_WORKBOOK', { megabytes: MAX_STRINGS_BYTES / 2 ** 20 });
      }
      text += piece;
    },
  });
  return strings;
}

/** Excel writes characters that XML does not have as `_x000D_`. */
export function unescaped(text: string): string {
  return text.includes('_x')
    ? text.replace(/_x([0-9a-f]{4})_/gi, (_all, code: string) => String.fromCharCode(parseInt(code, 16)))
    : text;
}

async function readFormats(archive: Archive, part: string): Promise<NumberFormat[]> {
  const codes = new Map<number, string>();
  const formats: NumberFormat[] = [];
  let isCellStyle = false;
  await readAllXml(archive.read(part), {
    open: (name, attributes) => {
      const id = Number(attributes['numFmtId'] ?? 0);
      if (name === 'numFmt') codes.set(id, attributes['formatCode'] ?? '');
      if (name === 'cellXfs') isCellStyle = true;
      if (name === 'xf' && isCellStyle) formats.push(numberFormat(id, codes.get(id) ?? null));
    },
    close: (name) => {
      if (name === 'cellXfs') isCellStyle = false;
    },
    text: () => undefined,
  });
  return formats;
}

export function isTrue(attribute: string | undefined): boolean {
  return attribute === '1' || attribute === 'true';
}
