import type { QuestionAsked } from './question.ts';
import { bucketOf, wordFeatures } from './text-features.ts';

export const FEATURE_BUCKETS = 8192;

/** Words at the beginning whose meaning depends on the question. */
const ANSWER_WORDS = 3;
/** Up to this many words an utterance can be no more than an answer to the question. */
const BARE_ANSWER_WORDS = 3;

/**
 * What the trained model sees of an utterance, as bucket numbers: `wordFeatures`, the first words together with the kind
 * of question, the length. `words` from `spokenWords`.
 */
export function intentFeatures(words: readonly string[], { kind, asksFact }: QuestionAsked): number[] {
  const asked = `${kind}${asksFact ? '+fact' : ''}`;
  const features = new Set<string>([`asked ${asked}`, `length ${Math.min(words.length, 8)}`]);
  for (const feature of wordFeatures(words)) features.add(feature);
  for (const word of words.slice(0, ANSWER_WORDS)) features.add(`${asked} ${word}`);
  if (words.length <= BARE_ANSWER_WORDS) features.add(`${asked} = ${words.join(' ')}`);
  return [...features].map((feature) => bucketOf(feature, FEATURE_BUCKETS));
}
