import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { ContactFileError } from '../contact-file-error.ts';

/** What is inside a workbook, by its name in lower case. */
export interface Archive {
  has(name: string): boolean;
  /** A part's bytes. Throws a `ContactFileError` before it has unpacked more than it says it holds, or than is allowed. */
  read(name: string, maxBytes?: number): AsyncIterable<Buffer>;
  close(): void;
}

/** Workbooks have a few dozen parts, and some more for each sheet. */
const MAX_ENTRIES = 10_000;
const MEBIBYTE = 2 ** 20;
/** Sheets of a million rows unpack to some 400 MB. */
export const MAX_SHEET_BYTES = 2048 * MEBIBYTE;
/** What describes them is small. */
const MAX_PART_BYTES = 64 * MEBIBYTE;
/** Deflate reaches a thousand, sheets of contacts ten or twenty. Small parts may be as repetitive as they like. */
const MAX_RATIO = 150;
const ALWAYS_ALLOWED_BYTES = 64 * MEBIBYTE;

/** Opens a ZIP archive, which the caller closes. Throws a `ContactFileError` where it is damaged. */
export async function openArchive(file: string): Promise<Archive> {
  const zip = await openPromise(file, { lazyEntries: true, autoClose: false }).catch(rethrowDamaged);
  try {
    const entries = await listEntries(zip);
    return {
      has: (name) => entries.has(name.toLowerCase()),
      read: (name, maxBytes = MAX_PART_BYTES) => readEntry(zip, entries, name, maxBytes),
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function listEntries(zip: ZipFile): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  try {
    for await (const entry of zip.eachEntry()) {
      if (entries.size >= MAX_ENTRIES) throw damaged('it has too many parts');
      entries.set(entry.fileName.toLowerCase(), entry);
    }
  } catch (error) {
    rethrowDamaged(error);
  }
  return entries;
}

async function* readEntry(
  zip: ZipFile,
  entries: ReadonlyMap<string, Entry>,
  name: string,
  maxBytes: number,
): AsyncGenerator<Buffer> {
  const entry = entries.get(name.toLowerCase());
  if (entry === undefined) throw damaged(`there is no ${name}`);
  const limit = Math.min(maxBytes, Math.max(ALWAYS_ALLOWED_BYTES, entry.compressedSize * MAX_RATIO));
  // The size it declares is held to while it is unpacked.
  if (entry.uncompressedSize > limit) {
    throw new ContactFileError('CONTACTS_HUGE_WORKBOOK', { megabytes: Math.floor(limit / MEBIBYTE) });
  }
  try {
    const stream = await zip.openReadStreamPromise(entry);
    for await (const chunk of stream) yield chunk as Buffer;
  } catch (error) {
    rethrowDamaged(error);
  }
}

function rethrowDamaged(error: unknown): never {
  if (error instanceof ContactFileError) throw error;
  throw damaged(error instanceof Error ? error.message : String(error), error);
}

export function damaged(detail: string, cause?: unknown): ContactFileError {
  return new ContactFileError('CONTACTS_DAMAGED_WORKBOOK', { detail }, { cause });
}
