import { pauseCampaign, resumeCampaign } from '../../campaigns/lifecycle.ts';
import { watchCampaign } from '../../db/campaign-watch.ts';
import { listCampaigns } from '../../db/campaigns.ts';
import type { Executor } from '../../db/client.ts';
import type { Campaign } from '../../db/schema.ts';
import { OperatorError } from '../../errors.ts';
import type { CommandContext } from '../command-context.ts';
import { findCampaignBy } from '../find-campaign.ts';
import { FigureLog } from '../monitor/figure-log.ts';
import { follow } from '../monitor/follow.ts';
import { JsonOutput, OnceOutput, PlainOutput, type MonitorOutput } from '../monitor/outputs.ts';
import { ScreenOutput, type ScreenActions } from '../monitor/screen-output.ts';
import { withDatabase, withQueues, type DatabaseResources } from '../resources.ts';
import { Terminal } from '../terminal.ts';

export interface MonitorOptions {
  campaignId?: number;
  refresh: number;
  showLiveCalls: boolean;
  /** True: a file of the usual name. */
  exportCsv?: string | true;
  once: boolean;
}

/** Shows a campaign until it has ended, or until nobody wants to see it any more. */
export async function runMonitorCampaign(
  context: CommandContext,
  given: string | undefined,
  options: MonitorOptions,
): Promise<undefined> {
  if (given !== undefined && options.campaignId !== undefined) {
    throw new OperatorError('campaign_twice', context.messages.live.monitor.bothGiven);
  }
  await withDatabase(quietly(context, options), async (resources) => {
    const { id } = await campaignOf(context, resources.db, options.campaignId?.toString() ?? given);
    const log = await openLog(context, id, options);
    await show(context, resources, { id, log, options });
    if (log !== null) context.terminal.printNote(context.messages.live.monitor.csvWritten(log.file));
  });
  context.signal.throwIfAborted();
  return undefined;
}

async function show(
  context: CommandContext,
  { db, config }: DatabaseResources,
  { id, log, options }: { id: number; log: FigureLog | null; options: MonitorOptions },
): Promise<void> {
  const { messages, terminal } = context;
  const quit = new AbortController();
  let lookNow = (): void => undefined;
  const output = outputFor(context, options, {
    steer: async (verb) => {
      const change = verb === 'pause' ? pauseCampaign : resumeCampaign;
      await withQueues(quietly(context, options), (queues) => change(queues, id));
      lookNow();
    },
    quit: () => quit.abort(),
    now: () => new Date(),
  });
  try {
    const { watch } = await follow(
      {
        read: async () => {
          const seen = await watchCampaign(db, id);
          if (seen === null) throw new OperatorError('campaign_unknown', messages.campaign.unknown(id));
          return seen;
        },
        targets: config.latencyTargets,
        now: () => new Date(),
      },
      output,
      {
        refreshMs: options.refresh,
        showLiveCalls: options.showLiveCalls,
        once: options.once,
        onLook: async (view) => log?.add(view),
        signal: AbortSignal.any([context.signal, quit.signal]),
        onReady: (look) => {
          lookNow = look;
        },
      },
    );
    output.close();
    const { status } = watch.campaign;
    const hasEnded = status === 'completed' || status === 'cancelled';
    if (hasEnded && !context.json && !options.once) {
      terminal.printNote(messages.live.monitor.ended(id, messages.campaign.statuses[status]));
    }
  } finally {
    output.close();
  }
}

function outputFor(context: CommandContext, options: MonitorOptions, actions: ScreenActions): MonitorOutput {
  const { terminal, messages, stdin } = context;
  if (context.json) return new JsonOutput(terminal);
  if (options.once) return new OnceOutput(terminal, messages);
  if (terminal.stdout.isTTY !== true) return new PlainOutput(terminal, messages);
  return new ScreenOutput(terminal, stdin, messages, actions);
}

/** By number or name; without either, the only one that is under way. */
async function campaignOf(
  { messages }: CommandContext,
  db: Executor,
  given: string | undefined,
): Promise<Campaign> {
  const { monitor: texts } = messages.live;
  if (given !== undefined) return findCampaignBy(db, given, messages);
  const underWay = await listCampaigns(db, { statuses: ['running', 'paused'] });
  const [only, ...others] = underWay;
  if (only === undefined) throw new OperatorError('campaign_missing', texts.noneUnderWay);
  if (others.length === 0) return only;
  const list = underWay.map(({ id, name }) => `${id} “${name}”`).join(', ');
  throw new OperatorError('campaign_missing', texts.severalUnderWay(list));
}

async function openLog(
  { messages }: CommandContext,
  id: number,
  { exportCsv }: MonitorOptions,
): Promise<FigureLog | null> {
  if (exportCsv === undefined) return null;
  return FigureLog.open(exportCsv === true ? `campaign-${id}.csv` : exportCsv, messages);
}

/** A log line would tear the screen; what it would say of the database stands there anyway. LOG_DIR gets it as ever. */
function quietly(context: CommandContext, options: MonitorOptions): CommandContext {
  const { terminal, environment } = context;
  if (terminal.stdout.isTTY !== true || context.json || options.once) return context;
  return { ...context, terminal: new Terminal(terminal.stdout, { write: () => undefined }, environment) };
}
