import { and, eq, inArray, lt, notExists, sql } from 'drizzle-orm';
import { addCampaignContacts } from './campaign-contacts.ts';
import { changeCampaignStatus, createCampaign, findCampaign, type NewCampaign } from './campaigns.ts';
import type { Executor } from './client.ts';
import { findOrAddTestContact } from './contacts.ts';
import { MinibotError } from '../errors.ts';
import { calls, campaignContacts, campaigns, contacts } from './schema.ts';
import type { Campaign, CampaignContact, Contact } from './schema.ts';

/** A test call that was prepared and never reserved: its process died in between. */
const FORGOTTEN_AFTER_MINUTES = 60;

/**
 * Writes down what one test call needs to be an attempt like any other: a campaign of its own of kind `test`, running, and its
 * only contact. The attempt's outcome completes it; `forgetTestCall` removes it where nobody was dialled.
 */
export async function prepareTestCall(
  db: Executor,
  { phone, ...settings }: Omit<NewCampaign, 'kind'> & { phone: string },
): Promise<{ campaign: Campaign; campaignContact: CampaignContact; contact: Contact }> {
  await removeUncalled(
    db,
    lt(campaigns.createdAt, sql`now() - make_interval(mins => ${FORGOTTEN_AFTER_MINUTES})`),
  );
  return db.transaction(async (tx) => {
    const { id } = await createCampaign(tx, { ...settings, kind: 'test' });
    await changeCampaignStatus(tx, id, { from: ['draft'], to: 'running' });
    const contact = await findOrAddTestContact(tx, phone);
    await addCampaignContacts(tx, id, [contact.id]);
    const [campaignContact] = await tx
      .select()
      .from(campaignContacts)
      .where(eq(campaignContacts.campaignId, id));
    const campaign = await findCampaign(tx, id);
    if (campaign === null || campaignContact === undefined) {
      throw new MinibotError('test_call_not_stored', 'the test call could not be prepared');
    }
    return { campaign, campaignContact, contact };
  });
}

/** Leaves no trace of a test call that dialled nobody. Does nothing where an attempt is written down. */
export async function forgetTestCall(db: Executor, campaignId: number): Promise<void> {
  await removeUncalled(db, eq(campaigns.id, campaignId));
}

async function removeUncalled(db: Executor, which: ReturnType<typeof eq>): Promise<void> {
  await db.transaction(async (tx) => {
    const attempts = tx
      .select({ one: sql`1` })
      .from(calls)
      .where(eq(calls.campaignId, campaigns.id));
    const uncalled = await tx
      .select({ id: campaigns.id })
      .from(campaigns)
      .where(and(which, eq(campaigns.kind, 'test'), notExists(attempts)))
      .for('update');
    const ids = uncalled.map(({ id }) => id);
    if (ids.length === 0) return;
    const people = await tx
      .delete(campaignContacts)
      .where(inArray(campaignContacts.campaignId, ids))
      .returning({ contactId: campaignContacts.contactId });
    await tx.delete(campaigns).where(inArray(campaigns.id, ids));
    const elsewhere = tx
      .select({ one: sql`1` })
      .from(campaignContacts)
      .where(eq(campaignContacts.contactId, contacts.id));
    await tx.delete(contacts).where(
      and(
        eq(contacts.testOnly, true),
        inArray(
          contacts.id,
          people.map(({ contactId }) => contactId),
        ),
        notExists(elsewhere),
      ),
    );
  });
}
