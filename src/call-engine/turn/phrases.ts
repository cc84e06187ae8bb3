/** French phrases on which turn-taking depends. Lower case, as the recogniser writes them. */

const BACKCHANNELS = new Set([
  'mm',
  'mmh',
  'hum',
  'hm',
  'oui',
  'ouais',
  'ok',
  'okay',
  "d'accord",
  'ah',
  'oh',
  'bon',
  'bien',
  'très',
  'voilà',
  "c'est",
  'ça',
  'ah oui',
]);

const SHORT_ANSWERS = new Set([
  'oui',
  'ouais',
  'si',
  'ok',
  'okay',
  "d'accord",
  'non',
  'non merci',
  'oui merci',
  "oui d'accord",
  'bien sûr',
  'oui bien sûr',
  'allez-y',
  'oui allez-y',
  'volontiers',
  'pas du tout',
  'jamais',
  'peut-être',
  'pourquoi pas',
  'pas intéressé',
  'tout à fait',
  'exactement',
  'absolument',
  'très bien',
  'parfait',
  'au revoir',
]);

const UNFINISHED_ENDINGS = new Set([
  'euh',
  'heu',
  'parce',
  'que',
  'et',
  'mais',
  'donc',
  'ou',
  'si',
  'alors',
  'car',
  'de',
  'du',
  'des',
  'le',
  'la',
  'les',
  'un',
  'une',
  'mon',
  'ma',
  'mes',
  'je',
  "j'ai",
  "c'est",
  'est',
  'pour',
  'avec',
  'dans',
  'à',
  'en',
  'qui',
  'quand',
  'comme',
]);

const words = (text: string): string[] => text.split(' ').filter((word) => word !== '');

/** "mm", "d'accord", "oui oui": what one says to show that one listens. False for the empty text. */
export function isBackchannel(text: string): boolean {
  const said = words(text);
  return said.length > 0 && said.length <= 3 && said.every((word) => BACKCHANNELS.has(word));
}

/** A complete answer to a closed question: nothing more need be waited for. */
export function isShortAnswer(text: string): boolean {
  return SHORT_ANSWERS.has(words(text).join(' '));
}

/** The phrase stops where no French sentence can: the person is thinking, not done. */
export function endsUnfinished(text: string): boolean {
  const said = words(text);
  const last = said.at(-1);
  // "si" and "ça c'est" alone are answers; only a longer phrase can hang on them.
  return last !== undefined && UNFINISHED_ENDINGS.has(last) && !isShortAnswer(text);
}
