import { describe, expect, it } from 'vitest';
import { PhraseBook, spokenWords } from '../../../../src/call-engine/intent/phrase-book.ts';

function found(patterns: Record<string, string>, text: string): string[] {
  const book = new PhraseBook<string>();
  for (const [pattern, value] of Object.entries(patterns)) book.add(pattern, value);
  return book.find(spokenWords(text)).map(({ value }) => value);
}

describe('PhraseBook', () => {
  it('finds phrases left to right and prefers the longer', () => {
    const patterns = { oui: 'yes', non: 'no', 'non merci': 'thanks' };
    expect(found(patterns, 'oui enfin non merci')).toEqual(['yes', 'thanks']);
  });

  it('expands nested and empty alternatives', () => {
    const patterns = { '(je |)(suis|reste) (pas (du tout|trop)|peu) content': 'x' };
    expect(found(patterns, 'reste pas trop content')).toEqual(['x']);
    expect(found(patterns, 'je suis peu content')).toEqual(['x']);
    expect(found(patterns, 'je suis content')).toEqual([]);
  });

  it('lets … stand for one to three words', () => {
    const patterns = { 'il y a pas de … ici': 'x' };
    expect(found(patterns, "il n'y a pas de monsieur paul martin ici")).toEqual(['x']);
    expect(found(patterns, 'il y a pas de ici')).toEqual([]);
    expect(found(patterns, 'il y a pas de un deux trois quatre ici')).toEqual([]);
  });

  it('skips what changes nothing inside a phrase, but not before it', () => {
    const patterns = { "ça m'intéresse pas": 'x' };
    expect(found(patterns, "ça ne m'intéresse vraiment pas")).toEqual(['x']);
    expect(found(patterns, "ça m'intéresse, non, pas")).toEqual([]);
  });

  it('refuses a pattern whose parenthesis stays open', () => {
    expect(() => {
      new PhraseBook().add('(oui|non', 1);
    }).toThrow(/closing parenthesis/);
  });
});
