import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

const FIRST_NAMES = ['Camille', 'Zoé', 'Luc', 'Hervé', 'Chloé', 'Noël'];
const LAST_NAMES = ['Dupont', 'Lefèvre', 'Payet', 'Garçon', 'Martin'];
const COMPANIES = 1000;
const ROWS_PER_PIECE = 1000;
/** Prime, so that numbers come in no order. */
const STRIDE = 7919;
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

const HEADERS = ['telephone', 'prenom', 'nom', 'entreprise', 'email', 'tags'];

/**
 * The nth of up to a million people, none of whom is ever dialled: the bench has no switch, and 04 0x is a block of the French
 * plan that is assigned to nobody. The numbers for fiction are too few.
 */
function person(n: number): string[] {
  const number = `040${String((n * STRIDE) % 1_000_000).padStart(7, '0')}`;
  const [first = '', last = ''] = [FIRST_NAMES[n % FIRST_NAMES.length], LAST_NAMES[n % LAST_NAMES.length]];
  return [number, first, last, `Société ${n % COMPANIES}`, `p${n}@example.com`, `prospect,lot${n % 10}`];
}

/** Writes as CSV what a French Excel would, in UTF-8. */
export async function writeCsv(file: string, count: number): Promise<void> {
  await write(file, count, `${HEADERS.join(';')}\r\n`, (cells) => `${cells.join(';')}\r\n`, '');
}

/** The same people as lines of `COPY … FROM STDIN`. */
export async function writeCopyLines(file: string, count: number): Promise<void> {
  const line = ([number = '', first, last, company, email, tags = '']: string[]): string =>
    [`+33${number.slice(1)}`, first, last, company, email, `{${tags}}`, 'Europe/Paris', number].join('\t') +
    '\n';
  await write(file, count, '', line, '');
}

/** The same people as a workbook, every text in the table of shared ones: what takes the reader the most memory. */
export async function writeWorkbook(file: string, count: number): Promise<void> {
  const relations = (list: string): Buffer =>
    Buffer.from(
      `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${list}</Relationships>`,
    );
  const relation = (id: string, type: string, target: string): string =>
    `<Relationship Id="${id}" Type="${RELATIONS}/${type}" Target="${target}"/>`;
  const zip = new ZipFile();
  const numbers = new Map(HEADERS.map((header, n) => [header, n]));
  const shared = (text: string): number => {
    const known = numbers.get(text) ?? numbers.size;
    numbers.set(text, known);
    return known;
  };
  const row = (line: number, cells: string[]): string =>
    `<row r="${line}">${cells
      .map((text, n) => `<c r="${String.fromCharCode(65 + n)}${line}" t="s"><v>${shared(text)}</v></c>`)
      .join('')}</row>`;
  let line = 1;
  const sheet = pieces(
    count,
    `<worksheet xmlns="${MAIN}"><sheetData>${row(1, HEADERS)}`,
    (cells) => row((line += 1), cells),
    '</sheetData></worksheet>',
  );
  function* strings(): Generator<string> {
    yield `<sst xmlns="${MAIN}">`;
    for (const text of numbers.keys()) yield `<si><t>${text}</t></si>`;
    yield '</sst>';
  }
  zip.addBuffer(relations(relation('rId1', 'officeDocument', 'xl/workbook.xml')), '_rels/.rels');
  zip.addBuffer(
    Buffer.from(
      `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets><sheet name="Clients" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    ),
    'xl/workbook.xml',
  );
  zip.addBuffer(
    relations(relation('rId1', 'worksheet', 'sheet.xml') + relation('rId2', 'sharedStrings', 'strings.xml')),
    'xl/_rels/workbook.xml.rels',
  );
  zip.addReadStream(Readable.from(sheet), 'xl/sheet.xml');
  // Parts are written one after the other: by then the sheet has named all its texts.
  zip.addReadStreamLazy('xl/strings.xml', (done) => done(null, Readable.from(strings())));
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(file));
}

async function write(
  file: string,
  count: number,
  head: string,
  line: (cells: string[]) => string,
  tail: string,
): Promise<void> {
  await pipeline(Readable.from(pieces(count, head, line, tail)), createWriteStream(file));
}

function* pieces(
  count: number,
  head: string,
  line: (cells: string[]) => string,
  tail: string,
): Generator<string> {
  yield head;
  for (let first = 0; first < count; first += ROWS_PER_PIECE) {
    const size = Math.min(ROWS_PER_PIECE, count - first);
    yield Array.from({ length: size }, (_, n) => line(person(first + n))).join('');
  }
  yield tail;
}
