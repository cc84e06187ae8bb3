import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findCampaignContact, scheduleRetry } from '../../../src/db/campaign-contacts.ts';
import type { Database } from '../../../src/db/client.ts';
import { consentHistory } from '../../../src/db/consents.ts';
import { findContactByPhone } from '../../../src/db/contacts.ts';
import {
  createRunningCampaign,
  fictionPhone,
  isOpposed,
  oppose,
  testFingerprint,
} from '../../helpers/campaign-fixture.ts';
import { createTestDatabase } from '../../helpers/database.ts';
import { runCli } from './run-cli.ts';

/** Many processes one after the other, on a machine that may be busy. */
const TIMEOUT_MS = 120_000;
const FRENCH = { MINIBOT_LANG: 'fr' };
const PHONE = fictionPhone(1);

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

function cli(args: string[], env: Record<string, string> = {}) {
  return runCli(args, { cwd: folder, env: { DATABASE_URL: database.url, ...env } });
}

async function cliJson(args: string[]): Promise<unknown> {
  const run = await cli([...args, '--json']);
  expect(run.stderr).toBe('');
  return JSON.parse(run.stdout);
}

/** A running campaign in which `PHONE` waits for a retry. Returns the place's id. */
async function plannedCall(): Promise<number> {
  const { contacts } = await createRunningCampaign(database.db, { size: 2 });
  const place = contacts.find(({ phone }) => phone === PHONE);
  if (place === undefined) throw new Error('the campaign has no such contact');
  await scheduleRetry(database.db, place.id, {
    at: new Date('2030-01-01T10:00:00Z'),
    reason: 'busy: attempt 2 of 3',
  });
  return place.id;
}

it(
  'puts numbers on the opposition list, says who is on it, and takes them off with a reason',
  async () => {
    const place = await plannedCall();
    expect(await cli(['opposition', 'add', '01 99 00 00 01'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("required option '--reason <text>' not specified") as string,
    });
    expect(await cli(['opposition', 'add', '112', '--reason', 'x'], FRENCH)).toMatchObject({
      status: 1,
      stdout: '',
      stderr: "erreur : « 112 » est un numéro d'urgence\n",
    });
    const add = ['opposition', 'add', '01 99 00 00 01', '--reason', 'letter'];
    expect(await cliJson(add)).toEqual({ added: 1, cancelled: 1 });
    expect(await cliJson(add)).toEqual({ added: 0, cancelled: 0 });
    expect(await findCampaignContact(database.db, place)).toMatchObject({
      ...{ state: 'done', result: 'refused_by_gate', nextReason: 'opposed: asked not to be called' },
    });
    expect((await cli(add, FRENCH)).stdout).toBe(`${PHONE} était déjà sur la liste d'opposition.\n`);
    expect((await cli(['opposition', 'check', PHONE], FRENCH)).stdout).toMatch(
      /^\+33199000001 est sur la liste d'opposition depuis .* \(letter ; source : operator\)\n$/,
    );
    expect(await cliJson(['opposition', 'check', PHONE])).toEqual({
      opposed: true,
      entry: {
        subject: testFingerprint(PHONE),
        ...{ reason: 'letter', source: 'operator', sourceCallId: null },
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
      },
    });

    const remove = ['opposition', 'remove', PHONE, '--reason', 'wrong number'];
    expect(await cli(remove)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('is off the opposition list.') as string,
    });
    expect(await isOpposed(database.db, PHONE)).toBe(false);
    expect(await cli(remove, FRENCH)).toMatchObject({
      status: 1,
      stdout: `${PHONE} n'est pas sur la liste d'opposition.\n`,
    });
    expect(await cliJson(['opposition', 'check', PHONE])).toEqual({ opposed: false, entry: null });
  },
  TIMEOUT_MS,
);

it(
  'imports an opposition list, names what it cannot read, and reads its own export again',
  async () => {
    await writeFile(
      path.join(folder, 'stop.csv'),
      'telephone\n0199000001\n112\n06 39 98 00 02\n0199000001\n',
    );
    const run = await cli(['opposition', 'import', 'stop.csv', '--reason', 'client'], FRENCH);
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(run.stdout).toBe(
      "Ligne 3 : « 112 » est un numéro d'urgence\nAjoutés : 2 ; déjà sur la liste : 1 ; inutilisables : 1\n",
    );
    expect(await cliJson(['opposition', 'import', 'stop.csv'])).toEqual({
      ...{ added: 0, known: 3, cancelled: 0, rejected: 1 },
      rejectedLines: [{ kind: 'rejected', line: 3, value: '112', problem: 'emergency' }],
    });

    const exported = await cli(['opposition', 'export']);
    expect(exported).toMatchObject({ status: 0, stderr: '' });
    const [head, ...lines] = exported.stdout.trimEnd().split('\n');
    expect(head).toBe('fingerprint,reason,source,since');
    expect(lines.map((line) => line.split(',')[0]).sort()).toEqual(
      [PHONE, '+33639980002'].map(testFingerprint).sort(),
    );
    expect(exported.stdout).not.toContain('99000001');

    await database.pool.query('delete from oppositions');
    await writeFile(path.join(folder, 'export.csv'), exported.stdout);
    expect(await cliJson(['opposition', 'import', 'export.csv'])).toMatchObject({ added: 2, rejected: 0 });
    expect(await isOpposed(database.db, PHONE)).toBe(true);

    expect(await cli(['opposition', 'import', 'nowhere.csv'])).toMatchObject({ status: 1, stdout: '' });
    await writeFile(path.join(folder, 'bad.csv'), 'telephone\n112\n');
    expect(await cli(['opposition', 'import', 'bad.csv'])).toMatchObject({ status: 1 });
  },
  TIMEOUT_MS,
);

it(
  'records consents, shows them, and ends what is planned when one is withdrawn',
  async () => {
    const place = await plannedCall();
    const given = ['--date', '12/09/2026', '--source', 'form 12', '--wording', 'v1', '--channel', 'web'];
    expect(await cli(['consent', 'add', PHONE, '--date', '12/09/2026'], FRENCH)).toMatchObject({
      status: 1,
      stderr:
        'erreur : un consentement demande sa date, sa source et sa formulation : donnez --source, --wording\n',
    });
    expect(await cli(['consent', 'add', PHONE, '--date', '09/13/2026'])).toMatchObject({ status: 2 });
    expect(await cli(['consent', 'add', PHONE, '--basis', 'contract', '--date', '2100-01-01'])).toMatchObject(
      { status: 1, stderr: expect.stringContaining('lies in the future') as string },
    );
    expect(await cli(['consent', 'add', PHONE, ...given, '--expires', '2026-09-01'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('--expires lies before') as string,
    });
    expect(await consentHistory(database.db, testFingerprint(PHONE))).toEqual([]);

    expect(await cliJson(['consent', 'add', PHONE, ...given])).toEqual({
      recorded: true,
      standing: {
        consent: { held: true, since: '2026-09-11T22:00:00.000Z', until: '2027-09-11T22:00:00.000Z' },
        contract: { held: false, why: 'never given' },
        professional: { held: false, why: 'never given' },
      },
      opposed: false,
    });
    expect((await cli(['consent', 'add', PHONE, ...given], FRENCH)).stdout).toMatch(
      /^Déjà consigné pour \+33199000001\.\nconsentement {2}vaut, depuis .*, jusqu'au /,
    );
    await cli(['consent', 'add', PHONE, '--basis', 'contract', '--source', 'contract 4711']);

    // A withdrawal that would end nothing is a mistake in its date.
    expect(await cli(['consent', 'withdraw', PHONE, '--date', '2026-09-01'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('leave --date out') as string,
    });
    expect(await findCampaignContact(database.db, place)).toMatchObject({ state: 'retry_scheduled' });

    const withdrawn = await cli(['consent', 'withdraw', PHONE, '--channel', 'phone'], FRENCH);
    expect(withdrawn).toMatchObject({ status: 0, stderr: '' });
    expect(withdrawn.stdout).toContain(`Le retrait de ${PHONE} est consigné.\n`);
    expect(withdrawn.stdout).toContain('ne vaut pas : retiré\n');
    expect(withdrawn.stdout).toContain('Places de campagnes supprimées : 1\n');
    expect(await findCampaignContact(database.db, place)).toMatchObject({
      ...{ state: 'done', result: 'refused_by_gate', nextReason: 'no_consent: withdrawn' },
    });
    expect(await cliJson(['consent', 'withdraw', PHONE])).toMatchObject({ recorded: false, cancelled: 0 });

    expect(await cliJson(['consent', 'list', PHONE])).toMatchObject({
      phone: PHONE,
      standing: { consent: { held: false, why: 'withdrawn' }, contract: { held: true } },
      records: [
        { basis: 'consent', granted: true, channel: 'web', source: 'form 12', wording: 'v1' },
        { basis: 'contract', granted: true, source: 'contract 4711', expiresAt: null },
        { basis: 'consent', granted: false, channel: 'phone', source: 'operator', wording: null },
      ],
    });
    const list = await cli(['consent', 'list', PHONE], FRENCH);
    expect(list.stdout).toMatch(/^contrat en cours {2,}.*contract 4711/m);
    expect(list.stdout).toMatch(/^consentement : fin {2,}/m);
    expect((await cli(['consent', 'list', fictionPhone(8)])).stdout).toContain('Nothing is on record of');
  },
  TIMEOUT_MS,
);

it(
  'ends planned calls by a withdrawal only where the campaign calls on what was withdrawn',
  async () => {
    const places = new Map<string, number>();
    for (const basis of ['consent', 'contract', 'professional', 'non-commercial']) {
      places.set(basis, await plannedCall());
      await database.pool.query(
        'update campaigns set basis = $1 where id = (select max(id) from campaigns)',
        [basis],
      );
    }
    const stateOf = async (basis: string) =>
      (await findCampaignContact(database.db, places.get(basis) ?? 0))?.nextReason;
    await oppose(database.db, fictionPhone(5));
    const added = await cli([
      ...['consent', 'add', fictionPhone(5), '--date', '2026-09-12', '--source', 'form', '--wording', 'v1'],
    ]);
    expect(added.stderr).toContain('is on the opposition list');

    expect(await cliJson(['consent', 'withdraw', PHONE])).toMatchObject({ recorded: true, cancelled: 2 });
    expect(await stateOf('consent')).toBe('no_consent: withdrawn');
    expect(await stateOf('contract')).toBe('no_consent: withdrawn');
    expect(await stateOf('professional')).toBe('busy: attempt 2 of 3');
    expect(await stateOf('non-commercial')).toBe('busy: attempt 2 of 3');
    expect(await cliJson(['consent', 'withdraw', PHONE, '--basis', 'professional'])).toMatchObject({
      cancelled: 1,
    });
    expect(await stateOf('professional')).toBe('not_professional: withdrawn');
    expect(await stateOf('non-commercial')).toBe('busy: attempt 2 of 3');
  },
  TIMEOUT_MS,
);

it(
  'reports who of a campaign is called and who is not, for people, programs and spreadsheets',
  async () => {
    await plannedCall();
    await oppose(database.db, PHONE);
    const report = ['compliance', 'report', '--campaign', '1'];
    expect(await cli(['compliance', 'report'])).toMatchObject({ status: 2 });
    expect(await cli(['compliance', 'report', '--campaign', '9'], FRENCH)).toMatchObject({
      status: 1,
      stderr: "erreur : il n'y a pas de campagne 9 ; voir : minibot campaign list\n",
    });

    const json = await cliJson(report);
    expect(json).toMatchObject({
      campaign: { id: 1, basis: 'consent' },
      rules: { limits: { maxAttemptsPer30Days: 4, refusalPauseDays: 60 } },
      people: [
        { phone: fictionPhone(0), refusal: null, attempts: [] },
        { phone: PHONE, state: 'done', refusal: 'opposed: asked not to be called', attempts: [] },
      ],
      summary: { contacts: 2, called: 0, refused: { 'opposed: asked not to be called': 1 }, waiting: {} },
    });
    const text = await cli(report, FRENCH);
    expect(text).toMatchObject({ status: 0 });
    expect(text.stdout).toContain('Base légale');
    expect(text.stdout).toContain('Ne seront pas appelés : 1\n   1 × a demandé à ne plus être appelé\n');
    expect(text.stderr).toContain('Ceci ne vaut pas conseil juridique.');

    const csv = (await cli([...report, '--csv'])).stdout.trimEnd().split('\n');
    expect(csv).toHaveLength(3);
    expect(csv[0]).toMatch(/^contact_id,phone,fingerprint,state,result,refusal,not_before,consent,/);
    expect(csv[2]).toContain(`,${PHONE},${testFingerprint(PHONE)},done,refused_by_gate,opposed: asked not`);
  },
  TIMEOUT_MS,
);

it(
  'exports and erases one person’s data, asked first, and keeps the opposition',
  async () => {
    await plannedCall();
    await oppose(database.db, PHONE);
    expect(await cliJson(['person', 'export', '0199000001'])).toMatchObject({
      phone: PHONE,
      fingerprint: testFingerprint(PHONE),
      contact: { phone: PHONE },
      opposition: { reason: 'opt_out' },
      campaigns: [{ campaign: 'Essai', state: 'done' }],
      ...{ consents: [], calls: [] },
      ledger: [{ event: 'opposition' }],
    });
    const shown = await cli(['person', 'export', PHONE], FRENCH);
    expect(shown.stdout).toMatch(/^Campagnes +1$/m);
    expect(shown.stderr).toBe('Le tout : --json\n');

    // Nobody is at this terminal to confirm it.
    expect(await cli(['person', 'erase', PHONE], FRENCH)).toMatchObject({
      status: 1,
      stderr: "erreur : rien n'a été effacé : confirmez, ou donnez --yes\n",
    });
    expect(await findContactByPhone(database.db, PHONE)).not.toBeNull();
    expect(await cli(['person', 'erase', 'abc', '--yes'])).toMatchObject({ status: 1, stdout: '' });

    expect(await cliJson(['person', 'erase', PHONE, '--yes'])).toEqual({
      ...{ calls: 0, recordingsRemoved: 0, recordingsElsewhere: [] },
    });
    expect(await findContactByPhone(database.db, PHONE)).toBeNull();
    expect(await isOpposed(database.db, PHONE)).toBe(true);
    expect(await cli(['person', 'erase', PHONE, '--yes'])).toMatchObject({
      status: 1,
      stderr: `error: nothing but fingerprints is stored about ${PHONE}\n`,
    });
  },
  TIMEOUT_MS,
);

it(
  'puts lines of a contact file that say do_not_call on the opposition list, and says so',
  async () => {
    const place = await plannedCall();
    const file = path.join(folder, 'contacts.csv');
    await writeFile(file, 'nom;telephone;statut\nPetit;0199000003;\nRefus;0199000001;do_not_call\n');
    const rehearsal = await cli(['import-contacts', 'contacts.csv', '--dry-run']);
    expect(rehearsal.stdout).toContain(
      'Not to be called, says the file (would go on the opposition list): 1\n',
    );
    expect(await isOpposed(database.db, PHONE)).toBe(false);

    const run = await cli(['import-contacts', 'contacts.csv'], FRENCH);
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(run.stdout).toContain(
      "   Erreurs : 0\n   À ne pas appeler, dit le fichier (mis sur la liste d'opposition) : 1\n",
    );
    expect(await isOpposed(database.db, PHONE)).toBe(true);
    expect(await findCampaignContact(database.db, place)).toMatchObject({ state: 'done' });
    expect(await cliJson(['opposition', 'check', PHONE])).toMatchObject({
      entry: { reason: 'do_not_call', source: 'contacts.csv' },
    });
  },
  TIMEOUT_MS,
);
