import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readWav } from '../call-engine/audio/wav.ts';
import { decodeSound, inputOf, MAX_BYTES, MAX_DURATION_S } from './decode-sound.ts';
import { DRAFT_MARK, isDraftFile } from './draft-mark.ts';
import { runFfmpeg } from './ffmpeg.ts';
import { UnusableRecording } from './recording-problem.ts';
import { measureSound, type SoundLevels } from './sound-check.ts';

export interface PreparationSettings {
  /** dB on top of the normal level (`AUDIO_VOLUME_ADJUST`). */
  volumeAdjustDb: number;
  /** dB by which noise is lowered, 0 or negative (`AUDIO_BACKGROUND_REDUCTION`). */
  backgroundReductionDb: number;
}

/** What somebody who records should know; none of it keeps the recording from being played. */
export type SoundWarning =
  | { type: 'clipped'; places: number }
  | { type: 'short' | 'long'; durationMs: number }
  | { type: 'silence-before' | 'silence-after'; silenceMs: number }
  /** The level asked for would take more limiting than speech bears. */
  | { type: 'level-missed'; wantedDbfs: number };

export interface PreparedRecording {
  /** WAV, 8 kHz mono µ-law. */
  bytes: Buffer;
  before: SoundLevels;
  after: SoundLevels;
  warnings: SoundWarning[];
  /** A machine speaks it, until somebody records it. */
  isDraft: boolean;
}

/** The peak never goes above it. */
const PEAK_DBFS = -3;
/** The normal level, without the adjustment. */
export const RMS_DBFS = -18;

const TELEPHONE_HZ = 8000;
/** Hum and rumble below the telephone band. */
const LOWEST_HZ = 80;
/** The peak that the cleaned sound is brought to: filters may overshoot. */
const WORKING_PEAK_DBFS = -6;
/** µ-law's steps are wide up there: this limit comes out below −3 dBFS. */
const LIMIT_DBFS = -3.05;
/** Samples that filters may keep to themselves at the end. */
const FILTER_TAIL = 16_384;
/** The floor is the quietest tenth; the mean of a noise lies above it. */
const NOISE_ABOVE_FLOOR_DB = 6;
/** More than this taken off the peaks is heard. */
const MAX_LIMITING_DB = 12;
const LEVEL_TOLERANCE_DB = 0.2;
const MAX_ROUNDS = 6;

const LONG_MS = 30_000;
const SHORT_MS = 400;
const LONG_SILENCE_BEFORE_MS = 500;
const LONG_SILENCE_AFTER_MS = 1000;
const SILENT_DBFS = -60;

/**
 * A recording in any format as the switch plays it: noise lowered, −18 dBFS RMS plus the adjustment, peaks at most
 * −3 dBFS. The first pass measures the source, the second cleans it and brings it to 8 kHz; then the gain before the
 * limiter is set by what is measured on the result. Throws an `UnusableRecording` that says what is wrong with the file.
 */
export async function prepareRecording(options: {
  ffmpeg: string;
  source: string;
  settings: PreparationSettings;
  /** A folder for this recording alone; its owner removes it. */
  scratch: string;
  signal: AbortSignal;
}): Promise<PreparedRecording> {
  const { ffmpeg, scratch, settings, signal } = options;
  const source = path.resolve(options.source);
  const isDraft = await isDraftFile(source);
  const before = await measureSource(ffmpeg, source, signal);
  const clean = path.join(scratch, 'clean.wav');
  await cleanSound({ ffmpeg, source, target: clean, before, settings, signal });
  const wantedDbfs = RMS_DBFS + settings.volumeAdjustDb;
  const { bytes, after, isMissed } = await bringToLevel({
    ffmpeg,
    clean,
    target: path.join(scratch, 'result.wav'),
    wantedDbfs,
    isDraft,
    signal,
  });
  return { bytes, before, after, isDraft, warnings: warningsOf(before, wantedDbfs, isMissed) };
}

/** What is to be had by measuring a recording that is ready. */
export function measurePrepared(bytes: Uint8Array): SoundLevels {
  const { channels, sampleRateHz } = readWav(bytes);
  return measureSound(channels[0], sampleRateHz);
}

/** First pass: as it was recorded, channel by channel, the loudest counts. */
async function measureSource(ffmpeg: string, source: string, signal: AbortSignal): Promise<SoundLevels> {
  const decoded = await decodeSound(ffmpeg, source, { args: ['-c:a', 'pcm_s16le'], signal });
  const levels = decoded.channels.map((samples) => measureSound(samples, decoded.sampleRateHz));
  const [first, ...others] = levels;
  if (first === undefined) throw new UnusableRecording('no-audio');
  const loudest = others.reduce((best, one) => (one.rmsDbfs > best.rmsDbfs ? one : best), first);
  if (loudest.durationMs > MAX_DURATION_S * 1000) {
    throw new UnusableRecording('too-long');
  }
  if (loudest.peakDbfs < SILENT_DBFS) throw new UnusableRecording('silent');
  const clippings = levels.reduce((sum, level) => sum + level.clippings, 0);
  return { ...loudest, clippings };
}

/** Second pass: one channel, hum and noise lowered, 8 kHz. */
async function cleanSound(options: {
  ffmpeg: string;
  source: string;
  target: string;
  before: SoundLevels;
  settings: PreparationSettings;
  signal: AbortSignal;
}): Promise<void> {
  const { ffmpeg, source, target, before, settings, signal } = options;
  const gainDb = WORKING_PEAK_DBFS - before.peakDbfs;
  const filters = [
    'aformat=channel_layouts=mono',
    `volume=${gainDb.toFixed(2)}dB`,
    `highpass=f=${LOWEST_HZ}`,
    `apad=pad_len=${FILTER_TAIL}`,
    ...noiseReduction(-settings.backgroundReductionDb, before.floorDbfs + gainDb),
    `aresample=${TELEPHONE_HZ}:filter_size=64`,
    `atrim=end=${(before.durationMs / 1000).toFixed(4)}`,
  ];
  const encode = ['-ac', '1', '-ar', String(TELEPHONE_HZ), '-c:a', 'pcm_s16le', '-f', 'wav'];
  await runFfmpeg(ffmpeg, [...inputOf(source), '-af', filters.join(','), ...encode, path.resolve(target)], {
    signal,
    maxBytes: MAX_BYTES,
  });
}

/** `afftdn` takes a floor from −80 to −20 dB and subtracts what is below it. */
function noiseReduction(byDb: number, floorDbfs: number): string[] {
  if (byDb <= 0) return [];
  const floor = Math.min(-20, Math.max(-80, floorDbfs + NOISE_ABOVE_FLOOR_DB));
  return [`afftdn=nr=${Math.min(97, byDb).toFixed(2)}:nf=${floor.toFixed(2)}`];
}

/** The gain before the limiter at which the result, measured as it will be played, has the level wanted. */
async function bringToLevel(options: {
  ffmpeg: string;
  clean: string;
  target: string;
  wantedDbfs: number;
  isDraft: boolean;
  signal: AbortSignal;
}): Promise<{ bytes: Buffer; after: SoundLevels; isMissed: boolean }> {
  const { ffmpeg, clean, target, wantedDbfs, isDraft, signal } = options;
  const start = measurePrepared(await readFile(clean));
  const maxGainDb = PEAK_DBFS - start.peakDbfs + MAX_LIMITING_DB;
  let gainDb = Math.min(maxGainDb, wantedDbfs - start.rmsDbfs);
  for (let round = 1; ; round++) {
    const limiter = `alimiter=limit=${amplitude(LIMIT_DBFS).toFixed(5)}:level=0:attack=5:release=50`;
    const encode = ['-c:a', 'pcm_mulaw', '-fflags', '+bitexact', '-map_metadata', '-1', '-f', 'wav'];
    const mark = isDraft ? ['-metadata', `comment=${DRAFT_MARK}`] : [];
    const filters = `volume=${gainDb.toFixed(3)}dB,${limiter},aresample=${TELEPHONE_HZ}`;
    await runFfmpeg(ffmpeg, [...inputOf(clean), '-af', filters, ...encode, ...mark, target], {
      signal,
      maxBytes: MAX_BYTES,
    });
    const bytes = await readFile(target);
    const after = measurePrepared(bytes);
    const missingDb = wantedDbfs - after.rmsDbfs;
    const isNear = Math.abs(missingDb) <= LEVEL_TOLERANCE_DB;
    const nextGainDb = Math.min(maxGainDb, gainDb + missingDb);
    if (isNear || round === MAX_ROUNDS || nextGainDb === gainDb) {
      if (after.peakDbfs > PEAK_DBFS) throw new UnusableRecording('peaks');
      return { bytes, after, isMissed: Math.abs(missingDb) > 1 };
    }
    gainDb = nextGainDb;
  }
}

function amplitude(dbfs: number): number {
  return 10 ** (dbfs / 20);
}

function warningsOf(before: SoundLevels, wantedDbfs: number, isMissed: boolean): SoundWarning[] {
  const { durationMs, silenceBeforeMs, silenceAfterMs, clippings } = before;
  const warnings: SoundWarning[] = [];
  if (clippings > 0) warnings.push({ type: 'clipped', places: clippings });
  if (durationMs > LONG_MS) warnings.push({ type: 'long', durationMs });
  if (durationMs < SHORT_MS) warnings.push({ type: 'short', durationMs });
  if (silenceBeforeMs > LONG_SILENCE_BEFORE_MS) {
    warnings.push({ type: 'silence-before', silenceMs: silenceBeforeMs });
  }
  if (silenceAfterMs > LONG_SILENCE_AFTER_MS) {
    warnings.push({ type: 'silence-after', silenceMs: silenceAfterMs });
  }
  if (isMissed) warnings.push({ type: 'level-missed', wantedDbfs });
  return warnings;
}
