import { frenchWords } from './normalize.ts';

/** A phrase of the book found in an utterance. `from`–`to` are word positions, `to` not included. */
export interface PhraseMatch<T> {
  value: T;
  from: number;
  to: number;
}

interface Node<T> {
  next: Map<string, Node<T>>;
  /** What follows one to three words of any kind. */
  gap: Node<T> | null;
  value: T | null;
}

const GAP = '…';
const MAX_GAP_WORDS = 3;

/** Words that may stand inside any phrase without changing what it means. */
const SKIPPABLE = new Set(
  'vraiment franchement honnetement sincerement absolument strictement carrement tres bien trop assez super la meme juste du tout moi monsieur madame euh heu hum ben bah hein alors donc de toute facon'.split(
    ' ',
  ),
);

/**
 * Phrases written as they are spoken, with alternatives in parentheses and `…` for one to three words of any kind:
 * `(je|on) veux (pas|plus) qu'on m'appelle`, `il y a pas de … ici`. Finds them in an utterance in one walk, however many
 * there are.
 */
export class PhraseBook<T> {
  private readonly root: Node<T> = emptyNode();

  add(pattern: string, value: T): void {
    for (const phrase of alternativesOf(pattern)) this.addPhrase(phrase, value);
  }

  /** The phrases said, left to right, without overlap; of two that begin at one word the longer. */
  find(words: readonly string[]): PhraseMatch<T>[] {
    const matches: PhraseMatch<T>[] = [];
    let from = 0;
    while (from < words.length) {
      const match = this.longestFrom(words, from);
      if (match === null) {
        from += 1;
      } else {
        matches.push(match);
        from = match.to;
      }
    }
    return matches;
  }

  private longestFrom(words: readonly string[], from: number): PhraseMatch<T> | null {
    let longest = 0;
    let match: PhraseMatch<T> | null = null;
    const walk = (node: Node<T>, at: number, literal: number): PhraseMatch<T> | null => {
      if (node.value !== null && literal > longest) {
        longest = literal;
        match = { value: node.value, from, to: at };
      }
      const word = words[at];
      if (word === undefined) return match;
      const next = node.next.get(word);
      if (next !== undefined) walk(next, at + 1, literal + 1);
      if (node === this.root) return match;
      if (SKIPPABLE.has(word)) walk(node, at + 1, literal);
      if (node.gap === null) return match;
      for (let length = 1; length <= MAX_GAP_WORDS && at + length <= words.length; length += 1) {
        walk(node.gap, at + length, literal);
      }
      return match;
    };
    return walk(this.root, from, 0);
  }

  private addPhrase(phrase: string, value: T): void {
    let node = this.root;
    for (const part of phrase.split(GAP).flatMap((piece, index) => (index === 0 ? [piece] : [GAP, piece]))) {
      if (part === GAP) {
        node.gap ??= emptyNode();
        node = node.gap;
        continue;
      }
      for (const word of spokenWords(part)) {
        const next = node.next.get(word) ?? emptyNode();
        node.next.set(word, next);
        node = next;
      }
    }
    if (node !== this.root) node.value = value;
  }
}

/** Words as the book compares them: `ne` is left out, as half of what is spoken does. */
export function spokenWords(text: string): string[] {
  return frenchWords(text).filter((word) => word !== 'ne');
}

function emptyNode<T>(): Node<T> {
  return { next: new Map(), gap: null, value: null };
}

/** `(a|b|) c` → `a c`, `b c`, ` c`. Parentheses may be nested. */
export function alternativesOf(pattern: string): string[] {
  const open = pattern.indexOf('(');
  if (open === -1) return [pattern];
  const close = closingOf(pattern, open);
  const before = pattern.slice(0, open);
  const rest = alternativesOf(pattern.slice(close + 1));
  return topLevelChoices(pattern.slice(open + 1, close))
    .flatMap(alternativesOf)
    .flatMap((choice) => rest.map((after) => `${before}${choice}${after}`));
}

function closingOf(pattern: string, open: number): number {
  let depth = 0;
  for (let at = open; at < pattern.length; at += 1) {
    if (pattern[at] === '(') depth += 1;
    if (pattern[at] === ')') depth -= 1;
    if (depth === 0) return at;
  }
  throw new Error(`phrase pattern without closing parenthesis: ${pattern}`);
}

function topLevelChoices(inner: string): string[] {
  const choices = [''];
  let depth = 0;
  for (const character of inner) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === '|' && depth === 0) choices.push('');
    else choices[choices.length - 1] = `${choices.at(-1) ?? ''}${character}`;
  }
  return choices;
}
