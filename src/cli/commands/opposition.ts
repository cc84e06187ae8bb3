import path from 'node:path';
import { openContactTable } from '../../contacts/open-contact-table.ts';
import { readOppositions, type OppositionRow } from '../../contacts/read-oppositions.ts';
import type { Executor } from '../../db/client.ts';
import {
  findOpposition,
  liftOpposition,
  pageOppositions,
  recordOppositions,
  type NewOpposition,
} from '../../db/oppositions.ts';
import type { CommandContext } from '../command-context.ts';
import { csvLine } from '../../exports/csv.ts';
import { formatInstant, formatNumber } from '../format.ts';
import { readFileHead, resolvePath } from '../input-file.ts';
import { ProgressBar } from '../progress.ts';
import { withDatabase } from '../resources.ts';
import { EXIT } from '../run-command.ts';
import { withPhone } from '../with-phone.ts';

const BATCH = 1_000;
const MAX_SHOWN_REJECTED = 20;

/** Puts one number on the list, and ends whatever waits for it. */
export async function runOppositionAdd(
  context: CommandContext,
  given: string,
  { reason }: { reason: string },
): Promise<undefined> {
  const { phone, ...done } = await withPhone(context, given, async (db, person) => {
    const entry = { ...person, reason, source: 'operator', sourceCallId: null, since: null };
    const changed = await db.transaction((tx) => recordOppositions(tx, [entry]));
    return { phone: person.phone, ...changed };
  });
  if (context.json) context.terminal.printJson(done);
  else {
    const { opposition: texts } = context.messages;
    context.terminal.print(done.added === 0 ? texts.known(phone) : texts.added(phone));
    if (done.cancelled > 0) context.terminal.print(texts.cancelled(done.cancelled));
  }
  return undefined;
}

/** Takes one number off the list; the ledger keeps why. Exit status 1 when it was not on it. */
export async function runOppositionRemove(
  context: CommandContext,
  given: string,
  { reason }: { reason: string },
): Promise<number> {
  const { phone, wasOn } = await withPhone(context, given, async (db, { phone: number, subject }) => ({
    phone: number,
    wasOn: await db.transaction((tx) => liftOpposition(tx, { subject, reason })),
  }));
  const { opposition: texts } = context.messages;
  if (context.json) context.terminal.printJson({ removed: wasOn });
  else context.terminal.print(wasOn ? texts.removed(phone) : texts.notOn(phone));
  return wasOn ? EXIT.ok : EXIT.failed;
}

/** Whether a number is on the list. Exit status 0 in either case. */
export async function runOppositionCheck(context: CommandContext, given: string): Promise<undefined> {
  const { messages, terminal } = context;
  const { phone, entry } = await withPhone(context, given, async (db, { phone: number, subject }) => ({
    phone: number,
    entry: await findOpposition(db, subject),
  }));
  if (context.json) terminal.printJson({ opposed: entry !== null, entry });
  else if (entry === null) terminal.print(messages.opposition.notOn(phone));
  else {
    const since = formatInstant(entry.createdAt, messages);
    terminal.printLine(messages.opposition.isOn(phone, since, entry.reason, entry.source));
  }
  return undefined;
}

/** Adds a file of numbers. What cannot be read is named and left out; running it again adds nobody twice. */
export async function runOppositionImport(
  context: CommandContext,
  file: string,
  { reason }: { reason: string },
): Promise<number> {
  const { environment, messages, terminal, signal } = context;
  const source = resolvePath(file, environment);
  const table = await openContactTable(source, {
    head: await readFileHead(source, messages),
    sheet: null,
  });
  const report = { added: 0, known: 0, cancelled: 0, rejected: 0 };
  const rejected: Extract<OppositionRow, { kind: 'rejected' }>[] = [];
  await withDatabase(context, async ({ db, fingerprint: openFingerprint }) => {
    const fingerprint = await openFingerprint();
    const progress = new ProgressBar(terminal.stderr, messages.opposition.importing, () => performance.now());
    let batch: NewOpposition[] = [];
    const store = async (): Promise<void> => {
      signal.throwIfAborted();
      const { added, cancelled } = await storeBatch(db, batch);
      report.added += added;
      report.known += batch.length - added;
      report.cancelled += cancelled;
      batch = [];
      progress.update(report.added + report.known, 0);
    };
    try {
      for await (const row of readOppositions(table)) {
        if (row.kind === 'rejected') {
          report.rejected += 1;
          if (rejected.length < MAX_SHOWN_REJECTED) rejected.push(row);
          continue;
        }
        batch.push({
          subject: row.kind === 'number' ? fingerprint(row.phone) : row.subject,
          phone: row.kind === 'number' ? row.phone : null,
          reason: row.reason ?? reason,
          source: path.basename(file),
          sourceCallId: null,
          since: null,
        });
        if (batch.length >= BATCH) await store();
      }
      await store();
    } finally {
      progress.clear();
    }
  });
  if (context.json) {
    terminal.printJson({ ...report, rejectedLines: rejected });
  } else {
    const { opposition: texts } = messages;
    for (const { line, value, problem } of rejected) {
      terminal.printLine(texts.rejectedLine(line, value, messages.importContacts.rejections[problem]));
    }
    const count = (value: number): string => formatNumber(value, messages);
    terminal.print(texts.imported(count(report.added), count(report.known), count(report.rejected)));
    if (report.cancelled > 0) terminal.print(texts.cancelled(report.cancelled));
  }
  return report.rejected > 0 && report.added + report.known === 0 ? EXIT.failed : EXIT.ok;
}

function storeBatch(db: Executor, batch: readonly NewOpposition[]) {
  return db.transaction((tx) => recordOppositions(tx, batch));
}

/** The list as CSV: fingerprints, which `import` reads again under the same key. No number can be got out of it. */
export async function runOppositionExport(context: CommandContext): Promise<undefined> {
  const { terminal, signal } = context;
  await withDatabase(context, async ({ db, fingerprint }) => {
    await fingerprint();
    terminal.stdout.write(csvLine(['fingerprint', 'reason', 'source', 'since']));
    for (let after = ''; ;) {
      signal.throwIfAborted();
      const page = await pageOppositions(db, { after, batch: BATCH });
      const last = page.at(-1);
      if (last === undefined) return;
      for (const { subject, reason, source, createdAt } of page) {
        terminal.stdout.write(csvLine([subject, reason, source, createdAt.toISOString()]));
      }
      after = last.subject;
    }
  });
  return undefined;
}
