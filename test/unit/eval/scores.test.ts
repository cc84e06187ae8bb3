import { describe, expect, it } from 'vitest';
import { costOfAmd } from '../../../eval/amd.ts';
import { isMet, scoreRows, type ScoredRow, type Subject } from '../../../eval/evaluation.ts';
import { costOfIntent } from '../../../eval/intents.ts';
import { costOfObjection } from '../../../eval/objections.ts';
import { confusionMatrix, scoresOf, shareOf } from '../../../eval/scores.ts';
import { INTENTS } from '../../../src/call-engine/intent/intents.ts';

const scored = (expected: string, predicted: string, latencyMs = 1): ScoredRow => ({
  row: { line: 2, columns: {} },
  expected,
  predicted,
  score: 1,
  method: 'rule',
  latencyMs,
});

describe('the cost of a misread intent', () => {
  it('is nothing where it is right', () => {
    for (const intent of INTENTS) expect(costOfIntent(intent, intent)).toBe(0);
  });

  it('is highest where an opt-out, then where a refusal is read as consent', () => {
    const all = INTENTS.flatMap((meant) => INTENTS.map((taken) => costOfIntent(meant, taken)));
    const [first, second, third = 0] = all.sort((a, b) => b - a);
    expect(first).toBe(costOfIntent('opt_out', 'affirm'));
    expect(second).toBe(costOfIntent('deny', 'affirm'));
    expect(second).toBeGreaterThan(third);
  });

  it('is low where the callee is only asked again', () => {
    expect(costOfIntent('affirm', 'not_understood')).toBeLessThan(costOfIntent('affirm', 'deny'));
    expect(costOfIntent('opt_out', 'not_understood')).toBe(costOfIntent('opt_out', 'deny'));
  });
});

it('finds an answer to nothing dearer than no answer', () => {
  expect(costOfObjection('none', 'scam')).toBeGreaterThan(costOfObjection('scam', 'none'));
  expect(costOfObjection('scam', 'scam')).toBe(0);
});

it('finds a person hung up on dearer than a machine talked to', () => {
  expect(costOfAmd('HUMAN', 'MACHINE')).toBeGreaterThan(costOfAmd('MACHINE', 'HUMAN'));
  expect(costOfAmd('HUMAN', 'HUMAN')).toBe(0);
});

it('counts what was taken for what', () => {
  const pairs = [
    { actual: 'deny', taken: 'deny' },
    { actual: 'affirm', taken: 'deny' },
    { actual: 'affirm', taken: 'question' },
    { actual: 'affirm', taken: 'deny' },
  ];
  expect(confusionMatrix(pairs)).toEqual({
    actual: ['affirm', 'deny'],
    taken: ['deny', 'question'],
    counts: [
      [2, 1],
      [1, 0],
    ],
  });
});

it('says how much is right, what the rest costs and how long it took', () => {
  const rows = [
    scored('deny', 'deny', 1),
    scored('deny', 'affirm', 9),
    scored('affirm', 'affirm', 2),
    scored('affirm', 'deny', 3),
  ];
  expect(scoresOf(rows, { costOf: costOfIntent })).toEqual({
    accuracy: 0.5,
    weightedError: (costOfIntent('deny', 'affirm') + costOfIntent('affirm', 'deny')) / 4,
    latencyMs: { p50: 2, p95: 9 },
  });
});

it('has no share of nothing, and no bar met by it', () => {
  expect(shareOf([], () => true)).toBeNull();
  expect(isMet({ name: '', measured: null, limit: 1, direction: 'at-most' })).toBe(false);
  expect(isMet({ name: '', measured: 0.01, limit: 0.01, direction: 'at-most' })).toBe(true);
  expect(isMet({ name: '', measured: 0.89, limit: 0.9, direction: 'at-least' })).toBe(false);
});

it('puts every row to the subject and keeps its label beside the verdict', () => {
  const subject: Subject = {
    expected: ['HUMAN', 'MACHINE'],
    predict: ({ columns }) => ({ predicted: columns['text'] ?? '', score: 0.7, method: 'words' }),
    costOf: () => 0,
    classOf: () => ({ actual: '', taken: '' }),
    bars: () => [],
  };
  const rows = ['a', 'b'].map((text, index) => ({ line: index + 2, columns: { text } }));
  expect(scoreRows(rows, subject)).toMatchObject([
    { expected: 'HUMAN', predicted: 'a', row: { line: 2 } },
    { expected: 'MACHINE', predicted: 'b', row: { line: 3 } },
  ]);
});
