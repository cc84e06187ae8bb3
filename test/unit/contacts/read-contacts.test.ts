import { describe, expect, it } from 'vitest';
import { openCsvTable } from '../../../src/contacts/csv-table.ts';
import type { ContactRow } from '../../../src/contacts/contact-row.ts';
import type { ImportContactsRequest } from '../../../src/contacts/import-contacts.ts';
import { withCorsica } from '../../../src/contacts/region.ts';
import { contactRows, csvTable } from '../../helpers/contact-table.ts';
import { pick, seededRandom } from '../../helpers/random.ts';

type Given = Partial<ImportContactsRequest> & { pieceSize?: number };

async function readRows(
  content: string | Uint8Array,
  { pieceSize, ...change }: Given = {},
): Promise<ContactRow[]> {
  return contactRows(await csvTable(content, pieceSize), change);
}

/** Contacts as the tests like to compare them; rejections as `line column reason value`. */
function brief(rows: ContactRow[]): unknown[] {
  return rows.map((row) => {
    if (row.kind === 'opposed') return { opposed: row.phone };
    if (row.kind === 'elsewhere') return `${row.line} elsewhere`;
    if (row.kind === 'rejected') return `${row.line} ${row.column} ${row.reason} ${row.value}`;
    const { phone, firstName, lastName } = row.contact;
    return { phone, name: [firstName, lastName].filter((part) => part !== null).join(' ') };
  });
}

const JEAN = { phone: '+33199000001', name: 'Jean Dupont' };
const ZOE = { phone: '+33639980002', name: 'Zoé Lefèvre' };

describe('readContacts', () => {
  it('refuses numbers that it would have to complete where only whole ones are wanted', async () => {
    const file = 'phone\n0199000001\n199000002\n';
    expect(brief(await readRows(file))).toMatchObject([{ phone: '+33199000001' }, { phone: '+33199000002' }]);
    expect(brief(await readRows(file, { strictNumbers: true }))).toMatchObject([
      { phone: '+33199000001' },
      '3 phone guessed 199000002',
    ]);
  });

  it('reads the columns of the v3 guide', async () => {
    const rows = await readRows(
      'phone,first_name,last_name,company,email,tags\n' +
        '+33199000001,Jean,Dupont,Entreprise A,jean@example.com,"vip,or"\n',
      { addTags: ['janvier', 'or'] },
    );
    expect(rows).toEqual([
      {
        kind: 'contact',
        line: 2,
        notes: [],
        contact: {
          phone: '+33199000001',
          firstName: 'Jean',
          lastName: 'Dupont',
          company: 'Entreprise A',
          email: 'jean@example.com',
          tags: ['vip', 'or', 'janvier'],
          timeZone: 'Europe/Paris',
          rawPhone: '+33199000001',
          bases: [],
        },
      },
    ]);
  });

  it('reads the columns of the v2 guide, status included', async () => {
    const [row] = await readRows(
      'nom,prenom,telephone,email,statut\nDupont,Jean,0199000001,jean@example.com,qualified\n',
    );
    expect(row).toMatchObject({
      contact: { phone: '+33199000001', firstName: 'Jean', lastName: 'Dupont', status: 'qualified' },
    });
  });

  it.each([',', ';', '\t', '|'])('finds the separator %j', async (separator) => {
    const text = ['Nom;Prénom;N° de téléphone', 'Dupont;Jean;01 99 00 00 01']
      .join('\n')
      .replaceAll(';', separator);
    expect(brief(await readRows(text.replace('N° de', 'Numéro de')))).toEqual([JEAN]);
  });

  it('takes a separator in quotation marks for text', async () => {
    expect(brief(await readRows('"nom;a,b,c,d";prenom;telephone\nx;Jean;0199000001\n'))).toEqual([
      { phone: '+33199000001', name: 'Jean' },
    ]);
  });

  it.each(['\n', '\r\n', '\r'])('takes lines that end in %j, and a last one that does not', async (end) => {
    const text = ['telephone;nom;prenom', '0199000001;Dupont;Jean', '', '0639980002;Lefèvre;Zoé'].join(end);
    const rows = await readRows(text);
    expect(brief(rows)).toEqual([JEAN, ZOE]);
    expect(rows.map((row) => row.line)).toEqual([2, 4]);
  });

  const FRENCH = 'Téléphone;Nom;Prénom;Société\r\n0639980002;Lefèvre;Zoé;“L’Œuvre” à 5 €\r\n';
  it.each([
    ['UTF-8', Buffer.from(FRENCH, 'utf8')],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${FRENCH}`, 'utf8')],
    ['UTF-16 as Excel’s “Unicode text”', Buffer.from(`\ufeff${FRENCH}`, 'utf16le')],
    ['big-endian UTF-16', Buffer.from(`\ufeff${FRENCH}`, 'utf16le').swap16()],
    [
      'Windows-1252',
      Buffer.from(
        FRENCH.replaceAll('“', '\x93')
          .replaceAll('”', '\x94')
          .replaceAll('’', '\x92')
          .replace('Œ', '\x8c')
          .replace('€', '\x80'),
        'latin1',
      ),
    ],
  ])('reads %s, cut anywhere', async (_name, bytes) => {
    for (const pieceSize of [2, 3, 5, 1000]) {
      const rows = await readRows(bytes, { pieceSize });
      expect(brief(rows)).toEqual([ZOE]);
      expect(rows[0]).toMatchObject({ contact: { company: '“L’Œuvre” à 5 €' } });
    }
  });

  it('finds an accent of Windows-1252 that comes late', async () => {
    const early = '0199000001;Dupont;Jean\n'.repeat(500);
    const bytes = Buffer.from(`telephone;nom;prenom\n${early}0639980002;Lef\xe8vre;Zo\xe9\n`, 'latin1');
    expect(brief(await readRows(bytes, { pieceSize: 4096 })).at(-1)).toEqual(ZOE);
  });

  it('skips what Excel puts around: its separator line, lines of separators alone', async () => {
    const text = 'sep=;\r\ntelephone;nom;prenom\r\n;;\r\n0199000001;Dupont;Jean\r\n;;\r\n';
    expect(brief(await readRows(text))).toEqual([JEAN]);
  });

  it('takes fields of several lines and tells where their line ends', async () => {
    const rows = await readRows('telephone,nom,prenom\n0199000001,"Du\npont",Jean\nx,,\n');
    expect(brief(rows)).toEqual([{ ...JEAN, name: 'Jean Du pont' }, '4 telephone not_a_number x']);
  });

  it('takes the columns that the operator names, and splits a full name', async () => {
    const text = 'nom_complet;mail;tel;Ligne directe\nJean Dupont;jean@example.com;0199000009;0199000001\n';
    const columns = { phone: 'ligne directe', fullName: 'nom_complet', email: 'mail' };
    const rows = await readRows(text, { columns });
    expect(brief(rows)).toEqual([JEAN]);
    expect(rows[0]).toMatchObject({ contact: { email: 'jean@example.com' } });
  });

  it('names line, column, reason and what stood there for every line it rejects', async () => {
    const text = [
      'telephone;nom;statut',
      ';Sans numéro;',
      'abc;Lettres;',
      '112;Pompiers;',
      '3,36E+10;Excel;',
      '0899000000;Surtaxé;',
      '+12025550123;Étranger;',
      `0199000001;${'x'.repeat(201)};`,
      '0199000001;Trop;pending;large;trop',
      '0199000001;Statut;peut-être',
      '0199000001;Refus;ne pas appeler',
      `0199000001;Fin;`,
    ].join('\n');
    expect(brief(await readRows(text))).toEqual([
      '2 telephone empty ',
      '3 telephone not_a_number abc',
      '4 telephone emergency 112',
      '5 telephone rounded_by_spreadsheet 3,36E+10',
      '6 telephone special_rate 0899000000',
      '7 telephone country_not_allowed +12025550123',
      `8 nom too_long ${'x'.repeat(60)}`,
      '9 null too_many_columns large trop',
      '10 statut unknown_status peut-être',
      { opposed: '+33199000001' },
      { phone: '+33199000001', name: 'Fin' },
    ]);
  });

  it('reads nothing but the number of who is not to be called, whatever else is wrong with the line', async () => {
    const text = [
      'telephone;nom;statut;consentement',
      `0199000001;${'x'.repeat(201)};do_not_call;oui`,
      '199000002;;DNC;',
      '112;;liste rouge;',
      'abc;;opt-out;',
    ].join('\n');
    expect(brief(await readRows(text, { strictNumbers: true }))).toEqual([
      { opposed: '+33199000001' },
      { opposed: '+33199000002' },
      '4 telephone emergency 112',
      '5 telephone not_a_number abc',
    ]);
  });

  it('takes a line that is too short, and notes what it put right', async () => {
    const rows = await readRows('nom;telephone;email\nDupont;199000001\nDurand;0199000002;pas un mail\n');
    expect(rows).toMatchObject([
      {
        kind: 'contact',
        notes: ['phone_repaired'],
        contact: { phone: '+33199000001', rawPhone: '199000001' },
      },
      { kind: 'contact', notes: ['email_left_out'], contact: { email: null } },
    ]);
  });

  it('leaves no control or direction characters in what is stored', async () => {
    const [row] = await readRows('telephone;nom\n0199000001;Du\u202epont\u0007\u0000 \u200b X\n');
    expect(row).toMatchObject({ contact: { lastName: 'Du pont X' } });
  });

  it('knows the time zone of numbers overseas', async () => {
    const [row] = await readRows('telephone\n0692000000\n');
    expect(row).toMatchObject({ contact: { phone: '+262692000000', timeZone: 'Indian/Reunion' } });
  });

  it('takes a stray quotation mark within a field for what it is', async () => {
    const [row] = await readRows('telephone;societe\n0199000001;Bar "Chez Léo"\n');
    expect(row).toMatchObject({ contact: { company: 'Bar "Chez Léo"' } });
  });
});

describe('what spreadsheets leave behind', () => {
  it('takes the protection off that keeps them from changing a number', async () => {
    const text = [
      'telephone;nom;prenom',
      '="0199000001";Dupont;Jean',
      `"=""0639980002""";'-Lefèvre;Zoé`,
    ].join('\n');
    expect(brief(await readRows(text))).toEqual([JEAN, { ...ZOE, name: 'Zoé -Lefèvre' }]);
  });

  it('rejects formulas, errors and digits that were lost, in any column that counts', async () => {
    const text = [
      'telephone;nom;remarque',
      '=A1&B1;Dupont;',
      '#N/A;Dupont;',
      '33639000000;Dupont;',
      '639000000;Dupont;',
      '0199000001;=HYPERLINK("http://example.com");',
      "0199000001;'=1+1;",
      '0199000001;#REF!;',
      '0199000001;Dupont;=1+1',
      '+33639000000;Dupont;#N/A',
    ].join('\n');
    expect(brief(await readRows(text))).toEqual([
      '2 telephone formula =A1&B1',
      '3 telephone spreadsheet_error #N/A',
      '4 telephone rounded_by_spreadsheet 33639000000',
      '5 telephone rounded_by_spreadsheet 639000000',
      '6 nom formula =HYPERLINK("http://example.com")',
      '7 nom formula =1+1',
      '8 nom spreadsheet_error #REF!',
      { phone: '+33199000001', name: 'Dupont' },
      { phone: '+262639000000', name: 'Dupont' },
    ]);
  });
});

describe('the filter by département', () => {
  const given = { departments: withCorsica(['01', '20', '974']) };

  it('takes those of the postal code or the département, and leaves the others out', async () => {
    const text = [
      'telephone;code_postal;departement;statut',
      '0199000001;01000;;',
      '0199000002;1170;;',
      '0199000003;75001;01;',
      '0199000004;20137;;',
      '0199000005;;2B;',
      '0199000006;;01 - Ain;',
      '0199000007;97400;;',
      '0199000008;97100;;',
      'abc;69001;;',
    ].join('\n');
    expect(brief(await readRows(text, given))).toEqual([
      ...[1, 2].map((n) => ({ phone: `+3319900000${n}`, name: '' })),
      '4 elsewhere',
      ...[4, 5, 6, 7].map((n) => ({ phone: `+3319900000${n}`, name: '' })),
      '9 elsewhere',
      '10 elsewhere',
    ]);
  });

  it('rejects who lives nobody knows where, and keeps the wishes of everybody', async () => {
    const text = 'telephone;cp;statut\n0199000001;;\n0199000002;Lyon;\n0199000003;69001;ne pas appeler\n';
    expect(brief(await readRows(text, given))).toEqual([
      '2 cp no_region ',
      '3 cp no_region Lyon',
      { opposed: '+33199000003' },
    ]);
  });

  it('needs a column that tells', async () => {
    await expect(readRows('telephone;ville\n0199000001;Bourg\n', given)).rejects.toMatchObject({
      code: 'CONTACTS_NO_REGION_COLUMN',
      message: expect.stringContaining('“telephone”, “ville”') as string,
    });
  });
});

describe('a file that cannot be read', () => {
  it.each([
    ['is empty', '', 'CONTACTS_EMPTY', /column names/],
    ['is blank', '\n;;\n  \n', 'CONTACTS_EMPTY', /column names/],
    ['names no phone column', 'nom;age\nDupont;7\n', 'CONTACTS_NO_PHONE_COLUMN', /“nom”, “age”.*--phone-col/],
    ['has no line of column names', '0199000001;Dupont\n', 'CONTACTS_NO_PHONE_COLUMN', /“0199000001”/],
    ['has far too many columns', `${'a;'.repeat(500)}\n`, 'CONTACTS_COLUMNS', /501 columns/],
    [
      'never closes a quotation mark',
      'telephone;nom\n0199000001;"Dupont\n',
      'CONTACTS_ENDLESS_LINE',
      /never closed/,
    ],
    [
      'swallows the rest of the file after one',
      `telephone;nom\n0199000001;"Dupont\n${'0199000002;Durand\n'.repeat(3000)}`,
      'CONTACTS_ENDLESS_LINE',
      /around line \d+.*never closed/,
    ],
    [
      'is one endless line',
      'telephone;nom\n0199000001;' + 'x'.repeat(100_000),
      'CONTACTS_ENDLESS_LINE',
      /line 2/,
    ],
    ['is noise', '\u0000\u0001\u0002\u0003'.repeat(100), 'CONTACTS_NO_PHONE_COLUMN', /./],
    ['has nothing but column names', 'telephone;nom\n;;\n', 'CONTACTS_NO_ROWS', /no contacts/],
    ['names a column twice', 'Téléphone;nom;telephone\n1;2;3\n', 'CONTACTS_DUPLICATE_HEADER', /“Téléphone”/],
  ])('%s', async (_name, content, code, message) => {
    await expect(readRows(content, { pieceSize: 4096 })).rejects.toMatchObject({
      name: 'ContactFileError',
      code,
      message: expect.stringMatching(message) as string,
    });
  });

  it('lacks the column that the operator named', async () => {
    await expect(readRows('telephone\n0199000001\n', { columns: { phone: 'gsm2' } })).rejects.toMatchObject({
      code: 'CONTACTS_NO_SUCH_COLUMN',
      message: expect.stringContaining('gsm2') as string,
    });
  });

  it('breaks off: the failure of the source comes through', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('telephone;nom\n0199000001;Dupont\n');
      await Promise.resolve();
      throw new Error('disk gone');
    }
    await expect(openCsvTable(broken)).rejects.toThrow('disk gone');
    let opened = 0;
    const later = await openCsvTable(() => ((opened += 1) <= 2 ? whole() : broken()));
    await expect(contactRows(later)).rejects.toThrow('disk gone');
  });
});

async function* whole(): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield Buffer.from('telephone\n0199000001\n');
}

it('closes the source when the reader stops early', async () => {
  let closed = false;
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      yield Buffer.from('telephone\n');
      for (;;) {
        await Promise.resolve();
        yield Buffer.from('0199000001\n'.repeat(1000));
      }
    } finally {
      closed = true;
    }
  }
  let opened = 0;
  const table = await openCsvTable(() => ((opened += 1) <= 2 ? whole() : endless()));
  for await (const page of table.pages()) {
    expect(page.length).toBeGreaterThan(0);
    break;
  }
  await expect.poll(() => closed).toBe(true);
});

it('survives damaged files: any bytes give rows or an OperatorError', async () => {
  const random = seededRandom(2026);
  const good = Buffer.from('telephone;nom;statut\r\n0199000001;"Du;pont";pending\r\n0639980002;Zoé;\r\n');
  for (let round = 0; round < 300; round++) {
    const bytes = Buffer.from(good);
    for (let hit = 0; hit < 1 + random() * 4; hit++) {
      bytes[Math.floor(random() * bytes.length)] = pick(random, [0, 10, 13, 34, 59, 0x80, 0xff, 0xc3, 65]);
    }
    try {
      const rows = await readRows(bytes.subarray(0, Math.ceil(random() * bytes.length)), { pieceSize: 64 });
      for (const row of rows) if (row.kind === 'contact') expect(row.contact.phone).toMatch(/^\+[1-9]\d+$/);
    } catch (error) {
      expect(error).toMatchObject({ name: 'ContactFileError' });
    }
  }
});
