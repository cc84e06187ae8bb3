import { asc, eq } from 'drizzle-orm';
import type { Executor } from './client.ts';
import {
  callInteractions,
  calls,
  campaignContacts,
  contacts,
  type Call,
  type CallInteraction,
  type CampaignContact,
  type Contact,
} from './schema.ts';

/** One contact of a campaign with everything that was tried, oldest attempt and turn first. */
export interface ContactReport {
  contact: Contact;
  campaignContact: CampaignContact;
  attempts: (Call & { turns: CallInteraction[] })[];
}

/** The whole campaign in memory: for small ones (the demo, a test). In the order of the contacts' numbers. */
export async function campaignReport(db: Executor, campaignId: number): Promise<ContactReport[]> {
  const people = await db
    .select({ contact: contacts, campaignContact: campaignContacts })
    .from(campaignContacts)
    .innerJoin(contacts, eq(contacts.id, campaignContacts.contactId))
    .where(eq(campaignContacts.campaignId, campaignId))
    .orderBy(asc(contacts.phone));
  const attempts = await db
    .select()
    .from(calls)
    .where(eq(calls.campaignId, campaignId))
    .orderBy(asc(calls.campaignContactId), asc(calls.attempt));
  const turns = await db
    .select({ turn: callInteractions })
    .from(callInteractions)
    .innerJoin(calls, eq(calls.id, callInteractions.callId))
    .where(eq(calls.campaignId, campaignId))
    .orderBy(asc(callInteractions.callId), asc(callInteractions.turnNumber));

  const turnsByCall = groupBy(
    turns.map(({ turn }) => turn),
    (turn) => turn.callId,
  );
  const attemptsByContact = groupBy(attempts, (attempt) => attempt.campaignContactId);
  return people.map(({ contact, campaignContact }) => ({
    contact,
    campaignContact,
    attempts: (attemptsByContact.get(campaignContact.id) ?? []).map((attempt) => ({
      ...attempt,
      turns: turnsByCall.get(attempt.id) ?? [],
    })),
  }));
}

/** `Map.groupBy`, which Node 20 lacks. */
function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
