import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Database } from '../../../src/db/client.ts';
import { createTestDatabase } from '../../helpers/database.ts';
import { fictionPhone } from '../../helpers/campaign-fixture.ts';
import { runCli } from './run-cli.ts';

/** Many processes one after the other, on a machine that may be busy. */
const TIMEOUT_MS = 120_000;

let database: Database;
let folder: string;

beforeEach(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'minibot-cli-'));
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

function cli(args: string[], options: Partial<Parameters<typeof runCli>[1]> = {}) {
  return runCli(args, { cwd: folder, ...options, env: { DATABASE_URL: database.url, ...options.env } });
}

async function countContacts(): Promise<number> {
  const { rows } = await database.pool.query<{ total: number }>(
    'select count(*)::int as total from contacts',
  );
  return rows[0]?.total ?? 0;
}

it(
  'imports a file, names what it refuses, and shows a contact',
  async () => {
    await writeFile(
      path.join(folder, 'contacts.csv'),
      'nom;prenom;telephone;email\n' +
        'Dupont;Jean;0199000001;jean@example.com\n' +
        'Personne;;112;\n' +
        '=HYPERLINK("x");;abc;\n' +
        'Dupont;Jean;+33 1 99 00 00 01;\n',
    );
    const rehearsal = await cli(['import-contacts', 'contacts.csv', '--dry-run']);
    expect(rehearsal).toMatchObject({ status: 0, stderr: '' });
    expect(rehearsal.stdout).toContain('Would be imported: 1\n');
    expect(await countContacts()).toBe(0);

    const args = ['import-contacts', 'contacts.csv', '--add-tags', 'or,janvier', '--rejected', 'refused.csv'];
    const imported = await cli(args, { env: { LANG: 'fr_FR.UTF-8' } });
    expect(imported).toMatchObject({ status: 0, stderr: '' });
    expect(imported.stdout).toContain("Ligne 3 : telephone « 112 » est un numéro d'urgence\n");
    expect(imported.stdout).toContain(
      '   Total lignes : 4\n   Importés : 1\n   Doublons (complétés) : 1\n      dont 1 dans le fichier même, 0 déjà connus\n   Erreurs : 2\n',
    );
    const refused = path.join(folder, 'refused.csv');
    expect(await readFile(refused, 'utf8')).toBe(
      '\ufeffligne_refusee;colonne_refusee;raison_du_refus;nom;prenom;telephone;email\n' +
        "3;telephone;est un numéro d'urgence;Personne;;112;\n" +
        `4;telephone;n'est pas un numéro de téléphone;"'=HYPERLINK(""x"")";;abc;\n`,
    );
    expect((await stat(refused)).mode & 0o777).toBe(0o600);

    const again = await cli(['import-contacts', 'contacts.csv', '--dedupe', '--add-tags', 'mars', '--json']);
    expect(JSON.parse(again.stdout)).toMatchObject({ total: 4, imported: 0, duplicates: 2, rejected: 2 });

    const shown = await cli(['contact', 'show', '01 99 00 00 01']);
    expect(shown).toMatchObject({ status: 0, stderr: '' });
    expect(shown.stdout).toContain('+33199000001 (Jean Dupont)');
    expect(shown.stdout).toMatch(/Tags +or, janvier\n/);
  },
  TIMEOUT_MS,
);

it(
  'stops at Ctrl+C with whole batches stored, and goes on when it is run again',
  async () => {
    const lines = Array.from({ length: 9000 }, (_, n) => `${fictionPhone(n)}\n`);
    await writeFile(path.join(folder, 'many.csv'), `phone\n${lines.join('')}`);
    const someStored = async () => {
      await vi.waitUntil(async () => (await countContacts()) > 0, { timeout: 30_000, interval: 5 });
    };
    const args = ['import-contacts', 'many.csv', '--batch-size', '20'];
    const interrupted = await cli(args, { interruptWhen: someStored });
    expect(interrupted.status).toBe(130);
    expect(interrupted.stderr).toMatch(
      /^error: the import stopped \(interrupted\): .+ Run it again to go on\n$/,
    );
    const stored = await countContacts();
    expect(stored).toBeGreaterThan(0);
    expect(stored).toBeLessThan(9000);
    expect(stored % 20).toBe(0);

    const again = await cli(['import-contacts', 'many.csv', '--json']);
    expect(JSON.parse(again.stdout)).toMatchObject({ imported: 9000 - stored, duplicates: stored });
    expect(await countContacts()).toBe(9000);
  },
  TIMEOUT_MS,
);

it(
  'says what is wrong with a file before it stores anything',
  async () => {
    await writeFile(path.join(folder, 'binary.csv'), Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 1]));
    await writeFile(path.join(folder, 'other.csv'), 'a,b\n1,2\n');
    const [missing, binary, noFile, other] = await Promise.all(
      ['nowhere.csv', 'binary.csv', '.', 'other.csv'].map((file) => cli(['import-contacts', file])),
    );
    expect(missing).toMatchObject({ status: 1, stdout: '' });
    expect(missing?.stderr).toMatch(/^error: there is no file \S*nowhere\.csv\n$/);
    expect(binary?.stderr).toMatch(/^error: the contact file is neither text nor an Excel workbook: .+\n$/);
    expect(noFile?.stderr).toMatch(/^error: \S+ is no ordinary file.*\n$/);
    expect(other).toMatchObject({ status: 1 });
    expect(other?.stderr).toMatch(
      /^error: the contact file has no column of phone numbers\. .+ --phone-col\n$/,
    );
  },
  TIMEOUT_MS,
);
