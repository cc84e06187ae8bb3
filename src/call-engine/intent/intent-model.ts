import { FEATURE_BUCKETS, intentFeatures } from './intent-features.ts';
import packed from './intent-weights.json' with { type: 'json' };
import { INTENTS, type Intent } from './intents.ts';
import type { QuestionAsked } from './question.ts';

/** Row-major: feature bucket, then intent; times `packed.step`. */
const WEIGHTS = unpack(packed.weights);

/**
 * What the linear model, trained by `scripts/train-intents.ts`, says of an utterance: the logarithm of each intent's
 * probability. It knows nothing of the phrases of `lexicon.ts`, so that the two can be added. `words` from `spokenWords`.
 */
export function modelLogProbabilities(
  words: readonly string[],
  question: QuestionAsked,
): Record<Intent, number> {
  const buckets = intentFeatures(words, question);
  const scale = packed.step / Math.sqrt(buckets.length);
  const logits = INTENTS.map((_, intent) =>
    buckets.reduce((sum, bucket) => sum + (WEIGHTS[bucket * INTENTS.length + intent] ?? 0) * scale, 0),
  );
  const top = Math.max(...logits);
  const total = top + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - top), 0));
  const said = (intent: Intent): number => (logits[INTENTS.indexOf(intent)] ?? 0) - total;
  return {
    affirm: said('affirm'),
    deny: said('deny'),
    question: said('question'),
    objection: said('objection'),
    silence: said('silence'),
    not_understood: said('not_understood'),
    opt_out: said('opt_out'),
    callback: said('callback'),
    wrong_number: said('wrong_number'),
    machine: said('machine'),
  };
}

/** Throws where the file was made for other features or intents: to be trained again. */
function unpack(base64: string): Int8Array {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length !== FEATURE_BUCKETS * INTENTS.length) {
    throw new Error('intent-weights.json does not fit the features: run npm run train-intents');
  }
  return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
