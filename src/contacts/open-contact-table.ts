import { createReadStream } from 'node:fs';
import { contactFileKind, type ContactFileKind } from './contact-file-kind.ts';
import { ContactFileError, type ContactFileFault } from './contact-file-error.ts';
import type { ContactTable } from './contact-table.ts';
import { openCsvTable } from './csv-table.ts';
import { openWorkbookTable } from './xlsx/workbook-table.ts';

const REFUSED: Readonly<Record<Exclude<ContactFileKind, 'csv' | 'zip'>, ContactFileFault>> = {
  ole: 'CONTACTS_OLD_XLS',
  markup: 'CONTACTS_MARKUP',
  binary: 'CONTACTS_BINARY',
};

/**
 * Opens a contact file by what is in it, whatever it is called; `head` are its first bytes. `sheet` chooses one of a workbook;
 * null for the first that is visible. Throws a `ContactFileError` that says what to do with a file that cannot be imported.
 */
export async function openContactTable(
  file: string,
  { head, sheet }: { head: Buffer; sheet: string | null },
): Promise<ContactTable> {
  const kind = contactFileKind(head);
  if (kind === 'zip') return openWorkbookTable(file, sheet);
  if (kind !== 'csv') throw new ContactFileError(REFUSED[kind], {});
  if (sheet !== null) throw new ContactFileError('CONTACTS_NO_SHEETS_IN_CSV', {});
  return openCsvTable(() => createReadStream(file));
}
