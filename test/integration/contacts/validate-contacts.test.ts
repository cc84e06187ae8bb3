import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { validateContacts, type Finding } from '../../../src/contacts/validate-contacts.ts';
import { addCampaignContacts } from '../../../src/db/campaign-contacts.ts';
import type { Database } from '../../../src/db/client.ts';
import { consentHistory, recordConsents } from '../../../src/db/consents.ts';
import { findContactByPhone, storeContacts, upsertContacts } from '../../../src/db/contacts.ts';
import {
  contactInput,
  createRunningCampaign,
  isOpposed,
  testFingerprint,
} from '../../helpers/campaign-fixture.ts';
import { createTestDatabase } from '../../helpers/database.ts';

/** A number of La Réunion under the mainland's code, and as it should be. */
const WRONG = '+33692000000';
const RIGHT = '+262692000000';
const PREMIUM = '+33899000000';
const FINE = '+33199000001';

let database: Database;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.close());

function validate(change: Partial<Parameters<typeof validateContacts>[2]> = {}) {
  return validateContacts(database.db, testFingerprint, {
    ...{ formatFrench: false, dedupe: false, cleanInvalid: false, dryRun: false },
    allowedCountryCodes: ['33', '262'],
    batchSize: 2,
    onProgress: () => undefined,
    onFinding: () => undefined,
    signal: new AbortController().signal,
    ...change,
  });
}

const everything = { formatFrench: true, dedupe: true, cleanInvalid: true };
const store = (phones: string[]) =>
  upsertContacts(
    database.db,
    phones.map((phone) => contactInput(phone)),
  );
const find = (phone: string) => findContactByPhone(database.db, phone);
const brief = (findings: Finding[]) => findings.map(({ phone, kind, treatment }) => [phone, kind, treatment]);

async function oppose(phone: string): Promise<void> {
  const options = { fingerprint: testFingerprint, skipDuplicates: false, source: 'stop.csv' };
  await storeContacts(database.db, { contacts: [], opposed: [phone] }, options);
}

/** Puts the contacts of these numbers into a campaign. */
async function intoCampaign(...phones: string[]): Promise<void> {
  const { campaignId } = await createRunningCampaign(database.db, { size: 1 });
  const ids = await Promise.all(phones.map(async (phone) => (await find(phone))?.id ?? 0));
  await addCampaignContacts(database.db, campaignId, ids);
}

it('names what is wrong, and changes nothing unless it is asked to, nor in a dry run', async () => {
  await store([FINE, WRONG, PREMIUM, '+33692000009', '+262692000009', '+12025550123']);
  const findings: Finding[] = [];
  const report = await validate({ onFinding: (finding) => findings.push(finding) });
  expect(report).toMatchObject({
    ...{ total: 6, fine: 2, misformed: 1, duplicates: 1, invalid: 2 },
    ...{ corrected: 0, merged: 0, cleaned: 0, busy: 0 },
  });
  expect(findings).toEqual(report.findings);
  expect(findings).toMatchObject([
    { phone: WRONG, kind: 'misformed', correct: RIGHT, treatment: 'left' },
    { phone: PREMIUM, kind: 'invalid', reason: 'special_rate', treatment: 'left' },
    { phone: '+33692000009', kind: 'duplicate', correct: '+262692000009', treatment: 'left' },
    { phone: '+12025550123', kind: 'invalid', reason: 'country_not_allowed', treatment: 'left' },
  ]);
  expect(await validate({ ...everything, dryRun: true })).toMatchObject({
    ...{ corrected: 1, merged: 1, cleaned: 2 },
  });
  expect(await validate()).toEqual(report);
});

it('corrects a number, and what was known of the wrong one holds for it', async () => {
  await store([WRONG, FINE]);
  await recordConsents(database.db, [
    {
      subject: testFingerprint(WRONG),
      ...{ basis: 'consent', granted: true, actedAt: new Date('2026-09-12T10:00:00Z'), expiresAt: null },
      ...{ channel: 'web', source: 'form', wording: 'v3' },
    },
  ]);
  expect(await validate({ formatFrench: true })).toMatchObject({ corrected: 1, busy: 0 });
  expect(await find(WRONG)).toBeNull();
  expect(await find(RIGHT)).toMatchObject({ timeZone: 'Indian/Reunion', status: 'pending' });
  expect(await consentHistory(database.db, testFingerprint(RIGHT))).toMatchObject([
    { granted: true, source: 'form', wording: 'v3' },
  ]);
  expect(await validate(everything)).toMatchObject({ fine: 2, misformed: 0 });
});

it('never loses an opposition, whichever way a number is put right', async () => {
  await store([WRONG, '+33692000009', '+262692000009']);
  await oppose(WRONG);
  await oppose('+33692000009');
  expect(await validate(everything)).toMatchObject({ corrected: 1, merged: 1 });
  expect(await isOpposed(database.db, RIGHT)).toBe(true);
  expect(await isOpposed(database.db, '+262692000009')).toBe(true);
});

it('joins duplicates: the right number keeps what both know', async () => {
  await upsertContacts(database.db, [
    contactInput(RIGHT, { lastName: 'Payet', tags: ['or'] }),
    contactInput(WRONG, { lastName: 'Autre', firstName: 'Luc', tags: ['mars'] }),
  ]);
  expect(await validate({ formatFrench: true })).toMatchObject({ duplicates: 1, corrected: 0, merged: 0 });
  expect(await validate({ dedupe: true })).toMatchObject({ duplicates: 1, merged: 1 });
  expect(await find(RIGHT)).toMatchObject({ firstName: 'Luc', lastName: 'Payet', tags: ['mars', 'or'] });
  expect(await find(WRONG)).toBeNull();
});

it('removes who is never dialled, and keeps as invalid whom campaigns have in their figures', async () => {
  await store([PREMIUM, '+33899000001', WRONG, RIGHT]);
  await intoCampaign(PREMIUM, WRONG);
  expect(await validate(everything)).toMatchObject({ cleaned: 2, merged: 1 });
  expect(await find('+33899000001')).toBeNull();
  expect(await find(PREMIUM)).toMatchObject({ status: 'invalid' });
  expect(await find(WRONG)).toMatchObject({ status: 'invalid' });
  const { rows } = await database.db.execute(sql`
    select state, result from campaign_contacts join contacts on contacts.id = contact_id
    where contacts.status = 'invalid'`);
  expect(rows).toEqual([1, 2].map(() => ({ state: 'done', result: 'refused_by_gate' })));
  expect(await validate()).toMatchObject({ total: 2, fine: 2, duplicates: 0, invalid: 0 });
});

it('leaves a contact alone while a call to them goes on', async () => {
  await store([WRONG]);
  await intoCampaign(WRONG);
  await database.db.execute(sql`
    update campaign_contacts set state = 'calling'
    where contact_id = (select id from contacts where phone = ${WRONG})`);
  const report = await validate(everything);
  expect(brief(report.findings)).toEqual([[WRONG, 'misformed', 'busy']]);
  expect(report).toMatchObject({ corrected: 0, busy: 1 });
  expect(await find(WRONG)).not.toBeNull();
});

it('stops between contacts, and finishes the job when it is run again', async () => {
  await store(Array.from({ length: 6 }, (_, n) => `+3369200000${n}`));
  const stop = new AbortController();
  const onFinding = (): void => stop.abort(new Error('interrupted'));
  await expect(validate({ formatFrench: true, onFinding, signal: stop.signal })).rejects.toThrow(
    'interrupted',
  );
  expect(await validate()).toMatchObject({ fine: 2, misformed: 4 });
  expect(await validate({ formatFrench: true })).toMatchObject({ fine: 2, corrected: 4 });
  expect(await validate()).toMatchObject({ fine: 6 });
});
