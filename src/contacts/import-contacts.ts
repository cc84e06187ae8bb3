import { MinibotError } from '../errors.ts';
import type { ColumnPlan } from './columns.ts';
import type { ContactRow, ImportedContact, RejectionReason } from './contact-row.ts';
import type { ContactTable } from './contact-table.ts';
import { FirstLines } from './first-lines.ts';
import { checkContactTable, readContacts, type ReadContactsOptions } from './read-contacts.ts';

type Rejected = Extract<ContactRow, { kind: 'rejected' }>;
type Accepted = Extract<ContactRow, { kind: 'contact' }>;

export interface ImportContactsRequest extends ReadContactsOptions {
  table: ContactTable;
  /** Contacts stored at a time. */
  batchSize: number;
  /** Called while the file is checked, then after each batch. */
  onProgress: (progress: ImportProgress) => void;
  /** Called once the whole file is known to be readable, before anything is stored. */
  onChecked: (file: { headers: readonly string[]; plan: ColumnPlan; total: number }) => void;
  /** Every rejected line, in order, for a file of rejects. */
  onRejected: (row: Rejected) => void;
  /** Every contact that is stored, in order. */
  onStored: (contact: ImportedContact, how: StoredAs) => void;
  signal: AbortSignal;
}

export type ImportProgress =
  { phase: 'checking'; lines: number } | { phase: 'storing'; lines: number; total: number };

/** A new contact, one that was known before, or one that an earlier line of the same file has brought. */
export type StoredAs =
  { as: 'new' | 'known'; line: number } | { as: 'repeated'; line: number; firstLine: number };

/** Stores a batch of contacts, or says what would come of it; safe to be given the same one twice. */
export type ContactSink = (batch: {
  contacts: readonly ImportedContact[];
  /** Numbers that are not to be called, in E.164. */
  opposed: readonly string[];
}) => Promise<{
  /** Those of the contacts' numbers that were not known before. */
  added: ReadonlySet<string>;
}>;

interface ImportReport {
  /** Lines with something on them, headers aside. */
  total: number;
  imported: number;
  /** Both kinds of duplicates. */
  duplicates: number;
  /** Lines whose number an earlier line of the file has. */
  duplicatesInFile: number;
  /** Lines whose number was known before the import. */
  duplicatesKnown: number;
  rejected: number;
  /** Lines of other regions than those asked for. */
  elsewhere: number;
  /** Lines that say that their person is not to be called: their numbers are on the opposition list, and nothing else of them is kept. */
  opposed: number;
  /** Imported with a number that was put right, or without an e-mail address that was none. */
  repaired: number;
  /** The first `MAX_REPORTED` rejected lines. */
  errors: { line: number; column: string | null; reason: RejectionReason; value: string }[];
  /** The first `MAX_REPORTED` lines that repeat an earlier one. */
  repeats: { line: number; firstLine: number }[];
}

/** Enough to read; more is what `onRejected` and `onStored` are for. */
export const MAX_REPORTED = 1000;

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
 * itself fails half-way, `ImportInterruptedError` says how far it got. Of every line of the file, memory holds its number only.
 */
export async function importContacts(
  request: ImportContactsRequest,
  sink: ContactSink,
): Promise<ImportReport> {
  const { table, onProgress, signal } = request;
  const { header, total } = await checkContactTable(table, request, (lines) => {
    signal.throwIfAborted();
    onProgress({ phase: 'checking', lines });
  });
  request.onChecked({ headers: header.headers, plan: header.options.plan, total });
  const batches = new Batches(request, sink, total);
  try {
    for await (const page of readContacts(table, header)) await batches.take(page);
    await batches.finish();
  } catch (error) {
    await batches.settle();
    throw new ImportInterruptedError(batches.report, error);
  }
  return batches.report;
}

/** Gathers rows into batches, has one stored while the next is read, and keeps count of what is stored. */
class Batches {
  readonly report: ImportReport;
  private contacts: Accepted[] = [];
  private opposed: string[] = [];
  private lines = 0;
  private storing: Promise<void> = Promise.resolve();
  private readonly firstLines = new FirstLines();

  constructor(
    private readonly request: ImportContactsRequest,
    private readonly sink: ContactSink,
    private readonly total: number,
  ) {
    this.report = {
      ...{ total, imported: 0, duplicates: 0, duplicatesInFile: 0, duplicatesKnown: 0 },
      ...{ rejected: 0, elsewhere: 0, opposed: 0, repaired: 0, errors: [], repeats: [] },
    };
  }

  async take(rows: readonly ContactRow[]): Promise<void> {
    for (const row of rows) {
      this.lines += 1;
      if (row.kind === 'rejected') this.reject(row);
      else if (row.kind === 'elsewhere') this.report.elsewhere += 1;
      else if (row.kind === 'opposed') this.opposed.push(row.phone);
      else this.contacts.push(row);
      if (this.waiting() >= this.request.batchSize) await this.store();
    }
  }

  async finish(): Promise<void> {
    if (this.waiting() > 0) await this.store();
    await this.storing;
    this.tellProgress(this.lines);
  }

  /** Waits for what is under way after something went wrong; how it ends changes nothing about that. */
  async settle(): Promise<void> {
    await this.storing.catch(() => undefined);
  }

  private waiting(): number {
    return this.contacts.length + this.opposed.length;
  }

  /** Has the gathered batch stored when the one before it is. */
  private async store(): Promise<void> {
    await this.storing;
    this.request.signal.throwIfAborted();
    this.storing = this.send(this.contacts, this.opposed, this.lines);
    // Its failure is met when the next batch is due, or at the end.
    this.storing.catch(() => undefined);
    this.contacts = [];
    this.opposed = [];
  }

  private async send(
    contacts: readonly Accepted[],
    opposed: readonly string[],
    lines: number,
  ): Promise<void> {
    const { added } = await this.sink({ contacts: contacts.map(({ contact }) => contact), opposed });
    for (const row of contacts) this.count(row, added);
    this.report.opposed += opposed.length;
    this.tellProgress(lines);
  }

  private count({ contact, line, notes }: Accepted, added: ReadonlySet<string>): void {
    const { report } = this;
    const firstLine = this.firstLines.findOrAdd(contact.phone, line);
    if (notes.length > 0) report.repaired += 1;
    if (firstLine !== null) {
      report.duplicates += 1;
      report.duplicatesInFile += 1;
      if (report.repeats.length < MAX_REPORTED) report.repeats.push({ line, firstLine });
      this.request.onStored(contact, { as: 'repeated', line, firstLine });
    } else if (added.has(contact.phone)) {
      report.imported += 1;
      this.request.onStored(contact, { as: 'new', line });
    } else {
      report.duplicates += 1;
      report.duplicatesKnown += 1;
      this.request.onStored(contact, { as: 'known', line });
    }
  }

  private reject(row: Rejected): void {
    this.report.rejected += 1;
    this.request.onRejected(row);
    if (this.report.errors.length >= MAX_REPORTED) return;
    const { line, column, reason, value } = row;
    this.report.errors.push({ line, column, reason, value });
  }

  private tellProgress(lines: number): void {
    this.request.onProgress({ phase: 'storing', lines, total: this.total });
  }
}
