import { asc, eq } from 'drizzle-orm';
import { attemptsOfContact } from './calls.ts';
import type { Executor } from './client.ts';
import {
  campaignContacts,
  campaigns,
  oppositions,
  type Call,
  type Campaign,
  type CampaignContact,
} from './schema.ts';

/** Where a person stands in one campaign, with every attempt to reach them there, oldest first. */
interface CampaignMembership {
  campaign: Campaign;
  campaignContact: CampaignContact;
  attempts: Call[];
}

export interface ContactOverview {
  /** Null: they may be called. */
  doNotCall: { reason: string; createdAt: Date } | null;
  /** Oldest campaign first. */
  campaigns: CampaignMembership[];
}

/**
 * Everything that was tried with one person, and what comes next, over all campaigns. `subject` is the fingerprint of
 * their number.
 */
export async function contactOverview(
  db: Executor,
  contact: { id: number; subject: string },
): Promise<ContactOverview> {
  const memberships = await db
    .select({ campaign: campaigns, campaignContact: campaignContacts })
    .from(campaignContacts)
    .innerJoin(campaigns, eq(campaigns.id, campaignContacts.campaignId))
    .where(eq(campaignContacts.contactId, contact.id))
    .orderBy(asc(campaigns.id));
  const attempts = await attemptsOfContact(db, contact.id);
  const [entry] = await db
    .select({ reason: oppositions.reason, createdAt: oppositions.createdAt })
    .from(oppositions)
    .where(eq(oppositions.subject, contact.subject));
  return {
    doNotCall: entry ?? null,
    campaigns: memberships.map((membership) => ({
      ...membership,
      attempts: attempts.filter((attempt) => attempt.campaignContactId === membership.campaignContact.id),
    })),
  };
}
