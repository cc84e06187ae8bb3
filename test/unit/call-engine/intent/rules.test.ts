import { describe, expect, it } from 'vitest';
import { spokenWords } from '../../../../src/call-engine/intent/phrase-book.ts';
import { decideByRule } from '../../../../src/call-engine/intent/rules.ts';

const decide = (text: string): string | null => decideByRule(spokenWords(text));

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
  ])('%s → %s', (text, intent) => {
    expect(decide(text)).toBe(intent);
  });

  it.each([
    'rappelez-moi plus tard',
    "ne m'appelez pas avant midi",
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
});
