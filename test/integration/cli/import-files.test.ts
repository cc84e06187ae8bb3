import { execFileSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Database } from '../../../src/db/client.ts';
import { createTestDatabase } from '../../helpers/database.ts';
import { textRow, workbookParts, zipOf } from '../../helpers/workbook-file.ts';
import { runCli } from './run-cli.ts';

const MEBIBYTE = 2 ** 20;

let database: Database;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'minibot-import-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.close());

const inFolder = (name: string): string => path.join(folder, name);
function cli(args: string[], env: Record<string, string> = {}) {
  return runCli(args, { cwd: folder, env: { DATABASE_URL: database.url, ...env } });
}

async function storedPhones(): Promise<string[]> {
  const { rows } = await database.pool.query<{ phone: string }>('select phone from contacts order by phone');
  return rows.map(({ phone }) => phone);
}

it('answers every file that is no list of contacts with one sentence, and stores nothing of it', async () => {
  const files: Record<string, string | Buffer> = {
    'empty.csv': '',
    'head.csv': 'telephone;nom\n',
    'unclosed.csv': `telephone;nom\n0199000001;Dupont\n0199000002;"Petit\n${'0199000003;Durand\n'.repeat(3000)}`,
    'twice.csv': 'telephone;telephone\n0199000001;0199000002\n',
    'wide.csv': `telephone;${'a;'.repeat(10_000)}\n0199000001\n`,
    'nul.csv': 'telephone;nom\n0199000001;Du\0pont\n',
    'page.xls': '<html><body><table><tr><td>telephone</td></tr></table>',
    'bomb.xlsx': zipOf({
      ...workbookParts({ sheets: { A: textRow(1, ['telephone']) } }),
      'xl/worksheets/sheet1.xml': Buffer.alloc(70 * MEBIBYTE, ' '),
    }),
  };
  await Promise.all(Object.entries(files).map(([name, content]) => writeFile(inFolder(name), content)));
  execFileSync('mkfifo', [inFolder('pipe')]);
  const said = new Map<string, string>();
  for (const name of [...Object.keys(files), 'pipe', '.', 'nowhere.csv']) {
    const { status, stdout, stderr } = await cli(['import-contacts', name, '--rejected', 'refused.csv']);
    expect({ name, status, stdout }).toEqual({ name, status: 1, stdout: '' });
    expect(stderr.trim().split('\n'), name).toHaveLength(1);
    said.set(name, stderr);
  }
  expect(said.get('empty.csv')).toContain('is empty');
  expect(said.get('head.csv')).toContain('no contacts under them');
  expect(said.get('unclosed.csv')).toMatch(/around line \d+: a quotation mark .+ Nothing was imported/);
  expect(said.get('twice.csv')).toContain('two columns called “telephone”');
  expect(said.get('wide.csv')).toMatch(/10002 columns|absurdly long/);
  expect(said.get('nul.csv')).toContain('neither text nor an Excel workbook');
  expect(said.get('page.xls')).toContain('a web page');
  expect(said.get('bomb.xlsx')).toContain('more than 64 MB');
  expect(said.get('pipe')).toContain('no ordinary file');
  expect(said.get('.')).toContain('no ordinary file');
  expect(said.get('nowhere.csv')).toContain('there is no file');
  expect(await storedPhones()).toEqual([]);
  await expect(readFile(inFolder('refused.csv'))).rejects.toMatchObject({ code: 'ENOENT' });
}, 60_000);

it('gives up on a line of 100 MB', async () => {
  const file = createWriteStream(inFolder('endless.csv'));
  file.write('telephone;nom\n0199000001;Dupont\n0199000002;');
  for (let n = 0; n < 100; n += 1) file.write(Buffer.alloc(MEBIBYTE, 'x'));
  file.end();
  await finished(file);
  const { status, stderr } = await cli(['import-contacts', 'endless.csv'], { LANG: 'fr_FR.UTF-8' });
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^erreur : le fichier de contacts est illisible vers la ligne 3 : .+ Rien n'a été importé\n$/,
  );
  expect(await storedPhones()).toEqual([]);
}, 60_000);

it('writes what it rejects so that it can be mended and imported again', async () => {
  const rows = [
    'Nom;Téléphone;Remarque',
    'Dupont;0199000001;a;b',
    'Petit;112;"x;y"',
    'Durand;0199000003;',
    'Roux;abc;',
  ];
  await writeFile(inFolder('liste.csv'), Buffer.from(`${rows.join('\r\n')}\r\n`, 'latin1'));
  const args = ['--rejected', 'refus.csv', '--json'];
  const first = await cli(['import-contacts', 'liste.csv', ...args], { LANG: 'fr_FR.UTF-8' });
  expect(JSON.parse(first.stdout)).toMatchObject({ total: 4, imported: 1, rejected: 3 });
  const refused = await readFile(inFolder('refus.csv'), 'utf8');
  expect(refused.split('\n')).toEqual([
    '\ufeffligne_refusee;colonne_refusee;raison_du_refus;Nom;Téléphone;Remarque',
    expect.stringMatching(/^2;;.+;Dupont;0199000001;a;b$/) as string,
    expect.stringMatching(/^3;Téléphone;.+;Petit;112;"x;y"$/) as string,
    expect.stringMatching(/^5;Téléphone;.+;Roux;abc;$/) as string,
    '',
  ]);

  // Somebody mends one line of it and imports it again, under an English locale.
  await writeFile(inFolder('mended.csv'), refused.replace(';112;', ';0199000002;'));
  const second = await cli(['import-contacts', 'mended.csv', ...args]);
  expect(JSON.parse(second.stdout)).toMatchObject({ total: 3, imported: 1, rejected: 2 });
  expect((await readFile(inFolder('refus.csv'), 'utf8')).split('\n')).toEqual([
    '\ufeffrejected_line;rejected_column;rejected_reason;Nom;Téléphone;Remarque',
    expect.stringMatching(/^2;;.+;Dupont;0199000001;a;b$/) as string,
    expect.stringMatching(/^4;Téléphone;.+;Roux;abc;$/) as string,
    '',
  ]);
  expect(await storedPhones()).toEqual(['+33199000002', '+33199000003']);
}, 60_000);

it('overwrites nothing with rejected lines but rejected lines', async () => {
  await writeFile(inFolder('a.csv'), 'telephone\n0199000001\nabc\n');
  await writeFile(inFolder('other.csv'), 'telephone\n0199000009\n');
  const itself = await cli(['import-contacts', 'a.csv', '--rejected', './a.csv']);
  expect(itself.stderr).toContain('--rejected names');
  const other = await cli(['import-contacts', 'a.csv', '--rejected', 'other.csv']);
  expect(other.stderr).toContain('is not overwritten');
  expect(await readFile(inFolder('other.csv'), 'utf8')).toBe('telephone\n0199000009\n');
  expect(await storedPhones()).toEqual([]);
}, 60_000);

it('imports only the départements that are asked for, and tells duplicates of both kinds', async () => {
  await writeFile(
    inFolder('regions.csv'),
    'telephone;nom;cp\n0199000001;A;01000\n0199000002;B;75001\n01 99 00 00 01;C;01000\n0199000004;D;\n',
  );
  const args = ['import-contacts', 'regions.csv', '--region-filter', '01,02,03'];
  const dry = await cli([...args, '--dry-run', '--json']);
  const real = await cli([...args, '--verbose'], { LOG_LEVEL: 'fatal' });
  expect(JSON.parse(dry.stdout)).toMatchObject({
    ...{
      total: 4,
      imported: 1,
      duplicates: 1,
      duplicatesInFile: 1,
      duplicatesKnown: 0,
      rejected: 1,
      elsewhere: 1,
    },
    repeats: [{ line: 4, firstLine: 2 }],
    errors: [{ line: 5, column: 'cp', reason: 'no_region' }],
  });
  expect(real.stdout).toContain(
    'Line 2: +33199000001 (A)\nLine 4: +33199000001 (C), the same number as in line 2\n',
  );
  const again = await cli([...args, '--json']);
  expect(JSON.parse(again.stdout)).toMatchObject({ imported: 0, duplicatesInFile: 1, duplicatesKnown: 1 });
  const wrong = await cli(['import-contacts', 'regions.csv', '--region-filter', '01,Ain']);
  expect(wrong).toMatchObject({ status: 2 });
  expect(wrong.stderr).toContain('Give départements separated by commas');
}, 60_000);
