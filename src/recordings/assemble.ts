import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { CODING_PCM, readWavHeader, WavError, wavHeader, type WavHeader } from '../call-engine/audio/wav.ts';
import { samplesFromBytes } from '../call-engine/audio/pcm.ts';

/** Read at a time: two seconds of a call. A worker that has calls in flight must not stop for longer than that takes. */
const BLOCK_FRAMES = 16_384;
/** What stands before the audio in every file that a switch writes fits into this. */
const HEAD_BYTES = 4096;
const FRAME_MS = 20;

/** Both sides are brought to one loudness: a callee is often far fainter than a prompt. */
const TARGET_DBFS = -20;
const MAX_GAIN_DB = 18;
const MIN_GAIN_DB = -12;
/** Frames below this are pauses. */
const SILENCE_DBFS = -50;
/** No side alone may come nearer to the limit than this. */
const MAX_PEAK = 0.7 * 32_768;

/**
 * Makes of a call's stereo file one for listening: both sides on one channel at one loudness, pauses kept, so that the
 * transcript's times hold in it. Written beside and moved into place: a file of that name is always whole. Rejects with
 * `ENOENT` when the switch wrote none, with a `WavError` when it cannot be read.
 */
export async function assembleRecording(from: string, to: string, signal: AbortSignal): Promise<void> {
  const part = `${to}.part`;
  const source = await open(from, 'r');
  try {
    const header = await headerOf(source);
    const gains = await gainsFor(source, header, signal);
    const target = await openNew(part);
    try {
      await mix(source, header, gains, target, signal);
    } finally {
      await target.close();
    }
    await rename(part, to);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  } finally {
    await source.close();
  }
}

/** Never writes through a link that somebody put there. */
async function openNew(file: string): Promise<FileHandle> {
  await rm(file, { force: true });
  return open(file, 'wx');
}

async function headerOf(source: FileHandle): Promise<WavHeader> {
  const { size } = await source.stat();
  const head = Buffer.alloc(Math.min(HEAD_BYTES, size));
  await source.read(head, 0, head.length, 0);
  const header = readWavHeader(head, size);
  const { coding, bitsPerSample, channelCount } = header;
  if (coding !== CODING_PCM || bitsPerSample !== 16 || channelCount > 2) {
    throw new WavError(
      `a recording of ${channelCount} channels with coding ${coding} at ${bitsPerSample} bits; ` +
        'one or two channels of 16-bit PCM are assembled',
    );
  }
  return header;
}

interface Loudness {
  peak: number;
  /** Of frames that are no pause: the sum of their mean squares, and how many. */
  energy: number;
  frames: number;
}

/** One factor for each channel. */
async function gainsFor(source: FileHandle, header: WavHeader, signal: AbortSignal): Promise<number[]> {
  const { channelCount, sampleRateHz } = header;
  const sides = Array.from({ length: channelCount }, (): Loudness => ({ peak: 0, energy: 0, frames: 0 }));
  const frame = Math.max(1, Math.round((sampleRateHz * FRAME_MS) / 1000));
  for await (const samples of blocks(source, header, signal)) {
    for (const [channel, side] of sides.entries()) measure(side, samples, { channel, channelCount, frame });
  }
  return sides.map(gainOf);
}

function measure(
  side: Loudness,
  samples: Int16Array,
  { channel, channelCount, frame }: { channel: number; channelCount: number; frame: number },
): void {
  const stride = frame * channelCount;
  for (let start = channel; start < samples.length; start += stride) {
    let sum = 0;
    let counted = 0;
    for (let at = start; at < Math.min(start + stride, samples.length); at += channelCount) {
      const sample = samples[at] ?? 0;
      side.peak = Math.max(side.peak, Math.abs(sample));
      sum += sample * sample;
      counted += 1;
    }
    const mean = sum / counted;
    if (mean < squareOf(SILENCE_DBFS)) continue;
    side.energy += mean;
    side.frames += 1;
  }
}

function gainOf({ peak, energy, frames }: Loudness): number {
  if (frames === 0) return 1;
  const wanted = Math.sqrt(squareOf(TARGET_DBFS) / (energy / frames));
  const within = Math.min(amplitude(MAX_GAIN_DB), Math.max(amplitude(MIN_GAIN_DB), wanted));
  return Math.min(within, MAX_PEAK / peak);
}

async function mix(
  source: FileHandle,
  header: WavHeader,
  gains: readonly number[],
  target: FileHandle,
  signal: AbortSignal,
): Promise<void> {
  const { sampleRateHz, channelCount, dataStart, dataEnd } = header;
  const frames = Math.floor((dataEnd - dataStart) / (2 * channelCount));
  await target.write(wavHeader({ sampleRateHz, channelCount: 1, dataBytes: frames * 2 }));
  for await (const samples of blocks(source, header, signal)) {
    const out = Buffer.alloc((samples.length / channelCount) * 2);
    for (let at = 0; at < samples.length; at += channelCount) {
      const sum = gains.reduce((total, gain, channel) => total + gain * (samples[at + channel] ?? 0), 0);
      out.writeInt16LE(Math.max(-32_768, Math.min(32_767, Math.round(sum))), (at / channelCount) * 2);
    }
    await target.write(out);
  }
}

/** The audio, block by block, each of whole frames. */
async function* blocks(
  source: FileHandle,
  { channelCount, dataStart, dataEnd }: WavHeader,
  signal: AbortSignal,
): AsyncGenerator<Int16Array> {
  const frameBytes = 2 * channelCount;
  const end = dataEnd - ((dataEnd - dataStart) % frameBytes);
  const block = Buffer.alloc(BLOCK_FRAMES * frameBytes);
  for (let position = dataStart; position < end;) {
    signal.throwIfAborted();
    const wanted = Math.min(block.length, end - position);
    const { bytesRead } = await source.read(block, 0, wanted, position);
    const whole = bytesRead - (bytesRead % frameBytes);
    if (whole === 0) throw new WavError('a recording that became shorter while it was read');
    yield samplesFromBytes(block.subarray(0, whole));
    position += whole;
  }
}

/** Mean square of a sound of this level. */
function squareOf(dbfs: number): number {
  return (32_768 * amplitude(dbfs)) ** 2;
}

function amplitude(db: number): number {
  return 10 ** (db / 20);
}
