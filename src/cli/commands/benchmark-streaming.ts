import { findCampaign } from '../../db/campaigns.ts';
import { latestLatencies } from '../../db/latencies.ts';
import { OperatorError } from '../../errors.ts';
import type { CommandContext } from '../command-context.ts';
import { formatNumber } from '../format.ts';
import { latencyFigures, printExplainedLatencies, type LatencyFigures } from '../latencies.ts';
import { makeLoad, type LoadOptions } from '../make-load.ts';
import { withDatabase } from '../resources.ts';

export interface BenchmarkStreamingOptions extends Pick<LoadOptions, 'scenario' | 'yesThisIsMySwitch'> {
  campaign?: number;
  last: number;
  /** Makes calls now and measures those, on the simulator or on the configured switch. */
  simulator: boolean;
  switch: boolean;
  /** Seconds of calls. */
  duration: number;
}

interface Measured {
  campaignId: number | null;
  calls: number;
  turns: number;
  latencies: LatencyFigures[];
}

/** What was measured in the last calls, or in calls that are made for it, beside `TARGET_*`. */
export async function runBenchmarkStreaming(
  context: CommandContext,
  options: BenchmarkStreamingOptions,
): Promise<undefined> {
  const { messages, terminal } = context;
  const { benchmark: texts } = messages;
  const makesCalls = options.simulator || options.switch;
  if (makesCalls && options.campaign !== undefined) {
    throw new OperatorError('benchmark_options', texts.eitherOr);
  }
  const measured = await (makesCalls ? measureNow(context, options) : measureLast(context, options));
  if (context.json) {
    terminal.printJson(measured);
    return undefined;
  }
  if (measured.turns === 0) {
    terminal.print(makesCalls ? texts.noneNow : texts.none);
    return undefined;
  }
  const title = makesCalls ? texts.titleNow : texts.title;
  terminal.printHeading(
    title(formatNumber(measured.calls, messages), formatNumber(measured.turns, messages)),
  );
  printExplainedLatencies(context, measured.latencies);
  terminal.print();
  terminal.print(texts.meaning);
  return undefined;
}

/** One call at a time: what the latencies are with nothing else to do. */
async function measureNow(context: CommandContext, options: BenchmarkStreamingOptions): Promise<Measured> {
  const { config, report } = await makeLoad(context, { ...options, concurrent: 1 });
  context.signal.throwIfAborted();
  const { calls, latencies } = report;
  return {
    campaignId: null,
    calls: calls.answered,
    turns: latencies.length,
    latencies: latencyFigures(latencies, config.latencyTargets),
  };
}

function measureLast(context: CommandContext, options: BenchmarkStreamingOptions): Promise<Measured> {
  return withDatabase(context, async ({ db, config }) => {
    const campaignId = options.campaign ?? null;
    if (campaignId !== null && (await findCampaign(db, campaignId)) === null) {
      throw new OperatorError('campaign_unknown', context.messages.campaign.unknown(campaignId));
    }
    const { calls, turns } = await latestLatencies(db, { campaignId, lastCalls: options.last });
    const latencies = latencyFigures(turns, config.latencyTargets);
    return { campaignId, calls, turns: turns.length, latencies };
  });
}
