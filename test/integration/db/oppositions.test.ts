import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import pino from 'pino';
import { standingOf } from '../../../src/compliance/consent.ts';
import { findCampaignContact, scheduleRetry } from '../../../src/db/campaign-contacts.ts';
import type { Database } from '../../../src/db/client.ts';
import { basisRecordsOf, consentHistory, recordConsents } from '../../../src/db/consents.ts';
import { storeContacts } from '../../../src/db/contacts.ts';
import { openFingerprint } from '../../../src/db/fingerprints.ts';
import { appendToLedger, ledgerOfSubject } from '../../../src/db/ledger.ts';
import { migrate } from '../../../src/db/migrate.ts';
import {
  liftOpposition,
  opposedAmong,
  pageOppositions,
  recordOppositions,
} from '../../../src/db/oppositions.ts';
import {
  contactInput,
  createRunningCampaign,
  fictionPhone,
  isOpposed,
  oppose,
  TEST_OPPOSITION_KEY,
  testFingerprint,
} from '../../helpers/campaign-fixture.ts';
import { createTestDatabase } from '../../helpers/database.ts';
import { databaseUrl, openTestServer, withClient } from '../../helpers/test-server.ts';

const silent = pino({ level: 'silent' });
const PHONE = fictionPhone(1);
const SUBJECT = testFingerprint(PHONE);

let database: Database;
let folder: string;
beforeEach(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'minibot-key-'));
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

it('stores no number, and ends what waits for it in every campaign', async () => {
  const { db, pool } = database;
  const first = await createRunningCampaign(db, { size: 2 });
  const second = await createRunningCampaign(db, { size: 2 });
  const waiting = first.contacts.find(({ phone }) => phone === PHONE);
  const planned = second.contacts.find(({ phone }) => phone === PHONE);
  await scheduleRetry(db, planned?.id ?? 0, { at: new Date('2030-01-01T00:00:00Z'), reason: 'busy' });

  await oppose(db, PHONE);

  for (const contact of [waiting, planned]) {
    expect(await findCampaignContact(db, contact?.id ?? 0)).toMatchObject({
      state: 'done',
      result: 'refused_by_gate',
      nextReason: 'opposed: asked not to be called',
      nextAttemptAt: null,
    });
  }
  const other = first.contacts.find(({ phone }) => phone !== PHONE);
  expect(await findCampaignContact(db, other?.id ?? 0)).toMatchObject({ state: 'waiting' });
  const { rows } = await pool.query('select * from oppositions');
  expect(JSON.stringify(rows)).not.toContain(PHONE.slice(-8));
  expect(await opposedAmong(db, [SUBJECT, testFingerprint(fictionPhone(2))])).toEqual(new Set([SUBJECT]));
});

it('ends consents with an opposition, and does not bring them back when it is lifted', async () => {
  const { db } = database;
  const consent = {
    ...({ subject: SUBJECT, basis: 'consent', granted: true, expiresAt: null, channel: 'web' } as const),
    ...{ actedAt: new Date('2026-09-01T00:00:00Z'), source: 'form 12', wording: 'v3' },
  };
  await db.transaction((tx) => recordConsents(tx, [consent]));
  const standing = async () =>
    standingOf(
      (await basisRecordsOf(db, [SUBJECT])).get(SUBJECT) ?? [],
      { consentValidityDays: 365 },
      new Date(),
    );
  expect((await standing()).consent).toMatchObject({ held: true });

  await oppose(db, PHONE);
  expect((await standing()).consent).toEqual({ held: false, why: 'withdrawn' });
  await db.transaction((tx) => liftOpposition(tx, { subject: SUBJECT, reason: 'called by mistake' }));
  expect(await isOpposed(db, PHONE)).toBe(false);
  // The file with the old consent is imported once more.
  expect(await db.transaction((tx) => recordConsents(tx, [consent]))).toBe(0);
  const contacts = [contactInput(PHONE, { bases: [{ ...consent, source: 'form 12, page 2' }] })];
  await storeContacts(
    db,
    { contacts, opposed: [] },
    { fingerprint: testFingerprint, skipDuplicates: false, source: 'contacts.csv' },
  );
  expect((await standing()).consent).toEqual({ held: false, why: 'withdrawn' });
  await db.transaction((tx) => recordConsents(tx, [{ ...consent, actedAt: new Date(), source: 'form 99' }]));
  expect((await standing()).consent).toMatchObject({ held: true });
  expect((await consentHistory(db, SUBJECT)).map(({ granted, source }) => [granted, source])).toEqual([
    [true, 'form 12'],
    [false, 'opposition'],
    [true, 'form 12, page 2'],
    [true, 'form 99'],
  ]);
  expect((await ledgerOfSubject(db, SUBJECT)).map(({ event }) => event)).toEqual([
    ...['consent', 'opposition', 'consent', 'opposition_lifted', 'consent', 'consent'],
  ]);
});

it('adds an undated basis once, and its end', async () => {
  const { db } = database;
  const contract = {
    ...({ subject: SUBJECT, basis: 'contract', actedAt: null, expiresAt: null, channel: null } as const),
    ...{ source: 'contact file', wording: null },
  };
  const record = (granted: boolean) => db.transaction((tx) => recordConsents(tx, [{ ...contract, granted }]));
  expect(await record(true)).toBe(1);
  expect(await record(true)).toBe(0);
  expect(await record(false)).toBe(1);
  expect(await record(false)).toBe(0);
});

it.each(['ledger', 'consent_records'])('never changes a row of %s', async (table) => {
  const { db, pool } = database;
  await oppose(db, PHONE);
  await db.transaction((tx) =>
    recordConsents(tx, [
      {
        ...({
          subject: SUBJECT,
          basis: 'consent',
          granted: true,
          actedAt: new Date(0),
          expiresAt: null,
        } as const),
        ...{ channel: null, source: 'x', wording: null },
      },
    ]),
  );
  for (const statement of [
    `update ${table} set subject = subject`,
    `delete from ${table}`,
    `truncate ${table}`,
  ]) {
    await expect(pool.query(statement)).rejects.toThrow(`${table} is append-only`);
  }
});

it('keeps what a campaign wrote in the ledger in its order', async () => {
  const { db } = database;
  const entry = { subject: SUBJECT, campaignId: 7, callId: randomUUID(), details: { it: 'isn\'t \\ "odd"' } };
  await appendToLedger(db, [
    { ...entry, event: 'refusal' },
    { ...entry, event: 'attempt' },
  ]);
  expect(await ledgerOfSubject(db, SUBJECT)).toMatchObject([
    { ...entry, event: 'refusal' },
    { ...entry, event: 'attempt' },
  ]);
});

it('pages through the list', async () => {
  const { db } = database;
  for (const n of [1, 2, 3]) await oppose(db, fictionPhone(n));
  const first = await pageOppositions(db, { after: '', batch: 2 });
  const rest = await pageOppositions(db, { after: first.at(-1)?.subject ?? '', batch: 2 });
  expect([...first, ...rest].map(({ subject }) => subject)).toEqual(
    [1, 2, 3].map((n) => testFingerprint(fictionPhone(n))).sort(),
  );
});

it('takes an opposition and its neighbours in one batch, each once', async () => {
  const { db } = database;
  const entry = (n: number) => ({
    ...{
      subject: testFingerprint(fictionPhone(n)),
      phone: fictionPhone(n),
      reason: 'list',
      source: 'file.csv',
    },
    ...{ sourceCallId: null, since: new Date('2026-01-02T00:00:00Z') },
  });
  expect(
    await db.transaction((tx) => recordOppositions(tx, [entry(1), entry(2), entry(1), entry(3)])),
  ).toEqual({ added: 3, cancelled: 0 });
  expect(await db.transaction((tx) => recordOppositions(tx, [entry(1), entry(4)]))).toMatchObject({
    added: 1,
  });
  expect((await pageOppositions(db, { after: '', batch: 9 }))[0]).toMatchObject({
    createdAt: new Date('2026-01-02T00:00:00Z'),
  });
});

it('refuses another key than the one that the list was made with, and none', async () => {
  const { db } = database;
  const given = (key: string) => openFingerprint(db, { given: key, file: null });
  expect((await given(TEST_OPPOSITION_KEY))(PHONE)).toBe(SUBJECT);
  await expect(given('another key that is quite as long as the first')).rejects.toMatchObject({
    code: 'opposition_key_changed',
  });
  await expect(openFingerprint(db, { given: null, file: null })).rejects.toMatchObject({
    code: 'opposition_key_missing',
  });
});

it('makes a key on first use where the database is embedded, and never a second one', async () => {
  const { db } = database;
  const source = { given: null, file: path.join(folder, 'data/opposition.key') };
  const opened = await Promise.all([1, 2, 3].map(() => openFingerprint(db, source)));
  expect(new Set(opened.map((fingerprint) => fingerprint(PHONE))).size).toBe(1);
  expect((await stat(source.file)).mode & 0o777).toBe(0o600);

  const key = await readFile(source.file, 'utf8');
  await rm(source.file);
  await expect(openFingerprint(db, source)).rejects.toMatchObject({ code: 'opposition_key_missing' });
  await writeFile(source.file, key);
  expect((await openFingerprint(db, source))(PHONE)).toBe(opened[0]?.(PHONE));
});

it('turns the plain list of an earlier version into fingerprints, with the key only', async () => {
  const { url: serverUrl } = await openTestServer(inject('testServer'));
  const name = `${inject('testServer').runId}_${randomUUID().replaceAll('-', '')}`;
  await withClient(serverUrl, (client) => client.query(`create database ${name}`));
  const url = databaseUrl(serverUrl, name);
  try {
    await migrate(url, silent);
    // As the migration leaves it on a database of the earlier version.
    await withClient(url, async (client) => {
      await client.query(
        'create table do_not_call_to_convert (phone text primary key, reason text, source_call_id uuid, created_at timestamptz)',
      );
      await client.query(
        "insert into do_not_call_to_convert select '+331990' || lpad(n::text, 5, '0'), 'opt_out', null, '2026-01-01' from generate_series(1, 1201) n",
      );
    });
    await expect(migrate(url, silent)).rejects.toMatchObject({ code: 'opposition_key_missing' });
    await migrate(url, silent, { given: TEST_OPPOSITION_KEY, file: null });
    await withClient(url, async (client) => {
      const { rows } = await client.query<{ subject: string; created_at: Date }>('select * from oppositions');
      expect(rows).toHaveLength(1201);
      expect(rows.find(({ subject }) => subject === testFingerprint('+33199000007'))).toMatchObject({
        created_at: new Date('2026-01-01T00:00:00Z'),
      });
      const { rows: left } = await client.query("select to_regclass('do_not_call_to_convert') as name");
      expect(left).toEqual([{ name: null }]);
    });
  } finally {
    await withClient(serverUrl, (client) => client.query(`drop database ${name} with (force)`));
  }
});
