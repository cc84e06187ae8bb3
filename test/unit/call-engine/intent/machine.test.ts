import { expect, it } from 'vitest';
import { classifyLocally } from '../../../../src/call-engine/intent/local-classifier.ts';

const QUESTION = 'Avez-vous deux minutes ?';

it.each([
  'cabinet du docteur petit bonjour ne quittez pas',
  "vous avez laissé un message sur ma messagerie tout à l'heure",
  'il est pas là vous voulez laisser un message',
  'le bureau est fermé le lundi je suis juste le gardien',
  "oui bonjour j'attendais votre appel",
])('does not hang up on a person who speaks as machines do: « %s »', (text) => {
  expect(classifyLocally(text, QUESTION).intent).not.toBe('machine');
});

it.each([
  'bonjour vous êtes bien sur la messagerie de sophie martin laissez un message après le bip',
  "le numéro que vous avez demandé n'est pas attribué",
  'tous nos conseillers sont en ligne veuillez patienter',
])('knows a machine that was taken for a person: « %s »', (text) => {
  expect(classifyLocally(text, QUESTION).intent).toBe('machine');
});
