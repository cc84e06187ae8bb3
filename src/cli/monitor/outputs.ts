import type { Messages } from '../language.ts';
import { maskPhoneNumber } from '../../masking.ts';
import type { Terminal } from '../terminal.ts';
import { visible } from '../visible.ts';
import { formatNumber } from '../format.ts';
import { byCount, clock, obstacleText, rateOf } from './sections.ts';
import { renderScreen } from './screen.ts';
import type { MonitorView } from './view.ts';

/** Where a monitor shows what it sees. */
export interface MonitorOutput {
  show(view: MonitorView): void;
  /** Nothing more is shown. May be called twice. */
  close(): void;
}

const PLAIN_WIDTH = 100;
const ALL_LINES = 200;

/** A line for each change, for files and pipes. */
export class PlainOutput implements MonitorOutput {
  private last = '';

  constructor(
    private readonly terminal: Terminal,
    private readonly messages: Messages,
  ) {}

  show(view: MonitorView): void {
    const line = plainLine(view, this.messages);
    if (line === this.last) return;
    this.last = line;
    this.terminal.printLine(`${clock(view.now, this.messages)}  ${line}`);
  }

  close(): void {
    // Lines stay.
  }
}

function plainLine(view: MonitorView, messages: Messages): string {
  const { watch, outlook, awaySince } = view;
  const { monitor: texts } = messages.live;
  const done = `${formatNumber(watch.byState.done, messages)}/${formatNumber(watch.total, messages)}`;
  const active = formatNumber(watch.active, messages);
  return [
    messages.campaign.statuses[watch.campaign.status],
    texts.plain(done, active, rateOf(outlook.callsPerHour, messages)),
    ...byCount(watch.byResult).map(([result, count]) => `${result} ${formatNumber(count, messages)}`),
    ...(awaySince === null ? [] : [texts.databaseAway(clock(awaySince, messages))]),
    ...outlook.obstacles.map((obstacle) => obstacleText(obstacle, view, messages)),
  ].join(' · ');
}

/** The whole screen once, as lines. */
export class OnceOutput implements MonitorOutput {
  constructor(
    private readonly terminal: Terminal,
    private readonly messages: Messages,
  ) {}

  show(view: MonitorView): void {
    const { colors, stdout } = this.terminal;
    const columns = stdout.columns ?? 0;
    const size = { width: columns > 0 ? columns : PLAIN_WIDTH, height: ALL_LINES };
    for (const line of renderScreen(view, size, { messages: this.messages, colors }))
      this.terminal.print(line);
  }

  close(): void {
    // Lines stay.
  }
}

/** An object on a line for each look. */
export class JsonOutput implements MonitorOutput {
  constructor(private readonly terminal: Terminal) {}

  show(view: MonitorView): void {
    this.terminal.print(JSON.stringify(figuresOf(view)));
  }

  close(): void {
    // Lines stay.
  }
}

function figuresOf({ watch, outlook, latencies, readAt, awaySince }: MonitorView) {
  const {
    campaign,
    liveCalls,
    total,
    byState,
    byResult,
    refused,
    attempts,
    retries,
    active,
    waitingForLine,
  } = watch;
  const { id, name, scenario, status, startedAt, endedAt } = campaign;
  return {
    at: readAt,
    ...(awaySince !== null && { databaseAwaySince: awaySince }),
    campaign: { id, name, scenario, status, startedAt, endedAt },
    ...{ total, byState, byResult, refused, attempts, retries, active, waitingForLine },
    outlook,
    latencies,
    liveCalls: liveCalls.map(({ phone, lastHeard, ...call }) => ({
      id: call.id,
      phone: maskPhoneNumber(phone),
      attempt: call.attempt,
      status: call.status,
      step: call.currentStep,
      amd: call.amdResult,
      lastHeard: lastHeard === null ? null : visible(lastHeard),
      startedAt: call.startedAt,
      answeredAt: call.answeredAt,
    })),
  };
}
