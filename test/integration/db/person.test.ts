import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createContactGate, type ContactGateOptions } from '../../../src/campaigns/contact-gate.ts';
import { addToSummary, emptySummary, reportCompliance } from '../../../src/campaigns/compliance-report.ts';
import { FRANCE_LEGAL_WINDOW } from '../../../src/compliance/calling-window.ts';
import { upsertTurns } from '../../../src/db/call-interactions.ts';
import { completeAttempt, findCall, reserveAttempt } from '../../../src/db/calls.ts';
import { findCampaign } from '../../../src/db/campaigns.ts';
import type { Database } from '../../../src/db/client.ts';
import { recordConsents } from '../../../src/db/consents.ts';
import { findContactByPhone, storeContacts, upsertContacts } from '../../../src/db/contacts.ts';
import { contactHistories } from '../../../src/db/contact-history.ts';
import { erasePerson, personFile } from '../../../src/db/person.ts';
import {
  contactInput,
  createRunningCampaign,
  fictionPhone,
  isOpposed,
  oppose,
  reservation,
  testFingerprint,
} from '../../helpers/campaign-fixture.ts';
import { createTestDatabase } from '../../helpers/database.ts';

const PHONE = fictionPhone(0);
const SUBJECT = testFingerprint(PHONE);
const PERSON = { phone: PHONE, subject: SUBJECT };
const FAR_FROM_FICTION = ['+33199010003', '+33199010004', '+262262010007'] as const;

let database: Database;
let folder: string;
beforeEach(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'minibot-person-'));
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

/** A person with a name, a finished call with words and a recording, and a place in a second campaign. */
async function somebody() {
  const { db } = database;
  const first = await createRunningCampaign(db, { size: 1 });
  await createRunningCampaign(db, { size: 1 });
  await upsertContacts(db, [
    contactInput(PHONE, {
      firstName: 'Camille',
      email: 'c@example.com',
      tags: ['or'],
      rawPhone: '0199000000',
    }),
  ]);
  const [entry] = first.contacts;
  if (entry === undefined) throw new Error('nobody is in the campaign');
  const { call } = await reserveAttempt(db, reservation(first.campaignId, entry));
  const recording = path.join(folder, `${call.id}.wav`);
  await writeFile(recording, 'sound');
  return { db, call, recording };
}

async function finishCall({ db, call, recording }: Awaited<ReturnType<typeof somebody>>): Promise<void> {
  const latencies = {
    ...{ bargeInMs: null, asrMs: null, intentMs: null, totalMs: null, endpointingMs: null, responseMs: null },
  };
  await upsertTurns(db, call.id, [
    {
      at: new Date(),
      turn: {
        ...{ turnNumber: 1, step: 'hello', transcript: 'je suis Camille Moreau', asrConfidence: 1 },
        ...{ intent: 'deny', intentConfidence: 1, processingMethod: 'rule', bargeIn: false },
        ...{ latencies, speechNumber: null, objectionId: null, nextStep: null },
      },
    },
  ]);
  await completeAttempt(db, call, {
    ...{ result: 'not_interested', endReason: 'scenario', hangupCause: 'NORMAL_CLEARING', sipStatus: 200 },
    ...{ counted: true, endedAt: new Date(), recordingPath: recording },
  });
}

it('removes what is stored about a person and keeps what protects them', async () => {
  const world = await somebody();
  const { db, call, recording } = world;
  await finishCall(world);
  await oppose(db, PHONE);
  const before = await personFile(db, PERSON);
  expect(before.contact).toMatchObject({ firstName: 'Camille' });
  expect(before.calls.map(({ turns }) => turns.map(({ transcription }) => transcription))).toEqual([
    ['je suis Camille Moreau'],
  ]);
  expect(before.campaigns).toHaveLength(2);

  const removed: string[] = [];
  const erasure = await erasePerson(db, PERSON, ({ path: file }) => {
    removed.push(file);
    return Promise.resolve(true);
  });
  expect(erasure).toEqual({ calls: 1, recordingsRemoved: 1, recordingsElsewhere: [] });
  expect(removed).toEqual([recording]);

  const { rows } = await database.pool.query<{ everything: string }>(`
    select string_agg(t::text, ' ') as everything from (
      select to_jsonb(c) as t from contacts c union all select to_jsonb(c) from calls c
      union all select to_jsonb(i) from call_interactions i union all select to_jsonb(l) from ledger l
      union all select to_jsonb(o) from oppositions o union all select to_jsonb(r) from consent_records r
      union all select to_jsonb(cc) from campaign_contacts cc) as everywhere`);
  for (const trace of ['Camille', 'Moreau', 'c@example.com', PHONE.slice(1), '0199000000', '.wav']) {
    expect(rows[0]?.everything).not.toContain(trace);
  }
  expect(await findContactByPhone(db, PHONE)).toBeNull();
  expect(await findCall(db, call.id)).toMatchObject({ phone: 'erased', result: 'not_interested' });
  expect(await isOpposed(db, PHONE)).toBe(true);
  const after = await personFile(db, PERSON);
  expect(after.ledger.map(({ event }) => event)).toEqual(['opposition', 'erasure']);

  // The limits still know them when they are imported again.
  const query = { people: [PERSON], since: new Date(0), refusals: ['not_interested'] };
  expect((await contactHistories(db, query)).get(SUBJECT)).toMatchObject({
    recentAt: [expect.any(Date)],
    lastRefusalAt: expect.any(Date) as Date,
  });
  await expect(erasePerson(db, PERSON, () => Promise.resolve(true))).rejects.toMatchObject({
    code: 'person_unknown',
  });
});

it('removes nothing while a call goes on, nor when a recording cannot be removed', async () => {
  const world = await somebody();
  const { db } = world;
  await expect(erasePerson(db, PERSON, () => Promise.resolve(true))).rejects.toMatchObject({
    code: 'call_in_progress',
  });
  await finishCall(world);
  const stuck = () => Promise.reject(new Error('permission denied'));
  await expect(erasePerson(db, PERSON, stuck)).rejects.toThrow('permission denied');
  expect(await findContactByPhone(db, PHONE)).toMatchObject({ firstName: 'Camille' });
});

it('keeps the path of a recording that is on another machine', async () => {
  const world = await somebody();
  await finishCall(world);
  const erasure = await erasePerson(world.db, PERSON, () => Promise.resolve(false));
  expect(erasure).toMatchObject({ recordingsRemoved: 0, recordingsElsewhere: [world.recording] });
  expect(await findCall(world.db, world.call.id)).toMatchObject({ recordingPath: world.recording });
});

it('reports who is called and who is not, and exactly why', async () => {
  const { db } = database;
  const [expired, ready, farAway] = FAR_FROM_FICTION;
  const consent = (actedAt: string) => [
    {
      ...({ basis: 'consent', granted: true, actedAt: new Date(actedAt), expiresAt: null } as const),
      ...{ channel: 'web', source: 'form', wording: 'v1' },
    },
  ];
  const { campaignId } = await createRunningCampaign(db, { size: 2 });
  await storeContacts(
    db,
    {
      contacts: [
        contactInput(expired, { bases: consent('2025-09-01T00:00:00Z') }),
        contactInput(ready, { bases: consent('2026-09-01T00:00:00Z') }),
        contactInput(farAway, { bases: consent('2026-09-01T00:00:00Z') }),
      ],
      opposed: [],
    },
    { fingerprint: testFingerprint, skipDuplicates: false, source: 'contacts.csv' },
  );
  await database.pool.query(
    'insert into campaign_contacts (campaign_id, contact_id) select $1, id from contacts on conflict do nothing',
    [campaignId],
  );
  await oppose(db, fictionPhone(1));
  const campaign = await findCampaign(db, campaignId);
  if (campaign === null) throw new Error('the campaign is gone');
  const options: ContactGateOptions = {
    ...{ fingerprint: testFingerprint, ringTimeoutMs: 30_000, maxAttemptsPer30Days: 4, refusalPauseDays: 60 },
    ...{ consentValidityDays: 365, contractRequiresConsent: true },
    callerIds: { default: '+33162000000', declared: ['+33162000000'], check: 'strict' },
    testNumbers: null,
  };
  const deps = {
    db,
    gate: createContactGate(db, options),
    // Mid-morning in Paris is past noon on La Réunion: lunch there.
    now: () => new Date('2026-11-23T10:30:00+01:00'),
  };
  const summary = emptySummary();
  const said: Record<string, unknown> = {};
  const inLegalHours = { ...campaign, callingWindow: FRANCE_LEGAL_WINDOW };
  for await (const person of reportCompliance(deps, inLegalHours, new AbortController().signal)) {
    addToSummary(summary, person);
    said[person.phone] = [person.refusal, person.until, person.proofs.map(({ source }) => source)];
  }
  expect(said).toEqual({
    [fictionPhone(0)]: [null, null, []],
    [fictionPhone(1)]: ['opposed: asked not to be called', null, []],
    [expired]: ['no_consent: expired', null, ['form']],
    [ready]: [null, null, ['form']],
    [farAway]: [
      'outside_hours: the calling window is shut in Indian/Reunion',
      new Date('2026-11-23T14:00:00+04:00'),
      ['form'],
    ],
  });
  expect(summary).toMatchObject({
    contacts: 5,
    called: 0,
    refused: { 'opposed: asked not to be called': 1, 'no_consent: expired': 1 },
    waiting: { 'outside_hours: the calling window is shut in Indian/Reunion': 1 },
  });
});

it('withdraws consent with an erasure', async () => {
  const { db } = database;
  await upsertContacts(db, [contactInput(PHONE)]);
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
        ...{ channel: null, source: 'form', wording: 'v1' },
      },
    ]),
  );
  await erasePerson(db, PERSON, () => Promise.resolve(true));
  expect((await personFile(db, PERSON)).consents.map(({ granted, source }) => [granted, source])).toEqual([
    [true, 'form'],
    [false, 'erasure'],
  ]);
});
