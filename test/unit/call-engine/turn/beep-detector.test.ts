import { describe, expect, it } from 'vitest';
import { BeepDetector } from '../../../../src/call-engine/turn/beep-detector.ts';

const FRAME = 160;

function tone(hz: number[], ms: number, amplitude = 8000): Int16Array[] {
  let sample = 0;
  return Array.from({ length: ms / 20 }, () =>
    Int16Array.from({ length: FRAME }, () => {
      const value = hz.reduce((sum, f) => sum + Math.sin((2 * Math.PI * f * sample) / 8000), 0);
      sample += 1;
      return (value * amplitude) / hz.length;
    }),
  );
}

const silence = (ms: number) => Array.from({ length: ms / 20 }, () => new Int16Array(FRAME));

function beepsIn(frames: Int16Array[]): number {
  const detector = new BeepDetector({ sampleRateHz: 8000, frameMs: 20, minMs: 150, maxMs: 1200 });
  return frames.filter((frame) => detector.advance(frame) === 'beep').length;
}

describe('BeepDetector', () => {
  it.each([440, 1000, 1400, 2000])('hears a beep of %i Hz when it has ended', (hz) => {
    expect(beepsIn([...silence(200), ...tone([hz], 400), ...silence(200)])).toBe(1);
  });

  it('hears none in a click, a dial tone that goes on, two tones at once, or a whisper', () => {
    expect(beepsIn([...tone([1000], 60), ...silence(200)])).toBe(0);
    expect(beepsIn([...tone([440], 2000), ...silence(200)])).toBe(0);
    expect(beepsIn([...tone([697, 1209], 400), ...silence(200)])).toBe(0);
    expect(beepsIn([...tone([1000], 400, 100), ...silence(200)])).toBe(0);
  });

  it('knows a fax by its long tone, once, and no other long tone', () => {
    const detector = new BeepDetector({ sampleRateHz: 8000, frameMs: 20, minMs: 150, maxMs: 1200 });
    const heard = [...tone([2100], 3000), ...silence(200)].map((frame) => detector.advance(frame));
    expect(heard.flatMap((kind, at) => (kind === null ? [] : [[kind, at]]))).toEqual([['fax', 49]]);
    expect(tone([1000], 3000).map((frame) => detector.advance(frame))).not.toContain('fax');
  });
});
