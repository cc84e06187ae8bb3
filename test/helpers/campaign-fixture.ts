import { randomUUID } from 'node:crypto';
import { addCampaignContacts, pageUnqueued } from '../../src/db/campaign-contacts.ts';
import { changeCampaignStatus, createCampaign } from '../../src/db/campaigns.ts';
import { reserveAttempt } from '../../src/db/calls.ts';
import type { AttemptReservation } from '../../src/db/calls.ts';
import type { Executor } from '../../src/db/client.ts';
import { findContactByPhone, upsertContacts } from '../../src/db/contacts.ts';
import type { ContactInput } from '../../src/db/contacts.ts';
import type { Call } from '../../src/db/schema.ts';

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
    retry: { enabled: true, maxAttempts: 3, delayMsByResult: { busy: 1000, no_answer: 2000 } },
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
