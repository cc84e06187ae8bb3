import { expect, it } from 'vitest';
import type { ScoredRow } from '../../../eval/evaluation.ts';
import { reliabilityOf } from '../../../eval/intents.ts';

function row(score: number, isRight: boolean): ScoredRow {
  return {
    row: { line: 2, columns: {} },
    expected: 'deny',
    predicted: isRight ? 'deny' : 'affirm',
    score,
    method: 'local',
    latencyMs: 0,
  };
}

it('tells how far confidence and truth lie apart, weighed by rows', () => {
  const rows = [row(0.75, true), row(0.75, true), row(0.75, true), row(0.75, false), row(0.95, false)];
  const { title, rows: steps } = reliabilityOf(rows);
  // (4 / 5) × 0 + (1 / 5) × 0.95
  expect(title).toMatch(/0\.190$/);
  expect(steps).toEqual([
    ['0.7–0.8', '4', '0.75', '0.75'],
    ['0.9–1', '1', '0.95', '0.00'],
  ]);
});
