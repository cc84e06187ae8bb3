import createFvadModule from '@echogarden/fvad-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { FvadDetector, loadFvad } from '../../../../../src/call-engine/adapters/fvad/fvad-detector.ts';
import { framesOf, loadClip, loadWideClip } from '../../../../helpers/clips.ts';

let createDetector: Awaited<ReturnType<typeof loadFvad>>;

beforeAll(async () => {
  createDetector = await loadFvad();
});

const voicedShare = (frames: Int16Array[], flags: (frame: Int16Array) => boolean): number =>
  frames.filter(flags).length / frames.length;

describe('libfvad', () => {
  it.each([0, 1, 2, 3] as const)('hears speech but not silence in mode %i', (aggressiveness) => {
    const detector = createDetector({ sampleRateHz: 8000, aggressiveness });
    const isSpeech = detector.isSpeech.bind(detector);
    expect(voicedShare(framesOf(loadClip('machine-01.wav')), isSpeech)).toBeGreaterThan(0.6);
    detector.reset();
    expect(voicedShare(framesOf(new Int16Array(8000)), isSpeech)).toBe(0);
    detector.close();
  });

  it('takes wide-band audio', () => {
    const detector = createDetector({ sampleRateHz: 16_000, aggressiveness: 2 });
    const frames = framesOf(loadWideClip('machine-01.wav'), 320);
    expect(voicedShare(frames, (frame) => detector.isSpeech(frame))).toBeGreaterThan(0.6);
    detector.close();
  });

  it('keeps rate and mode through a reset', () => {
    const detector = createDetector({ sampleRateHz: 16_000, aggressiveness: 3 });
    detector.reset();
    expect(() => detector.isSpeech(new Int16Array(480))).not.toThrow();
    detector.close();
  });

  it('does not let one call disturb another', () => {
    const frames = framesOf(loadClip('affirm-03.wav'));
    const alone = createDetector({ sampleRateHz: 8000, aggressiveness: 2 });
    const expected = frames.map((frame) => alone.isSpeech(frame));
    const first = createDetector({ sampleRateHz: 8000, aggressiveness: 2 });
    const second = createDetector({ sampleRateHz: 8000, aggressiveness: 0 });
    const noise = framesOf(loadClip('noise-01.wav'));
    const flags = frames.map((frame, i) => {
      second.isSpeech(noise[i % noise.length] ?? frame);
      return first.isSpeech(frame);
    });
    expect(flags).toEqual(expected);
    for (const detector of [alone, first, second]) detector.close();
  });

  it.each([0, 1, 159, 161, 241, 5000])('refuses a frame of %i samples', (length) => {
    const detector = createDetector({ sampleRateHz: 8000, aggressiveness: 2 });
    expect(() => detector.isSpeech(new Int16Array(length))).toThrow(/10, 20 or 30 ms/);
    detector.close();
  });

  it('gives its memory back: the module does not grow with the number of calls', async () => {
    const fvad = await createFvadModule();
    const before = fvad.HEAP16.length;
    // Either of a detector's two pieces would fill what the module starts with.
    for (let i = 0; i < 100_000; i++) {
      const detector = new FvadDetector(fvad, { sampleRateHz: 8000, aggressiveness: 2 });
      detector.close();
      detector.close();
    }
    expect(fvad.HEAP16.length).toBe(before);
  });
});
