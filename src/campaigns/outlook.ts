import { closesAt, FRANCE_LEGAL_WINDOW, isOpen, nextOpening } from '../compliance/calling-window.ts';
import type { CallingWindow } from '../compliance/calling-window.ts';
import type { CampaignWatch } from '../db/campaign-watch.ts';

/** Why fewer people, or none, are called now. */
export type Obstacle =
  | { kind: 'draft' | 'paused' }
  /** What the workers say. */
  | { kind: 'held_back'; reason: string; since: Date | null }
  | { kind: 'window_shut'; until: Date | null }
  | { kind: 'lines_full'; waiting: number }
  /** Everybody left waits for a planned try. */
  | { kind: 'between_tries'; until: Date }
  /** People are due and nobody is called: is there a worker? */
  | { kind: 'quiet'; since: Date };

/** Where a campaign is heading. */
export interface Outlook {
  /** Of the last minutes in which there were calls; null where there were too few. */
  callsPerHour: number | null;
  /** Of the last answered calls. */
  averageDurationMs: number | null;
  /** When everybody will be done at this rate, within the hours; null where nobody can say. */
  finishAt: Date | null;
  obstacles: Obstacle[];
}

/** Whose clock counts where that of each contact does: those of the mainland are the most. */
const COMMON_ZONE = 'Europe/Paris';
const RATE_WINDOW_MS = 10 * 60_000;
const FEWEST_CALLS = 3;
/** Workers look at their campaigns every 2 s and put a job back for 5 s at most: after this, none is at it. */
const QUIET_AFTER_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Openings looked at: more than a year of two a day. */
const MAX_OPENINGS = 1000;

type Watched = Omit<CampaignWatch, 'liveCalls' | 'latencies'>;

/** Pure: from what the database says. */
export function outlookOf(watch: Watched, now: Date): Outlook {
  const { recent } = watch;
  const durations = recent.flatMap(({ durationMs }) => durationMs ?? []);
  const window = windowThatHolds(watch, now);
  const obstacles = obstaclesOf(watch, window, now);
  const isQuiet = obstacles.some(({ kind }) => kind === 'quiet');
  const perMs = isQuiet ? null : callsPerMs(watch);
  return {
    callsPerHour: perMs === null ? null : perMs * HOUR_MS,
    averageDurationMs:
      durations.length === 0 ? null : durations.reduce((total, ms) => total + ms, 0) / durations.length,
    finishAt: perMs === null ? null : finishAt(watch, window, { perMs, now }),
    obstacles,
  };
}

function callsPerMs({ recent }: Watched): number | null {
  const [latest] = recent;
  if (latest === undefined) return null;
  const counted = recent.filter(
    ({ endedAt }) => latest.endedAt.getTime() - endedAt.getTime() < RATE_WINDOW_MS,
  );
  const oldest = counted.at(-1);
  if (counted.length < FEWEST_CALLS || oldest === undefined) return null;
  const spanMs = latest.endedAt.getTime() - oldest.endedAt.getTime();
  return spanMs <= 0 ? null : (counted.length - 1) / spanMs;
}

/** Numbers of fiction are called at any hour: while there are calls outside the window, it holds nobody back. */
function windowThatHolds({ campaign, active, recent }: Watched, now: Date): CallingWindow {
  const window = campaign.callingWindow ?? FRANCE_LEGAL_WINDOW;
  const latest = recent[0]?.endedAt.getTime() ?? Number.NEGATIVE_INFINITY;
  const isCalling = active > 0 || now.getTime() - latest < QUIET_AFTER_MS;
  return isCalling && !isOpen(window, now, COMMON_ZONE) ? { ...window, enabled: false } : window;
}

function finishAt(
  { campaign, total, byState, byResult, attempts, retries }: Watched,
  window: CallingWindow,
  { perMs, now }: { perMs: number; now: Date },
): Date | null {
  const left = total - byState.done;
  if (campaign.status !== 'running' || left === 0) return null;
  const called = sum(byResult);
  if (called === 0) return null;
  // Those who are left may take as many calls each as those who are done.
  const callsPerContact = Math.max(1, attempts / called);
  const workMs = (left * callsPerContact) / perMs;
  const done = afterOpenTime(window, now, workMs);
  if (done === null || retries.lastAt === null) return done;
  return new Date(Math.max(done.getTime(), retries.lastAt.getTime()));
}

/** The moment at which the window has been open for `openMs`, from `from` on. */
function afterOpenTime(window: CallingWindow, from: Date, openMs: number): Date | null {
  let left = openMs;
  let at = from;
  for (let looked = 0; looked < MAX_OPENINGS; looked += 1) {
    const opening = nextOpening(window, at, COMMON_ZONE);
    if (opening === null) return null;
    const closing = closesAt(window, opening, COMMON_ZONE);
    if (closing === null || opening.getTime() + left <= closing.getTime()) {
      return new Date(opening.getTime() + left);
    }
    left -= closing.getTime() - opening.getTime();
    at = closing;
  }
  return null;
}

function obstaclesOf(watch: Watched, window: CallingWindow, now: Date): Obstacle[] {
  const { campaign, byState, retries, active, recent, waitingForLine } = watch;
  if (campaign.status === 'draft' || campaign.status === 'paused') return [{ kind: campaign.status }];
  if (campaign.status !== 'running') return [];
  const obstacles: Obstacle[] = [];
  if (campaign.heldBack !== null) {
    obstacles.push({ kind: 'held_back', reason: campaign.heldBack, since: campaign.heldBackAt });
  }
  if (!isOpen(window, now, COMMON_ZONE)) {
    obstacles.push({ kind: 'window_shut', until: nextOpening(window, now, COMMON_ZONE) });
  }
  if (waitingForLine > 0) obstacles.push({ kind: 'lines_full', waiting: waitingForLine });
  const due = byState.waiting + byState.queued;
  const { nextAt } = retries;
  if (due === 0 && active === 0 && nextAt !== null && nextAt > now) {
    obstacles.push({ kind: 'between_tries', until: nextAt });
  }
  const since = new Date(
    Math.max(campaign.startedAt?.getTime() ?? now.getTime(), recent[0]?.endedAt.getTime() ?? 0),
  );
  const quietAfterMs = QUIET_AFTER_MS + 2 * campaign.callDelayMs;
  const isDue = due > 0 || (nextAt !== null && nextAt <= now);
  if (isDue && active === 0 && obstacles.length === 0 && now.getTime() - since.getTime() > quietAfterMs) {
    obstacles.push({ kind: 'quiet', since });
  }
  return obstacles;
}

function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((total, each) => total + each, 0);
}
