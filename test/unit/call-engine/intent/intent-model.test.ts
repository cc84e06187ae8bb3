import { describe, expect, it } from 'vitest';
import { FEATURE_BUCKETS, intentFeatures } from '../../../../src/call-engine/intent/intent-features.ts';
import { modelProbabilities } from '../../../../src/call-engine/intent/intent-model.ts';
import { INTENTS, type Intent } from '../../../../src/call-engine/intent/intents.ts';
import { spokenWords } from '../../../../src/call-engine/intent/phrase-book.ts';
import { readQuestion, type QuestionAsked } from '../../../../src/call-engine/intent/question.ts';

const GOES_ON = readQuestion('Puis-je continuer ?');
const REFUSES = readQuestion('Est-ce que je vous dérange ?');

function likeliest(text: string, question: QuestionAsked): Intent | undefined {
  const said = modelProbabilities(spokenWords(text), question);
  return INTENTS.toSorted((a, b) => said[b] - said[a])[0];
}

describe('features', () => {
  it('are the same for the same words, each once, within the model', () => {
    const features = intentFeatures(['non', 'merci', 'non'], GOES_ON);
    expect(intentFeatures(['non', 'merci', 'non'], GOES_ON)).toEqual(features);
    for (const bucket of features) expect(bucket >= 0 && bucket < FEATURE_BUCKETS).toBe(true);
  });

  it('tell the question apart', () => {
    expect(intentFeatures(['non'], REFUSES)).not.toEqual(intentFeatures(['non'], GOES_ON));
  });

  it('tell whether the words of the question come back', () => {
    const housing = readQuestion('Puis-je visiter votre maison ?');
    const said = intentFeatures(['dans', 'ma', 'maison'], housing);
    expect(said).not.toEqual(intentFeatures(['dans', 'ma', 'maison'], { ...housing, words: ['puis', 'je'] }));
  });

  it('tell the order of words apart', () => {
    const sorted = (words: string[]) => intentFeatures(words, GOES_ON).toSorted((a, b) => a - b);
    expect(sorted(['pas', 'oui'])).not.toEqual(sorted(['oui', 'pas']));
  });
});

describe('the trained model', () => {
  it('gives probabilities that add up to one', () => {
    const said = modelProbabilities(['allez', 'y'], GOES_ON);
    const total = INTENTS.reduce((sum, intent) => sum + said[intent], 0);
    expect(total).toBeCloseTo(1, 6);
  });

  it.each<[string, QuestionAsked, Intent]>([
    ['oui allez-y', GOES_ON, 'affirm'],
    ['non merci', GOES_ON, 'deny'],
    ['non pas du tout', REFUSES, 'affirm'],
    ['oui plutôt', REFUSES, 'deny'],
    ['combien ça coûte', GOES_ON, 'question'],
    ["j'ai déjà un conseiller", GOES_ON, 'objection'],
    ['ne me rappelez plus', GOES_ON, 'opt_out'],
    ['rappelez-moi demain', GOES_ON, 'callback'],
    ['faux numéro', GOES_ON, 'wrong_number'],
    ['je suis pas intéresser', GOES_ON, 'deny'],
    ['le facteur a laissé le paquet sous le pommier', GOES_ON, 'not_understood'],
  ])('takes "%s" (%o) for %s', (text, question, intent) => {
    expect(likeliest(text, question)).toBe(intent);
  });
});
