import { stat } from 'node:fs/promises';
import path from 'node:path';
import { concatSamples } from '../call-engine/audio/pcm.ts';
import { Upsampler } from '../call-engine/audio/upsampler.ts';
import { decodeSound, MAX_DURATION_S } from '../voices/decode-sound.ts';
import { UnusableRecording } from '../voices/recording-problem.ts';

/** Sound as a call would bring it: one channel, at the rate that the switch sends. */
export interface Sound {
  samples: Int16Array;
  sampleRateHz: SampleRateHz;
  durationMs: number;
}

type SampleRateHz = 8000 | 16000;

/** `both` mixes all there are. Of a recorded call, the left one is the callee, the right one the bot. */
export type Channel = 'both' | 'left' | 'right';

const MONO: Record<Channel, string> = {
  both: 'aformat=channel_layouts=mono',
  left: 'aformat=channel_layouts=stereo,pan=mono|c0=c0',
  right: 'aformat=channel_layouts=stereo,pan=mono|c0=c1',
};

const TELEPHONE_HZ = 8000;
/** What the telephone network lets through. */
const TELEPHONE_BAND_HZ = [300, 3400] as const;
const MAX_FILE_BYTES = 500_000_000;
const FRAME_MS = 20;

/**
 * Reads a file of any of our formats. `throughTelephone` gives it the band and the µ-law coding of a
 * telephone line first. Throws an `UnusableRecording` that says what is wrong with the file.
 */
export async function readSound(options: {
  ffmpeg: string;
  file: string;
  sampleRateHz: SampleRateHz;
  channel: Channel;
  throughTelephone: boolean;
  signal: AbortSignal;
}): Promise<Sound> {
  const { ffmpeg, file, sampleRateHz, channel, throughTelephone, signal } = options;
  await refuseUnreadable(file);
  const [lowest, highest] = TELEPHONE_BAND_HZ;
  const mono = MONO[channel];
  const args = throughTelephone
    ? [
        ...['-af', `${mono},highpass=f=${lowest},lowpass=f=${highest},aresample=${TELEPHONE_HZ}`],
        ...['-ac', '1', '-ar', String(TELEPHONE_HZ), '-c:a', 'pcm_mulaw'],
      ]
    : ['-af', mono, '-ac', '1', '-ar', String(sampleRateHz), '-c:a', 'pcm_s16le'];
  const decoded = await decodeSound(ffmpeg, path.resolve(file), { args, signal });
  const [heard] = decoded.channels;
  const durationMs = (heard.length / decoded.sampleRateHz) * 1000;
  if (durationMs > MAX_DURATION_S * 1000) throw new UnusableRecording('too-long');
  const samples = decoded.sampleRateHz < sampleRateHz ? new Upsampler().process(heard) : heard;
  return { samples, sampleRateHz, durationMs };
}

/** Frames of 20 ms as calls bring them; silence of `silenceMs` follows, as when somebody waits for an answer. */
export function framesOf({ samples, sampleRateHz }: Sound, silenceMs: number): Int16Array[] {
  const length = (sampleRateHz * FRAME_MS) / 1000;
  const count = Math.ceil(samples.length / length) + Math.ceil(silenceMs / FRAME_MS);
  const padded = concatSamples([samples, new Int16Array(count * length - samples.length)]);
  return Array.from({ length: count }, (_frame, index) => padded.slice(index * length, (index + 1) * length));
}

/** Before ffmpeg sees it: a pipe would be waited for, a folder is told in its own words. */
async function refuseUnreadable(file: string): Promise<void> {
  const stats = await stat(file).catch((error: unknown) => {
    throw new UnusableRecording('missing', 'missing', { cause: error });
  });
  if (!stats.isFile()) throw new UnusableRecording('no-file');
  if (stats.size === 0) throw new UnusableRecording('empty');
  if (stats.size > MAX_FILE_BYTES) throw new UnusableRecording('too-large');
}
