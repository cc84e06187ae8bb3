import { and, asc, desc, eq, gt, inArray } from 'drizzle-orm';
import type { Executor } from './client.ts';
import { calls, campaignContacts, consentRecords, contacts } from './schema.ts';
import type { Call, CampaignContact, ConsentRecord, Contact } from './schema.ts';

/** One contact of a campaign with what an inspector asks about. */
export interface CompliancePage {
  campaignContact: CampaignContact;
  contact: Pick<Contact, 'id' | 'phone' | 'timeZone' | 'erasedAt'>;
  /** Attempts of this campaign, oldest first. */
  attempts: Pick<
    Call,
    | 'id'
    | 'attempt'
    | 'subject'
    | 'startedAt'
    | 'answeredAt'
    | 'endedAt'
    | 'result'
    | 'counted'
    | 'disclosure'
  >[];
}

/** In the order of the campaign's contacts, a page at a time. Start with `afterId` 0. Two queries. */
export async function pageCompliance(
  db: Executor,
  campaignId: number,
  { afterId, batch }: { afterId: number; batch: number },
): Promise<CompliancePage[]> {
  const people = await db
    .select({
      campaignContact: campaignContacts,
      contact: {
        id: contacts.id,
        phone: contacts.phone,
        timeZone: contacts.timeZone,
        erasedAt: contacts.erasedAt,
      },
    })
    .from(campaignContacts)
    .innerJoin(contacts, eq(contacts.id, campaignContacts.contactId))
    .where(and(eq(campaignContacts.campaignId, campaignId), gt(campaignContacts.id, afterId)))
    .orderBy(asc(campaignContacts.id))
    .limit(batch);
  if (people.length === 0) return [];
  const rows = await db
    .select({
      campaignContactId: calls.campaignContactId,
      id: calls.id,
      attempt: calls.attempt,
      subject: calls.subject,
      startedAt: calls.startedAt,
      answeredAt: calls.answeredAt,
      endedAt: calls.endedAt,
      result: calls.result,
      counted: calls.counted,
      disclosure: calls.disclosure,
    })
    .from(calls)
    .where(
      inArray(
        calls.campaignContactId,
        people.map(({ campaignContact }) => campaignContact.id),
      ),
    )
    .orderBy(asc(calls.attempt));
  const attempts = new Map<number, CompliancePage['attempts']>();
  for (const { campaignContactId, ...attempt } of rows) {
    const known = attempts.get(campaignContactId);
    if (known === undefined) attempts.set(campaignContactId, [attempt]);
    else known.push(attempt);
  }
  return people.map((person) => ({ ...person, attempts: attempts.get(person.campaignContact.id) ?? [] }));
}

/** The latest act of each kind by these people, with its proof. */
export async function latestConsents(
  db: Executor,
  subjects: readonly string[],
): Promise<Map<string, ConsentRecord[]>> {
  const rows = await db
    .selectDistinctOn([consentRecords.subject, consentRecords.basis])
    .from(consentRecords)
    .where(inArray(consentRecords.subject, [...subjects]))
    .orderBy(
      consentRecords.subject,
      consentRecords.basis,
      desc(consentRecords.actedAt),
      consentRecords.granted,
      desc(consentRecords.id),
    );
  const bySubject = new Map<string, ConsentRecord[]>();
  for (const row of rows) bySubject.set(row.subject, [...(bySubject.get(row.subject) ?? []), row]);
  return bySubject;
}
