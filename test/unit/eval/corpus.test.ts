import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { scoreRows, type Evaluation } from '../../../eval/evaluation.ts';
import { intents } from '../../../eval/intents.ts';
import { objections } from '../../../eval/objections.ts';
import { amd } from '../../../eval/amd.ts';
import { isRight, shareOf } from '../../../eval/scores.ts';
import { readTsvFile } from '../../../eval/tsv.ts';
import { INTENTS } from '../../../src/call-engine/intent/intents.ts';
import { alternativesOf, spokenWords } from '../../../src/call-engine/intent/phrase-book.ts';
import { listObjectionThemes, loadObjectionTheme } from '../../../src/call-engine/objections/load.ts';

const ROOT = path.join(import.meta.dirname, '../../..');

/** Utterances written one by one: what the intent model learns from, and what it is developed on. */
const SPOKEN = [
  'test/corpus/intents-train-spoken.tsv',
  'test/corpus/intents-train-phoned.tsv',
  'test/corpus/intents-dev-spoken.tsv',
  'test/corpus/intents-dev-phoned.tsv',
];
/** The same of the model of greetings. */
const GREETINGS = ['test/corpus/amd-train-spoken.tsv', 'test/corpus/amd-dev-spoken.tsv'];

type Columns = Readonly<Record<string, string>>;

const PARTS = ['dev', 'held-out', 'judge', 'dev-phoned', 'sealed'] as const;

function partOf(evaluation: Evaluation, part: (typeof PARTS)[number]): Promise<Columns[]> {
  return columnsOf(`test/corpus/${evaluation.name}-${part}.tsv`);
}

async function scored(evaluation: Evaluation, part: 'dev') {
  const file = `test/corpus/${evaluation.name}-${part}.tsv`;
  const rows = await readTsvFile(path.join(ROOT, file), evaluation.columns);
  return scoreRows(rows, await evaluation.prepare({ root: ROOT, file, rows }));
}

/** Whether a row's label can be scored. */
async function labelTest({ name }: Evaluation): Promise<(columns: Columns) => boolean> {
  if (name === 'intents') return ({ intent }) => INTENTS.some((known) => known === intent);
  if (name === 'amd') return ({ label }) => ['HUMAN', 'MACHINE', 'UNKNOWN'].includes(label ?? '');
  const canon = await columnsOf('test/fixtures/objections-canon.tsv', ['theme', 'id']);
  const known = new Set(canon.map(({ theme, id }) => `${theme}/${id}`));
  return ({ theme = '', expected_id: id = '' }) =>
    id === 'none' || [id, `${theme}/${id}`, `standard/${id}`].some((full) => known.has(full));
}

/** What the intent model learns from beside the fixtures, every alternative of every pattern written out. */
async function trainingUtterances(): Promise<Columns[]> {
  const rows = await readTsvFile(path.join(ROOT, 'test/corpus/intents-train.tsv'), ['pattern']);
  const patterns = rows.flatMap(({ columns: { pattern = '' } }) =>
    alternativesOf(pattern).map((text) => ({ text })),
  );
  return [...patterns, ...(await columnsOf('test/corpus/intents-written.tsv'))];
}

/** What the matcher knows an objection by, and what it knows to be none. */
async function objectionPhrasings(): Promise<{ objections: Columns[]; none: Columns[] }> {
  const directory = path.join(ROOT, 'objections');
  const themes = await Promise.all(
    (await listObjectionThemes(directory)).map((name) => loadObjectionTheme(directory, name)),
  );
  const columns = (texts: readonly string[]): Columns[] => texts.map((text) => ({ text }));
  return {
    objections: themes.flatMap(({ objections: all }) =>
      all.flatMap(({ objection, phrasings }) => columns([objection, ...phrasings])),
    ),
    none: themes.flatMap(({ none }) => columns(none)),
  };
}

async function columnsOf(file: string, columns = ['text']): Promise<Columns[]> {
  return (await readTsvFile(path.join(ROOT, file), columns)).map((row) => row.columns);
}

/** The words alone; a single word, which anybody may say, only as the answer to the same question. */
function utteranceOf({ text = '', context = '' }: Columns): string {
  const words = spokenWords(text);
  return words.length > 1 ? words.join(' ') : `${words.join(' ')}|${spokenWords(context).join(' ')}`;
}

const phrasings = await objectionPhrasings();

describe.each([intents, objections, amd])('the corpus of $name', (evaluation) => {
  it('has labels that can be scored, and no row in both parts', async () => {
    const isKnown = await labelTest(evaluation);
    const parts = await Promise.all(PARTS.map((part) => partOf(evaluation, part)));
    expect(parts.flat().filter((columns) => !isKnown(columns))).toEqual([]);
    const keyOf = (columns: Columns) =>
      [columns['theme'], columns['text']?.trim(), columns['context'], columns['label']].join('|');
    const development = new Set((await partOf(evaluation, 'dev')).map(keyOf));
    const shared = (await partOf(evaluation, 'held-out'))
      .filter(({ text }) => text?.trim() !== '')
      .map(keyOf)
      .filter((key) => development.has(key));
    expect(shared).toEqual([]);
  });

  it('is judged on what nothing was learnt from or developed on', async () => {
    const others: Record<string, () => Promise<Columns[][]>> = {
      intents: async () => [
        await columnsOf('test/fixtures/intents-dev.tsv'),
        await trainingUtterances(),
        phrasings.objections,
        ...(await Promise.all(SPOKEN.map((file) => columnsOf(file)))),
      ],
      objections: async () => [
        await columnsOf('test/fixtures/objections-dev.tsv'),
        phrasings.objections,
        phrasings.none,
      ],
      amd: async () => Promise.all(GREETINGS.map((file) => columnsOf(file))),
    };
    const known = new Set(
      [
        ...(await columnsOf(`test/corpus/${evaluation.name}-dev.tsv`)),
        ...(await columnsOf(`test/corpus/${evaluation.name}-held-out.tsv`)),
        ...((await others[evaluation.name]?.()) ?? []).flat(),
      ].map(utteranceOf),
    );
    const judged = await partOf(evaluation, 'judge');
    expect(judged.length).toBeGreaterThanOrEqual(250);
    const shared = judged.filter(
      (columns) => columns['text']?.trim() !== '' && known.has(utteranceOf(columns)),
    );
    expect(shared).toEqual([]);
    const keys = judged.map((columns) => `${columns['theme']}|${columns['text']}|${columns['context']}`);
    expect(keys.filter((key, at) => keys.indexOf(key) < at)).toEqual([]);
  });
});

it('keeps what is held out away from the spoken utterances, which are labelled and each written once', async () => {
  const heldOut = new Set((await partOf(intents, 'held-out')).map(utteranceOf));
  const spoken = (await Promise.all(SPOKEN.map((file) => columnsOf(file)))).flat();
  expect(spoken.filter((row) => row['text'] !== '' && heldOut.has(utteranceOf(row)))).toEqual([]);
  expect(new Set(spoken.map(({ intent }) => intent))).toEqual(new Set(INTENTS));
  const keys = spoken.map(({ text, context }) => `${spokenWords(text ?? '').join(' ')}|${context}`);
  expect(keys.filter((key, at) => keys.indexOf(key) < at)).toEqual([]);
});

it('keeps what is held out away from the spoken greetings, which are labelled and each written once', async () => {
  const scoredBefore = await Promise.all(
    ['dev', 'held-out'].map((part) => columnsOf(`test/corpus/amd-${part}.tsv`)),
  );
  const known = new Set(scoredBefore.flat().map(utteranceOf));
  const greetings = await Promise.all(GREETINGS.map((file) => columnsOf(file)));
  for (const rows of greetings) {
    expect(new Set(rows.map(({ label }) => label))).toEqual(new Set(['HUMAN', 'MACHINE']));
  }
  const keys = greetings.flat().map(utteranceOf);
  expect(keys.filter((key, at) => known.has(key) || keys.indexOf(key) < at)).toEqual([]);
});

it('holds out enough to mean something', async () => {
  const labels = (await partOf(intents, 'held-out')).map(({ intent }) => intent);
  expect(labels.length).toBeGreaterThanOrEqual(400);
  expect(new Set(labels)).toEqual(new Set(INTENTS));
  const ids = (await partOf(objections, 'held-out')).map(({ expected_id: id }) => id);
  expect(ids.filter((id) => id === 'none').length).toBeGreaterThanOrEqual(60);
});

it('judges every intent and every objection', async () => {
  const labels = (await columnsOf('test/corpus/intents-judge.tsv')).map(({ intent }) => intent);
  expect(new Set(labels)).toEqual(new Set(INTENTS));
  const rows = await columnsOf('test/corpus/objections-judge.tsv');
  const canon = await readTsvFile(path.join(ROOT, 'test/fixtures/objections-canon.tsv'), ['theme', 'id']);
  const missing = canon.filter(
    ({ columns: { theme, id } }) =>
      rows.filter((row) => row['theme'] === theme && row['expected_id'] === id).length < 2,
  );
  expect(missing).toEqual([]);
  expect(rows.filter((row) => row['expected_id'] === 'none').length).toBeGreaterThanOrEqual(130);
});

it('is understood: nine intents in ten, and no refusal taken for consent', async () => {
  const rows = await scored(intents, 'dev');
  expect(shareOf(rows, isRight)).toBeGreaterThanOrEqual(0.95);
  const consents = rows.filter(
    ({ expected, predicted }) => predicted === 'affirm' && ['deny', 'opt_out'].includes(expected),
  );
  expect(consents.map(({ row }) => row.columns['text'])).toEqual([]);
});

it('is heard: who is a machine, and hardly a person taken for one', async () => {
  const rows = await scored(amd, 'dev');
  expect(shareOf(rows, isRight)).toBeGreaterThanOrEqual(0.95);
  const lost = rows.filter(({ expected, predicted }) => expected === 'HUMAN' && predicted === 'MACHINE');
  expect(lost.map(({ row }) => row.columns['text'])).toEqual([]);
});
