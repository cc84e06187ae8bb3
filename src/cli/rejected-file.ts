import { closeSync, fchmodSync, openSync, readSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { isRejectColumn, withoutRejectColumns } from '../contacts/reject-columns.ts';
import { OperatorError } from '../errors.ts';
import { csvLine } from '../exports/csv.ts';
import type { Messages } from './language.ts';

/** A CSV file of lines that were not imported: why, then the line as it was, under the names of its columns. */
export interface RejectedFile {
  write(row: { line: number; column: string | null; reason: string; record: readonly string[] }): void;
  /** Writes what is left; removes the file where nothing was rejected. */
  close(): void;
}

interface RejectedFileOptions {
  /** The file that is imported. */
  source: string;
  headers: readonly string[];
  delimiter: string;
}

const BYTE_ORDER_MARK = '\ufeff';
const FLUSH_CHARACTERS = 65_536;
const HEAD_BYTES = 200;

/**
 * Creates the file, readable by its owner only: it holds personal data. It can be mended in a spreadsheet and imported again.
 * Overwrites nothing but a file of rejected lines. Memory stays small.
 */
export function openRejectedFile(
  file: string,
  { source, headers, delimiter }: RejectedFileOptions,
  { importContacts: texts }: Messages,
): RejectedFile {
  if (isSameFile(file, source)) throw new OperatorError('rejected_is_source', texts.rejectedIsSource(file));
  if (isOther(file)) throw new OperatorError('rejected_is_other', texts.rejectedIsOther(file));
  let descriptor: number;
  try {
    descriptor = openSync(file, 'w', 0o600);
    fchmodSync(descriptor, 0o600);
  } catch (error) {
    throw new OperatorError('file_unwritable', texts.fileUnwritable(file), { cause: error });
  }
  const head = [...texts.rejectColumns, ...withoutRejectColumns(headers, headers)];
  // With its mark, Excel knows the encoding.
  let waiting = BYTE_ORDER_MARK + csvLine(head, delimiter);
  let isEmpty = true;
  const flush = (): void => {
    writeSync(descriptor, waiting);
    waiting = '';
  };
  return {
    write: ({ line, column, reason, record }) => {
      isEmpty = false;
      const cells = [String(line), column ?? '', reason, ...withoutRejectColumns(headers, record)];
      waiting += csvLine(cells, delimiter);
      if (waiting.length >= FLUSH_CHARACTERS) flush();
    },
    close: () => {
      if (!isEmpty) flush();
      closeSync(descriptor);
      if (isEmpty) unlinkSync(file);
    },
  };
}

function isSameFile(one: string, other: string): boolean {
  const [a, b] = [statOf(one), statOf(other)];
  return a !== null && b !== null && a.dev === b.dev && a.ino === b.ino;
}

/** Something is there, and it is no file of rejected lines. */
function isOther(file: string): boolean {
  const stat = statOf(file);
  if (stat === null || (stat.isFile() && stat.size === 0)) return false;
  if (!stat.isFile()) return true;
  const firstHeader = /^\ufeff?"?([^",;|\t\r\n]*)/.exec(readHead(file))?.[1] ?? '';
  return !isRejectColumn(firstHeader);
}

function statOf(file: string) {
  return statSync(file, { throwIfNoEntry: false }) ?? null;
}

function readHead(file: string): string {
  const descriptor = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(HEAD_BYTES);
    return bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, HEAD_BYTES, 0));
  } finally {
    closeSync(descriptor);
  }
}
