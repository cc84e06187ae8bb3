import { percentile } from '../src/percentile.ts';

/** One of the things that `npm run bench` measures. */
export interface Benchmark {
  /** What it is called on the command line. */
  name: string;
  run(context: BenchContext): Promise<BenchOutcome>;
}

export interface BenchContext {
  /** The project's folder. */
  root: string;
  /** Less of everything: shows that it works, not how fast. */
  quick: boolean;
  onProgress: (line: string) => void;
  signal: AbortSignal;
}

export interface BenchOutcome {
  /** What was measured, for programs. */
  figures: Record<string, unknown>;
  /** The same for people. */
  tables: BenchTable[];
  bars: Bar[];
  /** Why the figures are worth nothing; empty when they are sound. */
  faults: string[];
}

export interface BenchTable {
  title: string;
  head: string[];
  rows: string[][];
}

/** A figure and what it must stay under. */
export interface Bar {
  name: string;
  limitMs: number;
  /** Null: nothing was measured. */
  measuredMs: number | null;
  isMet: boolean;
}

export function barUnder(name: string, limitMs: number, measuredMs: number | null): Bar {
  return { name, limitMs, measuredMs, isMet: measuredMs !== null && measuredMs < limitMs };
}

/** How a figure is spread, in its own unit. */
export interface Spread {
  count: number;
  p50: number | null;
  p95: number | null;
  p99: number | null;
  max: number | null;
}

export function spreadOf(values: readonly number[]): Spread {
  const at = (share: number) => rounded(percentile(values, share));
  return { count: values.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 10) / 10;
}

export function showFigure(value: number | null): string {
  return value === null ? '–' : String(value);
}
