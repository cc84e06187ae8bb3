import {
  validateContacts,
  type Finding,
  type ValidateContactsRequest,
  type ValidationReport,
} from '../../contacts/validate-contacts.ts';
import { FRENCH_COUNTRY_CODES } from '../../phone/numbering-plan.ts';
import type { CommandContext } from '../command-context.ts';
import { formatNumber } from '../format.ts';
import { ProgressBar } from '../progress.ts';
import { withDatabase } from '../resources.ts';

export type ValidateContactsOptions = Pick<
  ValidateContactsRequest,
  'formatFrench' | 'dedupe' | 'cleanInvalid' | 'dryRun'
>;

const BATCH = 2000;
/** More would push the summary off the screen. */
const MAX_SHOWN = 20;

/** Looks all contacts through; changes only what an option asks for. Exit status 0 whatever it finds. */
export async function runValidateContacts(
  context: CommandContext,
  options: ValidateContactsOptions,
): Promise<undefined> {
  const { messages, terminal, signal, json, verbose } = context;
  const { validateContacts: texts } = messages;
  await withDatabase(context, async ({ db, fingerprint }) => {
    const progress = new ProgressBar(terminal.stderr, texts.progress, () => performance.now());
    let shown = 0;
    try {
      const report = await validateContacts(db, await fingerprint(), {
        ...options,
        allowedCountryCodes: FRENCH_COUNTRY_CODES,
        batchSize: BATCH,
        onProgress: ({ done, total }) => progress.update(done, total),
        onFinding: (finding) => {
          if (json || (shown >= MAX_SHOWN && !verbose)) return;
          shown += 1;
          progress.clear();
          terminal.printLine(sentenceOf(finding, options.dryRun, context));
        },
        signal,
      });
      progress.clear();
      if (json) terminal.printJson({ dryRun: options.dryRun, ...report });
      else printReport(context, report, options, shown);
    } finally {
      progress.clear();
    }
  });
  return undefined;
}

function sentenceOf(finding: Finding, dryRun: boolean, { messages }: CommandContext): string {
  const { validateContacts: texts, importContacts } = messages;
  const { id, phone } = finding;
  const told = (dryRun ? texts.treatmentsIfReal : texts.treatments)[finding.kind][finding.treatment];
  switch (finding.kind) {
    case 'misformed':
      return texts.misformed(id, phone, finding.correct) + told;
    case 'duplicate':
      return texts.duplicate(id, phone, finding.correct, finding.of) + told;
    case 'invalid':
      return texts.invalid(id, phone, importContacts.rejections[finding.reason]) + told;
  }
}

function printReport(
  { messages, terminal }: CommandContext,
  report: ValidationReport,
  { dryRun, formatFrench, dedupe, cleanInvalid }: ValidateContactsOptions,
  shown: number,
): void {
  const { validateContacts: texts } = messages;
  const count = (value: number): string => formatNumber(value, messages);
  const more = report.misformed + report.duplicates + report.invalid - shown;
  if (more > 0) terminal.print(texts.more(count(more)));
  terminal.print();
  terminal.print(terminal.colors.bold(texts.summary));
  const lines = [
    texts.total(count(report.total)),
    texts.fine(count(report.fine)),
    texts.misformedCount(count(report.misformed), formatFrench ? count(report.corrected) : null),
    texts.duplicateCount(count(report.duplicates), dedupe ? count(report.merged) : null),
    texts.invalidCount(count(report.invalid), cleanInvalid ? count(report.cleaned) : null),
    ...(report.busy > 0 ? [texts.busy(count(report.busy))] : []),
  ];
  for (const line of lines) terminal.print(`   ${line}`);
  terminal.print();
  if (dryRun) terminal.print(texts.dryRunFinished);
  else if (report.misformed > report.corrected && !formatFrench) terminal.print(texts.tryFormat);
  if (report.duplicates > report.merged && !dedupe) terminal.print(texts.tryDedupe);
  if (report.invalid > report.cleaned && !cleanInvalid) terminal.print(texts.tryClean);
}
