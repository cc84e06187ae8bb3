import { LinearModel } from '../intent/linear-model.ts';
import { bucketOf } from '../intent/text-features.ts';
import { ANSWERERS, FEATURE_BUCKETS, greetingBuckets, greetingWords } from './greeting-features.ts';
import weights from './greeting-weights.json' with { type: 'json' };

const MODEL = new LinearModel(weights, {
  buckets: FEATURE_BUCKETS,
  classes: ANSWERERS.length,
  trainedBy: 'npm run train-greetings',
});

const SPAN_WORDS = 3;

/**
 * How likely (0–1) it is that a recording says this, by the linear model that `scripts/train-greetings.ts` trains; 0 for
 * an empty text.
 */
export function machineProbability(text: string): number {
  const words = greetingWords(text);
  if (words.length === 0) return 0;
  const logProbability = MODEL.logProbabilities(greetingBuckets(words))[ANSWERERS.indexOf('MACHINE')];
  return Math.exp(logProbability ?? Number.NEGATIVE_INFINITY);
}

/** The three words of a greeting that speak most for a machine, as the model compares them: to say why. */
export function tellingWords(text: string): string {
  const words = greetingWords(text);
  const spans = words
    .map((_, at) => words.slice(at, at + SPAN_WORDS))
    .filter(({ length }, at) => at === 0 || length === SPAN_WORDS);
  const weights = spans.map((span) => weightOf(span));
  return spans[weights.indexOf(Math.max(...weights))]?.join(' ') ?? '';
}

function weightOf(span: readonly string[]): number {
  const machine = ANSWERERS.indexOf('MACHINE');
  return span
    .flatMap((_, from) => span.slice(from).map((_word, more) => span.slice(from, from + more + 1)))
    .map((words) => bucketOf(`${words.length} ${words.join(' ')}`, FEATURE_BUCKETS))
    .reduce((sum, bucket) => sum + MODEL.weightOf(bucket, machine), 0);
}
