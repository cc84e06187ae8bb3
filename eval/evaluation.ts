import type { TsvRow } from './tsv.ts';

/** One of the things that `npm run eval` scores. */
export interface Evaluation {
  /** What it is called on the command line. */
  name: string;
  description: string;
  /** Columns that a file must have; others are allowed. */
  columns: readonly string[];
  /** Scored without `--file`, relative to the project's folder: data that nothing was tuned on. */
  defaultFile: string;
  /** Checks the labels (throws an `OperatorError` with the line) and makes ready what is to be scored. */
  prepare(context: EvaluationContext): Promise<Subject>;
}

export interface EvaluationContext {
  /** The project's folder. */
  root: string;
  /** Where the rows come from, for messages. */
  file: string;
  rows: readonly TsvRow[];
}

/** A part of the engine, ready to answer. */
export interface Subject {
  /** What each row should come to, in the order of the rows. */
  expected: readonly string[];
  /** The timed part. */
  predict(row: TsvRow): Prediction;
  /** What it costs to act on `predicted` where `expected` was meant; 0 where they are the same. */
  costOf(expected: string, predicted: string): number;
  /** Where a row is counted in the confusion matrix. */
  classOf(verdict: Verdict): { actual: string; taken: string };
  /** The figures that the project promises, measured. */
  bars(rows: readonly ScoredRow[]): Bar[];
  /** What only this evaluation can tell. */
  details?(rows: readonly ScoredRow[]): Details[];
}

/** A table, ready to read. */
export interface Details {
  title: string;
  head: string[];
  rows: string[][];
}

export interface Prediction {
  predicted: string;
  /** 0–1. */
  score: number;
  /** The path that decided. */
  method: string;
  /** More columns for the row in the report. */
  told?: Readonly<Record<string, string | number>>;
}

export interface Verdict extends Prediction {
  expected: string;
}

/** A row with what was made of it. */
export interface ScoredRow extends Verdict {
  row: TsvRow;
  latencyMs: number;
}

/** A share (0–1) and the bound it is held against. */
export interface Bar {
  name: string;
  /** Null: no row speaks for it. */
  measured: number | null;
  limit: number;
  direction: 'at-least' | 'at-most';
}

/** Whether a measured share keeps to its bound; something unmeasured does not. */
export function isMet({ measured, limit, direction }: Bar): boolean {
  if (measured === null) return false;
  return direction === 'at-least' ? measured >= limit : measured <= limit;
}

/** The rows that the first run, which compiles the code, goes through untimed. */
const WARM_UP_ROWS = 200;

/** Puts every row to the subject, one after the other, and times each. */
export function scoreRows(rows: readonly TsvRow[], subject: Subject): ScoredRow[] {
  for (const row of rows.slice(0, WARM_UP_ROWS)) subject.predict(row);
  return rows.map((row, index): ScoredRow => {
    const startedAt = performance.now();
    const prediction = subject.predict(row);
    const latencyMs = performance.now() - startedAt;
    return { row, expected: subject.expected[index] ?? '', ...prediction, latencyMs };
  });
}
