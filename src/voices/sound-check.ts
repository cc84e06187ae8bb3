import { levelDbfs } from '../call-engine/audio/level.ts';

/** What can be measured of one channel of sound. */
export interface SoundLevels {
  durationMs: number;
  /** Highest sample, dBFS (≤ 0). */
  peakDbfs: number;
  /** Over the whole length, dBFS. */
  rmsDbfs: number;
  /** Level of the quietest tenth: what is there when nobody speaks. */
  floorDbfs: number;
  /** How long nothing is said before the first word and after the last; both the whole length where nothing is. */
  silenceBeforeMs: number;
  silenceAfterMs: number;
  /** Stretches in which samples stand at the limit, one after the other: the recording was too loud. */
  clippings: number;
}

const FULL_SCALE = 32_768;
const SILENCE_DBFS = -96;
const WINDOW_MS = 20;
const FLOOR_SHARE = 0.1;
/** What is this much quieter than the whole is no word. */
const QUIET_DB = 25;
/** So many samples at the limit in a row are no single peak. */
const CLIPPED_RUN = 3;
const LIMIT = 32_767;

export function measureSound(samples: Int16Array, sampleRateHz: number): SoundLevels {
  const durationMs = (samples.length / sampleRateHz) * 1000;
  const rmsDbfs = levelDbfs(samples);
  const windows = levelsOf(samples, Math.max(1, Math.round((sampleRateHz * WINDOW_MS) / 1000)));
  const isWord = (level: number): boolean => level > SILENCE_DBFS && level >= rmsDbfs - QUIET_DB;
  const first = windows.findIndex(isWord);
  const last = windows.findLastIndex(isWord);
  const sorted = windows.toSorted((a, b) => a - b);
  return {
    durationMs,
    peakDbfs: peakDbfs(samples),
    rmsDbfs,
    floorDbfs: sorted[Math.floor(sorted.length * FLOOR_SHARE)] ?? SILENCE_DBFS,
    silenceBeforeMs: first === -1 ? durationMs : first * WINDOW_MS,
    silenceAfterMs: last === -1 ? durationMs : Math.max(0, durationMs - (last + 1) * WINDOW_MS),
    clippings: clippingsIn(samples),
  };
}

function peakDbfs(samples: Int16Array): number {
  let peak = 0;
  for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
  return peak === 0 ? SILENCE_DBFS : Math.max(SILENCE_DBFS, 20 * Math.log10(peak / FULL_SCALE));
}

function levelsOf(samples: Int16Array, windowLength: number): number[] {
  const levels: number[] = [];
  for (let at = 0; at < samples.length; at += windowLength) {
    levels.push(levelDbfs(samples.subarray(at, at + windowLength)));
  }
  return levels;
}

function clippingsIn(samples: Int16Array): number {
  let stretches = 0;
  let run = 0;
  for (const sample of samples) {
    run = Math.abs(sample) >= LIMIT ? run + 1 : 0;
    if (run === CLIPPED_RUN) stretches += 1;
  }
  return stretches;
}
