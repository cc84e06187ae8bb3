import pino from 'pino';
import { loadVoskRecognizer } from '../src/call-engine/adapters/vosk/vosk-recognizer.ts';
import type { SpeechRecognizer } from '../src/call-engine/ports.ts';
import { showFigure, type Benchmark, type BenchContext, type BenchOutcome } from './benchmark.ts';
import { CLIP_RATE_HZ, loadSpeechClips, type SpeechClip } from './clips.ts';
import { ownCpuSeconds } from '../src/load-test/cpu-time.ts';
import { benchConfig } from './settings.ts';

/** Utterances are given whole: each must fit. */
const MAX_QUEUED_MS = 60_000;
const PASSES = 8;
const QUICK_PASSES = 1;

interface StreamFigures {
  streams: number;
  audioSeconds: number;
  /** Time spent per time of speech; below 1 it keeps up. By the clock, all streams together. */
  realTimeFactor: number;
  /** The same in CPU time of all cores. */
  cpuRealTimeFactor: number;
  utterances: number;
  wordForWord: number;
}

/** How long libvosk takes for speech with the model that ships: one utterance after the other, and side by side. */
export const recognition: Benchmark = {
  name: 'recognition',
  run: async (context) => {
    const { vosk } = benchConfig(context.root);
    const clips = loadSpeechClips(context.root);
    const startedMs = performance.now();
    const recognizer = await loadVoskRecognizer(
      { ...vosk, maxQueuedMs: MAX_QUEUED_MS },
      pino({ level: 'silent' }),
    );
    const modelLoadMs = Math.round(performance.now() - startedMs);
    try {
      context.onProgress('recognition: warming up');
      await measure(recognizer, clips, 1, { ...context, quick: true });
      const figures: StreamFigures[] = [];
      for (const streams of [1, vosk.decodeThreads]) {
        context.onProgress(`recognition: ${streams} at a time`);
        figures.push(await measure(recognizer, clips, streams, context));
      }
      return outcomeOf(figures, modelLoadMs);
    } finally {
      await recognizer.close();
    }
  },
};

async function measure(
  recognizer: SpeechRecognizer,
  clips: readonly SpeechClip[],
  streams: number,
  context: BenchContext,
): Promise<StreamFigures> {
  const passes = context.quick ? QUICK_PASSES : PASSES;
  const cpuBefore = ownCpuSeconds();
  const startedMs = performance.now();
  const exact = await Promise.all(
    Array.from({ length: streams }, () => recognizeAll(recognizer, clips, passes, context.signal)),
  );
  const seconds = (performance.now() - startedMs) / 1000;
  const cpuSeconds = ownCpuSeconds() - cpuBefore;
  const clipSeconds = clips.reduce((total, { samples }) => total + samples.length / CLIP_RATE_HZ, 0);
  const audioSeconds = clipSeconds * passes * streams;
  return {
    streams,
    audioSeconds: Math.round(audioSeconds),
    realTimeFactor: perAudioSecond(seconds, audioSeconds),
    cpuRealTimeFactor: perAudioSecond(cpuSeconds, audioSeconds),
    utterances: clips.length * passes * streams,
    wordForWord: exact.reduce((total, count) => total + count, 0),
  };
}

/** Returns how many utterances were recognised word for word. */
async function recognizeAll(
  recognizer: SpeechRecognizer,
  clips: readonly SpeechClip[],
  passes: number,
  signal: AbortSignal,
): Promise<number> {
  const failures: Error[] = [];
  const stream = recognizer.open({
    sampleRateHz: CLIP_RATE_HZ,
    onPartial: () => undefined,
    onError: (error) => failures.push(error),
  });
  try {
    let exact = 0;
    for (let pass = 0; pass < passes; pass++) {
      for (const { samples, transcript } of clips) {
        signal.throwIfAborted();
        stream.write(samples.slice());
        if ((await stream.finish()).text === transcript) exact += 1;
        if (failures[0] !== undefined) throw failures[0];
      }
    }
    return exact;
  } finally {
    await stream.close();
  }
}

function perAudioSecond(seconds: number, audioSeconds: number): number {
  return Math.round((seconds / audioSeconds) * 10_000) / 10_000;
}

function outcomeOf(streams: StreamFigures[], modelLoadMs: number): BenchOutcome {
  return {
    figures: { modelLoadMs, streams },
    tables: [
      {
        title: `Speech recognition: real-time factor (model loaded in ${modelLoadMs} ms)`,
        head: ['At a time', 'Speech s', 'by the clock', 'in CPU time', 'word for word'],
        rows: streams.map((figures) => [
          String(figures.streams),
          String(figures.audioSeconds),
          showFigure(figures.realTimeFactor),
          showFigure(figures.cpuRealTimeFactor),
          `${figures.wordForWord}/${figures.utterances}`,
        ]),
      },
    ],
    bars: [],
    faults: streams
      .filter(({ wordForWord, utterances }) => wordForWord < utterances)
      .map(
        ({ streams: count, wordForWord, utterances }) =>
          `recognition, ${count} at a time: ${wordForWord} of ${utterances} utterances word for word`,
      ),
  };
}
