import { probabilitiesOf } from './decision.ts';
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

/** How likely the linear model, trained by `scripts/train-intents.ts`, holds each intent. `words` from `spokenWords`. */
export function modelProbabilities(
  words: readonly string[],
  question: QuestionAsked,
): Record<Intent, number> {
  return probabilitiesOf(MODEL.logProbabilities(intentFeatures(words, question)));
}
