import { FEATURE_BUCKETS, intentFeatures } from './intent-features.ts';
import weights from './intent-weights.json' with { type: 'json' };
import { INTENTS, type Intent } from './intents.ts';
import { LinearModel } from './linear-model.ts';
import type { QuestionAsked } from './question.ts';

const MODEL = new LinearModel(weights, {
  buckets: FEATURE_BUCKETS,
  classes: INTENTS.length,
  trainedBy: 'npm run train-intents',
});

/**
 * What the linear model, trained by `scripts/train-intents.ts`, says of an utterance: the logarithm of each intent's
 * probability. It knows nothing of the phrases of `lexicon.ts`, so that the two can be added. `words` from `spokenWords`.
 */
export function modelLogProbabilities(
  words: readonly string[],
  question: QuestionAsked,
): Record<Intent, number> {
  const logProbabilities = MODEL.logProbabilities(intentFeatures(words, question));
  const said = (intent: Intent): number => logProbabilities[INTENTS.indexOf(intent)] ?? 0;
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
