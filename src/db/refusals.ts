import { and, count, desc, eq } from 'drizzle-orm';
import type { Executor } from './client.ts';
import { campaignContacts } from './schema.ts';

/** How many contacts of a campaign were not called for each reason of the gate, most frequent first. */
export async function countRefusals(db: Executor, campaignId: number): Promise<Record<string, number>> {
  const rows = await db
    .select({ reason: campaignContacts.nextReason, contacts: count() })
    .from(campaignContacts)
    .where(and(eq(campaignContacts.campaignId, campaignId), eq(campaignContacts.result, 'refused_by_gate')))
    .groupBy(campaignContacts.nextReason)
    .orderBy(desc(count()));
  return Object.fromEntries(rows.map(({ reason, contacts }) => [reason ?? '', contacts]));
}
