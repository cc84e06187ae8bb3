import { openSync, closeSync, writeSync, readFileSync } from 'node:fs';

/** The rate of everything inside the switch: telephone audio. */
export const LINE_RATE_HZ = 8000;
/** Samples of one 20 ms frame at the line's rate. */
export const FRAME_SAMPLES = 160;

/** A WAV file (PCM 16 bit, µ-law or A-law, any rate, first channel) as 16-bit samples at 8 kHz. Throws when it is not one. */
export function readWav(path: string): Int16Array {
  const bytes = readFileSync(path);
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WAVE') {
    throw new Error(`${path} is not a WAV file`);
  }
  let format: { tag: number; channels: number; rateHz: number; bits: number } | null = null;
  for (let at = 12; at + 8 <= bytes.length;) {
    const id = bytes.toString('latin1', at, at + 4);
    const size = Math.min(bytes.readUInt32LE(at + 4), bytes.length - at - 8);
    if (id === 'fmt ') format = readFormat(bytes, at + 8);
    if (id === 'data' && format !== null) {
      return resample(decode(bytes.subarray(at + 8, at + 8 + size), format), format.rateHz, LINE_RATE_HZ);
    }
    at += 8 + size + (size % 2);
  }
  throw new Error(`${path} has no audio data`);
}

/** Linear interpolation: enough for telephone speech going between 8 and 16 kHz. */
export function resample(samples: Int16Array, fromHz: number, toHz: number): Int16Array {
  if (fromHz === toHz) return samples;
  const out = new Int16Array(Math.floor((samples.length * toHz) / fromHz));
  for (let index = 0; index < out.length; index++) {
    const position = (index * fromHz) / toHz;
    const left = samples[Math.floor(position)] ?? 0;
    const right = samples[Math.floor(position) + 1] ?? left;
    out[index] = Math.round(left + (right - left) * (position % 1));
  }
  return out;
}

/** Appends PCM to a WAV file as it comes; `close` puts the lengths right. */
export class WavWriter {
  readonly #file: number;
  readonly #channels: number;
  #dataBytes = 0;

  /** Throws when the file cannot be made. */
  constructor(path: string, channels: number) {
    this.#channels = channels;
    this.#file = openSync(path, 'w');
    writeSync(this.#file, this.#header());
  }

  get samples(): number {
    return this.#dataBytes / 2 / this.#channels;
  }

  get fileBytes(): number {
    return 44 + this.#dataBytes;
  }

  /** `pcm` is interleaved little-endian 16 bit. */
  write(pcm: Buffer): void {
    writeSync(this.#file, pcm);
    this.#dataBytes += pcm.length;
  }

  close(): void {
    writeSync(this.#file, this.#header(), 0, 44, 0);
    closeSync(this.#file);
  }

  #header(): Buffer {
    const header = Buffer.alloc(44);
    header.write('RIFF', 0, 'latin1');
    header.writeUInt32LE(36 + this.#dataBytes, 4);
    header.write('WAVEfmt ', 8, 'latin1');
    header.writeUInt32LE(16, 16);
    header.writeUInt16LE(1, 20);
    header.writeUInt16LE(this.#channels, 22);
    header.writeUInt32LE(LINE_RATE_HZ, 24);
    header.writeUInt32LE(LINE_RATE_HZ * 2 * this.#channels, 28);
    header.writeUInt16LE(2 * this.#channels, 32);
    header.writeUInt16LE(16, 34);
    header.write('data', 36, 'latin1');
    header.writeUInt32LE(this.#dataBytes, 40);
    return header;
  }
}

function readFormat(
  bytes: Buffer,
  at: number,
): { tag: number; channels: number; rateHz: number; bits: number } {
  const tag = bytes.readUInt16LE(at);
  const isExtensible = tag === 0xfffe;
  return {
    tag: isExtensible ? bytes.readUInt16LE(at + 24) : tag,
    channels: Math.max(1, bytes.readUInt16LE(at + 2)),
    rateHz: bytes.readUInt32LE(at + 4),
    bits: bytes.readUInt16LE(at + 14),
  };
}

function decode(data: Buffer, format: { tag: number; channels: number; bits: number }): Int16Array {
  const width = format.bits / 8;
  const frames = Math.floor(data.length / (width * format.channels));
  const out = new Int16Array(frames);
  for (let index = 0; index < frames; index++) {
    out[index] = sampleAt(data, index * width * format.channels, format);
  }
  return out;
}

function sampleAt(data: Buffer, at: number, format: { tag: number; bits: number }): number {
  if (format.tag === 1 && format.bits === 16) return data.readInt16LE(at);
  if (format.tag === 7) return fromMuLaw(data.readUInt8(at));
  if (format.tag === 6) return fromALaw(data.readUInt8(at));
  throw new Error(`WAV format ${format.tag} with ${format.bits} bits is not supported`);
}

function fromMuLaw(byte: number): number {
  const inverted = ~byte & 0xff;
  const magnitude = (((inverted & 0x0f) << 3) + 0x84) << ((inverted >> 4) & 0x07);
  return (inverted & 0x80) === 0 ? magnitude - 0x84 : 0x84 - magnitude;
}

function fromALaw(byte: number): number {
  const toggled = byte ^ 0x55;
  const exponent = (toggled >> 4) & 0x07;
  const mantissa = ((toggled & 0x0f) << 4) + 8;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
  return (toggled & 0x80) === 0 ? -magnitude : magnitude;
}
