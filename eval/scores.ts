import { percentile } from '../src/percentile.ts';
import type { ScoredRow, Subject, Verdict } from './evaluation.ts';

export interface Scores {
  /** Share of rows that are right, 0–1. */
  accuracy: number;
  /** Mean cost of a row. */
  weightedError: number;
  latencyMs: { p50: number | null; p95: number | null };
}

export function scoresOf(rows: readonly ScoredRow[], subject: Pick<Subject, 'costOf'>): Scores {
  const latencies = rows.map(({ latencyMs }) => latencyMs);
  return {
    accuracy: shareOf(rows, isRight) ?? 0,
    weightedError: mean(rows.map(({ expected, predicted }) => subject.costOf(expected, predicted))),
    latencyMs: { p50: percentile(latencies, 0.5), p95: percentile(latencies, 0.95) },
  };
}

export function isRight({ expected, predicted }: Pick<Verdict, 'expected' | 'predicted'>): boolean {
  return expected === predicted;
}

/** Share (0–1) of the items that `holds` is true for; null when there are none. */
export function shareOf<T>(items: readonly T[], holds: (item: T) => boolean): number | null {
  return items.length === 0 ? null : items.filter(holds).length / items.length;
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** How often what was meant (rows) was taken for what (columns). */
export interface ConfusionMatrix {
  actual: string[];
  taken: string[];
  /** `counts[i][j]`: rows of class `actual[i]` taken for `taken[j]`. */
  counts: number[][];
}

/** Only classes that occur, in alphabetical order. */
export function confusionMatrix(pairs: readonly { actual: string; taken: string }[]): ConfusionMatrix {
  const actual = [...new Set(pairs.map((pair) => pair.actual))].sort();
  const taken = [...new Set(pairs.map((pair) => pair.taken))].sort();
  const counts = actual.map((from) =>
    taken.map((to) => pairs.filter((pair) => pair.actual === from && pair.taken === to).length),
  );
  return { actual, taken, counts };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
