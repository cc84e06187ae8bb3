import { describe, expect, it } from 'vitest';
import { expectedAnswerTo } from '../../../../src/call-engine/turn/expected-answer.ts';

describe('expectedAnswerTo', () => {
  it.each([
    'Avez-vous deux minutes ?',
    'Puis-je vous poser trois questions ?',
    'Est-ce que je vous dérange ?',
    'Souhaitez-vous quand même en savoir plus ?',
    'Souhaitez-vous savoir ce qui reste à votre charge ?',
    "Voulez-vous qu'un conseiller vous dise quand il passe ?",
    "L'or est un placement. Qui sait ? Cela vous intéresse ?",
  ])('« %s » is answered by yes or no', (prompt) => {
    expect(expectedAnswerTo(prompt)).toBe('closed');
  });

  it.each([
    'Quel jour vous conviendrait ?',
    'À quelle heure préférez-vous être rappelé ?',
    "Qu'est-ce qui vous retient ?",
    'Combien souhaitez-vous placer ?',
    'Et vous, pourquoi hésitez-vous ?',
    'Je vous écoute.',
    '',
  ])('« %s » is answered by more than that', (prompt) => {
    expect(expectedAnswerTo(prompt)).toBe('open');
  });
});
