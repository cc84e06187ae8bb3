import { createReadStream } from 'node:fs';
import { contactFileKind, type ContactFileKind } from './contact-file-kind.ts';
import { ContactFileError, type ContactFileFault } from './contact-file-error.ts';
import type { ContactTable } from './contact-table.ts';
import { openCsvTable } from './csv-table.ts';

const REFUSED: Readonly<Record<Exclude<ContactFileKind, 'csv'>, ContactFileFault>> = {
  zip: 'CONTACTS_ARCHIVE',
  ole: 'CONTACTS_OLD_XLS',
  markup: 'CONTACTS_MARKUP',
  binary: 'CONTACTS_BINARY',
};

/**
 * Opens a contact file by what is in it, whatever it is called; `head` are its first bytes. Throws a `ContactFileError` that
 * says what to do with one that cannot be imported.
 */
export async function openContactTable(file: string, head: Buffer): Promise<ContactTable> {
  const kind = contactFileKind(head);
  if (kind !== 'csv') throw new ContactFileError(REFUSED[kind], {});
  return openCsvTable(() => createReadStream(file));
}
