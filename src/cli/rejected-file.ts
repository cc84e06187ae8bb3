import { closeSync, openSync, writeSync } from 'node:fs';
import { OperatorError } from '../errors.ts';
import { csvLine } from './csv.ts';
import type { Messages } from './language.ts';

/** A CSV file of lines that were not imported: why, then the line as it was. */
export interface RejectedFile {
  write(row: { line: number; column: string | null; reason: string; record: readonly string[] }): void;
  close(): void;
}

/** Creates the file, readable by its owner only: it holds personal data. Written at once, so that memory stays small. */
export function openRejectedFile(file: string, { importContacts: texts }: Messages): RejectedFile {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'w', 0o600);
  } catch (error) {
    throw new OperatorError('file_unwritable', texts.fileUnwritable(file), { cause: error });
  }
  const put = (cells: readonly string[]): void => void writeSync(descriptor, csvLine(cells));
  put(Object.values(texts.rejectedHead));
  return {
    write: ({ line, column, reason, record }) => put([String(line), column ?? '', reason, ...record]),
    close: () => closeSync(descriptor),
  };
}
