import path from 'node:path';
import type { ColumnChoice } from '../../contacts/columns.ts';
import {
  importContacts,
  ImportInterruptedError,
  type ContactSink,
  type ImportContactsRequest,
} from '../../contacts/import-contacts.ts';
import type { Fingerprint } from '../../compliance/fingerprint.ts';
import { storeContacts } from '../../db/contacts.ts';
import type { Executor } from '../../db/client.ts';
import { rehearse } from '../../db/rehearse.ts';
import { OperatorError } from '../../errors.ts';
import { FRENCH_COUNTRY_CODES } from '../../phone/numbering-plan.ts';
import type { CommandContext } from '../command-context.ts';
import { formatName, formatNumber } from '../format.ts';
import { openTextFile, resolvePath } from '../input-file.ts';
import { ProgressBar } from '../progress.ts';
import { openRejectedFile, type RejectedFile } from '../rejected-file.ts';
import { innermostMessage } from '../report-error.ts';
import { withDatabase } from '../resources.ts';
import { visible } from '../visible.ts';

export interface ImportContactsOptions {
  phoneCol?: string;
  nameCol?: string;
  emailCol?: string;
  validatePhones: boolean;
  skipDuplicates: boolean;
  addTags: string[];
  batchSize: number;
  rejected?: string;
  dryRun: boolean;
}

type ImportReport = Awaited<ReturnType<typeof importContacts>>;

/** More would push the summary off the screen. */
const MAX_SHOWN_ERRORS = 20;

/** Imports a file of contacts. With `--dry-run` the same work is done and undone. */
export async function runImportContacts(
  context: CommandContext,
  file: string,
  options: ImportContactsOptions,
): Promise<undefined> {
  const { environment, messages, terminal } = context;
  const open = await openTextFile(resolvePath(file, environment), messages);
  const rejectedPath = options.rejected === undefined ? null : resolvePath(options.rejected, environment);
  await withDatabase(context, async ({ db, fingerprint: openFingerprint }) => {
    const fingerprint = await openFingerprint();
    const rejected = rejectedPath === null ? null : openRejectedFile(rejectedPath, messages);
    const progress = new ProgressBar(terminal.stderr, messages.importContacts.progress, () =>
      performance.now(),
    );
    try {
      if (!context.json) printHead(context, file);
      const request = requestFor(context, options, { open, rejected, progress });
      const work = (tx: Executor) =>
        importContacts(
          request,
          sinkInto(tx, { fingerprint, source: path.basename(file) }, context, options, progress),
        );
      const report = await (options.dryRun ? rehearse(db, work) : work(db)).catch((error: unknown) => {
        throw explainInterruption(error, context, options);
      });
      progress.clear();
      if (context.json) terminal.printJson({ dryRun: options.dryRun, ...report });
      else printReport(context, report, options, rejectedPath);
    } finally {
      progress.clear();
      rejected?.close();
    }
  });
  return undefined;
}

function requestFor(
  { messages, signal }: CommandContext,
  options: ImportContactsOptions,
  {
    open,
    rejected,
    progress,
  }: { open: ImportContactsRequest['open']; rejected: RejectedFile | null; progress: ProgressBar },
): ImportContactsRequest {
  progress.update(0, 0);
  return {
    open,
    columns: chosenColumns(options),
    addTags: options.addTags,
    allowedCountryCodes: FRENCH_COUNTRY_CODES,
    strictNumbers: options.validatePhones,
    now: new Date(),
    batchSize: options.batchSize,
    onProgress: ({ lines, total }) => progress.update(lines, total),
    onRejected: ({ line, column, reason, record }) =>
      rejected?.write({ line, column, reason: messages.importContacts.rejections[reason], record }),
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

function sinkInto(
  db: Executor,
  origin: { fingerprint: Fingerprint; source: string },
  { messages, terminal, verbose, json }: CommandContext,
  { skipDuplicates }: ImportContactsOptions,
  progress: ProgressBar,
): ContactSink {
  return async (batch) => {
    const stored = await storeContacts(db, batch, { ...origin, skipDuplicates });
    if (verbose && !json) {
      progress.clear();
      for (const contact of batch.contacts) {
        terminal.print(visible(messages.importContacts.contact(contact.phone, formatName(contact))));
      }
    }
    return stored;
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

function printHead({ messages, terminal }: CommandContext, file: string): void {
  const rule = '═'.repeat(36);
  terminal.print(messages.importContacts.title);
  terminal.print(rule);
  terminal.print(visible(messages.importContacts.file(file)));
  terminal.print(rule);
}

function printReport(
  { messages, terminal }: CommandContext,
  report: ImportReport,
  { dryRun, skipDuplicates }: ImportContactsOptions,
  rejectedPath: string | null,
): void {
  const texts = messages.importContacts;
  const count = (value: number): string => formatNumber(value, messages);
  const shown = report.errors.slice(0, MAX_SHOWN_ERRORS);
  for (const { line, column, reason, value } of shown) {
    const place = column === null ? texts.wholeLine(value) : texts.column(column, value);
    const sentence = texts.rejectedLine(line, place, texts.rejections[reason]);
    terminal.print(`${terminal.colors.red('✘')} ${visible(sentence)}`);
  }
  if (report.rejected > shown.length)
    terminal.print(texts.moreRejected(count(report.rejected - shown.length)));
  terminal.print();
  terminal.print(terminal.colors.bold(texts.summary));
  const duplicates = skipDuplicates ? texts.duplicatesSkipped : texts.duplicatesCompleted;
  const lines = [
    texts.total(count(report.total)),
    (dryRun ? texts.wouldImport : texts.imported)(count(report.imported)),
    duplicates(count(report.duplicates)),
    texts.rejected(count(report.rejected)),
    ...(report.opposed > 0 ? [texts.opposed(count(report.opposed))] : []),
    ...(report.repaired > 0 ? [texts.repaired(count(report.repaired))] : []),
  ];
  for (const line of lines) terminal.print(`   ${line}`);
  terminal.print();
  if (rejectedPath !== null && report.rejected > 0)
    terminal.print(visible(texts.rejectedWritten(rejectedPath)));
  terminal.print(verdict(texts, report, dryRun));
}

function verdict(
  texts: CommandContext['messages']['importContacts'],
  report: ImportReport,
  dryRun: boolean,
): string {
  if (dryRun) return texts.dryRunFinished;
  return report.rejected === 0 ? texts.finished : texts.finishedWithErrors;
}
