import type { ContactTable } from '../../src/contacts/contact-table.ts';
import { openCsvTable } from '../../src/contacts/csv-table.ts';
import type { ContactRow } from '../../src/contacts/contact-row.ts';
import type { ImportContactsRequest } from '../../src/contacts/import-contacts.ts';
import { checkContactTable, readContacts } from '../../src/contacts/read-contacts.ts';

/** Bytes in pieces of `size`: what is at an edge must not matter. */
async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) {
    await Promise.resolve();
    yield bytes.subarray(at, at + size);
  }
}

/** A CSV file that is nowhere on disk. */
export function csvTable(content: string | Uint8Array, pieceSize = 7): Promise<ContactTable> {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  return openCsvTable(() => inPieces(bytes, pieceSize));
}

export function importRequest(
  table: ContactTable,
  change: Partial<ImportContactsRequest> = {},
): ImportContactsRequest {
  return {
    table,
    columns: {},
    addTags: [],
    allowedCountryCodes: ['33', '262', '508', '590', '594', '596'],
    strictNumbers: false,
    departments: null,
    now: new Date('2026-11-26T10:00:00Z'),
    batchSize: 100,
    onProgress: () => undefined,
    onChecked: () => undefined,
    onRejected: () => undefined,
    onStored: () => undefined,
    signal: new AbortController().signal,
    ...change,
  };
}

/** Every row of a file, read as an import reads it. */
export async function contactRows(
  table: ContactTable,
  change: Partial<ImportContactsRequest> = {},
): Promise<ContactRow[]> {
  const rows: ContactRow[] = [];
  const { header } = await checkContactTable(table, importRequest(table, change), () => undefined);
  for await (const page of readContacts(table, header)) rows.push(...page);
  return rows;
}
