import { describe, expect, it } from 'vitest';
import { NoiseGate } from '../../../../src/call-engine/turn/noise-gate.ts';

const gate = () => new NoiseGate({ aboveFloorDb: 6, minimumDbfs: -50, learntMaximumDbfs: -30 });

function hear(of: NoiseGate, levelDbfs: number, frames: number, overPrompt = false): boolean {
  let passed = false;
  for (let i = 0; i < frames; i++) passed = of.passes(levelDbfs, overPrompt);
  return passed;
}

describe('NoiseGate', () => {
  it('lets a voice through, and nothing that is hardly there', () => {
    expect(hear(gate(), -20, 1)).toBe(true);
    expect(hear(gate(), -51, 1)).toBe(false);
  });

  it('gets used to a noise that stays, and follows a line that turns quiet at once', () => {
    const line = gate();
    expect(hear(line, -48, 1)).toBe(true);
    expect(hear(line, -48, 400)).toBe(false);
    hear(line, -70, 1);
    expect(hear(line, -48, 1)).toBe(true);
  });

  it('keeps an echo that was learnt away from prompts, and from nothing else', () => {
    const line = gate();
    line.learnEcho(-40);
    expect(hear(line, -35, 1, true)).toBe(false);
    expect(hear(line, -25, 1, true)).toBe(true);
    expect(hear(line, -35, 1)).toBe(true);
  });

  it('is never made deaf to a voice', () => {
    const line = gate();
    line.learnEcho(-10);
    line.learnNoise(-10);
    expect(hear(line, -29, 1, true)).toBe(true);
  });

  it('forgets a noise', () => {
    const line = gate();
    line.learnNoise(-45);
    expect(hear(line, -40, 1)).toBe(false);
    hear(line, -70, 300);
    expect(hear(line, -40, 1)).toBe(true);
  });
});
