import { describe, expect, it } from 'vitest';
import { isTurnOver, requiredSilenceMs } from '../../../../src/call-engine/turn/endpointing.ts';

const OPTIONS = { shortAnswerSilenceMs: 400, openSilenceMs: 700, maxSilenceMs: 1500, maxTurnMs: 12_000 };

describe('requiredSilenceMs', () => {
  it.each([
    ['oui', 400],
    ['non merci', 400],
    ['allez-y', 400],
    ['', 700],
    ['je voudrais savoir combien ça coûte', 700],
    ['oui mais', 1500],
    ['je ne peux pas parce que', 1500],
    ['euh', 1500],
    ['si', 400],
  ])('waits after « %s » for %i ms', (text, expected) => {
    expect(requiredSilenceMs(OPTIONS, text)).toBe(expected);
  });

  it('never waits longer than the configured maximum', () => {
    const impatient = { ...OPTIONS, maxSilenceMs: 300 };
    expect(requiredSilenceMs(impatient, 'oui')).toBe(300);
    expect(requiredSilenceMs(impatient, 'combien ça coûte')).toBe(300);
  });
});

describe('isTurnOver', () => {
  const turn = { startedMs: 1000, lastVoicedMs: 1500, text: 'oui' };

  it('is over once the silence has lasted', () => {
    expect(isTurnOver(OPTIONS, { ...turn, nowMs: 1880 })).toBe(false);
    expect(isTurnOver(OPTIONS, { ...turn, nowMs: 1900 })).toBe(true);
  });

  it('ends an endless turn although the person still speaks', () => {
    expect(isTurnOver(OPTIONS, { ...turn, lastVoicedMs: 12_990, nowMs: 13_000 })).toBe(true);
  });
});
