import { setTimeout as delay } from 'node:timers/promises';
import { outlookOf } from '../../campaigns/outlook.ts';
import type { Config } from '../../config.ts';
import type { CampaignWatch } from '../../db/campaign-watch.ts';
import { isTransientDatabaseError } from '../../db/connection-errors.ts';
import { DeadlineError, withDeadline } from '../../deadline.ts';
import { latencyFigures } from '../latencies.ts';
import type { MonitorOutput } from './outputs.ts';
import type { MonitorView } from './view.ts';

export interface FollowDeps {
  /** Rejects when there is no such campaign. */
  read: () => Promise<CampaignWatch>;
  targets: Config['latencyTargets'];
  now: () => Date;
}

export interface FollowOptions {
  refreshMs: number;
  showLiveCalls: boolean;
  /** One look and no more. */
  once: boolean;
  /** Told with every look that succeeded. */
  onLook: (view: MonitorView) => Promise<void>;
  /** Ends it. */
  signal: AbortSignal;
  /** Takes a function that has the next look come at once. */
  onReady: (lookNow: () => void) => void;
}

const READ_DEADLINE_MS = 15_000;

/**
 * Looks at a campaign until it has ended, `once` was asked for or `signal` is aborted; resolves with what it saw last. A database
 * that does not answer is shown as such, and asked again.
 */
export async function follow(
  deps: FollowDeps,
  output: MonitorOutput,
  options: FollowOptions,
): Promise<MonitorView> {
  let hurry = new AbortController();
  options.onReady(() => hurry.abort());
  // Asked for anew each time: it changes while we wait.
  const isAborted = (): boolean => options.signal.aborted;
  let view = await look(deps, options);
  for (;;) {
    output.show(view);
    if (view.awaySince === null) await options.onLook(view);
    if (options.once || hasEnded(view) || isAborted()) return view;
    await pause(options.refreshMs, AbortSignal.any([options.signal, hurry.signal]));
    if (isAborted()) return view;
    if (hurry.signal.aborted) hurry = new AbortController();
    view = await lookAgain(deps, options, view);
  }
}

async function look({ read, targets, now }: FollowDeps, options: FollowOptions): Promise<MonitorView> {
  const watch = await withDeadline(read(), READ_DEADLINE_MS, 'reading the campaign');
  const readAt = now();
  return {
    watch,
    outlook: outlookOf(watch, readAt),
    latencies: latencyFigures(watch.latencies, targets),
    ...{ readAt, now: readAt, awaySince: null },
    ...{ showLiveCalls: options.showLiveCalls, message: null, hasKeys: false },
  };
}

async function lookAgain(
  deps: FollowDeps,
  options: FollowOptions,
  before: MonitorView,
): Promise<MonitorView> {
  try {
    return await look(deps, options);
  } catch (error) {
    if (!(error instanceof DeadlineError) && !isTransientDatabaseError(error)) throw error;
    const now = deps.now();
    return { ...before, now, awaySince: before.awaySince ?? now };
  }
}

function hasEnded({ watch }: MonitorView): boolean {
  return watch.campaign.status === 'completed' || watch.campaign.status === 'cancelled';
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    // Aborted: whoever waits looks at the signal.
    if (!signal.aborted) throw error;
  }
}
