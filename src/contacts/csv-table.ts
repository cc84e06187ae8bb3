import { CsvError, parse, type Parser } from 'csv-parse';
import { ContactFileError } from './contact-file-error.ts';
import type { ContactTable, TableRow } from './contact-table.ts';
import { decodeText, detectEncoding, type TextEncoding } from './text-encoding.ts';

/** A longer line means a quotation mark that is never closed, or no contact file. */
const MAX_RECORD_CHARACTERS = 32_768;
/** Excel's own hint, above the column names: `sep=;`. */
const EXCEL_SEPARATOR_LINE = /^sep=/i;
const DELIMITERS = [';', '\t', ',', '|'] as const;

/** What csv-parse gives with `info`. */
interface Parsed {
  record: string[];
  info: { lines: number };
}

/** Opens the bytes anew, from their beginning. */
export type OpenBytes = () => AsyncIterable<Uint8Array>;

/** A CSV file with `;`, `,`, tab or `|` between its columns, in any encoding that `detectEncoding` knows. */
export async function openCsvTable(open: OpenBytes): Promise<ContactTable> {
  const encoding = await detectEncoding(open());
  const delimiter = findDelimiter(await readHead(open(), encoding));
  return { delimiter, pages: () => readPages(open(), encoding, delimiter) };
}

/** The text up to the end of the first line that has some. */
async function readHead(bytes: AsyncIterable<Uint8Array>, encoding: TextEncoding): Promise<string> {
  let head = '';
  for await (const text of decodeText(bytes, encoding)) {
    head += text;
    if (/\S[^\r\n]*[\r\n]/.test(head) || head.length >= MAX_RECORD_CHARACTERS) break;
  }
  return head;
}

/** The separator that is most frequent in the first line that has text, outside quotation marks. */
function findDelimiter(head: string): string {
  const firstLine = /\S[^\r\n]*/.exec(head)?.[0] ?? '';
  const hint = /^sep=([;,|\t])$/i.exec(firstLine)?.[1];
  if (hint !== undefined) return hint;
  const outsideQuotes = firstLine.replace(/"[^"]*"/g, '');
  const count = (delimiter: string): number => outsideQuotes.split(delimiter).length;
  return DELIMITERS.reduce((best, each) => (count(each) > count(best) ? each : best));
}

async function* readPages(
  bytes: AsyncIterable<Uint8Array>,
  encoding: TextEncoding,
  delimiter: string,
): AsyncGenerator<TableRow[]> {
  let isFirst = true;
  for await (const parsed of parseCsv(decodeText(bytes, encoding), delimiter)) {
    const page = parsed.filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
    const [first] = page;
    if (first === undefined) continue;
    if (isFirst && EXCEL_SEPARATOR_LINE.test(first.cells[0] ?? '')) page.shift();
    isFirst = false;
    if (page.length > 0) yield page;
  }
}

/** Whatever each piece of text completes. */
async function* parseCsv(text: AsyncGenerator<string>, delimiter: string): AsyncGenerator<TableRow[]> {
  const parser = parse({
    delimiter,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD_CHARACTERS,
  });
  // Each write's own failure is what is looked at.
  parser.on('error', () => undefined);
  try {
    for await (const piece of text) {
      const written = settled((done) => parser.write(piece, done));
      // Written text is not done with before what it gives is taken.
      const rows = takeRows(parser);
      await written;
      yield rows;
    }
    await settled((done) => parser.end(done));
    yield takeRows(parser);
  } catch (error) {
    throw error instanceof CsvError ? unreadable(error, parser.info.lines) : error;
  } finally {
    parser.destroy();
  }
}

function takeRows(parser: Parser): TableRow[] {
  const rows: TableRow[] = [];
  for (let parsed = next(parser); parsed !== null; parsed = next(parser)) {
    rows.push({ cells: parsed.record, line: parsed.info.lines, isHidden: false });
  }
  return rows;
}

function next(parser: Parser): Parsed | null {
  return parser.read() as Parsed | null;
}

async function settled(act: (done: (error?: Error | null) => void) => void): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    act((error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

function unreadable(error: CsvError, line: number): ContactFileError {
  const isEndless = error.code === 'CSV_MAX_RECORD_SIZE' || error.code === 'CSV_QUOTE_NOT_CLOSED';
  const fault = isEndless ? 'CONTACTS_ENDLESS_LINE' : 'CONTACTS_UNREADABLE';
  return new ContactFileError(fault, { line }, { cause: error });
}
