import { readFileSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

import { LINE_RATE_HZ, readWav, resample } from './wav.ts';

const MAX_CACHED = 200;

/** Finds what `playback` is told to play: a file on the local disk, `silence_stream://` or `tone_stream://`. */
export class PromptSource {
  readonly #soundsDir: string | null;
  readonly #cache = new Map<string, { changedAtMs: number; samples: Int16Array }>();

  constructor(soundsDir: string | null) {
    this.#soundsDir = soundsDir;
  }

  /** Samples at 8 kHz; null when there is no such file or it cannot be played. */
  load(path: string): Int16Array | null {
    const stream = /^(silence|tone)_stream:\/\/(.*)$/.exec(path);
    if (stream !== null) return stream[1] === 'silence' ? silence(stream[2] ?? '') : tone(stream[2] ?? '');
    const file = isAbsolute(path) || this.#soundsDir === null ? path : join(this.#soundsDir, path);
    try {
      const changedAtMs = statSync(file).mtimeMs;
      const cached = this.#cache.get(file);
      if (cached?.changedAtMs === changedAtMs) return cached.samples;
      const samples = readSound(file);
      if (this.#cache.size >= MAX_CACHED) this.#cache.clear();
      this.#cache.set(file, { changedAtMs, samples });
      return samples;
    } catch {
      // Missing, unreadable or not audio: the switch answers FILE NOT FOUND to all three.
      return null;
    }
  }
}

function readSound(file: string): Int16Array {
  const rawRate = /\.r(8|16)$/.exec(file)?.[1];
  if (rawRate === undefined) return readWav(file);
  const bytes = readFileSync(file);
  const samples = Int16Array.from({ length: Math.floor(bytes.length / 2) }, (_, index) =>
    bytes.readInt16LE(index * 2),
  );
  return resample(samples, Number(rawRate) * 1000, LINE_RATE_HZ);
}

function silence(spec: string): Int16Array {
  const ms = Number.parseInt(spec, 10);
  // -1 means for ever; an hour outlives every call here.
  return new Int16Array(((ms < 0 ? 3_600_000 : ms || 0) * LINE_RATE_HZ) / 1000);
}

/** `%(on ms, off ms, hertz)` */
function tone(spec: string): Int16Array | null {
  const [, on, off, hertz] = /^%\((\d+),\s*(\d+),\s*(\d+)/.exec(spec) ?? [];
  if (on === undefined || off === undefined || hertz === undefined) return null;
  const samples = new Int16Array(((Number(on) + Number(off)) * LINE_RATE_HZ) / 1000);
  const sounding = (Number(on) * LINE_RATE_HZ) / 1000;
  for (let index = 0; index < sounding; index++) {
    samples[index] = Math.round(6000 * Math.sin((2 * Math.PI * Number(hertz) * index) / LINE_RATE_HZ));
  }
  return samples;
}
