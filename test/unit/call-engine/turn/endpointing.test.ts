import { describe, expect, it } from 'vitest';
import { requiredSilenceMs, turnEnd } from '../../../../src/call-engine/turn/endpointing.ts';

const OPTIONS = {
  shortAnswerSilenceMs: 460,
  sentenceSilenceMs: 470,
  openSilenceMs: 700,
  bareAnswerSilenceMs: 1400,
  unclearSilenceMs: 1300,
  maxSilenceMs: 1500,
  maxTurnMs: 12_000,
};

describe('requiredSilenceMs', () => {
  it.each([
    ['oui', 460],
    ['non merci', 460],
    ['allez-y', 460],
    ['si', 460],
    ['je voudrais savoir combien ça coûte', 470],
    ['', 1300],
    ['oui mais', 1500],
    ['je voudrais', 1500],
    ['je dois en parler à', 1500],
    ['je ne peux pas parce que', 1500],
    ['euh', 1500],
  ])('waits after « %s » to a closed question for %i ms', (text, expected) => {
    expect(requiredSilenceMs(OPTIONS, { text, expected: 'closed' })).toBe(expected);
  });

  it.each([
    ['oui', 1400],
    ["d'accord", 1400],
    ['mardi à quatorze heures', 700],
    ['pas du tout', 700],
    ['euh', 1500],
    ['', 1300],
  ])('waits after « %s » to an open question for %i ms', (text, expected) => {
    expect(requiredSilenceMs(OPTIONS, { text, expected: 'open' })).toBe(expected);
  });

  it('never waits longer than the configured maximum', () => {
    const impatient = { ...OPTIONS, maxSilenceMs: 300 };
    for (const text of ['', 'oui', 'oui mais', 'combien ça coûte']) {
      expect(requiredSilenceMs(impatient, { text, expected: 'open' })).toBe(300);
      expect(requiredSilenceMs(impatient, { text, expected: 'closed' })).toBe(300);
    }
  });
});

describe('turnEnd', () => {
  const turn = { startedMs: 1000, lastVoicedMs: 1500, text: 'oui', expected: 'closed' } as const;

  it('is over once the silence has lasted', () => {
    expect(turnEnd(OPTIONS, { ...turn, nowMs: 1940 })).toBeNull();
    expect(turnEnd(OPTIONS, { ...turn, nowMs: 1960 })).toBe('short-answer');
  });

  it('ends an endless turn although the person still speaks', () => {
    expect(turnEnd(OPTIONS, { ...turn, lastVoicedMs: 12_990, nowMs: 13_000 })).toBe('longest-turn');
  });

  it.each([
    ['', 'closed', 'unclear'],
    ['oui mais', 'closed', 'unfinished'],
    ['combien ça coûte', 'closed', 'sentence'],
    ['oui', 'open', 'bare-answer'],
    ['mardi à quatorze heures', 'open', 'open'],
  ] as const)('names the rule after « %s » to a %s question: %s', (text, expected, rule) => {
    expect(turnEnd(OPTIONS, { ...turn, text, expected, nowMs: 4000 })).toBe(rule);
  });
});
