import { INTENTS, type Intent } from '../src/call-engine/intent/intents.ts';
import { classifyLocally } from '../src/call-engine/intent/local-classifier.ts';
import type { Bar, Details, Evaluation, EvaluationContext, ScoredRow, Subject } from './evaluation.ts';
import { isRight, shareOf } from './scores.ts';
import { invalidLine } from './tsv.ts';

/** Acting on consent that was not given is the worst; ringing again somebody who asked for no more calls comes next. */
const COST_OF_FALSE_CONSENT: Readonly<Record<Intent, number>> = {
  opt_out: 20,
  deny: 10,
  wrong_number: 5,
  callback: 4,
  objection: 3,
  machine: 3,
  question: 2,
  not_understood: 2,
  silence: 2,
  affirm: 0,
};
const COST_OF_LOST_OPT_OUT = 5;
/** Any other mistake leads the conversation astray, or ends one that could have gone on. */
const COST_OF_MISTAKE = 1;
/** "I did not understand" asks again. */
const COST_OF_ASKING_AGAIN = 0.5;

/** What an utterance means, from its words and the question before it, by rules and local classifier: no Ollama. */
export const intents: Evaluation = {
  name: 'intents',
  description: 'what an utterance means (TSV: text, intent, context)',
  columns: ['text', 'intent'],
  defaultFile: 'test/corpus/intents-held-out.tsv',
  prepare: (context) => Promise.resolve(subjectOf(context)),
};

function subjectOf({ rows, file }: EvaluationContext): Subject {
  const expected = rows.map(({ line, columns }): Intent => {
    const label = (columns['intent'] ?? '').trim();
    const intent = INTENTS.find((known) => known === label);
    if (intent === undefined) {
      throw invalidLine(file, line, `"${label}" is no intent: write one of ${INTENTS.join(', ')}`);
    }
    return intent;
  });
  return {
    expected,
    predict: ({ columns }) => {
      const question = columns['context'] ?? '';
      const verdict = classifyLocally(columns['text'] ?? '', question.trim() === '' ? null : question);
      return { predicted: verdict.intent, score: verdict.confidence, method: verdict.method };
    },
    costOf: costOfIntent,
    classOf: ({ expected: actual, predicted: taken }) => ({ actual, taken }),
    bars: barsOf,
    details: (rows) => [reliabilityOf(rows)],
  };
}

/** What it costs to act on `predicted` where `expected` was meant. */
export function costOfIntent(expected: string, predicted: string): number {
  if (expected === predicted) return 0;
  if (predicted === 'affirm') {
    const meant = INTENTS.find((known) => known === expected);
    return meant === undefined ? COST_OF_MISTAKE : COST_OF_FALSE_CONSENT[meant];
  }
  if (expected === 'opt_out') return COST_OF_LOST_OPT_OUT;
  return predicted === 'not_understood' ? COST_OF_ASKING_AGAIN : COST_OF_MISTAKE;
}

function barsOf(rows: readonly ScoredRow[]): Bar[] {
  const refusals = rows.filter(({ expected }) => expected === 'deny' || expected === 'opt_out');
  return [
    { name: 'right, ten classes', measured: shareOf(rows, isRight), limit: 0.9, direction: 'at-least' },
    {
      name: 'refusal or opt-out read as affirm',
      measured: shareOf(refusals, ({ predicted }) => predicted === 'affirm'),
      limit: 0.01,
      direction: 'at-most',
    },
  ];
}

const RELIABILITY_STEPS = [0.5, 0.6, 0.7, 0.8, 0.9, 1] as const;

/** Whether of what is said with a confidence of 0.8 eight in ten are right: the expected calibration error and its parts. */
export function reliabilityOf(rows: readonly ScoredRow[]): Details {
  const steps = RELIABILITY_STEPS.map((to, at) => {
    const from = RELIABILITY_STEPS[at - 1] ?? 0;
    const within = rows.filter(({ score }) => score > from && score <= to);
    const confidence = within.reduce((sum, { score }) => sum + score, 0) / Math.max(1, within.length);
    return { from, to, count: within.length, confidence, right: shareOf(within, isRight) ?? 0 };
  });
  const error = steps.reduce(
    (sum, { count, confidence, right }) => sum + (count / rows.length) * Math.abs(confidence - right),
    0,
  );
  return {
    title: `Reliability of the confidence: expected calibration error ${error.toFixed(3)}`,
    head: ['confidence', 'rows', 'mean', 'right'],
    rows: steps
      .filter(({ count }) => count > 0)
      .map(({ from, to, count, confidence, right }) => [
        `${from}–${to}`,
        String(count),
        confidence.toFixed(2),
        right.toFixed(2),
      ]),
  };
}
