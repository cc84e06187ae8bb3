const ENDINGS = [
  'issements',
  'issement',
  'issaient',
  'issions',
  'issons',
  'issez',
  'issent',
  'ements',
  'ement',
  'ations',
  'ation',
  'itions',
  'ition',
  'eraient',
  'erions',
  'erait',
  'erais',
  'erons',
  'eront',
  'erez',
  'erai',
  'eras',
  'era',
  'aient',
  'euses',
  'euse',
  'eux',
  'ables',
  'able',
  'iques',
  'ique',
  'ives',
  'ive',
  'ifs',
  'if',
  'ites',
  'ite',
  'ions',
  'iez',
  'ais',
  'ait',
  'ant',
  'ante',
  'antes',
  'ants',
  'ees',
  'ee',
  'es',
  'er',
  'ez',
  'ent',
  'ons',
  'ir',
  'is',
  'it',
  're',
  'e',
  's',
  'x',
  'i',
].sort((a, b) => b.length - a.length);

const SHORTEST_STEM = 3;

/** A folded word → what it shares with its relatives: `risque`, `risqué`, `risques` → `risqu`. */
export function stem(word: string): string {
  if (word.length <= SHORTEST_STEM) return word;
  for (const ending of ENDINGS) {
    if (word.length - ending.length >= SHORTEST_STEM && word.endsWith(ending)) {
      return word.slice(0, -ending.length);
    }
  }
  return word;
}
