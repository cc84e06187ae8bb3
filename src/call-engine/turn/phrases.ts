/** French phrases on which turn-taking depends. Lower case, as the recogniser writes them. */

const BACKCHANNELS = new Set([
  'mm',
  'mmh',
  'hum',
  'hm',
  'hmm',
  'mouais',
  'hein',
  'euh',
  'heu',
  'ben',
  'bah',
  'oui',
  'ouais',
  'ok',
  'okay',
  "d'accord",
  'ah',
  'oh',
  'bon',
  'bien',
  'sûr',
  'très',
  'voilà',
  'entendu',
  'parfait',
  "c'est",
  'ça',
]);

/** The same in words that mean something else one by one. */
const BACKCHANNEL_PHRASES = new Set([
  'tout à fait',
  'je vois',
  'je comprends',
  'je vous écoute',
  'oui je vous écoute',
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

/** Yes or no, and nothing of what an open question asks. */
const BARE_ANSWERS = new Set([
  'oui',
  'ouais',
  'non',
  'ok',
  'okay',
  "d'accord",
  "oui d'accord",
  'bien',
  'bon',
  'ben',
  'bah',
  'alors',
  'ah',
  'si',
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
  'sur',
  'par',
  'sans',
  'chez',
  'au',
  'aux',
  'ce',
  'cette',
  'ces',
  'votre',
  'vos',
  'notre',
  'nos',
  'son',
  'sa',
  'ses',
  'mes',
  "qu'est-ce",
  'tu',
  'il',
  'elle',
  'on',
  'nous',
  'ne',
  "n'ai",
  'ai',
  'suis',
  'voudrais',
  'aimerais',
  "j'aimerais",
  'veux',
  'peux',
  'dois',
  'vais',
  'souhaite',
  'préfère',
  'puisque',
  'lorsque',
  'plutôt',
  'vers',
]);

/** A prompt's words in their order, among others' mistakes. */
const ECHO_SHARE = 0.45;
const MIN_ECHO_WORDS = 2;

const words = (text: string): string[] => text.split(' ').filter((word) => word !== '');

/** "mm", "d'accord", "oui oui": what one says to show that one listens. False for the empty text. */
export function isBackchannel(text: string): boolean {
  const said = words(text);
  if (BACKCHANNEL_PHRASES.has(said.join(' '))) return true;
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

/** "Oui" after "quel jour ?": the answer is still to come. */
export function isBareAnswer(text: string): boolean {
  return BARE_ANSWERS.has(words(text).join(' '));
}

/** Most of these words stand in the prompt too, in this order: what the prompt sounds like when the line sends it back. */
export function echoesPrompt(text: string, prompt: string): boolean {
  const said = words(text);
  if (said.length < MIN_ECHO_WORDS) return false;
  const spoken =
    prompt
      .toLowerCase()
      .replaceAll('’', "'")
      .match(/[\p{L}\p{N}'-]+/gu) ?? [];
  return commonInOrder(said, spoken) >= ECHO_SHARE * said.length;
}

/** Length of the longest common subsequence. */
function commonInOrder(some: readonly string[], others: readonly string[]): number {
  let previous = new Array<number>(others.length + 1).fill(0);
  for (const one of some) {
    const row = [0];
    for (const [j, other] of others.entries()) {
      row.push(one === other ? (previous[j] ?? 0) + 1 : Math.max(row[j] ?? 0, previous[j + 1] ?? 0));
    }
    previous = row;
  }
  return previous.at(-1) ?? 0;
}
