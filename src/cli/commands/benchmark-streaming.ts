import type { TurnLatencies } from '../../call-engine/ports.ts';
import type { Config } from '../../config.ts';
import { findCampaign } from '../../db/campaigns.ts';
import { latestLatencies } from '../../db/latencies.ts';
import { OperatorError } from '../../errors.ts';
import { percentile } from '../../percentile.ts';
import type { CommandContext } from '../command-context.ts';
import { formatNumber } from '../format.ts';
import type { Messages } from '../language.ts';
import { withDatabase } from '../resources.ts';
import type { Cell } from '../terminal.ts';

export interface BenchmarkStreamingOptions {
  campaign?: number;
  last: number;
}

/** In the order in which they are shown; the last two are parts of the others and have no target. */
const LATENCIES = ['bargeIn', 'asr', 'intent', 'total', 'endpointing', 'response'] as const;
export type LatencyName = (typeof LATENCIES)[number];

interface LatencyFigures {
  name: LatencyName;
  turns: number;
  p50Ms: number | null;
  p95Ms: number | null;
  targetMs: number | null;
  /** Share of the turns (0–1) that kept to the target; null where there is none, or no turn. */
  withinTarget: number | null;
}

/** What was measured in the last calls, beside `TARGET_*`. */
export async function runBenchmarkStreaming(
  context: CommandContext,
  options: BenchmarkStreamingOptions,
): Promise<undefined> {
  const { messages, terminal } = context;
  const { benchmark: texts } = messages;
  await withDatabase(context, async ({ db, config }) => {
    const campaignId = options.campaign ?? null;
    if (campaignId !== null && (await findCampaign(db, campaignId)) === null) {
      throw new OperatorError('campaign_unknown', messages.campaign.unknown(campaignId));
    }
    const { calls, turns } = await latestLatencies(db, { campaignId, lastCalls: options.last });
    const figures = LATENCIES.map((name) => figuresOf(name, turns, config.latencyTargets));
    if (context.json) {
      terminal.printJson({ campaignId, calls, turns: turns.length, latencies: figures });
      return;
    }
    if (turns.length === 0) {
      terminal.print(texts.none);
      return;
    }
    terminal.printHeading(texts.title(formatNumber(calls, messages), formatNumber(turns.length, messages)));
    terminal.printTable(
      [texts.latency, texts.turns, texts.p50, texts.p95, texts.target, texts.within, ''],
      figures.map((each) => rowOf(each, context)),
    );
    terminal.print();
    terminal.print(texts.meaning);
  });
  return undefined;
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
    targetMs,
    withinTarget: targetMs === null || values.length === 0 ? null : kept / values.length,
  };
}

function rowOf(figures: LatencyFigures, { messages, terminal }: CommandContext): Cell[] {
  const { name, turns, p50Ms, p95Ms, targetMs, withinTarget } = figures;
  return [
    messages.benchmark.names[name],
    formatNumber(turns, messages),
    inMs(p50Ms, messages),
    inMs(p95Ms, messages),
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
