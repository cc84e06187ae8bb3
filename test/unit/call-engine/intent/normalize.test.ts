import { describe, expect, it } from 'vitest';
import { foldAccents, frenchWords } from '../../../../src/call-engine/intent/normalize.ts';

describe('frenchWords', () => {
  it.each([
    ["J'dis pas non, allez-y !", 'je dis pas non allez y'],
    ['Ça ne m’intéresse pas', 'ca ne me interesse pas'],
    ['OÙ stocker l’or ?', 'où stocker le or'],
    ['chuis pas là', 'je suis pas la'],
    ["aujourd'hui", 'aujourdhui'],
    ['envoyez un e-mail', 'envoyez un e mail'],
    ['mon cœur', 'mon coeur'],
    ['[unk] oui [unk]', 'oui'],
    ['e\u0301te\u0301', 'ete'],
    ['   ', ''],
    ['…!?', ''],
  ])('%s → %s', (text, words) => {
    expect(frenchWords(text).join(' ')).toBe(words);
  });

  it('reads no more than a turn can hold', () => {
    expect(frenchWords('oui '.repeat(100_000))).toHaveLength(60);
    expect(frenchWords('a'.repeat(100_000)).join('').length).toBeLessThanOrEqual(600);
  });
});

describe('foldAccents', () => {
  it('drops marks and keeps letters', () => {
    expect(foldAccents('éàüçî')).toBe('eauci');
  });
});
