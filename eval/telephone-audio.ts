import { readFile } from 'node:fs/promises';
import { readWav } from '../src/call-engine/audio/wav.ts';
import { OperatorError } from '../src/errors.ts';

export const TELEPHONE_RATE_HZ = 8000;

/** What a telephone line lets through at the most. */
const HIGHEST_HZ = 3700;
/** Zero crossings of the filter on either side. */
const CROSSINGS = 24;

/** Reads a recording (16-bit PCM, µ-law or A-law, any rate, its channels mixed) as a telephone line would bring it. */
export async function readTelephoneAudio(file: string): Promise<Int16Array> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw new OperatorError(
      'EVAL_AUDIO_UNREADABLE',
      `${file} cannot be read: give WAV files by their path from the TSV file's folder`,
      { cause: error },
    );
  }
  try {
    const { sampleRateHz, channels } = readWav(bytes);
    return resampled(mixed(channels), sampleRateHz);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new OperatorError('EVAL_AUDIO_INVALID', `${file} is ${reason}`, { cause: error });
  }
}

function mixed(channels: readonly Int16Array[]): Float64Array {
  const mix = new Float64Array(channels[0]?.length ?? 0);
  for (const channel of channels) {
    for (const [at, sample] of channel.entries()) mix[at] = (mix[at] ?? 0) + sample / channels.length;
  }
  return mix;
}

/** To 8 kHz, by a sinc under a Hann window, cut off where aliases would begin. */
function resampled(samples: Float64Array, rateHz: number): Int16Array {
  const clamped = (value: number) => Math.max(-32_768, Math.min(32_767, Math.round(value)));
  if (rateHz === TELEPHONE_RATE_HZ) return Int16Array.from(samples, clamped);
  const cutoff = (2 * Math.min(HIGHEST_HZ, rateHz / 2)) / rateHz;
  const reach = CROSSINGS / cutoff;
  const ratio = rateHz / TELEPHONE_RATE_HZ;
  return Int16Array.from({ length: Math.floor(samples.length / ratio) }, (_, index) => {
    const centre = index * ratio;
    let sum = 0;
    const last = Math.min(samples.length - 1, Math.floor(centre + reach));
    for (let at = Math.max(0, Math.ceil(centre - reach)); at <= last; at += 1) {
      const distance = at - centre;
      const phase = Math.PI * cutoff * distance;
      const sinc = phase === 0 ? 1 : Math.sin(phase) / phase;
      const window = 0.5 + 0.5 * Math.cos((Math.PI * distance) / reach);
      sum += (samples[at] ?? 0) * cutoff * sinc * window;
    }
    return clamped(sum);
  });
}
