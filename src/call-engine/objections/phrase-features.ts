import { frenchWords } from '../intent/normalize.ts';
import { ideaOf } from './ideas.ts';
import { stem } from './stem.ts';

/** What a phrase shows of itself; each kind apart, because they weigh differently. */
export interface PhraseFeatures {
  /** Word stems, a word of a known idea under the idea's name. */
  stems: Set<string>;
  /** Pairs of neighbouring stems, with the beginning and the end. */
  pairs: Set<string>;
  /** Parts of words, four letters long, which forgive the recogniser. */
  pieces: Set<string>;
  /** Words behind the ideas, sizes of numbers, the length: for the classifier only. */
  traits: Set<string>;
  isNegated: boolean;
}

const NEGATIONS = new Set(['pas', 'plus', 'jamais', 'rien', 'aucun', 'aucune', 'ni', 'sans', 'personne']);
/** Who says one of these, and does not deny it, mostly raises no objection. */
const FAVOURABLE = new Set(
  (
    'justement volontiers content contente contents ravi ravie satisfait satisfaite raisonnable raisonnables correct ' +
    'correcte corrects abordable convient conviennent interessant interessante interessants aimerais adore adorent aime ' +
    'pret prete prets confiance aise facile facilement heureux super parfait parfaite excellent'
  ).split(' '),
);
/** They say nothing about what is meant; half of what is spoken drops "ne". */
const FILLERS = new Set(
  'ne euh heu hum ben bah bon alors donc franchement ecoutez attendez voila enfin hein quoi ah oh'.split(' '),
);
/** A negation reaches so many words to its right, and the verb to its left. */
const NEGATION_REACH = 3;
const PIECE_LENGTH = 4;
const MOST_WORDS_COUNTED = 8;

const NUMBERS = new Set(
  (
    'deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt vingts trente ' +
    'quarante cinquante soixante septante huitante nonante cent cents mille'
  ).split(' '),
);
/** Inside a number, but none by themselves. */
const NUMBER_JOINTS = new Set(['et', 'un', 'une']);
/** The first that holds; people tell their age in the third. */
const NUMBER_SIZES: readonly (readonly [string, RegExp])[] = [
  ['thousands', /mille/],
  ['hundreds', /cent/],
  [
    'over-seventy',
    /soixante (dix|et onze|douze|treize|quatorze|quinze|seize)|quatre vingt|septante|huitante|nonante/,
  ],
  ['tens', /vingt|trente|quarante|cinquante|soixante/],
  ['small', /./],
];

export function phraseFeatures(text: string): PhraseFeatures {
  const words = contentOf(frenchWords(text));
  const plain = words.map(stem);
  const stems = words.map((word, at) => ideaOf(word) ?? plain[at] ?? '');
  const pairs = new Set(pairsOf(['^', ...stems, '$']));
  return {
    stems: new Set(stems),
    pairs,
    pieces: new Set(words.flatMap((word) => piecesOf(`_${word}_`))),
    traits: new Set([
      ...plain.filter((word, at) => word !== stems[at]),
      ...pairsOf(['^', ...plain, '$']).filter((pair) => !pairs.has(pair)),
      ...numberTraits(words, plain),
      ...polarityTraits(words, stems),
      `length ${Math.min(words.length, MOST_WORDS_COUNTED)}`,
    ]),
    isNegated: words.some((word) => NEGATIONS.has(word)),
  };
}

/** Without fillers, unless nothing else was said, and without the "oui mais" that opens an objection. */
function contentOf(words: readonly string[]): string[] {
  const content = words.filter((word) => !FILLERS.has(word));
  if (content.length === 0) return [...words];
  const [first, second] = content;
  const isOpened = (first === 'oui' || first === 'non') && second === 'mais' && content.length > 3;
  return isOpened ? content.slice(2) : content;
}

function pairsOf(words: readonly string[]): string[] {
  return words.slice(1).map((word, at) => `${words[at] ?? ''} ${word}`);
}

function piecesOf(word: string): string[] {
  return Array.from({ length: Math.max(0, word.length - PIECE_LENGTH + 1) }, (_, at) =>
    word.slice(at, at + PIECE_LENGTH),
  );
}

/** "pas peur", "un bel apport": which words are negated, which are said to hold, and whether it sounds favourable. */
function polarityTraits(words: readonly string[], stems: readonly string[]): string[] {
  return stems.flatMap((name, at) => {
    const word = words[at] ?? '';
    if (NEGATIONS.has(word)) return [];
    const reached = [...words.slice(Math.max(0, at - NEGATION_REACH), at), words[at + 1] ?? ''];
    const holds = reached.some((near) => NEGATIONS.has(near)) ? 'not' : 'is';
    return FAVOURABLE.has(word) ? [`${holds} ${name}`, `${holds} favourable`] : [`${holds} ${name}`];
  });
}

/** "quatre-vingts ans": that there is a number, its size, and both with what is counted. */
function numberTraits(words: readonly string[], stems: readonly string[]): string[] {
  const traits: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    if (!NUMBERS.has(words[at] ?? '')) continue;
    let end = at;
    while (NUMBERS.has(words[end] ?? '') || NUMBER_JOINTS.has(words[end] ?? '')) end += 1;
    const number = words.slice(at, end).join(' ');
    const size = NUMBER_SIZES.find(([, form]) => form.test(number))?.[0] ?? '';
    traits.push('number', `number ${size}`);
    const counted = stems[end];
    if (counted !== undefined) traits.push(`number of ${counted}`, `number ${size} of ${counted}`);
    at = end;
  }
  return traits;
}
