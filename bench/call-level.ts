import { randomUUID } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { CallResult } from '../src/call-engine/call-session.ts';
import type { TurnLatencies } from '../src/call-engine/ports.ts';
import { spreadOf, type Spread } from './benchmark.ts';
import type { CallEngine } from './call-engine.ts';
import type { CallCounts } from './call-meter.ts';
import { numberOf, type Callee } from './callees.ts';
import { cpuSecondsOf, ownCpuSeconds } from './cpu-time.ts';
import type { SwitchProcess } from './switch-process.ts';
import { callsSeen, type SeenCall } from './switch-record.ts';

/** Calls are begun one after the other over this time, as a campaign's pace does. */
const RAMP_MS = 4000;
/** A level that takes longer is cut off, and its calls count as failed. */
const LEVEL_DEADLINE_MS = 60_000;
const LOOP_SAMPLE_MS = 10;

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
  /** How late the worker's event loop was, beyond the timer that measures it. */
  eventLoopDelayMs: Omit<Spread, 'count'>;
  cpuSeconds: { worker: number; simulator: number | null };
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
  const loop = monitorEventLoopDelay({ resolution: LOOP_SAMPLE_MS });
  const cpuBefore = { worker: ownCpuSeconds(), simulator: cpuSecondsOf(theSwitch.pid) };
  const startedMs = performance.now();
  loop.enable();
  const finished = await makeCalls(engine, level, signal);
  loop.disable();
  const seconds = (performance.now() - startedMs) / 1000;
  const simulatorCpu = cpuSecondsOf(theSwitch.pid);
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
    eventLoopDelayMs: {
      p50: lateness(loop.percentile(50)),
      p95: lateness(loop.percentile(95)),
      p99: lateness(loop.percentile(99)),
      max: lateness(loop.max),
    },
    cpuSeconds: {
      worker: tenths(ownCpuSeconds() - cpuBefore.worker),
      simulator:
        simulatorCpu === null || cpuBefore.simulator === null
          ? null
          : tenths(simulatorCpu - cpuBefore.simulator),
    },
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

/** The histogram holds the time between two ticks of its timer, in nanoseconds. */
function lateness(betweenTicksNs: number): number {
  return Math.max(0, tenths(betweenTicksNs / 1e6 - LOOP_SAMPLE_MS));
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
