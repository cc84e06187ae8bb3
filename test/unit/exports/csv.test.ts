import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvLine, looksLikeFormula } from '../../../src/exports/csv.ts';

describe('what a spreadsheet would take for a formula', () => {
  it.each([
    '=1+1',
    '=cmd|"/c calc"!A1',
    '+SUM(A1)',
    '-2+3+cmd',
    '@SUM(A1)',
    '\t=1+1',
    '\r=1+1',
    '\n=1+1',
    '＝1+1',
    '＋1+A1',
    '－A1',
    '＠SUM(A1)',
    '  =1+1',
    '\u00a0@A1',
  ])('%j is one', (text) => {
    expect(looksLikeFormula(text)).toBe(true);
    expect(parse(csvLine([text]))).toEqual([[`'${text}`]]);
  });

  it.each(['+33199000012', '+33 1 99 00 00 12', '-12', '-1.5', 'a=b', 'Ørsted', '', "l'été", '1-2', '"=x"'])(
    '%j is none',
    (text) => {
      expect(looksLikeFormula(text)).toBe(false);
      expect(parse(csvLine([text, 'x']))).toEqual([[text, 'x']]);
    },
  );
});

it('gives every cell back, whatever is in it, with each separator', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme' }), { minLength: 2, maxLength: 4 }),
      fc.constantFrom(',' as const, ';' as const, '\t' as const),
      (cells, separator) => {
        const [read] = parse(csvLine(cells, separator), { delimiter: separator, record_delimiter: '\n' });
        expect(read).toEqual(cells.map((cell) => (looksLikeFormula(cell) ? `'${cell}` : cell)));
      },
    ),
  );
});

it('lets no cell begin in the middle of another for a reader of another separator', () => {
  expect(csvLine(['a;=1+1', 'b'])).toBe('"a;=1+1",b\n');
  expect(csvLine(['a\t=1+1', 'b'], ';')).toBe('"a\t=1+1";b\n');
});
