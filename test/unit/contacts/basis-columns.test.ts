import { expect, it } from 'vitest';
import { readOppositions } from '../../../src/contacts/read-oppositions.ts';
import { contactRows, csvTable } from '../../helpers/contact-table.ts';

const NOW = new Date('2026-11-26T10:00:00Z');

/** What each line says about why its person may be called, or why it is rejected. */
async function read(text: string): Promise<unknown[]> {
  const said: unknown[] = [];
  for (const row of await contactRows(await csvTable(text), { now: NOW })) {
    if (row.kind === 'contact') said.push(row.contact.bases);
    if (row.kind === 'rejected') said.push([row.line, row.column, row.reason]);
  }
  return said;
}

const consent = {
  ...{ basis: 'consent', granted: true, expiresAt: null, channel: null, source: 'form 12', wording: 'v3' },
  actedAt: new Date('2026-09-12T00:00:00+02:00'),
};
const undated = { actedAt: null, expiresAt: null, channel: null, source: 'contact file', wording: null };

it('reads consents under French headers and English ones', async () => {
  const [french] = await read(
    'telephone;date_consentement;source_consentement;texte_consentement;canal_consentement;expiration_consentement\n' +
      '0199000001;12/09/2026;form 12;v3;web;2027-01-31\n',
  );
  expect(french).toEqual([{ ...consent, channel: 'web', expiresAt: new Date('2027-01-31T00:00:00+01:00') }]);
  const [english] = await read(
    'phone,consent_date,consent_source,consent_wording\n0199000001,2026-09-12,form 12,v3\n',
  );
  expect(english).toEqual([consent]);
});

it('reads contracts, professional lines, withdrawals and silence', async () => {
  expect(
    await read(
      'phone,consentement,contrat,fin_contrat,pro\n' +
        '0199000001,non,,,\n0199000002,,C-2024-118,31/12/2026,pro\n0199000003,,oui,,particulier\n0199000004,,,,\n',
    ),
  ).toEqual([
    [{ ...undated, basis: 'consent', granted: false }],
    [
      {
        ...undated,
        ...{ basis: 'contract', granted: true, source: 'C-2024-118' },
        expiresAt: new Date('2026-12-31T00:00:00+01:00'),
      },
      { ...undated, basis: 'professional', granted: true },
    ],
    [
      { ...undated, basis: 'contract', granted: true },
      { ...undated, basis: 'professional', granted: false },
    ],
    [],
  ]);
});

it.each([
  ['0199000001,,form,v3,', ['consent_date', 'consent_incomplete']],
  ['0199000001,2026-09-12,,v3,', ['consent_source', 'consent_incomplete']],
  ['0199000001,2026-09-12,form,,', ['consent_wording', 'consent_incomplete']],
  ['0199000001,,,,oui', ['consent_date', 'consent_incomplete']],
  ['0199000001,2027-01-01,form,v3,', ['consent_date', 'future_date']],
  ['0199000001,09/13/2026,form,v3,', ['consent_date', 'bad_date']],
  ['0199000001,31/02/2026,form,v3,', ['consent_date', 'bad_date']],
  ['0199000001,hier,form,v3,', ['consent_date', 'bad_date']],
  ['0199000001,2026-09-12,form,v3,peut-être', ['consent', 'not_yes_or_no']],
])('rejects %s', async (line, [column, reason]) => {
  const said = await read(`phone,consent_date,consent_source,consent_wording,consent\n${line}\n`);
  expect(said).toEqual([[2, column, reason]]);
});

it('says which column is missing where the file has none for it', async () => {
  expect(await read('phone,consent,consent_date\n0199000001,oui,2026-09-12\n')).toEqual([
    [2, 'consent_source', 'consent_incomplete'],
  ]);
});

async function oppositions(text: string): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const row of readOppositions(await csvTable(text))) rows.push(row);
  return rows;
}

it('reads a list of numbers with headers and without, and an export of fingerprints', async () => {
  expect(await oppositions('0199000001\n112\n+33 1 99 00 00 02\n')).toEqual([
    { kind: 'number', line: 1, phone: '+33199000001', reason: null },
    { kind: 'rejected', line: 2, value: '112', problem: 'emergency' },
    { kind: 'number', line: 3, phone: '+33199000002', reason: null },
  ]);
  expect(await oppositions('nom;telephone;motif\nX;0199000001;courrier\n')).toEqual([
    { kind: 'number', line: 2, phone: '+33199000001', reason: 'courrier' },
  ]);
  const subject = 'ab'.repeat(32);
  expect(await oppositions(`fingerprint,reason,source,since\n${subject},opt_out,call,2026-01-01\n`)).toEqual([
    { kind: 'fingerprint', line: 2, subject, reason: 'opt_out' },
  ]);
  await expect(oppositions('nom;ville\nX;Y\n')).rejects.toMatchObject({ code: 'CONTACTS_NO_PHONE_COLUMN' });
});
