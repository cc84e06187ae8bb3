import path from 'node:path';
import { readTsvFile } from '../eval/tsv.ts';

const CORPUS = path.join(import.meta.dirname, '..', 'test/corpus');

/**
 * Keys of the texts of two or more words in these files of the corpus: scored or developed on, so not to be learnt.
 * `keyOf` gives the words by which a model knows a text, with a space between.
 */
export async function scoredTexts(
  files: readonly string[],
  keyOf: (text: string) => string,
): Promise<Set<string>> {
  const rows = await Promise.all(files.map((file) => readTsvFile(path.join(CORPUS, file), ['text'])));
  return new Set(
    rows
      .flat()
      .map(({ columns }) => keyOf(columns['text'] ?? ''))
      .filter((key) => key.includes(' ')),
  );
}
