/** Spellings of one sound, as far as recognisers confuse them. */
const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/(?:aient|ait|ais|ees|ee|ez|er|es)$/u, 'e'],
  [/ai$/u, 'e'],
  [/[stdxz]+$/u, ''],
  [/e$/u, ''],
  [/eau|au/gu, 'o'],
  [/ph/gu, 'f'],
  [/qu/gu, 'k'],
  [/c(?=[aou])/gu, 'k'],
  [/c(?=[eiy])/gu, 's'],
  [/(.)\1/gu, '$1'],
  [/(?:an|en|am|em)/gu, 'an'],
  [/(?:ain|ein|in|im)/gu, 'in'],
  [/(?:ai|ei|e)/gu, 'e'],
  [/h/gu, ''],
  [/y/gu, 'i'],
];
const SHORTEST = 3;

/** A key that words which sound alike mostly share: `intéressé`, `intéresser` and `intéressez` have one. For folded words. */
export function soundOf(word: string): string {
  if (word.length < SHORTEST) return word;
  const sound = SPELLINGS.reduce((left, [spelling, key]) => left.replace(spelling, key), word);
  return sound === '' ? word : sound;
}
