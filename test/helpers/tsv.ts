import { readFile } from 'node:fs/promises';

/** Rows of a tab-separated file with a header line, by column name. Empty cells stay; extra columns do no harm. */
export async function readTsv(file: URL): Promise<Record<string, string>[]> {
  const [header = '', ...lines] = (await readFile(file, 'utf8')).replace(/\n$/, '').split(/\r?\n/);
  const columns = header.split('\t');
  return lines.map((line) => {
    const cells = line.split('\t');
    return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']));
  });
}
