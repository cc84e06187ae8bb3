import type { Environment } from '../config.ts';
import { en } from './messages/en.ts';
import { fr } from './messages/fr.ts';

export type Messages = typeof en;

/** In the order in which the system's own programs ask them. */
const LOCALE_VARIABLES = ['LC_ALL', 'LC_MESSAGES', 'LANG'] as const;

/** French where `MINIBOT_LANG` or the locale says so, else English. */
export function chooseMessages(environment: Environment): Messages {
  const names = ['MINIBOT_LANG', ...LOCALE_VARIABLES];
  const chosen = names.map((name) => environment[name]?.trim() ?? '').find((locale) => locale !== '');
  return chosen?.toLowerCase().startsWith('fr') === true ? fr : en;
}
