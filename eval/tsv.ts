import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { OperatorError } from '../src/errors.ts';

/** One line of labelled data: its cells by column name, and where it stands. */
export interface TsvRow {
  /** 1-based, as editors count; the header is line 1. */
  line: number;
  columns: Readonly<Record<string, string>>;
}

const MAX_FILE_BYTES = 20_000_000;

/** The file itself, or the only TSV file of a folder. Throws an `OperatorError` where there is none, or several. */
export async function tsvFileAt(given: string): Promise<string> {
  const found = await stat(given).catch(() => null); // Not there: reading it says so.
  if (found?.isDirectory() !== true) return given;
  const names = (await readdir(given)).filter((name) => name.endsWith('.tsv'));
  const [name] = names;
  if (name === undefined || names.length > 1) {
    throw new OperatorError(
      'EVAL_FILE_UNREADABLE',
      `${given} holds ${names.length} TSV files: give a folder with one, or the file itself`,
    );
  }
  return path.join(given, name);
}

/** Reads a file of labelled data. Throws an `OperatorError` that names the file and, where there is one, the line. */
export async function readTsvFile(file: string, required: readonly string[]): Promise<TsvRow[]> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw new OperatorError('EVAL_FILE_UNREADABLE', `${file} cannot be read: give an existing TSV file`, {
      cause: error,
    });
  }
  if (bytes.length > MAX_FILE_BYTES) {
    throw new OperatorError('EVAL_FILE_INVALID', `${file} is larger than ${MAX_FILE_BYTES} bytes: split it`);
  }
  return parseTsv(decode(bytes, file), file, required);
}

/**
 * Tab-separated text with a header line, without quoting. Columns beyond `required` are kept as they are, empty cells
 * too; a line without any character is skipped, a cell without a column dropped.
 */
export function parseTsv(text: string, file: string, required: readonly string[]): TsvRow[] {
  const [header = '', ...lines] = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const names = header.split('\t').map((name) => name.trim());
  const missing = required.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    throw invalidLine(
      file,
      1,
      `the header lacks ${missing.join(', ')}; it must name ${required.join(', ')}, with tabs between`,
    );
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalidLine(file, 1, `the header names "${twice}" twice`);

  const rows = lines.flatMap((content, index): TsvRow[] =>
    content === '' ? [] : [{ line: index + 2, columns: cellsOf(content, names) }],
  );
  for (const { line, columns } of rows) {
    const absent = required.filter((name) => columns[name] === undefined);
    if (absent.length > 0) {
      throw invalidLine(file, line, `there is no cell for ${absent.join(', ')}: are the tabs there?`);
    }
  }
  if (rows.length === 0) throw invalidLine(file, 2, 'there is no row below the header');
  return rows;
}

/** What is wrong with one line of a file, as an error to throw. */
export function invalidLine(file: string, line: number, fault: string): OperatorError {
  return new OperatorError('EVAL_FILE_INVALID', `${file}, line ${line}: ${fault}`);
}

function cellsOf(content: string, names: readonly string[]): Record<string, string> {
  const cells = content.split('\t');
  return Object.fromEntries(
    names.flatMap((name, index) => {
      const cell = cells[index];
      return cell === undefined ? [] : [[name, cell]];
    }),
  );
}

function decode(bytes: Buffer, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new OperatorError('EVAL_FILE_INVALID', `${file} is not UTF-8 text: save it as UTF-8`, {
      cause: error,
    });
  }
}
