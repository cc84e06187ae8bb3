import { and, asc, eq, gt, inArray, isNull, ne, sql } from 'drizzle-orm';
import { CAMPAIGN_BASES } from '../compliance/basis.ts';
import type { Fingerprint } from '../compliance/fingerprint.ts';
import { finishWaiting } from './campaign-contacts.ts';
import type { Executor } from './client.ts';
import { consentHistory, recordConsents } from './consents.ts';
import { findOpposition, lockSubject, recordOppositions } from './oppositions.ts';
import { calls, campaignContacts, contacts } from './schema.ts';

/** A contact as it is looked through. */
export interface StoredContact {
  id: number;
  phone: string;
}

/** `busy`: a call goes on. `gone`: somebody else has changed it meanwhile. */
export type UpkeepOutcome = 'done' | 'busy' | 'gone';

/** What a place's reason says that was ended because the number is never dialled. */
const NEVER_DIALLED = 'forbidden_number: ';

/** Neither erased nor put aside before. */
const IN_USE = and(isNull(contacts.erasedAt), ne(contacts.status, 'invalid'));

/** One page in id order. Start with `afterId` 0. */
export async function pageContactNumbers(
  db: Executor,
  { afterId, batch }: { afterId: number; batch: number },
): Promise<StoredContact[]> {
  return db
    .select({ id: contacts.id, phone: contacts.phone })
    .from(contacts)
    .where(and(gt(contacts.id, afterId), IN_USE))
    .orderBy(asc(contacts.id))
    .limit(batch);
}

export async function countContacts(db: Executor): Promise<number> {
  return db.$count(contacts, IN_USE);
}

/**
 * Gives a contact the number that was meant. What is known of the wrong one holds for it: whoever opposed under the wrong number
 * is opposed under the right one, and consents come along. All or nothing; not while a call goes on.
 */
export async function correctPhone(
  db: Executor,
  { id, phone: from }: StoredContact,
  { correct, timeZone }: { correct: string; timeZone: string | null },
  fingerprint: Fingerprint,
): Promise<UpkeepOutcome> {
  return db.transaction(async (tx) => {
    await lockNumbers(tx, [from, correct], fingerprint);
    if (await isCalling(tx, id)) return 'busy';
    const changed = await tx
      .update(contacts)
      .set({ phone: correct, timeZone })
      .where(and(eq(contacts.id, id), eq(contacts.phone, from)))
      .returning({ id: contacts.id });
    if (changed.length === 0) return 'gone';
    await carryOver(tx, { from, correct }, fingerprint);
    return 'done';
  });
}

/**
 * Joins a contact with a wrong form of a number to the contact that has the right one: names and tags complete the latter, and
 * opposition and consents come along. The former is removed, or stays as `invalid` where campaigns have it in their figures.
 */
export async function mergeContact(
  db: Executor,
  { id, phone: from }: StoredContact,
  into: StoredContact,
  fingerprint: Fingerprint,
): Promise<UpkeepOutcome> {
  return db.transaction(async (tx) => {
    await lockNumbers(tx, [from, into.phone], fingerprint);
    if (await isCalling(tx, id)) return 'busy';
    const { rowCount } = await tx.execute(sql`
      update contacts as kept set
        first_name = coalesce(kept.first_name, other.first_name), last_name = coalesce(kept.last_name, other.last_name),
        company = coalesce(kept.company, other.company), email = coalesce(kept.email, other.email),
        tags = array(select distinct unnest(kept.tags || other.tags) order by 1), updated_at = now()
      from contacts as other
      where kept.id = ${into.id} and kept.phone = ${into.phone} and other.id = ${id} and other.phone = ${from}`);
    if (rowCount !== 1) return 'gone';
    await carryOver(tx, { from, correct: into.phone }, fingerprint);
    await putAside(tx, [{ id, phone: from }], 'impossible');
    return 'done';
  });
}

/**
 * Removes contacts that no campaign has ever had; the others become `invalid`, and their places that wait are ended. `why` says
 * what is wrong with their numbers.
 */
export async function putAside(
  db: Executor,
  people: readonly StoredContact[],
  why: string,
): Promise<{ removed: number; marked: number }> {
  const ids = people.map(({ id }) => id);
  if (ids.length === 0) return { removed: 0, marked: 0 };
  return db.transaction(async (tx) => {
    const removed = await tx
      .delete(contacts)
      .where(
        and(
          inArray(contacts.id, ids),
          sql`not exists (select from ${campaignContacts} where ${campaignContacts.contactId} = ${contacts.id})`,
          sql`not exists (select from ${calls} where ${calls.contactId} = ${contacts.id})`,
        ),
      )
      .returning({ id: contacts.id });
    const gone = new Set(removed.map(({ id }) => id));
    const left = people.filter(({ id }) => !gone.has(id));
    const marked = await tx
      .update(contacts)
      .set({ status: 'invalid' })
      .where(
        inArray(
          contacts.id,
          left.map(({ id }) => id),
        ),
      )
      .returning({ id: contacts.id });
    const phones = left.map(({ phone }) => phone);
    await finishWaiting(tx, phones, { bases: CAMPAIGN_BASES, reason: NEVER_DIALLED + why });
    return { removed: removed.length, marked: marked.length };
  });
}

/** In one order, so that two transactions never wait for each other. */
async function lockNumbers(tx: Executor, phones: readonly string[], fingerprint: Fingerprint): Promise<void> {
  for (const subject of phones.map(fingerprint).sort()) await lockSubject(tx, subject);
}

async function isCalling(tx: Executor, contactId: number): Promise<boolean> {
  const calling = and(eq(campaignContacts.contactId, contactId), eq(campaignContacts.state, 'calling'));
  return (await tx.$count(campaignContacts, calling)) > 0;
}

async function carryOver(
  tx: Executor,
  { from, correct }: { from: string; correct: string },
  fingerprint: Fingerprint,
): Promise<void> {
  const subject = fingerprint(correct);
  const history = await consentHistory(tx, fingerprint(from));
  await recordConsents(
    tx,
    history.map(({ basis, granted, actedAt, expiresAt, channel, source, wording }) => ({
      ...{ basis, granted, actedAt, expiresAt, channel, source, wording },
      subject,
    })),
  );
  const opposition = await findOpposition(tx, fingerprint(from));
  if (opposition === null) return;
  const { reason, source, sourceCallId, createdAt: since } = opposition;
  await recordOppositions(tx, [{ subject, phone: correct, reason, source, sourceCallId, since }]);
}
