import { FRAME_SAMPLES, LINE_RATE_HZ, resample } from './wav.ts';

export type StreamRateHz = 8000 | 16000;

/** Something a callee utters, cut into frames once and shared by every call that uses it. */
export class Clip {
  readonly name: string;
  /** What is said; `''` for noise and tones. */
  readonly text: string;
  readonly samples: Int16Array;
  readonly #frames = new Map<StreamRateHz, Buffer[]>();

  constructor(options: { name: string; text: string; samples: Int16Array }) {
    this.name = options.name;
    this.text = options.text;
    const frames = Math.ceil(options.samples.length / FRAME_SAMPLES);
    this.samples = new Int16Array(frames * FRAME_SAMPLES);
    this.samples.set(options.samples);
  }

  get frameCount(): number {
    return this.samples.length / FRAME_SAMPLES;
  }

  /** L16 little endian, 20 ms each. */
  frames(rateHz: StreamRateHz): Buffer[] {
    let frames = this.#frames.get(rateHz);
    if (frames === undefined) {
      frames = cutFrames(this.samples, rateHz);
      this.#frames.set(rateHz, frames);
    }
    return frames;
  }
}

/** A line where nobody speaks is not digital silence: rms 1 to 8, as captured. One second of it, repeated. */
export const LINE_NOISE = new Clip({
  name: 'line-noise',
  text: '',
  samples: Int16Array.from({ length: 50 * FRAME_SAMPLES }, () => Math.round((Math.random() - 0.5) * 12) || 1),
});

function cutFrames(samples: Int16Array, rateHz: StreamRateHz): Buffer[] {
  const atRate = resample(samples, LINE_RATE_HZ, rateHz);
  const perFrame = (FRAME_SAMPLES * rateHz) / LINE_RATE_HZ;
  const frames: Buffer[] = [];
  for (let at = 0; at < atRate.length; at += perFrame) frames.push(toL16(atRate.subarray(at, at + perFrame)));
  return frames;
}

/** Samples as little-endian bytes. */
export function toL16(samples: Int16Array): Buffer {
  const bytes = Buffer.allocUnsafe(samples.length * 2);
  for (let index = 0; index < samples.length; index++) bytes.writeInt16LE(samples[index] ?? 0, index * 2);
  return bytes;
}
