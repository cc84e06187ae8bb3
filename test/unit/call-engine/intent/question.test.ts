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
    ['Voulez-vous que je vous laisse ?', 'yes-refuses'],
    ['Souhaitez-vous mettre fin à cet appel ?', 'yes-refuses'],
    ['Souhaitez-vous ne plus être appelé ?', 'yes-opts-out'],
    ['Dois-je supprimer votre numéro de nos fichiers ?', 'yes-opts-out'],
    ['Vous ne souhaitez pas être rappelé ?', 'negative'],
    ['Avez-vous plus de cinquante ans ?', 'yes-goes-on'],
    ["Que diriez-vous d'un audit ?", 'yes-goes-on'],
    ['est-ce que je vous dérange', 'yes-refuses'],
    ['quel jour vous conviendrait', 'open'],
    ["Seriez-vous contre l'idée d'un essai ?", 'yes-refuses'],
    ['Cela vous semble inutile ?', 'yes-refuses'],
    ['Vous refusez donc ?', 'yes-refuses'],
    ['Êtes-vous sûr de ne pas vouloir en parler ?', 'yes-refuses'],
    ["Avez-vous un doute avant d'accepter ?", 'yes-refuses'],
    ['Voulez-vous que nous arrêtions de vous appeler ?', 'yes-opts-out'],
    ['Souhaitez-vous ne plus recevoir nos offres ?', 'yes-opts-out'],
    ["Souhaitez-vous être inscrit sur notre liste d'opposition ?", 'yes-opts-out'],
    ['Voulez-vous réfléchir et que je vous rappelle ?', 'yes-calls-back'],
    ["Souhaitez-vous qu'un conseiller vous rappelle ?", 'yes-goes-on'],
    ["Vous êtes d'accord, n'est-ce pas ?", 'yes-goes-on'],
    ["C'est oui ou c'est non ?", 'yes-goes-on'],
    ["Qu'est-ce qui vous retient aujourd'hui ?", 'open'],
    ['Quel serait pour vous le principal inconvénient ?', 'open'],
    ["On continue ou on s'arrête ?", 'open'],
    ['', 'yes-goes-on'],
    [null, 'yes-goes-on'],
  ])('%s → %s', (prompt, kind) => {
    expect(readQuestion(prompt).kind).toBe(kind);
  });

  it.each([
    ['Suis-je bien chez monsieur Garnier ?', true],
    ['Vous êtes bien madame Fournier ?', true],
    ["Je m'adresse bien à la gérante ?", true],
    ['Vous êtes bien installé ?', false],
    ['Êtes-vous intéressé ?', false],
  ])('%s asks for somebody: %s', (prompt, asksName) => {
    expect(readQuestion(prompt).asksName).toBe(asksName);
  });

  it('knows whether a day or an amount is asked for', () => {
    expect(readQuestion('Seriez-vous disponible mardi ?').asksFact).toBe(true);
    expect(readQuestion('Quelle somme ?').asksFact).toBe(true);
    expect(readQuestion('Cela vous intéresse ?').asksFact).toBe(false);
    expect(readQuestion('Avez-vous un petit moment ?').asksFact).toBe(false);
  });
});
