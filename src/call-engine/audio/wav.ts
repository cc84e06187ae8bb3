import { MinibotError } from '../../errors.ts';
import { decodeALaw, decodeMuLaw } from './g711.ts';
import { samplesFromBytes } from './pcm.ts';

interface WavAudio {
  sampleRateHz: number;
  /** One array per channel, all of one length. Never empty. */
  channels: [Int16Array, ...Int16Array[]];
}

/** The file is not a WAV, or holds a coding that telephony does not use. `message` says which. */
export class WavError extends MinibotError {
  constructor(message: string) {
    super('WAV_UNREADABLE', message);
  }
}

/** Where a WAV file's audio lies, and how it is coded. */
export interface WavHeader extends Format {
  /** Bytes from the start of the file. */
  dataStart: number;
  dataEnd: number;
}

interface Format {
  coding: number;
  channelCount: number;
  sampleRateHz: number;
  bitsPerSample: number;
}

export const CODING_PCM = 1;
const CODING_A_LAW = 6;
const CODING_MU_LAW = 7;
/** The real coding stands in the first two bytes of the sub-format. */
const CODING_EXTENSIBLE = 0xfffe;
const SUB_FORMAT_OFFSET = 24;
const FORMAT_BYTES = 16;
const RIFF_HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
const MAX_CHANNELS = 8;
const MAX_SAMPLE_RATE_HZ = 192_000;

/**
 * Reads a WAV file of 16-bit PCM, µ-law or A-law. Takes what recorders and pipes write in practice: chunks before the
 * data, extensible headers, a data size of 0 or 0xFFFFFFFF (unknown when the header was written) and files cut short.
 * Throws `WavError`.
 */
export function readWav(bytes: Uint8Array): WavAudio {
  const { dataStart, dataEnd, ...format } = readWavHeader(bytes, bytes.byteLength);
  return decodeData(bytes.subarray(dataStart, dataEnd), format);
}

/**
 * Reads what stands before a WAV file's audio: `head` are its first bytes, up to the audio at least, `fileBytes` its length.
 * Throws `WavError`.
 */
export function readWavHeader(head: Uint8Array, fileBytes: number): WavHeader {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (tagAt(view, 0) !== 'RIFF' || tagAt(view, 8) !== 'WAVE') {
    throw new WavError('not a WAV file: it does not start with RIFF…WAVE');
  }
  let format: Format | null = null;
  let offset = RIFF_HEADER_BYTES;
  while (offset + CHUNK_HEADER_BYTES <= head.byteLength) {
    const tag = tagAt(view, offset);
    const size = view.getUint32(offset + 4, true);
    const start = offset + CHUNK_HEADER_BYTES;
    if (tag === 'fmt ') format = readFormat(view, start, size);
    if (tag === 'data') {
      if (format === null) throw new WavError('a WAV file whose data comes before its format');
      return { ...format, dataStart: start, dataEnd: dataEnd(start, size, fileBytes) };
    }
    // Chunks are padded to an even length.
    offset = start + size + (size % 2);
  }
  throw new WavError('a WAV file without audio: it has no data chunk');
}

/** What stands before the audio in a WAV file of 16-bit PCM. */
export function wavHeader({
  sampleRateHz,
  channelCount,
  dataBytes,
}: {
  sampleRateHz: number;
  channelCount: number;
  dataBytes: number;
}): Uint8Array {
  const header = Buffer.alloc(RIFF_HEADER_BYTES + CHUNK_HEADER_BYTES + FORMAT_BYTES + CHUNK_HEADER_BYTES);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(header.length - CHUNK_HEADER_BYTES + dataBytes, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(FORMAT_BYTES, 16);
  header.writeUInt16LE(CODING_PCM, 20);
  header.writeUInt16LE(channelCount, 22);
  header.writeUInt32LE(sampleRateHz, 24);
  header.writeUInt32LE(sampleRateHz * channelCount * 2, 28);
  header.writeUInt16LE(channelCount * 2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(dataBytes, 40);
  return header;
}

/** Length of the audio in milliseconds. */
export function wavDurationMs(audio: WavAudio): number {
  return (audio.channels[0].length / audio.sampleRateHz) * 1000;
}

function tagAt(view: DataView, offset: number): string {
  if (offset + 4 > view.byteLength) return '';
  return String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(offset + i)));
}

function readFormat(view: DataView, start: number, size: number): Format {
  if (size < FORMAT_BYTES || start + FORMAT_BYTES > view.byteLength) {
    throw new WavError(`a WAV file with a format chunk of ${size} bytes; at least ${FORMAT_BYTES} are needed`);
  }
  const declared = view.getUint16(start, true);
  const hasSubFormat = size >= SUB_FORMAT_OFFSET + 2 && start + SUB_FORMAT_OFFSET + 2 <= view.byteLength;
  const coding =
    declared === CODING_EXTENSIBLE && hasSubFormat
      ? view.getUint16(start + SUB_FORMAT_OFFSET, true)
      : declared;
  const format = {
    coding,
    channelCount: view.getUint16(start + 2, true),
    sampleRateHz: view.getUint32(start + 4, true),
    bitsPerSample: view.getUint16(start + 14, true),
  };
  if (format.channelCount < 1 || format.channelCount > MAX_CHANNELS) {
    throw new WavError(`a WAV file with ${format.channelCount} channels; 1 to ${MAX_CHANNELS} are read`);
  }
  if (format.sampleRateHz < 1 || format.sampleRateHz > MAX_SAMPLE_RATE_HZ) {
    throw new WavError(`a WAV file with a sample rate of ${format.sampleRateHz} Hz`);
  }
  return format;
}

function dataEnd(start: number, size: number, fileBytes: number): number {
  const isUnknown = size === 0 || size === 0xffffffff;
  return isUnknown ? fileBytes : Math.min(start + size, fileBytes);
}

function decodeData(data: Uint8Array, format: Format): WavAudio {
  const interleaved = decodeSamples(data, format);
  const length = Math.floor(interleaved.length / format.channelCount);
  const channel = (index: number): Int16Array => {
    if (format.channelCount === 1) return interleaved;
    return Int16Array.from({ length }, (_, i) => interleaved[i * format.channelCount + index] ?? 0);
  };
  const others = Array.from({ length: format.channelCount - 1 }, (_, i) => channel(i + 1));
  return { sampleRateHz: format.sampleRateHz, channels: [channel(0), ...others] };
}

function decodeSamples(data: Uint8Array, { coding, bitsPerSample }: Format): Int16Array {
  if (coding === CODING_PCM && bitsPerSample === 16) return samplesFromBytes(data);
  if (coding === CODING_MU_LAW && bitsPerSample === 8) return decodeMuLaw(data);
  if (coding === CODING_A_LAW && bitsPerSample === 8) return decodeALaw(data);
  throw new WavError(
    `a WAV file with coding ${coding} at ${bitsPerSample} bits; 16-bit PCM, µ-law and A-law are read. ` +
      'Convert it, e.g. with `ffmpeg -i IN -ac 1 -ar 8000 -c:a pcm_s16le OUT.wav`',
  );
}
