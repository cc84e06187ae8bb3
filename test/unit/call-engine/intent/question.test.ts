import { describe, expect, it } from 'vitest';
import { readQuestion } from '../../../../src/call-engine/intent/question.ts';

describe('readQuestion', () => {
  it.each([
    ['Avez-vous deux minutes ?', 'yes-goes-on'],
    ['Est-ce que je vous dérange ?', 'yes-refuses'],
    ['Bonjour. Je ne vous dérange pas ?', 'yes-refuses'],
    ['Y voyez-vous un inconvénient ?', 'yes-refuses'],
    ['Préférez-vous que nous en restions là ?', 'yes-refuses'],
    ["Vous n'êtes pas intéressé ?", 'negative'],
    ['Vous êtes toujours là ?', 'yes-goes-on'],
    ['Quel jour vous conviendrait ?', 'open'],
    ['Est-ce que je vous dérange ? Non ? Alors avez-vous deux minutes ?', 'yes-goes-on'],
    ['Vous pouvez refuser, ou demander à ne plus être appelé. Avez-vous deux minutes ?', 'yes-goes-on'],
    ['Je vous écoute.', 'yes-goes-on'],
    ['', 'yes-goes-on'],
    [null, 'yes-goes-on'],
  ])('%s → %s', (prompt, kind) => {
    expect(readQuestion(prompt).kind).toBe(kind);
  });

  it('knows whether a day or an amount is asked for', () => {
    expect(readQuestion('Seriez-vous disponible mardi ?').asksFact).toBe(true);
    expect(readQuestion('Quelle somme ?').asksFact).toBe(true);
    expect(readQuestion('Cela vous intéresse ?').asksFact).toBe(false);
  });
});
