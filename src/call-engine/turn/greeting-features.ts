import { frenchWords } from '../intent/normalize.ts';
import { bucketOf, wordFeatures } from '../intent/text-features.ts';

/** Who may have answered: the model's classes. */
export const ANSWERERS = ['HUMAN', 'MACHINE'] as const;
export type Answerer = (typeof ANSWERERS)[number];

export const FEATURE_BUCKETS = 262_144;

/** Numbers that are said for nothing else: names of digits that are also articles ("un") are left as they are. */
const NUMBERS = new Set(
  'zero deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt trente quarante cinquante soixante septante octante nonante cent mille'.split(
    ' ',
  ),
);
const DIGITS = /^\d+$/;
const NUMBER = '#';

/** From this many words on a greeting is simply long. */
const LONGEST_COUNTED = 12;

/** A greeting's words as the model compares them: numbers become one, however they are said. */
export function greetingWords(text: string): string[] {
  return frenchWords(text)
    .map((word) => (NUMBERS.has(word) || DIGITS.test(word) ? NUMBER : word))
    .filter((word, at, words) => word !== NUMBER || words[at - 1] !== NUMBER);
}

/** The features of a greeting, as bucket numbers. `words` from `greetingWords`. */
export function greetingBuckets(words: readonly string[]): number[] {
  const features = [...wordFeatures(words), `length ${Math.min(words.length, LONGEST_COUNTED)}`];
  return features.map((feature) => bucketOf(feature, FEATURE_BUCKETS));
}
