/** Longer transcripts carry no more meaning for a turn, only cost: the rest is cut. */
const MAX_WORDS = 60;
const MAX_CHARACTERS = 600;

/** What French cuts off before a vowel, written out, so that "j'ai" and "je ai" are one thing. */
const ELISIONS: Readonly<Record<string, string>> = {
  j: 'je',
  c: 'ce',
  m: 'me',
  t: 'te',
  s: 'se',
  l: 'le',
  d: 'de',
  n: 'ne',
  qu: 'que',
  jusqu: 'jusque',
  lorsqu: 'lorsque',
  puisqu: 'puisque',
  quelqu: 'quelque',
};

/** Spoken forms and the spellings that recognisers choose for them. Keys are folded words. */
const SPOKEN_FORMS: Readonly<Record<string, string>> = {
  chuis: 'je suis',
  chui: 'je suis',
  chais: 'je sais',
  jsuis: 'je suis',
  jsais: 'je sais',
  jai: 'je ai',
  cest: 'ce est',
  nan: 'non',
  naan: 'non',
  nope: 'non',
  ouai: 'ouais',
  ouaip: 'ouais',
  mouai: 'mouais',
  okay: 'ok',
  okey: 'ok',
  oke: 'ok',
  dac: 'de accord',
  dacc: 'de accord',
  ptet: 'peut etre',
  svp: 'se il vous plait',
  stp: 'se il te plait',
  ya: 'y a',
  rdv: 'rendez vous',
  email: 'mail',
  emails: 'mail',
  mails: 'mail',
  courriel: 'mail',
};

/**
 * French as a recogniser writes it → words to compare: lower case, no accents (but `où`, which is not `ou`), elisions
 * and hyphens taken apart, spoken contractions written out. `"J'dis pas non, allez-y"` → `je dis pas non allez y`.
 */
export function frenchWords(text: string): string[] {
  const plain = text
    .slice(0, MAX_CHARACTERS)
    .normalize('NFC')
    .toLowerCase()
    .replaceAll('\u0153', 'oe')
    .replaceAll(/[\u2018\u2019\u02bc`´]/g, "'")
    .replaceAll(/aujourd'\s?hui/g, 'aujourdhui')
    .replaceAll(/\[unk\]|<unk>/g, ' ')
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, ' ');
  const words: string[] = [];
  for (const raw of plain.split(' ')) {
    if (raw === '') continue;
    const word = raw === 'où' ? raw : foldAccents(raw);
    const spoken = SPOKEN_FORMS[word] ?? ELISIONS[word] ?? word;
    words.push(...spoken.split(' '));
    if (words.length >= MAX_WORDS) return words.slice(0, MAX_WORDS);
  }
  return words;
}

/** `é` → `e`, `ç` → `c`. */
export function foldAccents(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}+/gu, '');
}
