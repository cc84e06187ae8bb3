import { findCampaignContact } from '../db/campaign-contacts.ts';
import { findCampaign } from '../db/campaigns.ts';
import type { Executor } from '../db/client.ts';
import { findContact } from '../db/contacts.ts';
import type { Campaign, CampaignContact, Contact } from '../db/schema.ts';
import type { ContactJobData } from '../queues/campaign-queue.ts';

/** What a job is about, as the database has it now. */
export interface WorkItem {
  campaign: Campaign;
  campaignContact: CampaignContact;
  contact: Contact;
}

/** Null when the contact or the campaign was deleted since the job was made. */
export async function loadWorkItem(db: Executor, ids: ContactJobData): Promise<WorkItem | null> {
  const [campaign, campaignContact, contact] = await Promise.all([
    findCampaign(db, ids.campaignId),
    findCampaignContact(db, ids.campaignContactId),
    findContact(db, ids.contactId),
  ]);
  if (campaign === null || campaignContact === null || contact === null) return null;
  return { campaign, campaignContact, contact };
}
