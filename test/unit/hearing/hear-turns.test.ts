import { describe, expect, it } from 'vitest';
import type { Transcript } from '../../../src/call-engine/ports.ts';
import { hearTurns } from '../../../src/hearing/hear-turns.ts';
import type { SettlingRecognizer } from '../../../src/hearing/settling-recognizer.ts';
import type { Sound } from '../../../src/hearing/sound-file.ts';
import { transcribe } from '../../../src/hearing/transcribe.ts';
import { loadConfig } from '../../../src/config.ts';
import { callSessionOptions } from '../../../src/workers/call-settings.ts';

const RATE_HZ = 8000;
const { listener: OPTIONS } = callSessionOptions(loadConfig({}));

/** Loud where somebody speaks, by stretches of milliseconds: silence, speech, silence, … */
function sound(...stretchesMs: number[]): Sound {
  const samples = stretchesMs.flatMap((ms, index) => {
    const level = index % 2 === 1 ? 8000 : 0;
    return Array.from({ length: (ms * RATE_HZ) / 1000 }, (_sample, at) => (at % 2 === 0 ? level : -level));
  });
  const durationMs = stretchesMs.reduce((sum, ms) => sum + ms, 0);
  return { samples: Int16Array.from(samples), sampleRateHz: RATE_HZ, durationMs };
}

/** Speech is what is loud. */
const vad = () => ({
  isSpeech: (frame: Int16Array) => frame.some((sample) => sample !== 0),
  reset: () => undefined,
  close: () => undefined,
});

/** Hears the same words in everything; `failing`: reports that it cannot. */
function recognizer(text: string, failing = false): SettlingRecognizer {
  const transcript: Transcript = { text, confidence: 0.9, words: [], hasUnknownWords: false };
  return {
    open: ({ onPartial, onError }) => ({
      write: () => {
        if (failing) onError(new Error('the engine broke'));
        else onPartial({ text, atMs: 0 });
      },
      finish: () => Promise.resolve(transcript),
      discard: () => undefined,
      settled: () => Promise.resolve(),
      close: () => Promise.resolve(),
    }),
    close: () => Promise.resolve(),
  };
}

function hear(what: Sound, text: string, options: { failing?: boolean; signal?: AbortSignal } = {}) {
  return hearTurns({ vad: vad(), recognizer: recognizer(text, options.failing), options: OPTIONS }, what, {
    expected: 'closed',
    signal: options.signal ?? new AbortController().signal,
  });
}

describe('hearTurns', () => {
  it('finds utterances and turns at the sound’s own times, and the rule that ended each', async () => {
    const heard = await hear(sound(400, 600, 300, 400, 2000, 500), 'oui');
    expect(heard.utterances.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
      [400, 1000],
      [1300, 1700],
      [3700, 4200],
    ]);
    // A short pause ends no turn, but a stretch of words; the sound ends before the last turn does.
    expect(heard.turns).toMatchObject([
      { number: 1, startMs: 400, endMs: 1700, decidedMs: 2180, endedBy: 'sentence', text: 'oui oui' },
      { number: 2, startMs: 3700, endMs: 4200, decidedMs: 4660, endedBy: 'short-answer' },
    ]);
    expect(heard.frames.filter(({ isVoiced }) => isVoiced)).toHaveLength(1500 / heard.frameMs);
  });

  it('waits longer where nothing was understood', async () => {
    const { turns } = await hear(sound(400, 600, 2000), '');
    expect(turns).toMatchObject([{ endMs: 1000, decidedMs: 2300, endedBy: 'unclear', text: '' }]);
  });

  it('hears nothing in silence', async () => {
    expect(await hear(sound(1000), 'oui')).toMatchObject({ utterances: [], turns: [] });
  });

  it('fails when decoding does, and stops when it is told to', async () => {
    await expect(hear(sound(400, 600), 'oui', { failing: true })).rejects.toThrow('the engine broke');
    const stopped = AbortSignal.abort(new Error('Ctrl+C'));
    await expect(hear(sound(400, 600), 'oui', { signal: stopped })).rejects.toThrow('Ctrl+C');
  });
});

it('transcribe gives partials at the sound’s own times, and fails when decoding does', async () => {
  const { signal } = new AbortController();
  const heard = await transcribe(recognizer('oui'), sound(40), { signal });
  expect(heard).toMatchObject({ text: 'oui', partials: [{ atMs: 20 }, { atMs: 40 }] });
  await expect(transcribe(recognizer('oui', true), sound(40), { signal })).rejects.toThrow(
    'the engine broke',
  );
});
