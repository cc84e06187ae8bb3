import type { TurnLatencies } from '../call-engine/ports.ts';
import type { Config } from '../config.ts';
import { percentile } from '../percentile.ts';
import type { CommandContext } from './command-context.ts';
import { formatNumber } from './format.ts';
import type { Messages } from './language.ts';
import type { Cell } from './terminal.ts';

/** In the order in which they are shown; the last two are parts of the others and have no target. */
const LATENCIES = ['bargeIn', 'asr', 'intent', 'total', 'endpointing', 'response'] as const;
export type LatencyName = (typeof LATENCIES)[number];

export interface LatencyFigures {
  name: LatencyName;
  turns: number;
  p50Ms: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
  targetMs: number | null;
  /** Share of the turns (0–1) that kept to the target; null where there is none, or no turn. */
  withinTarget: number | null;
}

/** Figures of each kind of latency over the turns, beside `TARGET_*`. */
export function latencyFigures(
  turns: readonly TurnLatencies[],
  targets: Config['latencyTargets'],
): LatencyFigures[] {
  return LATENCIES.map((name) => figuresOf(name, turns, targets));
}

/** What each latency spans, with p50 and p95. */
export function printExplainedLatencies(context: CommandContext, figures: readonly LatencyFigures[]): void {
  const { benchmark: texts } = context.messages;
  context.terminal.printTable(
    [texts.latency, texts.turns, texts.p50, texts.p95, texts.target, texts.within, ''],
    figures.map((each) => [texts.names[each.name], ...cellsOf(each, ['p50Ms', 'p95Ms'], context)]),
  );
}

/** By their names alone, with p99 as well. */
export function printLatencies(context: CommandContext, figures: readonly LatencyFigures[]): void {
  const { benchmark: texts } = context.messages;
  context.terminal.printTable(
    [texts.latency, texts.turns, texts.p50, texts.p95, texts.p99, texts.target, texts.within, ''],
    figures.map((each) => [
      texts.names[each.name].split(' ')[0] ?? each.name,
      ...cellsOf(each, ['p50Ms', 'p95Ms', 'p99Ms'], context),
    ]),
  );
}

function figuresOf(
  name: LatencyName,
  turns: readonly TurnLatencies[],
  targets: Config['latencyTargets'],
): LatencyFigures {
  const values = turns.flatMap((turn) => turn[`${name}Ms`] ?? []);
  const targetMs = name === 'endpointing' || name === 'response' ? null : targets[`${name}Ms`];
  const kept = targetMs === null ? 0 : values.filter((value) => value <= targetMs).length;
  return {
    name,
    turns: values.length,
    p50Ms: rounded(percentile(values, 0.5)),
    p95Ms: rounded(percentile(values, 0.95)),
    p99Ms: rounded(percentile(values, 0.99)),
    targetMs,
    withinTarget: targetMs === null || values.length === 0 ? null : kept / values.length,
  };
}

function cellsOf(
  figures: LatencyFigures,
  percentiles: readonly ('p50Ms' | 'p95Ms' | 'p99Ms')[],
  { messages, terminal }: CommandContext,
): Cell[] {
  const { turns, p95Ms, targetMs, withinTarget } = figures;
  return [
    formatNumber(turns, messages),
    ...percentiles.map((name) => inMs(figures[name], messages)),
    inMs(targetMs, messages),
    withinTarget === null ? messages.none : `${formatNumber(Math.round(withinTarget * 100), messages)} %`,
    markOf(p95Ms, targetMs, terminal.colors),
  ];
}

function markOf(
  p95Ms: number | null,
  targetMs: number | null,
  colors: CommandContext['terminal']['colors'],
): Cell {
  if (p95Ms === null || targetMs === null) return '';
  return p95Ms <= targetMs ? { text: '✔', paint: colors.green } : { text: '✘', paint: colors.yellow };
}

function inMs(value: number | null, messages: Messages): string {
  return value === null ? messages.none : `${formatNumber(value, messages)} ms`;
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}
