import { expect, it } from 'vitest';
import { fingerprintOf } from '../../../scripts/training-inputs.ts';
import intentWeights from '../../../src/call-engine/intent/intent-weights.json' with { type: 'json' };
import greetingWeights from '../../../src/call-engine/turn/greeting-weights.json' with { type: 'json' };

it.each([
  { model: 'intents' as const, trainedOn: intentWeights.trainedOn },
  { model: 'greetings' as const, trainedOn: greetingWeights.trainedOn },
])('the weights of $model come from the corpora that are there', async ({ model, trainedOn }) => {
  expect(trainedOn, `the weights of ${model} were trained on other corpora: run npm run train-${model}`).toBe(
    await fingerprintOf(model),
  );
});
