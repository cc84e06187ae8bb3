import { describe, expect, it } from 'vitest';
import { AudioClock } from '../../../../src/call-engine/turn/audio-clock.ts';

const FRAME_MS = 20;

describe('AudioClock', () => {
  it('says when the sound of a moment was there to be heard', () => {
    const clock = new AudioClock();
    for (let i = 1; i <= 50; i++) clock.advance(FRAME_MS, 10_000 + i * FRAME_MS + 3);
    expect(clock.nowMs).toBe(1000);
    expect(clock.atMs(1000)).toBe(11_003);
    expect(clock.atMs(400)).toBe(10_403);
  });

  it('is not moved by frames that were held up: their sound was not', () => {
    const clock = new AudioClock();
    for (let i = 1; i <= 50; i++) clock.advance(FRAME_MS, 10_000 + i * FRAME_MS);
    // A stall: 25 frames arrive together half a second late.
    for (let i = 51; i <= 75; i++) clock.advance(FRAME_MS, 12_000);
    expect(clock.atMs(1000)).toBe(11_000);
    expect(clock.atMs(clock.nowMs)).toBe(11_500);
  });

  it('follows, within ten seconds, what was lost on the way', () => {
    const clock = new AudioClock();
    for (let i = 1; i <= 50; i++) clock.advance(FRAME_MS, 10_000 + i * FRAME_MS);
    // Two seconds of audio never came.
    for (let i = 51; i <= 600; i++) clock.advance(FRAME_MS, 12_000 + i * FRAME_MS);
    expect(clock.atMs(clock.nowMs)).toBe(12_000 + 600 * FRAME_MS);
  });
});
