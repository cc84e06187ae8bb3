import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { scoreRows, type Evaluation } from '../../../eval/evaluation.ts';
import { intents } from '../../../eval/intents.ts';
import { objections } from '../../../eval/objections.ts';
import { amd } from '../../../eval/amd.ts';
import { isRight, shareOf } from '../../../eval/scores.ts';
import { readTsvFile } from '../../../eval/tsv.ts';
import { INTENTS } from '../../../src/call-engine/intent/intents.ts';

const ROOT = path.join(import.meta.dirname, '../../..');

async function scored(evaluation: Evaluation, part: 'dev' | 'held-out') {
  const file = `test/corpus/${evaluation.name}-${part}.tsv`;
  const rows = await readTsvFile(path.join(ROOT, file), evaluation.columns);
  return scoreRows(rows, await evaluation.prepare({ root: ROOT, file, rows }));
}

describe.each([intents, objections, amd])('the corpus of $name', (evaluation) => {
  it('has labels that can be scored, and no row in both parts', async () => {
    const keyOf = ({ row: { columns } }: Awaited<ReturnType<typeof scored>>[number]) =>
      [columns['theme'], columns['text']?.trim(), columns['context'], columns['label']].join('|');
    const development = new Set((await scored(evaluation, 'dev')).map(keyOf));
    const shared = (await scored(evaluation, 'held-out'))
      .filter((row) => row.row.columns['text']?.trim() !== '')
      .map(keyOf)
      .filter((key) => development.has(key));
    expect(shared).toEqual([]);
  });
});

it('holds out enough to mean something', async () => {
  const labels = (await scored(intents, 'held-out')).map(({ expected }) => expected);
  expect(labels.length).toBeGreaterThanOrEqual(400);
  expect(new Set(labels)).toEqual(new Set(INTENTS));
  const ids = (await scored(objections, 'held-out')).map(({ expected }) => expected);
  expect(ids.filter((id) => id === 'none').length).toBeGreaterThanOrEqual(60);
});

it('is understood: nine intents in ten, and no refusal taken for consent', async () => {
  const rows = await scored(intents, 'dev');
  expect(shareOf(rows, isRight)).toBeGreaterThanOrEqual(0.93);
  const consents = rows.filter(
    ({ expected, predicted }) => predicted === 'affirm' && ['deny', 'opt_out'].includes(expected),
  );
  expect(consents.map(({ row }) => row.columns['text'])).toEqual([]);
});
