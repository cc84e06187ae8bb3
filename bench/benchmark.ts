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

export function showFigure(value: number | null): string {
  return value === null ? '–' : String(value);
}
