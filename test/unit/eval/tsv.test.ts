import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { parseTsv, readTsvFile } from '../../../eval/tsv.ts';

const parse = (text: string) => parseTsv(text, 'rows.tsv', ['text', 'label']);

it('gives every row its cells by name, and the line it stands on', () => {
  expect(parse('label\ttext\nHUMAN\tallô\nMACHINE\tvous êtes bien\n')).toEqual([
    { line: 2, columns: { label: 'HUMAN', text: 'allô' } },
    { line: 3, columns: { label: 'MACHINE', text: 'vous êtes bien' } },
  ]);
});

it('keeps an empty text', () => {
  expect(parse('text\tlabel\n\tHUMAN\n')[0]?.columns).toEqual({ text: '', label: 'HUMAN' });
});

it('carries columns that it does not ask for', () => {
  expect(parse('text\tlabel\tnote\noui\tHUMAN\trare')[0]?.columns).toHaveProperty('note', 'rare');
});

it('drops a cell that has no column', () => {
  expect(parse('text\tlabel\noui\tHUMAN\tstray')[0]?.columns).toEqual({ text: 'oui', label: 'HUMAN' });
});

it('reads what Windows writes, and counts lines as editors do', () => {
  const rows = parse('\uFEFFtext\tlabel\r\noui\tHUMAN\r\n\r\nnon\tHUMAN\r\n');
  expect(rows.map(({ line }) => line)).toEqual([2, 4]);
  expect(rows[1]?.columns).toEqual({ text: 'non', label: 'HUMAN' });
});

it('takes quotes as they are', () => {
  expect(parse('text\tlabel\n"oui" dit-il\tHUMAN')[0]?.columns['text']).toBe('"oui" dit-il');
});

it.each([
  ['an unknown header', 'texte\tlabel\noui\tHUMAN', /rows\.tsv, line 1: the header lacks text;/],
  ['a column named twice', 'text\tlabel\ttext\noui\tHUMAN\tnon', /line 1: the header names "text" twice/],
  ['a row without its tabs', 'text\tlabel\noui\tHUMAN\nnon HUMAN', /line 3: there is no cell for label/],
  ['no rows', 'text\tlabel\n', /line 2: there is no row/],
  ['nothing at all', '', /line 1: the header lacks text, label/],
])('refuses %s and says where', (_what, text, message) => {
  expect(() => parse(text)).toThrow(message);
});

it('refuses a file that is not there, and one that is not UTF-8', async () => {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'eval-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const latin = path.join(directory, 'latin.tsv');
  await writeFile(latin, Buffer.from('text\nall\xf4\n', 'latin1'));

  await expect(readTsvFile(path.join(directory, 'absent.tsv'), [])).rejects.toThrow(/cannot be read/);
  await expect(readTsvFile(latin, ['text'])).rejects.toThrow(/not UTF-8/);
});
