import { afterEach, beforeEach, expect, it } from 'vitest';
import { importContacts } from '../../../src/contacts/import-contacts.ts';
import type { Database } from '../../../src/db/client.ts';
import { consentHistory } from '../../../src/db/consents.ts';
import { findContactByPhone, storeContacts } from '../../../src/db/contacts.ts';
import { isOpposed, testFingerprint } from '../../helpers/campaign-fixture.ts';
import { csvTable, importRequest } from '../../helpers/contact-table.ts';
import { createTestDatabase } from '../../helpers/database.ts';

let database: Database;

beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.close());

async function runImport(text: string, addTags: string[] = [], skipDuplicates = false) {
  const table = await csvTable(Buffer.from(text, 'latin1'));
  const request = importRequest(table, { addTags, batchSize: 2, now: new Date() });
  return importContacts(request, (batch) =>
    storeContacts(database.db, batch, {
      fingerprint: testFingerprint,
      skipDuplicates,
      source: 'contacts.csv',
    }),
  );
}

it('imports what Excel writes in France into Postgres, and nobody twice', async () => {
  const file =
    'Nom;Pr\xe9nom;T\xe9l\xe9phone;Email;Statut\r\n' +
    'Lef\xe8vre;Zo\xe9;06 39 98 00 02;zoe@example.com;qualified\r\n' +
    'Dupont;Jean;199000001;;\r\n' +
    'Dupont;Jean;+33 (0)1 99 00 00 01;jean@example.com;\r\n' +
    'Payet;Luc;0692000000;;\r\n' +
    'Personne;;112;;\r\n';
  expect(await runImport(file, ['janvier'])).toMatchObject({
    total: 5,
    imported: 3,
    duplicates: 1,
    rejected: 1,
    repaired: 1,
  });
  expect(await findContactByPhone(database.db, '+33639980002')).toMatchObject({
    firstName: 'Zoé',
    lastName: 'Lefèvre',
    status: 'qualified',
    tags: ['janvier'],
    timeZone: 'Europe/Paris',
    rawPhone: '06 39 98 00 02',
  });
  expect(await findContactByPhone(database.db, '+33199000001')).toMatchObject({
    status: 'pending',
    email: 'jean@example.com',
  });
  expect(await findContactByPhone(database.db, '+262692000000')).toMatchObject({
    timeZone: 'Indian/Reunion',
  });

  expect(await runImport(file, ['fevrier'])).toMatchObject({ imported: 0, duplicates: 4 });
  expect(await findContactByPhone(database.db, '+33639980002')).toMatchObject({
    tags: ['fevrier', 'janvier'],
  });
});

it('puts who is not to be called on the opposition list, and keeps nothing else of them', async () => {
  const file = 'nom;telephone;statut\nPetit;0199000001;\nRefus;0199000002;do_not_call\n';
  for (let run = 0; run < 2; run += 1) {
    expect(await runImport(file)).toMatchObject({ total: 2, imported: 1 - run, rejected: 0, opposed: 1 });
  }
  expect(await isOpposed(database.db, '+33199000002')).toBe(true);
  expect(await isOpposed(database.db, '+33199000001')).toBe(false);
  expect(await findContactByPhone(database.db, '+33199000002')).toBeNull();
});

it('leaves duplicates as they are where it is told to: the first line counts, their consents are recorded', async () => {
  const head = 'telephone;nom;consentement;date_consentement;preuve_consentement;texte_consentement\n';
  const proof = 'oui;12/09/2026;formulaire;v3';
  const file = `${head}0199000001;Premier;;;;\n0199000001;Second;${proof}\n0199000002;Autre;;;;\n`;
  expect(await runImport(file, [], true)).toMatchObject({ imported: 2, duplicatesInFile: 1 });
  const later = `${head}0199000002;Nouveau;${proof}\n`;
  expect(await runImport(later, ['tag'], true)).toMatchObject({ imported: 0, duplicatesKnown: 1 });
  expect(await findContactByPhone(database.db, '+33199000001')).toMatchObject({ lastName: 'Premier' });
  expect(await findContactByPhone(database.db, '+33199000002')).toMatchObject({
    lastName: 'Autre',
    tags: [],
  });
  for (const phone of ['+33199000001', '+33199000002']) {
    expect(await consentHistory(database.db, testFingerprint(phone))).toHaveLength(1);
  }
});

it('stores everybody once when two imports of one list run at once, in opposite orders', async () => {
  const lines = Array.from({ length: 60 }, (_, n) => `01990001${String(n).padStart(2, '0')}`);
  const [one, other] = await Promise.all([
    runImport(`telephone\n${lines.join('\n')}\n`),
    runImport(`telephone\n${lines.reverse().join('\n')}\n`),
  ]);
  expect(one.imported + other.imported).toBe(60);
});
