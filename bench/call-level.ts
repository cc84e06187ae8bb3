import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { CallResult } from '../src/call-engine/call-session.ts';
import type { TurnLatencies } from '../src/call-engine/ports.ts';
import { spreadOf, type Spread } from '../src/percentile.ts';
import type { CallEngine } from './call-engine.ts';
import type { CallCounts } from '../src/load-test/call-meter.ts';
import { numberOf, type Callee } from './callees.ts';
import { LoadMeter, type LoadFigures } from '../src/load-test/load-meter.ts';
import type { SwitchProcess } from './switch-process.ts';
import { callsSeen, type SeenCall } from './switch-record.ts';

/** Calls are begun one after the other over this time, as a campaign's pace does. */
const RAMP_MS = 4000;
/** A level that takes longer is cut off, and its calls count as failed. */
const LEVEL_DEADLINE_MS = 60_000;

export interface Level {
  /** Lines in use at once, each with one call after the other. */
  lines: number;
  /** Whom a line calls, in order; every other line the other way round. */
  callees: readonly Callee[];
}

export interface LevelFigures {
  lines: number;
  calls: number;
  callsAsExpected: number;
  seconds: number;
  /** By the worker: `TurnLatencies` of every turn. */
  latencies: Record<keyof TurnLatencies, Spread>;
  /** By the switch: from the callee's sound to the prompt's. */
  seenBySwitch: { bargeInMs: Spread; replyMs: Spread };
  eventLoopDelayMs: LoadFigures['eventLoopDelayMs'];
  cpuSeconds: LoadFigures['cpuSeconds'];
  counts: CallCounts;
}

export interface LevelOutcome {
  figures: LevelFigures;
  /** What went wrong, one line each. */
  faults: string[];
}

interface FinishedCall {
  callee: Callee;
  callId: string;
  result: CallResult;
}

/** Makes the level's calls and measures them. Takes `LEVEL_DEADLINE_MS` at most. */
export async function runLevel(
  engine: CallEngine,
  theSwitch: SwitchProcess,
  level: Level,
  signal: AbortSignal,
): Promise<LevelOutcome> {
  engine.meter.take();
  const load = new LoadMeter(theSwitch.pid);
  const startedMs = performance.now();
  load.start();
  const finished = await makeCalls(engine, level, signal);
  load.stop();
  const seconds = (performance.now() - startedMs) / 1000;
  const { eventLoopDelayMs, cpuSeconds } = load.figures();
  signal.throwIfAborted();

  const seen = callsSeen(await theSwitch.record());
  const judged = finished.map((call) => ({ call, seen: seen.get(call.callId) }));
  const wrong = judged.flatMap(({ call, seen: seenCall }) => faultOf(call, seenCall) ?? []);
  const counts = engine.meter.take();
  const figures: LevelFigures = {
    lines: level.lines,
    calls: finished.length,
    callsAsExpected: finished.length - wrong.length,
    seconds: tenths(seconds),
    latencies: latenciesOf(finished),
    seenBySwitch: {
      bargeInMs: spreadOf(judged.flatMap((each) => each.seen?.bargeInMs ?? [])),
      replyMs: spreadOf(judged.flatMap((each) => each.seen?.replyMs ?? [])),
    },
    eventLoopDelayMs,
    cpuSeconds,
    counts,
  };
  const notAtOnce =
    counts.peakCalls < level.lines ? [`only ${counts.peakCalls} of ${level.lines} calls were at once`] : [];
  return { figures, faults: [...wrong, ...notAtOnce] };
}

async function makeCalls(engine: CallEngine, level: Level, signal: AbortSignal): Promise<FinishedCall[]> {
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(LEVEL_DEADLINE_MS)]);
  const lines = Array.from({ length: level.lines }, async (_, line) => {
    await pause((RAMP_MS / level.lines) * line);
    const callees = line % 2 === 0 ? level.callees : level.callees.toReversed();
    const finished: FinishedCall[] = [];
    for (const callee of callees) {
      const callId = randomUUID();
      // A signal of its own, as each job of a queue has one.
      const ownSignal = AbortSignal.any([inTime]);
      const result = await engine.makeCall({ callId, number: numberOf(callee, line), signal: ownSignal });
      finished.push({ callee, callId, result });
    }
    return finished;
  });
  return (await Promise.all(lines)).flat();
}

function latenciesOf(finished: readonly FinishedCall[]): LevelFigures['latencies'] {
  const turns = finished.flatMap(({ result }) => result.turns);
  const of = (name: keyof TurnLatencies) =>
    spreadOf(turns.map(({ latencies }) => latencies[name]).filter((ms) => ms !== null));
  return {
    bargeInMs: of('bargeInMs'),
    responseMs: of('responseMs'),
    totalMs: of('totalMs'),
    endpointingMs: of('endpointingMs'),
    asrMs: of('asrMs'),
    intentMs: of('intentMs'),
  };
}

/** How the call differs from what it must be; null when it does not. */
function faultOf({ callee, callId, result }: FinishedCall, seen: SeenCall | undefined): string | null {
  const bargeIns = result.turns.filter((turn) => turn.bargeIn).length;
  const complaints = [
    ...(result.result === callee.result ? [] : [`${result.result} instead of ${callee.result}`]),
    ...(bargeIns === callee.bargeIns ? [] : [`${bargeIns} barge-ins instead of ${callee.bargeIns}`]),
    ...(seen?.failures ?? ['the switch does not know how it was']),
  ];
  if (complaints.length === 0) return null;
  return `call ${callId} (${callee.persona}, ${result.steps.join(' → ')}): ${complaints.join('; ')}`;
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
