import path from 'node:path';
import type { ColumnChoice, ColumnPlan } from '../../contacts/columns.ts';
import type { ContactTable } from '../../contacts/contact-table.ts';
import {
  importContacts,
  ImportInterruptedError,
  type ContactSink,
  type ImportContactsRequest,
  type ImportProgress,
  type StoredAs,
} from '../../contacts/import-contacts.ts';
import { openContactTable } from '../../contacts/open-contact-table.ts';
import { withCorsica } from '../../contacts/region.ts';
import { contactsToAdd, storeContacts } from '../../db/contacts.ts';
import { OperatorError } from '../../errors.ts';
import { FRENCH_COUNTRY_CODES } from '../../phone/numbering-plan.ts';
import type { CommandContext } from '../command-context.ts';
import { formatName, formatNumber } from '../format.ts';
import { readFileHead, resolvePath } from '../input-file.ts';
import { ProgressBar } from '../progress.ts';
import { openRejectedFile, type RejectedFile } from '../rejected-file.ts';
import { innermostMessage } from '../report-error.ts';
import { withDatabase, type DatabaseResources } from '../resources.ts';
import { visible } from '../visible.ts';

export interface ImportContactsOptions {
  phoneCol?: string;
  nameCol?: string;
  emailCol?: string;
  sheet?: string;
  validatePhones: boolean;
  skipDuplicates: boolean;
  addTags: string[];
  /** Départements; empty: all of them. */
  regionFilter: string[];
  batchSize: number;
  rejected?: string;
  dryRun: boolean;
}

type ImportReport = Awaited<ReturnType<typeof importContacts>>;

/** More would push the summary off the screen. */
const MAX_SHOWN_ERRORS = 20;
const RULE = '═'.repeat(36);

/** Imports a file of contacts. With `--dry-run` everything is done but the storing. */
export async function runImportContacts(
  context: CommandContext,
  file: string,
  options: ImportContactsOptions,
): Promise<undefined> {
  const { environment, messages } = context;
  const source = resolvePath(file, environment);
  const table = await openContactTable(source, {
    head: await readFileHead(source, messages),
    sheet: options.sheet ?? null,
  });
  await withDatabase(context, async (resources) => {
    const view = new ImportView(context, options, { file, source, delimiter: table.delimiter });
    try {
      const sink = await openSink(resources, options, path.basename(file));
      const report = await importContacts(requestFor(context, options, table, view), sink);
      view.close();
      view.showReport(report);
    } catch (error) {
      view.close();
      throw explainInterruption(error, context, options);
    }
  });
  return undefined;
}

async function openSink(
  { db, fingerprint: openFingerprint }: DatabaseResources,
  { dryRun, skipDuplicates }: ImportContactsOptions,
  source: string,
): Promise<ContactSink> {
  if (dryRun) return ({ contacts }) => contactsToAdd(db, contacts);
  const fingerprint = await openFingerprint();
  return (batch) => storeContacts(db, batch, { fingerprint, source, skipDuplicates });
}

function requestFor(
  { signal }: CommandContext,
  options: ImportContactsOptions,
  table: ContactTable,
  view: ImportView,
): ImportContactsRequest {
  const { regionFilter } = options;
  return {
    table,
    columns: chosenColumns(options),
    addTags: options.addTags,
    allowedCountryCodes: FRENCH_COUNTRY_CODES,
    strictNumbers: options.validatePhones,
    departments: regionFilter.length === 0 ? null : withCorsica(regionFilter),
    now: new Date(),
    batchSize: options.batchSize,
    onProgress: (progress) => view.showProgress(progress),
    onChecked: ({ headers, plan }) => view.showHead(headers, plan),
    onRejected: (row) => view.writeRejected(row),
    onStored: (contact, how) => view.showStored(contact, how),
    signal,
  };
}

function chosenColumns({ phoneCol, nameCol, emailCol }: ImportContactsOptions): ColumnChoice {
  return {
    ...(phoneCol !== undefined && { phone: phoneCol }),
    ...(nameCol !== undefined && { fullName: nameCol }),
    ...(emailCol !== undefined && { email: emailCol }),
  };
}

/** Says how far it got, and that running it again goes on. Of a dry run, nothing is stored. */
function explainInterruption(
  error: unknown,
  { messages }: CommandContext,
  { dryRun }: ImportContactsOptions,
): unknown {
  if (!(error instanceof ImportInterruptedError)) return error;
  if (dryRun) return error.cause;
  const { imported, duplicates } = error.report;
  const message = messages.importContacts.stopped(
    innermostMessage(error.cause),
    formatNumber(imported, messages),
    formatNumber(duplicates, messages),
  );
  return new OperatorError('import_stopped', message, { cause: error });
}

/** What an import shows and writes beside its result. */
class ImportView {
  private readonly bars: Record<ImportProgress['phase'], ProgressBar>;
  private rejectedFile: RejectedFile | null = null;
  private readonly rejectedPath: string | null;

  constructor(
    private readonly context: CommandContext,
    private readonly options: ImportContactsOptions,
    /** `file` as the operator wrote it, `source` in full. */
    private readonly origin: { file: string; source: string; delimiter: string | null },
  ) {
    const { environment, messages, terminal } = context;
    const barNamed = (label: string) => new ProgressBar(terminal.stderr, label, () => performance.now());
    this.bars = {
      checking: barNamed(messages.importContacts.checking),
      storing: barNamed(messages.importContacts.progress),
    };
    this.rejectedPath = options.rejected === undefined ? null : resolvePath(options.rejected, environment);
  }

  showProgress(progress: ImportProgress): void {
    const total = progress.phase === 'checking' ? 0 : progress.total;
    this.bars[progress.phase].update(progress.lines, total);
  }

  /** The file can be read: says what is understood of it, and opens the file of rejected lines. */
  showHead(headers: readonly string[], plan: ColumnPlan): void {
    const { messages, terminal, json } = this.context;
    const { importContacts: texts } = messages;
    this.bars.checking.clear();
    if (this.rejectedPath !== null) {
      // A workbook's reader has the separator of their language.
      const delimiter = this.origin.delimiter ?? (messages.locale.startsWith('fr') ? ';' : ',');
      const { source } = this.origin;
      this.rejectedFile = openRejectedFile(this.rejectedPath, { source, headers, delimiter }, messages);
    }
    if (json) return;
    const read = [...plan].map(([field, { header }]) => `${header} → ${texts.fields[field]}`);
    const used = new Set([...plan.values()].map(({ index }) => index));
    const unread = headers.filter((header, index) => !used.has(index) && header.trim() !== '');
    terminal.print(texts.title);
    terminal.print(RULE);
    terminal.printLine(texts.file(this.origin.file));
    terminal.printLine(texts.columns(read.join(', ')));
    if (unread.length > 0) terminal.printLine(texts.unread(unread.join(', ')));
    terminal.print(RULE);
  }

  writeRejected(row: Parameters<ImportContactsRequest['onRejected']>[0]): void {
    const { rejections } = this.context.messages.importContacts;
    const { line, column, reason, record } = row;
    this.rejectedFile?.write({ line, column, reason: rejections[reason], record });
  }

  showStored(contact: Parameters<ImportContactsRequest['onStored']>[0], how: StoredAs): void {
    const { terminal, verbose, json, messages } = this.context;
    if (!verbose || json) return;
    const { contact: named, stored } = messages.importContacts;
    const who = named(contact.phone, formatName(contact));
    this.bars.storing.clear();
    if (how.as === 'repeated') terminal.printLine(stored.repeated(how.line, who, how.firstLine));
    else terminal.printLine(stored[how.as](how.line, who));
  }

  /** Takes the bars off the screen and finishes the file of rejected lines. */
  close(): void {
    this.bars.checking.clear();
    this.bars.storing.clear();
    this.rejectedFile?.close();
    this.rejectedFile = null;
  }

  showReport(report: ImportReport): void {
    const { terminal, messages, json } = this.context;
    const { dryRun } = this.options;
    if (json) {
      terminal.printJson({ dryRun, ...report });
      return;
    }
    const { importContacts: texts } = messages;
    this.showErrors(report);
    terminal.print();
    terminal.print(terminal.colors.bold(texts.summary));
    for (const line of this.summaryOf(report)) terminal.print(`   ${line}`);
    terminal.print();
    const { rejected: file } = this.options;
    if (report.rejected > 0) {
      terminal.printLine(file === undefined ? texts.howToGetRejected : texts.rejectedWritten(file));
    }
    const finished = report.rejected === 0 ? texts.finished : texts.finishedWithErrors;
    terminal.print(dryRun ? texts.dryRunFinished : finished);
  }

  private showErrors({ errors, rejected }: ImportReport): void {
    const { terminal, messages } = this.context;
    const { importContacts: texts } = messages;
    const shown = errors.slice(0, MAX_SHOWN_ERRORS);
    for (const { line, column, reason, value } of shown) {
      const place = column === null ? texts.wholeLine(value) : texts.column(column, value);
      const sentence = texts.rejectedLine(line, place, texts.rejections[reason]);
      terminal.print(`${terminal.colors.red('✘')} ${visible(sentence)}`);
    }
    const more = rejected - shown.length;
    if (more > 0) terminal.print(texts.moreRejected(formatNumber(more, messages)));
  }

  private summaryOf(report: ImportReport): string[] {
    const { importContacts: texts } = this.context.messages;
    const { dryRun, skipDuplicates } = this.options;
    const count = (value: number): string => formatNumber(value, this.context.messages);
    const duplicates = skipDuplicates ? texts.duplicatesSkipped : texts.duplicatesCompleted;
    const opposed = dryRun ? texts.wouldBeOpposed : texts.opposed;
    return [
      texts.total(count(report.total)),
      (dryRun ? texts.wouldImport : texts.imported)(count(report.imported)),
      duplicates(count(report.duplicates)),
      ...(report.duplicatesInFile > 0
        ? [`   ${texts.duplicatesWhere(count(report.duplicatesInFile), count(report.duplicatesKnown))}`]
        : []),
      texts.rejected(count(report.rejected)),
      ...(report.elsewhere > 0 ? [texts.elsewhere(count(report.elsewhere))] : []),
      ...(report.opposed > 0 ? [opposed(count(report.opposed))] : []),
      ...(report.repaired > 0 ? [texts.repaired(count(report.repaired))] : []),
    ];
  }
}
