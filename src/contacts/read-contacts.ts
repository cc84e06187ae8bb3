import { planColumns, type ColumnChoice } from './columns.ts';
import { ContactFileError } from './contact-file-error.ts';
import { readContactRow, type ContactRow, type RowOptions } from './contact-row.ts';
import type { ContactTable, TableRow } from './contact-table.ts';

export interface ReadContactsOptions extends Omit<RowOptions, 'plan' | 'columnCount'> {
  columns: ColumnChoice;
}

/** What the first row of a file says, as far as it is understood. */
export interface ContactHeader {
  headers: readonly string[];
  options: RowOptions;
}

/**
 * Checks that a contact file can be read to its end and counts its rows, the first aside; says nothing of single rows. Throws
 * a `ContactFileError` where it cannot, where a column is missing that is needed, and where there is nobody in it.
 */
export async function checkContactTable(
  table: ContactTable,
  options: ReadContactsOptions,
  onRows: (rows: number) => void,
): Promise<{ header: ContactHeader; total: number }> {
  let header: ContactHeader | null = null;
  let rows = 0;
  for await (const page of table.pages()) {
    const [first] = page;
    if (first === undefined) continue;
    header ??= readHeader(first, options);
    rows += page.length;
    onRows(rows - 1);
  }
  if (header === null) throw new ContactFileError('CONTACTS_EMPTY', {});
  if (rows === 1) throw new ContactFileError('CONTACTS_NO_ROWS', {});
  return { header, total: rows - 1 };
}

/** Reads a contact file that was checked, a page of rows at a time; one that cannot be used is yielded as rejected. */
export async function* readContacts(
  table: ContactTable,
  { options }: ContactHeader,
): AsyncGenerator<ContactRow[]> {
  let isFirst = true;
  for await (const page of table.pages()) {
    const rows = isFirst ? page.slice(1) : page;
    isFirst = false;
    yield rows.map((row) => readContactRow(row, options));
  }
}

function readHeader(
  { cells: headers }: TableRow,
  { columns, ...options }: ReadContactsOptions,
): ContactHeader {
  const plan = planColumns(headers, columns);
  const knowsRegions = plan.has('postalCode') || plan.has('department');
  if (options.departments !== null && !knowsRegions) {
    throw new ContactFileError('CONTACTS_NO_REGION_COLUMN', { headers });
  }
  return { headers, options: { ...options, plan, columnCount: headers.length } };
}
