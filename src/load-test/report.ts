import type { CallResult } from '../call-engine/call-session.ts';
import type { TurnLatencies } from '../call-engine/ports.ts';
import type { CallCounts } from './call-meter.ts';
import type { LoadFigures } from './load-meter.ts';

/** What is kept of a call. */
export interface MadeCall extends Pick<CallResult, 'result' | 'hangupCause' | 'answered'> {
  /** One for each turn. */
  latencies: readonly TurnLatencies[];
  /** We hung up because the test was over: its result says nothing. */
  isCut: boolean;
}

export interface LoadReport {
  concurrent: number;
  seconds: number;
  calls: { made: number; answered: number; failed: number; cut: number; byResult: Record<string, number> };
  /** Of failed calls, by what the switch said. */
  failures: Record<string, number>;
  /** One for each turn. */
  latencies: readonly TurnLatencies[];
  counts: CallCounts;
  load: LoadFigures;
}

/** Results that say that the call could not be made or broke, whoever was called. */
const FAILED: ReadonlySet<string> = new Set(['failed', 'congestion', 'interrupted']);

export function isFailure({ result, isCut }: Pick<MadeCall, 'result' | 'isCut'>): boolean {
  return !isCut && FAILED.has(result);
}

export function reportOf(
  calls: readonly MadeCall[],
  measured: Pick<LoadReport, 'concurrent' | 'seconds' | 'counts' | 'load'>,
): LoadReport {
  const failed = calls.filter(isFailure);
  return {
    ...measured,
    seconds: Math.round(measured.seconds * 10) / 10,
    calls: {
      made: calls.length,
      answered: calls.filter(({ answered }) => answered).length,
      failed: failed.length,
      cut: calls.filter(({ isCut }) => isCut).length,
      byResult: countBy(calls.filter(({ isCut }) => !isCut).map(({ result }) => result)),
    },
    failures: countBy(failed.map(({ hangupCause }) => hangupCause)),
    latencies: calls.flatMap((call) => call.latencies),
  };
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
}
