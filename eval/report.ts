import Table from 'cli-table3';
import pc from 'picocolors';
import { isMet, type Bar, type Details, type ScoredRow, type Subject } from './evaluation.ts';
import { confusionMatrix, percent, scoresOf, type ConfusionMatrix, type Scores } from './scores.ts';

/** What `--json` carries. */
export interface JsonReport extends Scores {
  evaluation: string;
  file: string;
  confusion: ConfusionMatrix;
  bars: (Bar & { isMet: boolean })[];
  details: Details[];
  /** The columns of the file and what was made of them. */
  rows: Record<string, string | number>[];
}

export function jsonReportOf(
  evaluation: string,
  file: string,
  rows: readonly ScoredRow[],
  subject: Subject,
): JsonReport {
  return {
    evaluation,
    file,
    ...scoresOf(rows, subject),
    confusion: confusionMatrix(rows.map((row) => subject.classOf(row))),
    bars: subject.bars(rows).map((bar) => ({ ...bar, isMet: isMet(bar) })),
    details: subject.details?.(rows) ?? [],
    rows: rows.map(({ row, expected, predicted, score, method, told }) => ({
      ...row.columns,
      expected,
      predicted,
      score,
      method,
      ...told,
    })),
  };
}

/** No colours of the table's own: what is coloured here is dropped where the output is no terminal. */
const PLAIN = {
  style: { head: [], border: [] },
  chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
};

/** The same figures for people. */
export function printReport(report: JsonReport): string {
  const { evaluation, file, rows, accuracy, weightedError, latencyMs, confusion, bars, details } = report;
  return [
    pc.bold(`${evaluation}: ${file}, ${rows.length} rows`),
    [
      `accuracy             ${percent(accuracy)}`,
      `cost-weighted error  ${weightedError.toFixed(3)} per row (0 is flawless)`,
      `latency              p50 ${milliseconds(latencyMs.p50)}, p95 ${milliseconds(latencyMs.p95)}`,
    ].join('\n'),
    `Meant (rows) and taken for (columns)\n${drawMatrix(confusion)}`,
    ...details.map(({ title, ...table }) => `${title}\n${drawTable(table)}`),
    bars.map(drawBar).join('\n'),
    '',
  ].join('\n\n');
}

function drawMatrix({ actual, taken, counts }: ConfusionMatrix): string {
  const rows = counts.map((row, index) => [
    actual[index] ?? '',
    ...row.map((count) => (count === 0 ? '·' : String(count))),
  ]);
  return drawTable({ head: ['', ...taken], rows });
}

export function drawTable({ head, rows }: Pick<Details, 'head' | 'rows'>): string {
  const table = new Table({ ...PLAIN, head });
  table.push(...rows);
  return table.toString();
}

function drawBar(bar: Bar): string {
  const measured = bar.measured === null ? 'not measured' : percent(bar.measured);
  const sign = bar.direction === 'at-least' ? '≥' : '≤';
  const line = `${isMet(bar) ? '✔' : '✘'} ${bar.name}: ${measured}, bar ${sign} ${percent(bar.limit)}`;
  return isMet(bar) ? pc.green(line) : pc.yellow(line);
}

function milliseconds(value: number | null): string {
  return value === null ? '–' : `${value.toFixed(3)} ms`;
}
