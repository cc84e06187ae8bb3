import { describe, expect, it } from 'vitest';
import { FrameSplitter } from '../../../../../src/call-engine/adapters/freeswitch/frame-splitter.ts';

/** 16-bit samples 0, 1, 2 … as little-endian bytes, from an odd offset of a larger buffer as sockets give them. */
function samples(from: number, count: number): Uint8Array {
  const bytes = Buffer.alloc(count * 2 + 1);
  for (let i = 0; i < count; i++) bytes.writeInt16LE(from + i, 1 + i * 2);
  return bytes.subarray(1);
}

function split(messages: Uint8Array[], sampleRateHz = 8000): { frames: number[][]; odd: number } {
  const splitter = new FrameSplitter(sampleRateHz);
  const frames: number[][] = [];
  for (const message of messages) splitter.push(message, (frame) => frames.push([...frame]));
  return { frames, odd: splitter.oddMessages };
}

const numbers = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);

describe('frames of 20 ms', () => {
  it.each([
    ['one message, one frame', [samples(0, 160)], 1],
    ['100 ms in one message', [samples(0, 800)], 5],
    ['30 ms messages', [samples(0, 240), samples(240, 240)], 3],
    ['halves', [samples(0, 80), samples(80, 80)], 1],
    ['an unfinished frame waits', [samples(0, 170)], 1],
    ['an empty message', [new Uint8Array(0), samples(0, 160)], 1],
  ])('%s', (_name, messages, count) => {
    const { frames } = split(messages);
    expect(frames).toHaveLength(count);
    expect(frames.flat()).toEqual(numbers(0, count * 160));
  });

  it('16 kHz frames have 320 samples', () => {
    expect(split([samples(0, 320)], 16_000).frames).toEqual([numbers(0, 320)]);
  });

  it('half a sample is dropped and does not shift what follows', () => {
    const broken = Buffer.concat([samples(0, 160), Buffer.from([7])]);
    const { frames, odd } = split([broken, samples(160, 160)]);
    expect(frames).toEqual([numbers(0, 160), numbers(160, 160)]);
    expect(odd).toBe(1);
  });

  it('negative samples keep their sign', () => {
    const bytes = Buffer.alloc(320);
    bytes.writeInt16LE(-32768, 0);
    bytes.writeInt16LE(-1, 2);
    expect(split([bytes]).frames[0]?.slice(0, 3)).toEqual([-32768, -1, 0]);
  });

  it('frames belong to the receiver', () => {
    const splitter = new FrameSplitter(8000);
    const kept: Int16Array[] = [];
    splitter.push(samples(0, 480), (frame) => kept.push(frame));
    expect(new Set(kept.map(({ buffer }) => buffer)).size).toBe(3);
    expect(kept[0]?.[0]).toBe(0);
  });
});
