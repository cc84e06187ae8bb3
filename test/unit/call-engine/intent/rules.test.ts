import { describe, expect, it } from 'vitest';
import { spokenWords } from '../../../../src/call-engine/intent/phrase-book.ts';
import { readQuestion } from '../../../../src/call-engine/intent/question.ts';
import { decideByRule } from '../../../../src/call-engine/intent/rules.ts';

const decide = (text: string, question: string | null = null): string | null =>
  decideByRule(spokenWords(text), readQuestion(question));

describe('decideByRule', () => {
  it.each([
    ["ne m'appelez plus", 'opt_out'],
    ["oui d'accord mais ne m'appelez plus", 'opt_out'],
    ['je veux plus que vous me rappeliez', 'opt_out'],
    ['vous êtes un robot alors arrêtez de me rappeler', 'opt_out'],
    ['retirez-moi de votre liste', 'opt_out'],
    ['bonjour vous êtes bien sur la messagerie de paul', 'machine'],
    ['merci de laisser un message après le bip', 'machine'],
    ["il n'y a pas de sophie ici", 'wrong_number'],
    ['vous vous trompez de numéro', 'wrong_number'],
    ['mais vous êtes un robot', 'question'],
    ['je parle à une vraie personne', 'question'],
    ['je parle à une machine là', 'question'],
    ['vous êtes humaine', 'question'],
    ["c'est un rebot", 'question'],
    ['me rappeler plus', 'opt_out'],
    ['vous avez pas le droit de me téléphoner', 'opt_out'],
    ['je refuse tout démarchage', 'opt_out'],
    ['ça fait deux ans que je suis sur bloctel', 'opt_out'],
    ['ne gardez pas mon numéro', 'opt_out'],
  ])('%s → %s', (text, intent) => {
    expect(decide(text)).toBe(intent);
  });

  it.each([
    'rappelez-moi plus tard',
    "ne m'appelez pas avant midi",
    "ne m'appelez pas au travail",
    "j'aimerais que vous me rappeliez plus tard",
    "je suis d'accord pour qu'on me rappelle",
    'je ne veux pas être rappelé par un conseiller',
    'je préfère parler à un humain',
    'vous ne me dérangez pas du tout',
    'ça ne me dérange pas',
    'vous ne pouvez pas me rappeler demain',
    "vous n'arrêtez pas de m'appeler",
    'arrêtez de rigoler',
    "c'est un répondeur que j'ai acheté",
    'vous pouvez me laisser un message',
    "il n'y a pas de soleil ici",
    'mon livret me suffit',
    'je ne parle pas à un robot',
    "non ça ne m'intéresse pas",
    'oui',
    '',
  ])('leaves to the scores: %s', (text) => {
    const intent = decide(text);
    // A "répondeur" may be asked about; what matters is that nothing ends the call.
    expect(intent === null || intent === 'question').toBe(true);
  });

  it('takes a yes to the offer to opt out for the wish itself', () => {
    const offer = 'Souhaitez-vous ne plus être appelé ?';
    for (const yes of ['oui', "oui s'il vous plaît", 'je préfère', "d'accord"]) {
      expect(decide(yes, offer)).toBe('opt_out');
      expect(decide(yes, 'Avez-vous deux minutes ?')).toBeNull();
    }
    for (const no of ['non', 'oui mais non', 'pas du tout', 'combien de temps']) {
      expect(decide(no, offer)).toBeNull();
    }
  });
});
