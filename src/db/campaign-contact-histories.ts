import { asc, eq, inArray } from 'drizzle-orm';
import type { Executor } from './client.ts';
import { calls, campaignContacts, contacts, type Call, type CampaignContact } from './schema.ts';

/** One contact of a campaign, with every attempt to reach them in it. */
export interface CampaignContactHistory {
  campaignContact: CampaignContact;
  /** Whole: whoever shows it masks it. */
  phone: string;
  /** Oldest first. */
  attempts: Call[];
}

/** By the id of the campaign contact; ids that do not exist are left out. Two queries, however many ids. */
export async function campaignContactHistories(
  db: Executor,
  ids: readonly number[],
): Promise<Map<number, CampaignContactHistory>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({ campaignContact: campaignContacts, phone: contacts.phone })
    .from(campaignContacts)
    .innerJoin(contacts, eq(contacts.id, campaignContacts.contactId))
    .where(inArray(campaignContacts.id, [...ids]));
  const histories = new Map(
    rows.map((row) => [row.campaignContact.id, { ...row, attempts: new Array<Call>() }]),
  );
  const attempts = await db
    .select()
    .from(calls)
    .where(inArray(calls.campaignContactId, [...ids]))
    .orderBy(asc(calls.attempt));
  for (const call of attempts) histories.get(call.campaignContactId)?.attempts.push(call);
  return histories;
}
