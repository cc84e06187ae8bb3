import type { ContactTable, TableRow } from '../contact-table.ts';
import { MAX_SHEET_BYTES, openArchive } from './archive.ts';
import { SheetReader } from './sheet-reader.ts';
import { readWorkbook, type Workbook } from './workbook.ts';
import { readXml } from './xml.ts';

/**
 * One sheet of an Excel workbook (.xlsx). `sheet`: its name or number; null for the first that is visible. The texts that
 * cells share are held in memory, up to a limit; rows are not.
 */
export async function openWorkbookTable(file: string, sheet: string | null): Promise<ContactTable> {
  const archive = await openArchive(file);
  try {
    const workbook = await readWorkbook(archive, sheet);
    return { delimiter: null, pages: () => readPages(file, workbook) };
  } finally {
    archive.close();
  }
}

async function* readPages(file: string, workbook: Workbook): AsyncGenerator<TableRow[]> {
  const archive = await openArchive(file);
  const reader = new SheetReader(workbook);
  const pieces = readXml(archive.read(workbook.sheetPart, MAX_SHEET_BYTES), reader);
  try {
    while ((await pieces.next()).done !== true) {
      const rows = reader.take();
      if (rows.length > 0) yield rows;
    }
  } finally {
    await pieces.return(undefined);
    archive.close();
  }
}
