import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readTsvFile } from '../eval/tsv.ts';
import { leastCostly, probabilitiesOf } from '../src/call-engine/intent/decision.ts';
import { FEATURE_BUCKETS, intentFeatures } from '../src/call-engine/intent/intent-features.ts';
import { INTENTS, type Intent } from '../src/call-engine/intent/intents.ts';
import { LinearModel } from '../src/call-engine/intent/linear-model.ts';
import { alternativesOf, spokenWords } from '../src/call-engine/intent/phrase-book.ts';
import { readQuestion, type QuestionAsked } from '../src/call-engine/intent/question.ts';
import { decideByRule } from '../src/call-engine/intent/rules.ts';
import { bucketOf } from '../src/call-engine/intent/text-features.ts';
import { chanceOf, packWeights, trainLinear, type Example } from './linear-training.ts';
import { scoredTexts } from './scored-texts.ts';
import { fingerprintOf, SCORED_INTENTS } from './training-inputs.ts';

/**
 * Trains the linear model of `src/call-engine/intent/intent-model.ts`. Deterministic: the same data, the same weights.
 * With `--cross-validate` it writes nothing: it tells how well each fifth of the data is understood by what was learnt
 * from the rest.
 */

const ROOT = path.join(import.meta.dirname, '..');
const OUTPUT = path.join(ROOT, 'src/call-engine/intent/intent-weights.json');

const TRAINING = {
  epochs: 8,
  learningRate: 0.3,
  /** Shrinks every weight that is touched. */
  decay: 2e-4,
  /** Utterances made of one pattern, at most. */
  perPattern: 20,
  /** How often each written utterance is taken, each time after another question. */
  writtenCopies: 2,
  /** How often each utterance with its own prompt is taken. */
  spokenCopies: 4,
  /** How often each yes and no is taken after each kind of question. */
  answerCopies: 2,
  seed: 20_241,
} as const;
const FOLDS = 5;

/** Examples of what must not be missed weigh more. */
const WEIGHT_OF_INTENT: Partial<Record<Intent, number>> = { deny: 1.3, opt_out: 1.5, objection: 1.1 };

const PREFIXES =
  'euh|ben|bah|bon|alors|ah|oh|écoutez|oui|bonjour|bon ben|euh ben|attendez|excusez-moi|désolé|allô|oui allô|oui bonjour|madame|monsieur|non'.split(
    '|',
  );
/** A yes, a no or a greeting in front would change what these intents' bare answers mean. */
const ANSWERS = new Set(['oui', 'non', 'oui bonjour', 'oui allô', 'allô', 'attendez']);
const SUFFIXES =
  "merci|madame|monsieur|hein|quoi|voilà|s'il vous plaît|moi|là|vous savez|en fait|je vous dis|franchement|un|euh".split(
    '|',
  );
/** What people wrap a refusal in that does not make it consent. */
const CIVILITIES_BEFORE =
  "oui|d'accord|ok|très bien|bien sûr|ah oui|c'est intéressant mais|oui mais|volontiers mais".split('|');
const CIVILITIES_AFTER = "d'accord|ok|merci|au revoir|madame|voilà|c'est bon".split('|');
const REFUSES = /\b(?:pas|plus|jamais|non|sans façon|aucune?)\b/u;
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
  [/\b(je|ne|de|le|que|un|la|vous) /g, ''],
  [/\bje suis\b/g, 'chuis'],
  [/s\b/g, ''],
  [/\b(je|j'|il|vous|y) ?/g, ''],
];

/** Kinds of question (`intents-questions.tsv`) to which a plain yes consents. */
const YES_CONSENTS = ['time', 'permission', 'interest', 'continue', 'cbq', 'rdv', 'statement', 'none'];
/** How often something that may be said after any question is put after one of these. */
const SHARE_OF_YES_CONSENTS = 0.6;
/** Which kind of question a pattern of `intents-train.tsv` answers. */
const ASKED_OF_PATTERN: Readonly<Record<string, string>> = {
  'yes-goes-on': 'go',
  'no-fact': 'go',
  'yes-refuses': 'disturb',
  negative: 'negative',
  fact: 'rdv',
};

/** After which kind of question an utterance of an intent may be put that was written down without one. */
const ASKED_OF_INTENT: Readonly<Record<string, string>> = { affirm: 'go', deny: 'go' };

/** What yes and no mean to each kind of question; null where it depends on more. */
const MEANING_OF_ANSWER: Readonly<Record<string, { yes: Intent | null; no: Intent | null }>> = {
  time: { yes: 'affirm', no: 'deny' },
  permission: { yes: 'affirm', no: 'deny' },
  interest: { yes: 'affirm', no: 'deny' },
  continue: { yes: 'affirm', no: 'deny' },
  cbq: { yes: 'affirm', no: 'deny' },
  rdv: { yes: 'affirm', no: 'deny' },
  owner: { yes: 'affirm', no: 'deny' },
  statement: { yes: 'affirm', no: 'deny' },
  none: { yes: 'affirm', no: 'deny' },
  disturb: { yes: 'deny', no: 'affirm' },
  inconv: { yes: 'deny', no: 'affirm' },
  stop: { yes: 'deny', no: 'affirm' },
  optoutq: { yes: 'opt_out', no: 'affirm' },
  later: { yes: 'callback', no: null },
  negative: { yes: null, no: 'deny' },
};
/** Kinds of question to which "un peu" is an answer and "volontiers" is none. */
const STATES = ['owner', 'disturb', 'inconv', 'negative'];

interface Utterance {
  text: string;
  intent: Intent;
  question: QuestionAsked;
  /** What it was made of, or the prompt that it answers: utterances of one origin stay in one fold. */
  origin: string;
}

const chance = chanceOf(TRAINING.seed);
const { next: random, pick, shuffled } = chance;
const questions = await readQuestions();
const utterances = await readUtterances();

if (process.argv.includes('--cross-validate')) {
  crossValidate();
} else {
  const weights = trained(utterances);
  const trainedOn = await fingerprintOf('intents');
  await writeFile(OUTPUT, `${JSON.stringify({ trainedOn, ...packWeights(weights) })}\n`);
  process.stdout.write(`${utterances.length} utterances, ${path.relative(ROOT, OUTPUT)} written\n`);
}

function trained(from: readonly Utterance[]): Float64Array {
  return trainLinear(
    from.map(exampleOf),
    { ...TRAINING, buckets: FEATURE_BUCKETS, classes: INTENTS.length },
    chanceOf(TRAINING.seed),
  );
}

function exampleOf({ text, intent, question }: Utterance): Example {
  return {
    buckets: intentFeatures(spokenWords(text), question),
    label: INTENTS.indexOf(intent),
    weight: WEIGHT_OF_INTENT[intent] ?? 1,
  };
}

/** Prints, for temperatures and costs to be chosen by: nothing that is held out takes part. */
function crossValidate(): void {
  const judged = Array.from({ length: FOLDS }, (_, fold) => {
    const known = utterances.filter(({ origin }) => foldOf(origin) !== fold);
    const model = new LinearModel(packWeights(trained(known)), {
      buckets: FEATURE_BUCKETS,
      classes: INTENTS.length,
      trainedBy: 'npm run train-intents',
    });
    process.stderr.write(`fold ${fold + 1} of ${FOLDS} trained\n`);
    return utterances
      .filter(({ origin }) => foldOf(origin) === fold)
      .map((utterance) => {
        const words = spokenWords(utterance.text);
        return {
          ...utterance,
          ruled: decideByRule(words, utterance.question),
          logProbabilities: model.logProbabilities(intentFeatures(words, utterance.question)),
        };
      });
  }).flat();
  const weighed = judged.filter(({ ruled }) => ruled === null);
  for (const temperature of [0.7, 0.85, 1, 1.2, 1.4, 1.7, 2]) {
    const surprise = weighed.reduce((sum, { intent, logProbabilities }) => {
      const scaled = logProbabilities.map((logProbability) => logProbability / temperature);
      const total = Math.log(scaled.reduce((all, value) => all + Math.exp(value), 0));
      return sum + total - (scaled[INTENTS.indexOf(intent)] ?? 0);
    }, 0);
    process.stdout.write(
      `temperature ${temperature}: ${(surprise / weighed.length).toFixed(4)} nats a row\n`,
    );
  }
  const taken = judged.map((row) => ({
    ...row,
    taken: row.ruled ?? leastCostly(probabilitiesOf(row.logProbabilities)),
  }));
  const right = taken.filter((row) => row.taken === row.intent).length;
  const refusals = taken.filter(({ intent }) => intent === 'deny' || intent === 'opt_out');
  const consents = refusals.filter((row) => row.taken === 'affirm').length;
  process.stdout.write(
    `${taken.length} rows: right ${share(right, taken.length)}, refusals as affirm ${share(consents, refusals.length)}\n`,
  );
  if (!process.argv.includes('--errors')) return;
  for (const { intent, taken: as, text, question } of taken.filter((row) => row.taken !== row.intent)) {
    process.stdout.write(`${intent} as ${as}\t${text}\t${question.kind}\n`);
  }
}

function share(count: number, of: number): string {
  return `${((count / of) * 100).toFixed(2)} %`;
}

/** By the hash of what an utterance was made of. */
function foldOf(origin: string): number {
  return bucketOf(origin, 2 ** 20) % FOLDS;
}

async function readUtterances(): Promise<Utterance[]> {
  const scored = await scoredTexts(SCORED_INTENTS, keyOf);
  const all = [
    ...(await fromPatterns()),
    ...(await fromWritten()),
    ...(await fromYesAndNo()),
    ...(await fromAnswers('test/fixtures/intents-dev.tsv', TRAINING.writtenCopies)),
    ...(await fromAnswers('test/corpus/intents-train-spoken.tsv', TRAINING.spokenCopies)),
    ...(await fromAnswers('test/corpus/intents-train-phoned.tsv', TRAINING.spokenCopies)),
  ];
  return all.filter(({ text }) => spokenWords(text).length > 0 && !scored.has(keyOf(text)));
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
      question: questionLike(ASKED_OF_PATTERN[question] ?? 'any'),
      origin: pattern,
    }));
  });
}

/** What people say, written out one by one, with the kind of question it answers. */
async function fromWritten(): Promise<Utterance[]> {
  const rows = await readTsvFile(path.join(ROOT, 'test/corpus/intents-written.tsv'), [
    'text',
    'intent',
    'asked',
  ]);
  return rows.flatMap(({ columns: { text = '', intent = '', asked = '' } }) =>
    Array.from({ length: TRAINING.writtenCopies }, (_, copy) => ({
      text: copy === 0 ? text : disturbed(text, intent),
      intent: intentNamed(intent),
      question: questionLike(asked),
      origin: keyOf(text),
    })),
  );
}

/** A yes or a no of any kind, after every kind of question that it can answer, with what it means there. */
async function fromYesAndNo(): Promise<Utterance[]> {
  const rows = await readTsvFile(path.join(ROOT, 'test/corpus/intents-answers.tsv'), [
    'text',
    'says',
    'fits',
  ]);
  return rows.flatMap(({ columns: { text = '', says = '', fits = '' } }) =>
    Object.entries(MEANING_OF_ANSWER)
      .filter(([asked]) => fits === 'any' || (STATES.includes(asked) ? fits === 'state' : fits === 'offer'))
      .flatMap(([asked, meaning]) => {
        const intent = says === 'yes' ? meaning.yes : meaning.no;
        if (intent === null) return [];
        return Array.from({ length: TRAINING.answerCopies }, () => ({
          text,
          intent,
          question: questionLike(asked),
          origin: keyOf(text),
        }));
      }),
  );
}

/** Utterances with the very prompt that they answer. */
async function fromAnswers(file: string, copies: number): Promise<Utterance[]> {
  const rows = await readTsvFile(path.join(ROOT, file), ['text', 'intent', 'context']);
  return rows.flatMap(({ columns: { text = '', intent = '', context = '' } }) =>
    Array.from({ length: copies }, (_, copy) => ({
      text: copy === 0 ? text : disturbed(text, intent),
      intent: intentNamed(intent),
      // What answers no prompt may be said after any.
      question:
        context === '' && copy % 2 === 1
          ? questionLike(ASKED_OF_INTENT[intent] ?? 'any')
          : readQuestion(context),
      origin: context === '' ? keyOf(text) : context,
    })),
  );
}

function keyOf(text: string): string {
  return spokenWords(text).join(' ');
}

/** As it comes out of a call: hesitation, politeness, misheard and lost words now and then. */
function disturbed(text: string, intent: string): string {
  let said = text;
  const isShort = spokenWords(text).length <= 1;
  if (intent === 'deny' && !isShort && REFUSES.test(text) && random() < 0.12) {
    return random() < 0.5
      ? `${pick(CIVILITIES_BEFORE)} ${text}`
      : `${pick(CIVILITIES_BEFORE)} ${text} ${pick(CIVILITIES_AFTER)}`;
  }
  if (random() < 0.3) {
    const prefix = pick(PREFIXES);
    const isAnswer = intent === 'affirm' || intent === 'deny' || intent === 'not_understood';
    if (!(isAnswer && ANSWERS.has(prefix)) && !(prefix === 'non' && intent === 'question')) {
      said = `${prefix} ${said}`;
    }
  }
  if (random() < 0.18 && intent !== 'not_understood' && !isShort) said = `${said} ${pick(SUFFIXES)}`;
  if (random() < 0.18 && !isShort) {
    const [heard, written] = pick(MISHEARD);
    said = said.replace(heard, written);
  }
  const words = said.split(' ');
  // The recogniser was late.
  return random() < 0.06 && words.length > 4 ? words.slice(1).join(' ') : said;
}

async function readQuestions(): Promise<Map<string, QuestionAsked[]>> {
  const rows = await readTsvFile(path.join(ROOT, 'test/corpus/intents-questions.tsv'), ['asked', 'question']);
  const byKind = new Map<string, QuestionAsked[]>();
  for (const { columns } of rows) {
    const { asked = '', question = '' } = columns;
    byKind.set(asked, [...(byKind.get(asked) ?? []), readQuestion(question)]);
  }
  return byKind;
}

/** One of the questions of a kind; `go`: to which yes is consent; `any`: any but the offer to opt out. */
function questionLike(asked: string): QuestionAsked {
  if (asked === 'go') return questionLike(pick(YES_CONSENTS));
  if (asked === 'any') {
    const others = [...questions.keys()].filter((kind) => kind !== 'optoutq');
    return questionLike(random() < SHARE_OF_YES_CONSENTS ? 'go' : pick(others));
  }
  const alike = questions.get(asked);
  if (alike === undefined) throw new Error(`the training data names the question "${asked}", which is none`);
  return pick(alike);
}

function intentNamed(name: string): Intent {
  const intent = INTENTS.find((known) => known === name);
  if (intent === undefined) throw new Error(`the training data names "${name}", which is no intent`);
  return intent;
}
