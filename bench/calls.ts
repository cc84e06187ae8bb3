import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Closers } from '../src/closers.ts';
import { createLogger } from '../src/logging.ts';
import { callSessionOptions } from '../src/workers/call-settings.ts';
import {
  barUnder,
  showFigure,
  type Bar,
  type BenchContext,
  type Benchmark,
  type BenchOutcome,
  type BenchTable,
} from './benchmark.ts';
import type { Spread } from '../src/percentile.ts';
import { openCallEngine } from './call-engine.ts';
import { runLevel, type Level, type LevelFigures, type LevelOutcome } from './call-level.ts';
import { ANSWERS, DECLINES, INTERRUPTS, MAX_LINES, population } from './callees.ts';
import { benchConfig } from './settings.ts';
import { startSwitch } from './switch-process.ts';

const WARM_UP: Level = { lines: 4, callees: [DECLINES] };
const LEVELS: readonly Level[] = [1, 20, 100].map((lines) => ({ lines, callees: [INTERRUPTS, ANSWERS] }));
const QUICK_LEVELS: readonly Level[] = [1, 20].map((lines) => ({ lines, callees: [DECLINES] }));

/** What the project promises of its own part, on two cores. */
const RESPONSE_BAR_MS = 300;
/** On top of the onset window: so much sound makes speech of it. */
const BARGE_IN_BAR_MS = 150;

/** Latencies of whole calls over the wire: real adapters and speech recognition here, the switch a process of its own. */
export const calls: Benchmark = {
  name: 'calls',
  run: async (context) => {
    const dir = await mkdtemp(path.join(tmpdir(), 'minibot-bench-'));
    const outcomes = await callAll(context, dir);
    const outcome = outcomeOf(outcomes, context.root);
    if (outcome.faults.length > 0) outcome.faults.push(`the logs are in ${dir}`);
    else await rm(dir, { recursive: true });
    return outcome;
  },
};

async function callAll(context: BenchContext, dir: string): Promise<LevelOutcome[]> {
  const { root, quick, onProgress } = context;
  const logger = createLogger({ level: 'info', dir, maskPhoneNumbers: true }, NOWHERE);
  const closers = new Closers(logger);
  const failure = new AbortController();
  const signal = AbortSignal.any([context.signal, failure.signal]);
  try {
    onProgress('calls: starting the simulated switch');
    const theSwitch = await startSwitch(
      {
        root,
        dir,
        numbers: population(),
        maxCalls: MAX_LINES,
        onUnexpectedExit: (error) => failure.abort(error),
      },
      closers,
    );
    const engine = await openCallEngine(benchConfig(root, theSwitch.address), closers, logger, signal);
    onProgress('calls: warming up');
    const { faults } = await runLevel(engine, theSwitch, WARM_UP, signal);
    const outcomes: LevelOutcome[] = [];
    for (const level of quick ? QUICK_LEVELS : LEVELS) {
      onProgress(`calls: ${level.lines} at once`);
      outcomes.push(await runLevel(engine, theSwitch, level, signal));
    }
    outcomes[0]?.faults.push(...faults);
    return outcomes;
  } finally {
    await closers.close();
  }
}

/** The log file is where its messages go; the terminal shows the figures. */
const NOWHERE = { write: () => undefined };

function outcomeOf(outcomes: readonly LevelOutcome[], root: string): BenchOutcome {
  const { startWindowMs } = callSessionOptions(benchConfig(root)).listener.speech;
  const levels = outcomes.map(({ figures }) => figures);
  return {
    figures: { onsetWindowMs: startWindowMs, levels },
    tables: [latencyTable(levels), loadTable(levels)],
    bars: levels.flatMap((level) => barsOf(level, startWindowMs)),
    faults: outcomes.flatMap(({ figures, faults }) =>
      faults.map((fault) => `${figures.lines} at once: ${fault}`),
    ),
  };
}

function barsOf({ lines, latencies }: LevelFigures, onsetWindowMs: number): Bar[] {
  return [
    barUnder(`${lines} calls, response p95`, RESPONSE_BAR_MS, latencies.responseMs.p95),
    barUnder(`${lines} calls, barge-in p95`, BARGE_IN_BAR_MS + onsetWindowMs, latencies.bargeInMs.p95),
  ];
}

function latencyTable(levels: readonly LevelFigures[]): BenchTable {
  return {
    title: 'Latencies of calls, ms',
    head: ['At once', 'From → to', 'count', 'p50', 'p95', 'p99', 'max'],
    rows: levels.flatMap(({ lines, latencies, seenBySwitch, eventLoopDelayMs }) => [
      spreadRow(lines, 'barge-in: speech onset → prompt silent', latencies.bargeInMs),
      spreadRow(lines, '  the same, seen by the switch', seenBySwitch.bargeInMs),
      spreadRow(lines, 'response: turn over → next prompt starts', latencies.responseMs),
      spreadRow(lines, 'total: end of speech → next prompt starts', latencies.totalMs),
      spreadRow(lines, '  the same, seen by the switch', seenBySwitch.replyMs),
      spreadRow(lines, 'endpointing: end of speech → turn over', latencies.endpointingMs),
      spreadRow(lines, 'event loop late', { count: null, ...eventLoopDelayMs }),
    ]),
  };
}

function spreadRow(
  lines: number,
  label: string,
  { count, p50, p95, p99, max }: Omit<Spread, 'count'> & { count: number | null },
): string[] {
  return [String(lines), label, ...[count, p50, p95, p99, max].map(showFigure)];
}

function loadTable(levels: readonly LevelFigures[]): BenchTable {
  return {
    title: 'Load of calls',
    head: [
      'At once',
      'calls as expected',
      'seconds',
      'worker CPU s',
      'simulator CPU s',
      'frames',
      'missing',
      'utterances cut',
      'longest gap ms',
    ],
    rows: levels.map(({ lines, calls: made, callsAsExpected, seconds, cpuSeconds, counts }) => [
      String(lines),
      `${callsAsExpected}/${made}`,
      String(seconds),
      showFigure(cpuSeconds.worker),
      showFigure(cpuSeconds.simulator),
      String(counts.frames),
      String(counts.missingFrames),
      String(counts.overloadedUtterances),
      String(counts.largestGapMs),
    ]),
  };
}
