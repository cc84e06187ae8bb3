import { MinibotError } from '../errors.ts';
import type { ColumnChoice } from './columns.ts';
import type { ContactRow, ImportedContact, RejectionReason } from './contact-row.ts';
import { readContacts, type ReadContactsOptions } from './read-contacts.ts';
import { detectEncoding } from './text-encoding.ts';

export interface ImportContactsRequest {
  /** Opens the file anew, from its beginning: it is read more than once. */
  open: () => AsyncIterable<Uint8Array>;
  columns: ColumnChoice;
  /** Given to every contact. */
  addTags: readonly string[];
  /** Calling codes without `+` of the countries that may be called. */
  allowedCountryCodes: readonly string[];
  /** Refuses a number whose meaning would be a guess, if a good one, rather than completing it. */
  strictNumbers: boolean;
  /** Consents are not dated after it. */
  now: Date;
  /** Contacts stored at a time. */
  batchSize: number;
  /** Called after each batch; `lines` of the `total` that the file has are done. */
  onProgress: (progress: { lines: number; total: number }) => void;
  /** Every rejected line, in order, for a file of rejects. */
  onRejected: (row: Extract<ContactRow, { kind: 'rejected' }>) => void;
  signal: AbortSignal;
}

/** Stores a batch of contacts; safe to be given the same one twice. */
export type ContactSink = (batch: {
  contacts: readonly ImportedContact[];
  /** Numbers that are not to be called, in E.164. */
  opposed: readonly string[];
}) => Promise<{ inserted: number; duplicates: number }>;

interface ImportReport {
  /** Lines with something on them, headers aside. */
  total: number;
  imported: number;
  duplicates: number;
  rejected: number;
  /** Lines that say that their person is not to be called: their numbers are on the opposition list, and nothing else of them is kept. */
  opposed: number;
  /** Imported with a number that was put right, or without an e-mail address that was none. */
  repaired: number;
  /** The first `MAX_REPORTED_ERRORS` rejected lines. */
  errors: { line: number; column: string | null; reason: RejectionReason; value: string }[];
}

/** Enough to read; more is what `onRejected` is for. */
export const MAX_REPORTED_ERRORS = 1000;

/** The import stopped half-way: `report` says what is stored. Running it again is safe and goes on. */
export class ImportInterruptedError extends MinibotError {
  readonly report: ImportReport;

  constructor(report: ImportReport, cause: unknown) {
    super(
      'CONTACTS_IMPORT_INTERRUPTED',
      `the import stopped after ${report.imported} new contacts and ${report.duplicates} known ones were stored. ` +
        'Run it again: what is stored already counts as duplicate',
      { cause },
    );
    this.report = report;
  }
}

/**
 * Imports a file of contacts. The whole file is read before anything is stored, so that a file that cannot be read to its
 * end stores nothing; a single line that cannot be used is rejected and reported, and the others are stored. When storing
 * itself fails half-way, `ImportInterruptedError` says how far it got.
 */
export async function importContacts(
  request: ImportContactsRequest,
  sink: ContactSink,
): Promise<ImportReport> {
  const options: ReadContactsOptions = {
    encoding: await detectEncoding(request.open()),
    columns: request.columns,
    addTags: request.addTags,
    allowedCountryCodes: request.allowedCountryCodes,
    strictNumbers: request.strictNumbers,
    now: request.now,
  };
  const total = await countLines(request, options);
  const report: ImportReport = {
    ...{ total, imported: 0, duplicates: 0, rejected: 0, opposed: 0, repaired: 0 },
    errors: [],
  };
  try {
    await storeAll(request, options, sink, report);
  } catch (error) {
    throw new ImportInterruptedError(report, error);
  }
  return report;
}

async function countLines(
  { open, signal }: ImportContactsRequest,
  options: ReadContactsOptions,
): Promise<number> {
  const rows = readContacts(open(), options);
  let lines = 0;
  while ((await rows.next()).done !== true) {
    signal.throwIfAborted();
    lines += 1;
  }
  return lines;
}

async function storeAll(
  { open, batchSize, onProgress, onRejected, signal }: ImportContactsRequest,
  options: ReadContactsOptions,
  sink: ContactSink,
  report: ImportReport,
): Promise<void> {
  let contacts: ImportedContact[] = [];
  let opposed: string[] = [];
  let repaired = 0;
  let lines = 0;
  const store = async (): Promise<void> => {
    signal.throwIfAborted();
    const { inserted, duplicates } = await sink({ contacts, opposed });
    report.imported += inserted;
    report.duplicates += duplicates;
    report.opposed += opposed.length;
    report.repaired += repaired;
    contacts = [];
    opposed = [];
    repaired = 0;
    onProgress({ lines, total: report.total });
  };
  for await (const row of readContacts(open(), options)) {
    lines += 1;
    if (row.kind === 'rejected') {
      note(report, row);
      onRejected(row);
      continue;
    }
    if (row.kind === 'opposed') {
      opposed.push(row.phone);
    } else {
      contacts.push(row.contact);
      if (row.notes.length > 0) repaired += 1;
    }
    if (contacts.length + opposed.length >= batchSize) await store();
  }
  if (contacts.length + opposed.length > 0) await store();
}

function note(report: ImportReport, row: Extract<ContactRow, { kind: 'rejected' }>): void {
  report.rejected += 1;
  if (report.errors.length >= MAX_REPORTED_ERRORS) return;
  const { line, column, reason, value } = row;
  report.errors.push({ line, column, reason, value });
}
