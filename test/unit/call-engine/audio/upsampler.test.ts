import { describe, expect, it } from 'vitest';
import { levelDbfs } from '../../../../src/call-engine/audio/level.ts';
import { concatSamples } from '../../../../src/call-engine/audio/pcm.ts';
import { Upsampler } from '../../../../src/call-engine/audio/upsampler.ts';
import { framesOf, loadClip } from '../../../helpers/clips.ts';

const tone = (hz: number, rateHz: number, length: number): Int16Array =>
  Int16Array.from({ length }, (_, i) => Math.round(12_000 * Math.sin((2 * Math.PI * hz * i) / rateHz)));

/** Strength of one frequency, in dB relative to a full-scale sine. */
function toneDb(samples: Int16Array, hz: number, rateHz: number): number {
  let real = 0;
  let imaginary = 0;
  for (const [i, sample] of samples.entries()) {
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / samples.length);
    real += sample * window * Math.cos((2 * Math.PI * hz * i) / rateHz);
    imaginary += sample * window * Math.sin((2 * Math.PI * hz * i) / rateHz);
  }
  return 20 * Math.log10((4 * Math.hypot(real, imaginary)) / samples.length / 32768);
}

describe('Upsampler', () => {
  it.each([300, 1000, 2000, 3400])('keeps a tone of %i Hz and adds no image of it', (hz) => {
    const wide = new Upsampler().process(tone(hz, 8000, 8000)).subarray(1600);
    expect(wide).toHaveLength(14_400);
    const heard = toneDb(wide, hz, 16_000);
    expect(heard).toBeCloseTo(20 * Math.log10(12_000 / 32768), 0);
    expect(toneDb(wide, 8000 - hz, 16_000)).toBeLessThan(heard - 40);
  });

  it('makes the same of a stream in frames as of the whole', () => {
    const samples = loadClip('affirm-03.wav').subarray(0, 16_000);
    const inFrames = new Upsampler();
    const framed = concatSamples(framesOf(samples).map((frame) => inFrames.process(frame)));
    expect(framed).toEqual(new Upsampler().process(samples));
  });

  it('begins anew after a reset', () => {
    const upsampler = new Upsampler();
    upsampler.process(tone(1000, 8000, 160));
    upsampler.reset();
    expect(levelDbfs(upsampler.process(new Int16Array(160)))).toBe(-96);
  });

  it('does not wrap around at full scale', () => {
    const square = Int16Array.from({ length: 800 }, (_, i) => (i % 16 < 8 ? 32767 : -32768));
    const wide = new Upsampler().process(square);
    for (let i = 100; i < wide.length; i += 2) {
      const [before = 0, between = 0, after = 0] = [wide[i], wide[i + 1], wide[i + 2]];
      if (before === after && before !== 0) expect(Math.sign(between)).toBe(Math.sign(before));
    }
  });
});
