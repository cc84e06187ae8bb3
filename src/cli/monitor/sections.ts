import type { Obstacle } from '../../campaigns/outlook.ts';
import type { LiveCall } from '../../db/campaign-snapshot.ts';
import { maskPhoneNumber } from '../../masking.ts';
import { bar, fit } from '../box.ts';
import { formatDuration, formatNumber, formatRefusal } from '../format.ts';
import type { Messages } from '../language.ts';
import type { Terminal } from '../terminal.ts';
import { visible } from '../visible.ts';
import type { MonitorView } from './view.ts';

/** The words of the screen's parts, before anything is laid out. */

export interface Drawing {
  messages: Messages;
  colors: Terminal['colors'];
}

const LABEL_WIDTH = 16;
const RESULT_WIDTH = 18;
const COUNT_WIDTH = 13;
const STEP_WIDTH = 20;
const FAILURES = ['failed', 'interrupted'];

export type Fact = readonly [label: string, value: string];

export function callFacts({ watch, outlook, now }: MonitorView, { messages }: Drawing): Fact[] {
  const { monitor: texts } = messages.live;
  const { retries, byResult } = watch;
  const failed = FAILURES.reduce((total, result) => total + (byResult[result] ?? 0), 0);
  return [
    [texts.calls, formatNumber(watch.attempts + watch.active, messages)],
    [texts.active, formatNumber(watch.active, messages)],
    [texts.completed, formatNumber(watch.byState.done, messages)],
    [texts.failed, formatNumber(failed, messages)],
    [texts.averageDuration, formatDuration(outlook.averageDurationMs, messages)],
    [texts.rate, rateOf(outlook.callsPerHour, messages)],
    [texts.finish, outlook.finishAt === null ? messages.none : shortInstant(outlook.finishAt, now, messages)],
    [
      texts.retries,
      retries.nextAt === null
        ? formatNumber(retries.planned, messages)
        : texts.retriesNext(
            formatNumber(retries.planned, messages),
            shortInstant(retries.nextAt, now, messages),
          ),
    ],
  ];
}

export function factLine([label, value]: Fact, { colors }: Drawing): string {
  return `${colors.dim(fit(label, LABEL_WIDTH))} ${value}`;
}

export function rateOf(callsPerHour: number | null, messages: Messages): string {
  if (callsPerHour === null) return messages.none;
  return messages.live.monitor.perHour(formatNumber(Math.round(callsPerHour), messages));
}

/** A bar for each result, the most frequent first; below them, why people were not called. */
export function resultLines({ watch }: MonitorView, width: number, { messages, colors }: Drawing): string[] {
  const { monitor: texts } = messages.live;
  const called = Object.values(watch.byResult).reduce((total, count) => total + count, 0);
  const most = Math.max(...Object.values(watch.byResult));
  const barWidth = Math.max(0, width - RESULT_WIDTH - COUNT_WIDTH - 2);
  const results = byCount(watch.byResult).map(([result, count]) => {
    const counted = `${formatNumber(count, messages)} (${percent(count / called)})`;
    const filled = Math.max(1, Math.round((count / most) * barWidth));
    const paint = result === 'success' ? colors.green : colors.cyan;
    const drawn = barWidth > 0 ? paint('█'.repeat(filled)) : '';
    return `${fit(visible(result), RESULT_WIDTH)} ${fit(counted, COUNT_WIDTH)} ${drawn}`;
  });
  const refused = byCount(watch.refused).map(([reason, count]) =>
    colors.dim(`${texts.refused(formatRefusal(visible(reason), messages))} ${formatNumber(count, messages)}`),
  );
  const lines = [...results, ...refused];
  return lines.length > 0 ? lines : [colors.dim(texts.noResults)];
}

export function progressLine({ watch }: MonitorView, width: number, { messages, colors }: Drawing): string {
  const { done } = watch.byState;
  const share = watch.total === 0 ? 0 : done / watch.total;
  const counted = `${formatNumber(done, messages)}/${formatNumber(watch.total, messages)} (${percent(share)})`;
  const barWidth = Math.max(4, width - counted.length - 3);
  return `[${colors.green(bar(share, barWidth))}] ${counted}`;
}

/** `barge_in 63/150 ✔  asr 265/400 ✔ …`, in milliseconds; null where nothing was measured. */
export function latencyLine({ latencies }: MonitorView, { messages, colors }: Drawing): string | null {
  const measured = latencies.filter(({ p95Ms, targetMs }) => p95Ms !== null && targetMs !== null);
  if (measured.length === 0) return null;
  return measured
    .map(({ name, p95Ms, targetMs }) => {
      const isKept = (p95Ms ?? 0) <= (targetMs ?? 0);
      const [label = ''] = messages.benchmark.names[name].split(' ');
      const text = `${formatNumber(p95Ms ?? 0, messages)}/${formatNumber(targetMs ?? 0, messages)} ${isKept ? '✔' : '✘'}`;
      return `${colors.dim(label)} ${(isKept ? colors.green : colors.yellow)(text)}`;
    })
    .join('  ');
}

/** `8402c4b8  +336399••••06  pitch   0:45  « oui »`. */
export function liveCallLine(call: LiveCall, now: Date, { messages, colors }: Drawing): string {
  const { campaign, live } = messages;
  const since = call.answeredAt ?? call.startedAt;
  const step =
    call.answeredAt !== null
      ? colors.cyan(fit(visible(call.currentStep ?? live.monitor.greeting), STEP_WIDTH))
      : colors.yellow(fit(call.ringingAt === null ? campaign.dialling : campaign.ringing, STEP_WIDTH));
  const heard = call.lastHeard === null ? '' : live.testCall.quoted(visible(call.lastHeard));
  const seconds = Math.max(0, Math.round((now.getTime() - since.getTime()) / 1000));
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return `${call.id.slice(0, 8)}  ${maskPhoneNumber(call.phone)}  ${step} ${time.padStart(5)}  ${colors.dim(heard)}`;
}

export function obstacleText(obstacle: Obstacle, { watch, now }: MonitorView, messages: Messages): string {
  const { obstacles } = messages.live.monitor;
  switch (obstacle.kind) {
    case 'draft':
      return obstacles.draft(`minibot launch-campaign --scenario ${watch.campaign.scenario}`);
    case 'paused':
      return obstacles.paused;
    case 'held_back':
      return obstacles.held_back(visible(obstacle.reason));
    case 'window_shut':
      return obstacles.window_shut(
        obstacle.until === null ? messages.none : shortInstant(obstacle.until, now, messages),
      );
    case 'lines_full':
      return obstacles.lines_full(formatNumber(obstacle.waiting, messages));
    case 'between_tries':
      return obstacles.between_tries(shortInstant(obstacle.until, now, messages));
    case 'quiet':
      return obstacles.quiet(shortInstant(obstacle.since, now, messages));
  }
}

/** The time of day; with day and month where it is on another one. On this machine's clock. */
function shortInstant(instant: Date, now: Date, { locale }: Messages): string {
  const isToday = instant.toDateString() === now.toDateString();
  const time = { hour: '2-digit', minute: '2-digit' } as const;
  const form = isToday ? time : ({ day: '2-digit', month: '2-digit', ...time } as const);
  return new Intl.DateTimeFormat(locale, form).format(instant);
}

export function clock(instant: Date, { locale }: Messages): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'medium' }).format(instant);
}

/** `01:23:45` since the campaign was started, until it ended or now. */
export function runningTime({ watch, now }: MonitorView): string {
  const { startedAt, endedAt } = watch.campaign;
  const ms = startedAt === null ? 0 : Math.max(0, (endedAt ?? now).getTime() - startedAt.getTime());
  const seconds = Math.floor(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

export function byCount(counts: Record<string, number>): [string, number][] {
  return Object.entries(counts).sort(([a, more], [b, less]) => less - more || (a < b ? -1 : 1));
}

function percent(share: number): string {
  return `${Math.floor(share * 100)}%`;
}
