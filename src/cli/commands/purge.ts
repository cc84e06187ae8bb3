import { countPurgeable, purge } from '../../recordings/purge.ts';
import type { CommandContext } from '../command-context.ts';
import { formatNumber } from '../format.ts';
import { ProgressBar } from '../progress.ts';
import { withDatabase } from '../resources.ts';

/** Removes what has been kept for as long as it may. Interrupted, it goes on where it stopped. */
export async function runPurge(context: CommandContext, { dryRun }: { dryRun: boolean }): Promise<undefined> {
  const { messages, terminal, signal } = context;
  const { purge: texts } = messages;
  await withDatabase(context, async ({ db, config }) => {
    const directory = config.freeswitch.recordingsDir;
    const rules = config.retention;
    const deps = { db, directory, rules, now: () => new Date() };
    const number = (value: number): string => formatNumber(value, messages);
    if (dryRun) {
      const due = await countPurgeable(deps);
      if (context.json) {
        terminal.printJson({ dryRun: true, ...due, rules });
        return;
      }
      terminal.print(texts.wouldRecordings(number(due.recordings), number(rules.recordingDays)));
      terminal.print(texts.wouldTranscripts(number(due.transcripts), number(rules.transcriptDays)));
      terminal.print(texts.dryRunFinished);
      return;
    }
    const progress = new ProgressBar(terminal.stderr, texts.progress, () => performance.now());
    const report = await purge(deps, {
      signal,
      onProgress: (done, total) => progress.update(done, total),
    }).finally(() => progress.clear());
    if (context.json) {
      terminal.printJson({ ...report, rules });
      return;
    }
    terminal.print(texts.recordings(number(report.recordings), number(rules.recordingDays)));
    terminal.print(texts.transcripts(number(report.transcripts), number(rules.transcriptDays)));
    if (report.leftovers > 0) terminal.print(texts.leftovers(number(report.leftovers)));
    if (report.elsewhere > 0) {
      terminal.printWarning(messages.warningLabel, texts.elsewhere(number(report.elsewhere), directory));
    }
  });
  return undefined;
}
