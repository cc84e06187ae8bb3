import { expect, it } from 'vitest';
import { concatSamples, samplesFromBytes } from '../../../../src/call-engine/audio/pcm.ts';

it('reads little-endian samples and leaves an odd last byte out', () => {
  expect(samplesFromBytes(Uint8Array.of(0x01, 0x00, 0xff, 0xff, 0x00, 0x80, 0x7f))).toEqual(
    Int16Array.of(1, -1, -32768),
  );
  expect(samplesFromBytes(new Uint8Array(0))).toHaveLength(0);
});

it('reads bytes at an odd address', () => {
  expect(samplesFromBytes(Uint8Array.of(9, 2, 1).subarray(1))).toEqual(Int16Array.of(0x0102));
});

it('joins stretches in order', () => {
  expect(concatSamples([Int16Array.of(1), new Int16Array(0), Int16Array.of(2, 3)])).toEqual(Int16Array.of(1, 2, 3));
});
