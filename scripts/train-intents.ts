import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readTsvFile } from '../eval/tsv.ts';
import { FEATURE_BUCKETS, intentFeatures } from '../src/call-engine/intent/intent-features.ts';
import { INTENTS, type Intent } from '../src/call-engine/intent/intents.ts';
import { alternativesOf, spokenWords } from '../src/call-engine/intent/phrase-book.ts';
import { readQuestion, type QuestionAsked } from '../src/call-engine/intent/question.ts';
import { listObjectionThemes, loadObjectionTheme } from '../src/call-engine/objections/load.ts';
import { chanceOf, packWeights, trainLinear, type Example } from './linear-training.ts';

/** Trains the linear model of `src/call-engine/intent/intent-model.ts`. Deterministic: the same data, the same weights. */

const ROOT = path.join(import.meta.dirname, '..');
const OUTPUT = path.join(ROOT, 'src/call-engine/intent/intent-weights.json');

const TRAINING = {
  epochs: 12,
  learningRate: 0.5,
  /** Shrinks every weight that is touched. */
  decay: 1e-5,
  /** Utterances made of one pattern, at most. */
  perPattern: 45,
  /** How often each written utterance of the older development data is taken. */
  writtenCopies: 3,
  seed: 20_241,
} as const;

/** Examples of what must not be missed weigh more. */
const WEIGHT_OF_INTENT: Partial<Record<Intent, number>> = { deny: 1.3, opt_out: 1.5, objection: 1.1 };

const PREFIXES =
  'euh|ben|bah|bon|alors|ah|oh|écoutez|non mais|oui|bonjour|bon ben|euh ben|attendez|excusez-moi|désolé'.split(
    '|',
  );
const SUFFIXES =
  "merci|madame|monsieur|hein|quoi|voilà|s'il vous plaît|moi|là|vous savez|en fait|bonne journée|je vous dis|franchement".split(
    '|',
  );
/** What a small recogniser writes instead. */
const MISHEARD: readonly (readonly [RegExp, string])[] = [
  [/\bc'est\b/g, 'ses'],
  [/\bc'est\b/g, 'sait'],
  [/\bça\b/g, 'sa'],
  [/ez\b/g, 'er'],
  [/é\b/g, 'er'],
  [/\bd'accord\b/g, 'des accords'],
  [/\bj'ai\b/g, 'jet'],
  [/\bet\b/g, 'est'],
  [/\b(je|ne|de|le|que) /g, ''],
];

interface Utterance {
  text: string;
  intent: Intent;
  question: QuestionAsked;
}

const chance = chanceOf(TRAINING.seed);
const { next: random, pick, shuffled } = chance;
const examples = await readExamples();
const weights = trainLinear(
  examples,
  { ...TRAINING, buckets: FEATURE_BUCKETS, classes: INTENTS.length },
  chance,
);
await writeFile(OUTPUT, `${JSON.stringify(packWeights(weights))}\n`);
process.stdout.write(`${examples.length} examples, ${path.relative(ROOT, OUTPUT)} written\n`);

async function readExamples(): Promise<Example[]> {
  const utterances = [...(await fromPatterns()), ...(await fromWritten()), ...(await fromObjections())];
  const scored = await scoredTexts();
  return utterances
    .filter(({ text }) => spokenWords(text).length > 0 && !scored.has(keyOf(text)))
    .map(({ text, intent, question }) => ({
      buckets: intentFeatures(spokenWords(text), question),
      label: INTENTS.indexOf(intent),
      weight: WEIGHT_OF_INTENT[intent] ?? 1,
    }));
}

async function fromPatterns(): Promise<Utterance[]> {
  const rows = await readTsvFile(path.join(ROOT, 'test/corpus/intents-train.tsv'), [
    'pattern',
    'intent',
    'question',
  ]);
  return rows.flatMap(({ columns: { pattern = '', intent = '', question = '' } }) => {
    const all = alternativesOf(pattern).map((text) => text.replaceAll(/\s+/g, ' ').trim());
    const chosen = shuffled(all).slice(0, TRAINING.perPattern);
    return chosen.map((text) => ({
      text: disturbed(text, intent),
      intent: intentNamed(intent),
      question: questionFor(question),
    }));
  });
}

async function fromWritten(): Promise<Utterance[]> {
  const rows = await readTsvFile(path.join(ROOT, 'test/fixtures/intents-dev.tsv'), [
    'text',
    'intent',
    'context',
  ]);
  return rows.flatMap(({ columns: { text = '', intent = '', context = '' } }) =>
    Array.from({ length: TRAINING.writtenCopies }, (_, copy) => ({
      text: copy === 0 ? text : disturbed(text, intent),
      intent: intentNamed(intent),
      question: readQuestion(context),
    })),
  );
}

async function fromObjections(): Promise<Utterance[]> {
  const directory = path.join(ROOT, 'objections');
  const themes = await Promise.all(
    (await listObjectionThemes(directory)).map((name) => loadObjectionTheme(directory, name)),
  );
  return themes.flatMap(({ objections }) =>
    objections.flatMap(({ id, objection, phrasings }) => {
      const intent: Intent = objection.includes('?')
        ? 'question'
        : id === 'not_interested' || id === 'no_need'
          ? 'deny'
          : 'objection';
      return [objection, ...phrasings].map((text) => ({ text, intent, question: questionFor('any') }));
    }),
  );
}

/** Nothing that is scored may be learnt. */
async function scoredTexts(): Promise<Set<string>> {
  const files = ['intents-dev.tsv', 'intents-held-out.tsv', 'intents-judge.tsv'];
  const texts = await Promise.all(
    files.map(async (file) => readTsvFile(path.join(ROOT, 'test/corpus', file), ['text'])),
  );
  return new Set(
    texts
      .flat()
      .map(({ columns }) => keyOf(columns['text'] ?? ''))
      .filter((key) => key.includes(' ')),
  );
}

function keyOf(text: string): string {
  return spokenWords(text).join(' ');
}

/** As it comes out of a call: hesitation, politeness, half of the words misheard now and then. */
function disturbed(text: string, intent: string): string {
  let said = text;
  if (random() < 0.25) {
    const prefix = pick(PREFIXES);
    // A yes or a no in front would change what a bare answer means.
    const isAnswer = intent === 'affirm' || intent === 'deny' || intent === 'not_understood';
    if (!isAnswer || !['oui', 'non mais'].includes(prefix)) said = `${prefix} ${said}`;
  }
  if (random() < 0.15 && intent !== 'not_understood') said = `${said} ${pick(SUFFIXES)}`;
  if (random() < 0.15) {
    const [heard, written] = pick(MISHEARD);
    said = said.replace(heard, written);
  }
  return said;
}

function questionFor(name: string): QuestionAsked {
  switch (name) {
    case 'yes-goes-on':
      return { kind: 'yes-goes-on', asksFact: random() < 0.2 };
    case 'no-fact':
      return { kind: 'yes-goes-on', asksFact: false };
    case 'yes-refuses':
      return { kind: 'yes-refuses', asksFact: false };
    case 'negative':
      return { kind: 'negative', asksFact: false };
    case 'fact':
      return { kind: random() < 0.5 ? 'open' : 'yes-goes-on', asksFact: true };
    default: {
      const kind = random();
      if (kind < 0.72) return { kind: 'yes-goes-on', asksFact: random() < 0.2 };
      if (kind < 0.88) return { kind: 'yes-refuses', asksFact: false };
      return kind < 0.94 ? { kind: 'negative', asksFact: false } : { kind: 'open', asksFact: true };
    }
  }
}

function intentNamed(name: string): Intent {
  const intent = INTENTS.find((known) => known === name);
  if (intent === undefined) throw new Error(`the training data names "${name}", which is no intent`);
  return intent;
}
