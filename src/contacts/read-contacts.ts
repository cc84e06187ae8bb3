import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { z } from 'zod';
import { OperatorError } from '../errors.ts';
import { planColumns, type ColumnChoice } from './columns.ts';
import { readContactRow, type ContactRow, type RowOptions } from './contact-row.ts';
import { decodeText, type TextEncoding } from './text-encoding.ts';

export interface ReadContactsOptions {
  encoding: TextEncoding;
  columns: ColumnChoice;
  /** Given to every contact. */
  addTags: readonly string[];
  /** Calling codes without `+` of the countries that may be called. */
  allowedCountryCodes: readonly string[];
  /** Refuses a number whose meaning would be a guess, if a good one, rather than completing it. */
  strictNumbers: boolean;
  /** Consents are not dated after it. */
  now: Date;
}

/** A longer line means a quotation mark that is never closed, or no contact file. */
const MAX_RECORD_CHARACTERS = 32_768;
/** Excel's own hint, above the column names: `sep=;`. */
const EXCEL_SEPARATOR_LINE = /^sep=/i;
const DELIMITERS = [';', '\t', ',', '|'] as const;

const parsedSchema = z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) });

/**
 * Reads a CSV file of contacts line by line, with `;`, `,`, tab or `|` between columns and headers of either guide. A
 * line that cannot be used is yielded as rejected; a file that cannot be read throws an `OperatorError` that names the
 * line. Memory does not grow with the file.
 */
export async function* readContacts(
  bytes: AsyncIterable<Uint8Array>,
  options: ReadContactsOptions,
): AsyncGenerator<ContactRow> {
  let rowOptions: RowOptions | null = null;
  for await (const { record, line } of readRecords(bytes, options.encoding)) {
    if (rowOptions !== null) {
      yield readContactRow(record, line, rowOptions);
      continue;
    }
    rowOptions = {
      plan: planColumns(record, options.columns),
      columnCount: record.length,
      addTags: options.addTags,
      allowedCountryCodes: options.allowedCountryCodes,
      strictNumbers: options.strictNumbers,
      now: options.now,
    };
  }
  if (rowOptions === null) {
    throw new OperatorError('CONTACTS_EMPTY', 'the contact file is empty: it needs a line of column names');
  }
}

/** The lines of a CSV file that have something on them, the first one too; Excel's hint of a separator is left out. */
export async function* readRecords(
  bytes: AsyncIterable<Uint8Array>,
  encoding: TextEncoding,
): AsyncGenerator<{ record: string[]; line: number }> {
  const text = decodeText(refuseWorkbooks(bytes), encoding);
  const { delimiter, whole } = await peekDelimiter(text);
  let isFirst = true;
  for await (const { record, line } of parseCsv(whole, delimiter)) {
    if (record.every((field) => field.trim() === '')) continue;
    if (isFirst && EXCEL_SEPARATOR_LINE.test(record[0] ?? '')) continue;
    isFirst = false;
    yield { record, line };
  }
}

/** Excel's own files are ZIP archives. */
async function* refuseWorkbooks(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  for await (const chunk of bytes) {
    const looksZipped = chunk[0] === 0x50 && chunk[1] === 0x4b && chunk[2] === 3 && chunk[3] === 4;
    if (isFirst && looksZipped) {
      throw new OperatorError(
        'CONTACTS_NOT_CSV',
        'the contact file is an Excel workbook: save it as “CSV UTF-8” and import that',
      );
    }
    isFirst = false;
    yield chunk;
  }
}

/** Finds the separator in the first line that has text, and gives back the text from its beginning. */
async function peekDelimiter(
  text: AsyncGenerator<string>,
): Promise<{ delimiter: string; whole: AsyncGenerator<string> }> {
  let head = '';
  let isAtEnd = false;
  while (!isAtEnd && !/\S[^\r\n]*[\r\n]/.test(head) && head.length < MAX_RECORD_CHARACTERS) {
    const next = await text.next();
    if (next.done === true) isAtEnd = true;
    else head += next.value;
  }
  const firstLine = /\S[^\r\n]*/.exec(head)?.[0] ?? '';
  const outsideQuotes = firstLine.replace(/"[^"]*"/g, '');
  const count = (delimiter: string): number => outsideQuotes.split(delimiter).length;
  const delimiter = DELIMITERS.reduce((best, each) => (count(each) > count(best) ? each : best));
  const whole = async function* (): AsyncGenerator<string> {
    yield head;
    if (!isAtEnd) yield* text;
  };
  return { delimiter, whole: whole() };
}

async function* parseCsv(
  text: AsyncGenerator<string>,
  delimiter: string,
): AsyncGenerator<{ record: string[]; line: number }> {
  const parser = parse({
    delimiter,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD_CHARACTERS,
  });
  // What goes wrong on the way reaches the loop below through the parser.
  pipeline(Readable.from(text), parser, () => undefined);
  try {
    for await (const parsed of parser) {
      const { record, info } = parsedSchema.parse(parsed);
      yield { record, line: info.lines };
    }
  } catch (error) {
    throw error instanceof CsvError ? unreadable(error, parser.info.lines) : error;
  }
}

function unreadable(error: CsvError, line: number): OperatorError {
  const what =
    error.code === 'CSV_MAX_RECORD_SIZE' || error.code === 'CSV_QUOTE_NOT_CLOSED'
      ? 'a quotation mark (") is opened and never closed, or a line is absurdly long'
      : 'its columns and quotation marks make no sense';
  return new OperatorError(
    'CONTACTS_UNREADABLE',
    `the contact file cannot be read around line ${line}: ${what}. Nothing after it was looked at`,
    { cause: error },
  );
}
