import type { IntentVerdict } from '../ports.ts';
import { spokenWords } from './phrase-book.ts';

/** Below this the recogniser guesses: what was spoken had 0.89–1, "oui" made of coughs and babble mostly less than 0.65. */
const LEAST_HEARD = 0.65;
/** Consent of this many words, each rather heard than not, is none that a recogniser makes of noise … */
const SENTENCE_WORDS = 4;
const LEAST_HEARD_OF_SENTENCE = 0.5;
/** … where the classifier has no doubt what they mean. */
const SURE = 0.9;

/**
 * Consent that the recogniser may have made of noise is asked for again. A refusal is believed however faint.
 * `heardConfidence` is the transcript's, 0–1.
 */
export function withoutDoubtfulConsent(
  verdict: IntentVerdict,
  text: string,
  heardConfidence: number,
): IntentVerdict {
  if (verdict.intent !== 'affirm' || heardConfidence >= LEAST_HEARD) return verdict;
  const isSentence =
    heardConfidence >= LEAST_HEARD_OF_SENTENCE &&
    verdict.confidence >= SURE &&
    spokenWords(text).length >= SENTENCE_WORDS;
  return isSentence ? verdict : { ...verdict, intent: 'not_understood', confidence: 1 - heardConfidence };
}
