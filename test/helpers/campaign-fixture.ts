import { randomUUID } from 'node:crypto';
import type { GateVerdict } from '../../src/campaigns/gate.ts';
import { FRANCE_LEGAL_WINDOW } from '../../src/compliance/calling-window.ts';
import { mayCall } from '../../src/compliance/gate.ts';
import { addCampaignContacts, pageUnqueued } from '../../src/db/campaign-contacts.ts';
import { changeCampaignStatus, createCampaign } from '../../src/db/campaigns.ts';
import { reserveAttempt } from '../../src/db/calls.ts';
import type { AttemptReservation } from '../../src/db/calls.ts';
import { createFingerprint } from '../../src/compliance/fingerprint.ts';
import type { Executor } from '../../src/db/client.ts';
import { findContactByPhone, upsertContacts } from '../../src/db/contacts.ts';
import type { ContactInput } from '../../src/db/contacts.ts';
import { findOpposition, recordOppositions } from '../../src/db/oppositions.ts';
import type { Call } from '../../src/db/schema.ts';

/** A key for tests; worth nothing anywhere else. */
export const TEST_OPPOSITION_KEY = 'a-key-for-tests-only-0123456789abcdef';

export const testFingerprint = createFingerprint(TEST_OPPOSITION_KEY);

/** Puts a number on the opposition list, as an opt-out does. */
export async function oppose(db: Executor, phone: string, reason = 'opt_out'): Promise<void> {
  await db.transaction((tx) =>
    recordOppositions(tx, [
      { subject: testFingerprint(phone), phone, reason, source: 'test', sourceCallId: null, since: null },
    ]),
  );
}

/** What the real gate says of a number of fiction that nothing is known of. */
export function clearanceFor(phone: string): Extract<GateVerdict, { decision: 'call' }> {
  const never = { held: false, why: 'never given' } as const;
  const verdict = mayCall({
    contactPhone: phone,
    timeZone: null,
    opposed: false,
    basis: 'consent',
    standing: { consent: never, contract: never, professional: never },
    contractRequiresConsent: true,
    callerId: { shown: null, declared: [], check: 'strict' },
    allowedCountryCodes: ['33'],
    window: FRANCE_LEGAL_WINDOW,
    now: new Date(),
    ringTimeoutMs: 30_000,
    attempts: {
      countedInCampaign: 0,
      maxInCampaign: 1,
      recentAt: [],
      maxPer30Days: 4,
      lastRefusalAt: null,
      refusalPauseDays: 60,
    },
    exemptFictionNumbers: true,
    testNumbers: null,
  });
  if (!verdict.allowed) throw new Error(`${phone} is no number of fiction: ${verdict.reason}`);
  return { decision: 'call', clearance: verdict.clearance };
}

export async function isOpposed(db: Executor, phone: string): Promise<boolean> {
  return (await findOpposition(db, testFingerprint(phone))) !== null;
}

/** A number reserved for fiction, the nth. */
export function fictionPhone(n: number): string {
  return `+33199${String(n).padStart(6, '0')}`;
}

export function contactInput(phone: string, known: Partial<ContactInput> = {}): ContactInput {
  return {
    phone,
    firstName: null,
    lastName: null,
    company: null,
    email: null,
    tags: [],
    timeZone: null,
    rawPhone: null,
    ...known,
  };
}

/** A running campaign with `size` contacts, none of them queued. */
export async function createRunningCampaign(
  db: Executor,
  { size }: { size: number },
): Promise<{ campaignId: number; contacts: { id: number; contactId: number; phone: string }[] }> {
  const phones = Array.from({ length: size }, (_, n) => fictionPhone(n));
  await upsertContacts(
    db,
    phones.map((phone) => contactInput(phone)),
  );
  const campaign = await createCampaign(db, {
    name: 'Essai',
    scenario: 'test',
    maxConcurrentCalls: 5,
    callDelayMs: 0,
    priority: 0,
    callerId: null,
    basis: 'consent',
    retry: {
      enabled: true,
      maxAttempts: 3,
      delayMsByResult: { busy: 1000, no_answer: 2000 },
      maxAttemptsByResult: {},
      otherPartOfDay: false,
    },
    callingWindow: null,
  });
  await changeCampaignStatus(db, campaign.id, { from: ['draft'], to: 'running' });
  const ids = await Promise.all(phones.map(async (phone) => (await findContactByPhone(db, phone))?.id ?? 0));
  await addCampaignContacts(db, campaign.id, ids);
  return { campaignId: campaign.id, contacts: await pageUnqueued(db, campaign.id, { batch: size }) };
}

/** What reserves attempt `attempt` towards the contact. */
export function reservation(
  campaignId: number,
  contact: { id: number; contactId: number; phone: string },
  { attempt = 1, workerId = 'worker-1' } = {},
): AttemptReservation {
  return {
    callId: randomUUID(),
    campaignId,
    campaignContactId: contact.id,
    contactId: contact.contactId,
    phone: contact.phone,
    subject: testFingerprint(contact.phone),
    attempt,
    workerId,
  };
}

/** A reserved attempt towards the first contact of a new campaign. */
export async function createAttempt(db: Executor): Promise<Call> {
  const { campaignId, contacts } = await createRunningCampaign(db, { size: 1 });
  const [contact] = contacts;
  if (!contact) throw new Error('the campaign has no contact');
  const { call } = await reserveAttempt(db, reservation(campaignId, contact));
  return call;
}
