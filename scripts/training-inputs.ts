import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

const ROOT = path.join(import.meta.dirname, '..');

/** Nothing of these may be learnt; each decides what is left out of the training of its model. */
export const SCORED_INTENTS = [
  'intents-dev.tsv',
  'intents-dev-spoken.tsv',
  'intents-dev-phoned.tsv',
  'intents-held-out.tsv',
  'intents-judge.tsv',
  'intents-sealed.tsv',
] as const;
export const DEVELOPMENT_GREETINGS = ['amd-dev.tsv', 'amd-dev-spoken.tsv', 'amd-dev-phoned.tsv'] as const;
export const SCORED_GREETINGS = [
  ...DEVELOPMENT_GREETINGS,
  'amd-held-out.tsv',
  'amd-judge.tsv',
  'amd-sealed.tsv',
] as const;

/** What each model is made of, below `test/`. */
export const INPUTS = {
  intents: [
    'corpus/intents-train.tsv',
    'corpus/intents-written.tsv',
    'corpus/intents-answers.tsv',
    'corpus/intents-questions.tsv',
    'corpus/intents-train-spoken.tsv',
    'corpus/intents-train-phoned.tsv',
    'fixtures/intents-dev.tsv',
    ...SCORED_INTENTS.map((name) => `corpus/${name}`),
  ],
  greetings: [
    'corpus/amd-train.tsv',
    'corpus/amd-train-spoken.tsv',
    'corpus/amd-train-phoned.tsv',
    'corpus/amd-train-turns.tsv',
    ...SCORED_GREETINGS.map((name) => `corpus/${name}`),
  ],
} as const;

/** A fingerprint of the files that a model is made of: weights that bear another were trained on other ones. */
export async function fingerprintOf(model: keyof typeof INPUTS): Promise<string> {
  const hash = createHash('sha256');
  for (const name of INPUTS[model]) {
    hash.update(`${name}\n`).update(await readFile(path.join(ROOT, 'test', name)));
  }
  return hash.digest('hex');
}
