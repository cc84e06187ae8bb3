import { describe, expect, it } from 'vitest';
import { drawSound } from '../../../src/cli/sound-picture.ts';
import type { Heard } from '../../../src/hearing/hear-turns.ts';

const TITLES = { time: '', level: 'level', voiced: 'voiced', speech: 'speech', turn: 'turn' };

/** Speech from 200 to 600 ms, then a pause; decided at `decidedMs`. */
function heard(lengthMs: number, decidedMs = 1000): Heard {
  const isSpeech = (ms: number): boolean => ms >= 200 && ms < 600;
  return {
    frameMs: 20,
    frames: Array.from({ length: lengthMs / 20 }, (_frame, index) => ({
      levelDbfs: isSpeech(index * 20) ? -10 : -70,
      floorDbfs: -70,
      isVoiced: isSpeech(index * 20),
    })),
    utterances: [{ startMs: 200, endMs: 600, levelDbfs: -10 }],
    turns: [
      {
        ...{ number: 1, startMs: 200, endMs: 600, decidedMs, endedBy: 'short-answer' },
        ...{ text: 'oui', confidence: 1 },
      },
    ],
  };
}

function draw(sound: Heard, width: number): string[] {
  return drawSound(sound, { width, titles: TITLES }).flatMap((stripe) => stripe.map(({ text }) => text));
}

describe('drawSound', () => {
  it('shows level, voice, speech and turn over time', () => {
    expect(draw(heard(1200), 68)).toEqual([
      '        0s        0.2s      0.4s      0.6s      0.8s      1s',
      'level   ▁▁▁▁▁▁▁▁▁▁▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁',
      'voiced  ··········████████████████████······························',
      'speech            ━━━━━━━━━━━━━━━━━━━━',
      'turn              1═══════════════════───────────────────┤',
    ]);
  });

  it.each([
    [1200, 40],
    [1200, 80],
    [30_000, 80],
    [300_000, 80],
    [300_000, 30],
    [20, 80],
  ])('fits %i ms into %i columns, in few lines', (lengthMs, width) => {
    const lines = draw(heard(lengthMs), width);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
    expect(lines.length).toBeLessThanOrEqual(4 * 5);
    const drawn = lines.filter((line) => line.startsWith('voiced')).map((line) => line.length - 8);
    const columns = drawn.reduce((sum, length) => sum + length, 0);
    expect(columns).toBeGreaterThan(0);
  });

  it('goes on below where the line ends, with the time', () => {
    const stripes = drawSound(heard(6000), { width: 68, titles: TITLES });
    expect(stripes.length).toBeGreaterThan(1);
    expect(stripes[0]?.[0]?.text).toContain('0s');
    expect(stripes[1]?.[0]?.text).toMatch(/[1-9](\.\d)?s/);
    expect(stripes.every((stripe) => stripe.length === 5)).toBe(true);
  });
});
