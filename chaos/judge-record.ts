import { maskPhoneNumber } from '../src/masking.ts';
import type { Channel, SwitchHistory } from './channels.ts';
import type { FaultKind } from './fault-plan.ts';

/** A promise that was broken, with what shows it. */
export interface Violation {
  rule: string;
  /** Numbers are masked; times are epoch milliseconds of the switch's record. */
  evidence: string;
}

/** A fault as it happened. */
export interface InjectedFault {
  kind: FaultKind;
  startedMs: number;
  endedMs: number;
}

interface Rules {
  maxConcurrentCalls: number;
  /** Between two orders to dial, whether the switch took them or not. */
  callDelayMs: number;
  /** Counted attempts per number, at most. */
  maxAttempts: number;
  faults: readonly InjectedFault[];
  /** Channels whose worker was killed, and when. */
  leftBehind: ReadonlyMap<string, number>;
}

export interface RecordFigures {
  originates: number;
  refusedBySwitch: number;
  /** People whose phone rang, or who answered or turned the call away. */
  reached: number;
  answered: number;
  mostChannelsAtOnce: number;
  /** The shortest time between two orders to dial; null where there were not two. */
  closestDialsMs: number | null;
  /** The most that one number was reached. */
  mostReachedPerNumber: number;
  /** People dialled again although they had answered, which nobody could know: the worker or the link was dead. */
  unknownAnswers: number;
}

/** Judges from the switch's own record alone. Pure. */
export function judgeRecord(
  history: SwitchHistory,
  rules: Rules,
): { violations: Violation[]; figures: RecordFigures } {
  const { channels, refused } = history;
  const byNumber = groupByNumber(channels);
  const concurrency = judgeConcurrency(channels, rules.maxConcurrentCalls);
  const answers = judgeAnswers(byNumber, rules);
  const pace = judgePace(history, rules.callDelayMs);
  return {
    violations: [
      ...history.repeated.map((uuid) => ({
        rule: 'one dial per attempt',
        evidence: `channel ${uuid} was originated more than once`,
      })),
      ...concurrency.violations,
      ...pace.violations,
      ...judgeAttempts(byNumber, rules.maxAttempts),
      ...judgeOverlap(byNumber),
      ...answers.violations,
      ...channels
        .filter(({ endedAtMs }) => endedAtMs === null)
        .map((channel) => ({ rule: 'no channel left', evidence: describe(channel) })),
    ],
    figures: {
      originates: channels.length,
      refusedBySwitch: refused.length,
      reached: channels.filter(wasReached).length,
      answered: channels.filter(({ answeredAtMs }) => answeredAtMs !== null).length,
      mostChannelsAtOnce: concurrency.most,
      closestDialsMs: pace.closestMs,
      mostReachedPerNumber: Math.max(
        0,
        ...[...byNumber.values()].map((list) => list.filter(wasReached).length),
      ),
      unknownAnswers: answers.unknown,
    },
  };
}

/** Refusals of the network: the person's phone is not touched. */
const NETWORK_CAUSES = new Set([
  'NORMAL_TEMPORARY_FAILURE',
  'NORMAL_CIRCUIT_CONGESTION',
  'SWITCH_CONGESTION',
]);

/** Whether this was an attempt to reach the person: their phone rang, or they or their network said what is with them. */
export function wasReached({ rangAtMs, answeredAtMs, endedBy, cause }: Channel): boolean {
  if (rangAtMs !== null || answeredAtMs !== null) return true;
  return endedBy === 'callee' && cause !== null && !NETWORK_CAUSES.has(cause);
}

function judgeConcurrency(
  channels: readonly Channel[],
  limit: number,
): { violations: Violation[]; most: number } {
  const moments = channels
    .flatMap(({ uuid, originatedAtMs, endedAtMs }) => [
      { atMs: originatedAtMs, change: 1, uuid },
      ...(endedAtMs === null ? [] : [{ atMs: endedAtMs, change: -1, uuid }]),
    ])
    .sort((one, other) => one.atMs - other.atMs || one.change - other.change);
  const violations: Violation[] = [];
  let now = 0;
  let most = 0;
  for (const { atMs, change, uuid } of moments) {
    now += change;
    most = Math.max(most, now);
    if (change === 1 && now > limit) {
      const evidence = `${now} channels with ${uuid} at ${atMs}; at most ${limit} are allowed`;
      violations.push({ rule: 'never more calls than MAX_CONCURRENT_CALLS', evidence });
    }
  }
  return { violations, most };
}

/** The record rounds its times to a tenth of a millisecond. */
const ROUNDING_MS = 0.1;

function judgePace(
  { channels, refused }: SwitchHistory,
  callDelayMs: number,
): { violations: Violation[]; closestMs: number | null } {
  const dials = [
    ...channels.map(({ uuid, originatedAtMs }) => ({ uuid, atMs: originatedAtMs })),
    ...refused.map(({ uuid, atMs }) => ({ uuid, atMs })),
  ].sort((one, other) => one.atMs - other.atMs);
  const violations: Violation[] = [];
  let closestMs: number | null = null;
  for (const [index, { uuid, atMs }] of dials.entries()) {
    const previous = dials[index - 1];
    if (previous === undefined) continue;
    const gapMs = atMs - previous.atMs;
    closestMs = Math.min(closestMs ?? gapMs, gapMs);
    if (gapMs >= callDelayMs - ROUNDING_MS) continue;
    const evidence = `${uuid} at ${atMs}, ${gapMs.toFixed(1)} ms after ${previous.uuid}; ${callDelayMs} ms must lie between`;
    violations.push({ rule: 'never closer than CALL_DELAY', evidence });
  }
  return { violations, closestMs };
}

function judgeAttempts(byNumber: ReadonlyMap<string, Channel[]>, maxAttempts: number): Violation[] {
  return [...byNumber.values()]
    .map((channels) => channels.filter(wasReached))
    .filter((reached) => reached.length > maxAttempts)
    .map((reached) => ({
      rule: 'nobody beyond the maximum of attempts',
      evidence: `reached ${reached.length} times, at most ${maxAttempts}: ${reached.map(describe).join('; ')}`,
    }));
}

function judgeOverlap(byNumber: ReadonlyMap<string, Channel[]>): Violation[] {
  const violations: Violation[] = [];
  for (const channels of byNumber.values()) {
    for (const [index, next] of channels.entries()) {
      const previous = channels[index - 1];
      if (previous === undefined) continue;
      if (previous.endedAtMs !== null && previous.endedAtMs <= next.originatedAtMs) continue;
      const evidence = `${describe(next)} while ${describe(previous)}`;
      violations.push({ rule: 'nobody called twice at once', evidence });
    }
  }
  return violations;
}

/** A worker that dies this soon after an answer may not have stored it; after that it must have. */
const STORED_MS = 1500;

/** A fault keeps an answer unheard or unstored when it comes so long after it, or so long before. */
const HIDES_ANSWERS: Partial<Record<FaultKind, { beforeMs: number; afterMs: number }>> = {
  'restart-postgres': { beforeMs: 5000, afterMs: 1500 },
  'drop-esl': { beforeMs: 3000, afterMs: 300 },
  'crash-switch': { beforeMs: 0, afterMs: 300 },
};

/** Who answered is not dialled again, unless nobody could know of the answer. */
function judgeAnswers(
  byNumber: ReadonlyMap<string, Channel[]>,
  { faults, leftBehind }: Pick<Rules, 'faults' | 'leftBehind'>,
): { violations: Violation[]; unknown: number } {
  const violations: Violation[] = [];
  let unknown = 0;
  for (const channels of byNumber.values()) {
    for (const [index, channel] of channels.entries()) {
      const next = channels[index + 1];
      const { answeredAtMs } = channel;
      if (next === undefined || answeredAtMs === null) continue;
      const killedAtMs = leftBehind.get(channel.uuid);
      const isUnstored = killedAtMs !== undefined && killedAtMs < answeredAtMs + STORED_MS;
      if (isUnstored || faults.some((fault) => hides(fault, answeredAtMs))) unknown += 1;
      else
        violations.push({
          rule: 'nobody who answered is dialled again',
          evidence: `${describe(next)} after ${describe(channel)}`,
        });
    }
  }
  return { violations, unknown };
}

function hides({ kind, startedMs, endedMs }: InjectedFault, answeredAtMs: number): boolean {
  const window = HIDES_ANSWERS[kind];
  if (window === undefined) return false;
  return startedMs <= answeredAtMs + window.afterMs && endedMs >= answeredAtMs - window.beforeMs;
}

/** `+336399••••12 3f2a… originated 17…, rang 17…, ended 17… (USER_BUSY by callee)` */
function describe(channel: Channel): string {
  const { number, uuid, originatedAtMs, rangAtMs, answeredAtMs, endedAtMs, cause, endedBy } = channel;
  return [
    `${maskPhoneNumber(number)} ${uuid} originated ${originatedAtMs}`,
    ...(rangAtMs === null ? [] : [`rang ${rangAtMs}`]),
    ...(answeredAtMs === null ? [] : [`answered ${answeredAtMs}`]),
    endedAtMs === null ? 'not ended' : `ended ${endedAtMs} (${String(cause)} by ${String(endedBy)})`,
  ].join(', ');
}

function groupByNumber(channels: readonly Channel[]): Map<string, Channel[]> {
  const groups = new Map<string, Channel[]>();
  for (const channel of channels) {
    const group = groups.get(channel.number);
    if (group === undefined) groups.set(channel.number, [channel]);
    else group.push(channel);
  }
  return groups;
}
