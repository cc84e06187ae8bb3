import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TextTable } from '../../../src/contacts/xlsx/text-table.ts';

it('gives back every text by its number, and nothing for another', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (texts) => {
      const table = new TextTable();
      for (const text of texts) table.add(text);
      expect(texts.map((_, number) => table.at(number))).toEqual(texts);
      for (const number of [-1, texts.length, 0.5, Number.NaN]) expect(table.at(number)).toBeUndefined();
    }),
  );
});

it('keeps texts that are longer than a piece of its memory, and more of them than it began with', () => {
  const table = new TextTable();
  const long = 'é'.repeat(2 ** 20);
  const texts = ['a', long, 'b', ...Array.from({ length: 3_000 }, (_, n) => `0639980${n}`.repeat(50))];
  for (const text of texts) table.add(text);
  expect(texts.every((text, number) => table.at(number) === text)).toBe(true);
});
