import { setImmediate as nextTurnOfTheLoop } from 'node:timers/promises';
import { loadFvad } from '../src/call-engine/adapters/fvad/fvad-detector.ts';
import { concatSamples } from '../src/call-engine/audio/pcm.ts';
import { Upsampler } from '../src/call-engine/audio/upsampler.ts';
import { Listener } from '../src/call-engine/turn/listener.ts';
import { callSessionOptions } from '../src/workers/call-settings.ts';
import { showFigure, type BenchContext, type Benchmark, type BenchOutcome } from './benchmark.ts';
import { spreadOf, type Spread } from '../src/percentile.ts';
import { CLIP_RATE_HZ, loadSpeechClips } from './clips.ts';
import { ownCpuSeconds } from '../src/load-test/cpu-time.ts';
import { createDeafRecognizer } from '../src/hearing/deaf-recognizer.ts';
import { openLoopbackCalls } from './loopback-calls.ts';
import { benchConfig } from './settings.ts';

/** So many at once that no call finds its state in the processor's cache, as on a busy worker. */
const CALLS = 100;
const FRAME_MS = 20;
const SILENCE_BETWEEN_MS = 600;
/** Calls are this far apart in the recording: not everybody speaks at the same time. */
const OFFSET_FRAMES = 37;
const FRAMES_PER_ROUND = 250;
const WARM_UP_ROUNDS = 2;
const ROUNDS = 20;
const QUICK_ROUNDS = 2;

type SampleRate = 8000 | 16000;

/** What a frame passes through, open for `CALLS` calls. */
interface OpenStage {
  /** One per call. */
  ears: ((frame: Int16Array) => void)[];
  close(): Promise<void>;
}

interface StageFigures {
  stage: string;
  sampleRateHz: SampleRate;
  microsecondsPerFrame: Spread;
  /** Calls whose frames one core could keep up with if it did nothing else; null when nothing was measured. */
  callsPerCore: number | null;
}

const STAGES: Record<string, (root: string, sampleRateHz: SampleRate) => Promise<OpenStage>> = {
  'voice activity': openDetectors,
  listener: openListeners,
  'whole call': openCalls,
};

/** CPU time per 20 ms of one call's audio, of everything but the wire and speech recognition. */
export const frameCost: Benchmark = {
  name: 'frame',
  run: async (context) => {
    const figures: StageFigures[] = [];
    for (const sampleRateHz of [8000, 16000] as const) {
      const recording = makeRecording(context.root, sampleRateHz);
      for (const [stage, open] of Object.entries(STAGES)) {
        context.onProgress(`frame: ${stage} at ${sampleRateHz} Hz`);
        const opened = await open(context.root, sampleRateHz);
        try {
          const microsecondsPerFrame = spreadOf(await measure(opened, recording, context));
          const { p50 } = microsecondsPerFrame;
          const callsPerCore = p50 === null ? null : Math.floor((FRAME_MS * 1000) / p50);
          figures.push({ stage, sampleRateHz, microsecondsPerFrame, callsPerCore });
        } finally {
          await opened.close();
        }
      }
    }
    return outcomeOf(figures);
  },
};

/** Everybody's words, one after the other, cut into frames. */
function makeRecording(root: string, sampleRateHz: SampleRate): Int16Array[] {
  const silence = new Int16Array((CLIP_RATE_HZ * SILENCE_BETWEEN_MS) / 1000);
  const narrow = concatSamples(loadSpeechClips(root).flatMap(({ samples }) => [samples, silence]));
  const samples = sampleRateHz === CLIP_RATE_HZ ? narrow : new Upsampler().process(narrow);
  const frameSamples = (sampleRateHz * FRAME_MS) / 1000;
  return Array.from({ length: Math.floor(samples.length / frameSamples) }, (_, index) =>
    samples.slice(index * frameSamples, (index + 1) * frameSamples),
  );
}

/** Microseconds per frame, one value a round. CPU time, not the clock's: other processes on the machine do not count. */
async function measure(
  stage: OpenStage,
  recording: readonly Int16Array[],
  { quick, signal }: BenchContext,
): Promise<number[]> {
  const measured: number[] = [];
  const rounds = WARM_UP_ROUNDS + (quick ? QUICK_ROUNDS : ROUNDS);
  for (let round = 0; round < rounds; round++) {
    signal.throwIfAborted();
    const cpuBefore = ownCpuSeconds();
    for (let tick = 0; tick < FRAMES_PER_ROUND; tick++) {
      const position = round * FRAMES_PER_ROUND + tick;
      for (const [call, hear] of stage.ears.entries()) {
        const frame = recording[(position + call * OFFSET_FRAMES) % recording.length];
        if (frame !== undefined) hear(frame);
      }
      // As in a worker: what a frame set off is dealt with before the next one comes.
      await nextTurnOfTheLoop();
    }
    const micros = ((ownCpuSeconds() - cpuBefore) * 1e6) / (FRAMES_PER_ROUND * stage.ears.length);
    if (round >= WARM_UP_ROUNDS) measured.push(micros);
  }
  return measured;
}

async function openDetectors(root: string, sampleRateHz: SampleRate): Promise<OpenStage> {
  const create = await loadFvad();
  const aggressiveness = benchConfig(root).streaming.vadMode;
  const detectors = Array.from({ length: CALLS }, () => create({ sampleRateHz, aggressiveness }));
  return {
    ears: detectors.map((detector) => (frame) => void detector.isSpeech(frame)),
    close: () => {
      for (const detector of detectors) detector.close();
      return Promise.resolve();
    },
  };
}

async function openListeners(root: string, sampleRateHz: SampleRate): Promise<OpenStage> {
  const config = benchConfig(root);
  const { listener: options } = callSessionOptions(config);
  const create = await loadFvad();
  const recognizer = createDeafRecognizer();
  const listeners = Array.from({ length: CALLS }, () => {
    const vad = create({ sampleRateHz, aggressiveness: config.streaming.vadMode });
    const deps = { vad, recognizer, sampleRateHz, nowMs: () => performance.now(), onError: () => undefined };
    return new Listener(deps, options);
  });
  return {
    ears: listeners.map((listener) => (frame) => void listener.hear(frame, performance.now())),
    close: async () => {
      for (const listener of listeners) await listener.close();
    },
  };
}

async function openCalls(root: string, sampleRateHz: SampleRate): Promise<OpenStage> {
  const calls = await openLoopbackCalls(root, sampleRateHz, CALLS);
  return { ears: calls.legs.map((leg) => (frame) => leg.hear(frame)), close: () => calls.close() };
}

function outcomeOf(stages: StageFigures[]): BenchOutcome {
  return {
    figures: { calls: CALLS, stages },
    tables: [
      {
        title: `Cost of a 20 ms frame without speech recognition (${CALLS} calls in turn; µs of CPU)`,
        head: ['Stage', 'Hz', 'p50', 'p95', 'calls per core'],
        rows: stages.map(({ stage, sampleRateHz, microsecondsPerFrame: { p50, p95 }, callsPerCore }) => [
          stage,
          String(sampleRateHz),
          showFigure(p50),
          showFigure(p95),
          showFigure(callsPerCore),
        ]),
      },
    ],
    bars: [],
    faults: [],
  };
}
