import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { packageParts } from './package-parts.ts';
import { sheetXml, type Sheet } from './sheet.ts';
import { stylesXml } from './styles.ts';

/** No more than every reader of archives understands. */
const ENTRY = { forceDosTimestamp: true };

/**
 * Writes a workbook as an .xlsx file: sheets one after the other, rows as they come, as fast as `destination` takes them.
 * Rejects with what its rows threw.
 */
export async function writeWorkbook(
  sheets: readonly Sheet[],
  destination: Writable,
  { signal, end }: { signal: AbortSignal; end: boolean },
): Promise<void> {
  const zip = new ZipFile();
  const failure = new AbortController();
  const fail = (error: Error): void => {
    failure.abort(error);
  };
  zip.on('error', fail);
  for (const { path, xml } of packageParts(sheets)) zip.addBuffer(Buffer.from(xml), path, ENTRY);
  zip.addBuffer(Buffer.from(stylesXml()), 'xl/styles.xml', ENTRY);
  const opened: Readable[] = [];
  for (const [index, sheet] of sheets.entries()) {
    zip.addReadStreamLazy(`xl/worksheets/sheet${index + 1}.xml`, ENTRY, (give) => {
      const xml = Readable.from(sheetXml(sheet, { isFirst: index === 0 }));
      // The archive listens for no errors of what it reads.
      xml.once('error', fail);
      opened.push(xml);
      give(null, xml);
    });
  }
  zip.end();
  try {
    const either = AbortSignal.any([signal, failure.signal]);
    await pipeline(zip.outputStream, destination, { signal: either, end });
  } catch (error) {
    failure.signal.throwIfAborted();
    throw error;
  } finally {
    for (const xml of opened) xml.destroy();
  }
}
