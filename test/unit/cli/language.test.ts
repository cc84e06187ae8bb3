import { describe, expect, it } from 'vitest';
import { chooseMessages } from '../../../src/cli/language.ts';
import { en } from '../../../src/cli/messages/en.ts';
import { fr } from '../../../src/cli/messages/fr.ts';

describe('chooseMessages', () => {
  it.each([
    [{ LANG: 'fr_FR.UTF-8' }, fr],
    [{ LANG: 'fr_FR.UTF-8', LC_ALL: 'C.UTF-8' }, en],
    [{ LANG: 'en_GB.UTF-8', LC_MESSAGES: 'fr_BE' }, fr],
    [{ LANG: 'fr_FR.UTF-8', LC_ALL: '' }, fr],
    [{ LANG: 'de_DE.UTF-8' }, en],
    [{}, en],
    [{ MINIBOT_LANG: 'en', LC_ALL: 'fr_FR.UTF-8' }, en],
    [{ MINIBOT_LANG: 'FR', LC_ALL: 'en_GB.UTF-8' }, fr],
  ])('%o', (environment, messages) => {
    expect(chooseMessages(environment)).toBe(messages);
  });
});

describe('mistakes in the command line, in French', () => {
  it.each([
    [
      "unknown option '--scenaro'\n(Did you mean --scenario?)",
      "option inconnue '--scenaro'\n(Vouliez-vous dire --scenario ?)",
    ],
    ["missing required argument 'file'", "il manque l'argument 'file'"],
    ["option '--limit <number>' argument missing", "l'option '--limit <number>' attend une valeur"],
    [
      "option '--limit <n>' argument 'x' is invalid. Donnez …",
      "option '--limit <n>' : « x » ne va pas. Donnez …",
    ],
    ["too many arguments for 'show'. Expected 1 argument but got 2.", "trop d'arguments : 2 au lieu de 1."],
    ['something new', 'something new'],
  ])('%s', (message, translated) => {
    expect(fr.usageError(message)).toBe(translated);
  });
});
