import { describe, expect, it } from 'vitest';
import { readWav, wavDurationMs } from '../../../../src/call-engine/audio/wav.ts';
import { loadClip } from '../../../helpers/clips.ts';

interface Header {
  coding?: number;
  channels?: number;
  rateHz?: number;
  bits?: number;
  dataSize?: number;
  /** Bytes after the 16 of a plain format chunk. */
  formatTail?: number[];
  /** Chunks between format and data. */
  between?: { tag: string; body: number[] }[];
}

const bytes = (text: string): number[] => [...Buffer.from(text, 'latin1')];
const u16 = (value: number): number[] => [value & 0xff, (value >> 8) & 0xff];
const u32 = (value: number): number[] => [...u16(value & 0xffff), ...u16(value >>> 16)];
const pcm = (...samples: number[]): number[] => samples.flatMap((sample) => u16(sample & 0xffff));

function wav(data: number[], header: Header = {}): Uint8Array {
  const { coding = 1, channels = 1, rateHz = 8000, bits = 16, formatTail = [], between = [] } = header;
  const align = (channels * bits) / 8;
  const format = [
    ...u16(coding),
    ...u16(channels),
    ...u32(rateHz),
    ...u32(rateHz * align),
    ...u16(align),
    ...u16(bits),
    ...formatTail,
  ];
  const chunks = between.flatMap(({ tag, body }) => [
    ...bytes(tag),
    ...u32(body.length),
    ...body,
    ...(body.length % 2 === 0 ? [] : [0]),
  ]);
  const rest = [
    ...bytes('WAVEfmt '),
    ...u32(format.length),
    ...format,
    ...chunks,
    ...bytes('data'),
    ...u32(header.dataSize ?? data.length),
    ...data,
  ];
  return Uint8Array.from([...bytes('RIFF'), ...u32(rest.length), ...rest]);
}

describe('readWav', () => {
  it('reads 16-bit samples', () => {
    expect(readWav(wav(pcm(0, 1, -1, 32767, -32768)))).toEqual({
      sampleRateHz: 8000,
      channels: [Int16Array.of(0, 1, -1, 32767, -32768)],
    });
  });

  it('reads a file that begins somewhere within a larger buffer', () => {
    const file = wav(pcm(5, 6));
    const larger = new Uint8Array(file.length + 3);
    larger.set(file, 3);
    expect(readWav(larger.subarray(3)).channels[0]).toEqual(Int16Array.of(5, 6));
  });

  it('separates channels', () => {
    const { channels } = readWav(wav(pcm(1, 10, 2, 20, 3), { channels: 2 }));
    expect(channels).toEqual([Int16Array.of(1, 2), Int16Array.of(10, 20)]);
  });

  it('skips other chunks, padded ones too', () => {
    const between = [
      { tag: 'LIST', body: bytes('INFOabc') },
      { tag: 'fact', body: u32(1) },
    ];
    expect(readWav(wav(pcm(7), { between })).channels[0]).toEqual(Int16Array.of(7));
  });

  it('reads extensible headers', () => {
    const formatTail = [...u16(22), ...u16(16), ...u32(4), ...u16(1), ...bytes('\x00\x00\x00\x00\x10\x00')];
    expect(readWav(wav(pcm(7), { coding: 0xfffe, formatTail })).channels[0]).toEqual(Int16Array.of(7));
  });

  it.each([0, 0xffffffff])('takes all there is when the header says %i bytes, as pipes write it', (dataSize) => {
    expect(readWav(wav(pcm(7, 8), { dataSize })).channels[0]).toEqual(Int16Array.of(7, 8));
  });

  it('reads a file cut short up to its last whole sample', () => {
    expect(readWav(wav([...pcm(7, 8), 1], { dataSize: 100 })).channels[0]).toEqual(Int16Array.of(7, 8));
  });

  // Values of ITU-T G.711 tables 1a and 2a, scaled to 16 bits.
  it('decodes µ-law', () => {
    const { channels } = readWav(wav([0xff, 0x7f, 0x80, 0x00, 0xf0], { coding: 7, bits: 8 }));
    expect(channels[0]).toEqual(Int16Array.of(0, 0, 32124, -32124, 120));
  });

  it('decodes A-law', () => {
    const { channels } = readWav(wav([0xd5, 0x55, 0xaa, 0x2a, 0xd4], { coding: 6, bits: 8 }));
    expect(channels[0]).toEqual(Int16Array.of(8, -8, 32256, -32256, 24));
  });

  it.each([
    ['nothing', new Uint8Array(0), /not a WAV/],
    ['another kind of file', Uint8Array.from(bytes('ID3\x04MP3 of some kind')), /not a WAV/],
    ['no data', wav([]).slice(0, 36), /no data chunk/],
    ['data before its format', Uint8Array.from(bytes('RIFF\x00\x00\x00\x00WAVEdata\x02\x00\x00\x00ab')), /before its format/],
    ['floating point', wav([0, 0, 0, 0], { coding: 3, bits: 32 }), /coding 3 at 32 bits.*ffmpeg/],
    ['24 bits', wav([0, 0, 0], { bits: 24 }), /coding 1 at 24 bits/],
    ['no channels', wav([], { channels: 0 }), /0 channels/],
    ['too many channels', wav([], { channels: 60_000 }), /60000 channels/],
    ['an absurd rate', wav([], { rateHz: 0 }), /sample rate of 0/],
    ['a format chunk cut short', wav([]).slice(0, 24), /format chunk/],
  ])('refuses %s', (_name, file, message) => {
    expect(() => readWav(file)).toThrow(expect.objectContaining({ code: 'WAV_UNREADABLE' }));
    expect(() => readWav(file)).toThrow(message);
  });

  it('survives any cut and any damaged byte of the header', () => {
    const file = wav(pcm(1, 2, 3), { between: [{ tag: 'LIST', body: bytes('abc') }] });
    const tolerate = (candidate: Uint8Array): void => {
      try {
        readWav(candidate);
      } catch (error) {
        expect(error).toMatchObject({ code: 'WAV_UNREADABLE' });
      }
    };
    for (let end = 0; end < file.length; end++) tolerate(file.slice(0, end));
    for (let at = 0; at < file.length; at++) {
      for (const value of [0, 1, 0x7f, 0xff]) tolerate(file.with(at, value));
    }
  });
});

it('tells how long the audio is', () => {
  expect(wavDurationMs({ sampleRateHz: 8000, channels: [loadClip('silence-01.wav')] })).toBe(3000);
});
