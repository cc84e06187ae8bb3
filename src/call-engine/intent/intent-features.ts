import type { QuestionAsked } from './question.ts';

/** Every feature falls into one of this many buckets (a power of two); a few share one. */
export const FEATURE_BUCKETS = 8192;

const PIECE_LENGTHS = [3, 4, 5] as const;
/** Words at the beginning whose meaning depends on the question. */
const ANSWER_WORDS = 3;
/** Up to this many words an utterance can be no more than an answer to the question. */
const BARE_ANSWER_WORDS = 3;

/**
 * What the trained model sees of an utterance, as bucket numbers: words, pairs and triples of words, pieces of words
 * (which forgive the recogniser), the first words together with the kind of question, the length. `words` from
 * `spokenWords`.
 */
export function intentFeatures(words: readonly string[], { kind, asksFact }: QuestionAsked): number[] {
  const asked = `${kind}${asksFact ? '+fact' : ''}`;
  const framed = ['^', ...words, '$'];
  const features = new Set<string>([`asked ${asked}`, `length ${Math.min(words.length, 8)}`]);
  for (const word of words) {
    features.add(`1 ${word}`);
    for (const piece of piecesOf(`_${word}_`)) features.add(`piece ${piece}`);
  }
  for (let at = 1; at < framed.length; at += 1) {
    features.add(`2 ${framed.slice(at - 1, at + 1).join(' ')}`);
    if (at > 1) features.add(`3 ${framed.slice(at - 2, at + 1).join(' ')}`);
  }
  for (const word of words.slice(0, ANSWER_WORDS)) features.add(`${asked} ${word}`);
  if (words.length <= BARE_ANSWER_WORDS) features.add(`${asked} = ${words.join(' ')}`);
  return [...features].map(bucketOf);
}

function piecesOf(word: string): string[] {
  return PIECE_LENGTHS.flatMap((length) =>
    Array.from({ length: Math.max(0, word.length - length + 1) }, (_, at) => word.slice(at, at + length)),
  );
}

/** FNV-1a over UTF-16 code units. */
function bucketOf(feature: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < feature.length; at += 1) {
    hash = Math.imul(hash ^ feature.charCodeAt(at), 0x01000193);
  }
  return (hash ^ (hash >>> 15)) & (FEATURE_BUCKETS - 1);
}
