import { and, arrayOverlaps, asc, eq, gt, isNull, sql } from 'drizzle-orm';
import { contacts } from './schema.ts';
import type { Contact, ContactStatus } from './schema.ts';
import type { Executor } from './client.ts';
import type { Fingerprint } from '../compliance/fingerprint.ts';
import { recordConsents, type NewConsentRecord } from './consents.ts';
import { recordOppositions } from './oppositions.ts';
import { storable } from './text.ts';

/** One imported line. `null` says nothing: it never erases what an earlier import knew. */
export interface ContactInput {
  /** E.164 with leading `+`. */
  phone: string;
  firstName: string | null;
  lastName: string | null;
  company: string | null;
  email: string | null;
  tags: readonly string[];
  timeZone: string | null;
  rawPhone: string | null;
  /** For a new contact, `pending` where absent; that of a known one stays. */
  status?: ContactStatus;
  /** What was said about why this person may be called. */
  bases?: readonly Omit<NewConsentRecord, 'subject'>[];
}

/**
 * Stores a batch with what makes calling them lawful, together. Known contacts are completed, or left untouched with
 * `skipDuplicates`; consents and their withdrawals are added to the history of both. `opposed` numbers go on the opposition
 * list. Counts like `upsertContacts`.
 */
export async function storeContacts(
  db: Executor,
  { contacts: rows, opposed }: { contacts: readonly ContactInput[]; opposed: readonly string[] },
  options: { fingerprint: Fingerprint; skipDuplicates: boolean; source: string },
): Promise<{ inserted: number; duplicates: number }> {
  return db.transaction(async (tx) => {
    const stored = await (options.skipDuplicates ? insertNewContacts(tx, rows) : upsertContacts(tx, rows));
    const records = rows.flatMap(({ phone, bases = [] }) =>
      bases.map((basis) => ({ ...basis, subject: options.fingerprint(phone) })),
    );
    await recordConsents(tx, records);
    await recordOppositions(
      tx,
      opposed.map((phone) => ({
        subject: options.fingerprint(phone),
        phone,
        reason: 'do_not_call',
        source: options.source,
        sourceCallId: null,
        since: null,
      })),
    );
    return stored;
  });
}

/**
 * Stores a batch: new numbers are inserted, known ones completed (tags are added). Safe to run twice.
 * `duplicates` counts known numbers and repetitions within the batch.
 */
export async function upsertContacts(
  db: Executor,
  rows: readonly ContactInput[],
): Promise<{ inserted: number; duplicates: number }> {
  const byPhone = oncePerPhone(rows);
  if (byPhone.length === 0) return { inserted: 0, duplicates: 0 };
  const stored = await db
    .insert(contacts)
    .values(byPhone.map(rowOf))
    .onConflictDoUpdate({
      target: contacts.phone,
      set: {
        firstName: sql`coalesce(excluded.first_name, ${contacts.firstName})`,
        lastName: sql`coalesce(excluded.last_name, ${contacts.lastName})`,
        company: sql`coalesce(excluded.company, ${contacts.company})`,
        email: sql`coalesce(excluded.email, ${contacts.email})`,
        timeZone: sql`coalesce(excluded.time_zone, ${contacts.timeZone})`,
        tags: sql`array(select distinct unnest(${contacts.tags} || excluded.tags) order by 1)`,
        updatedAt: sql`now()`,
      },
    })
    // xmax is 0 on a row that this statement inserted, and set on one that it updated.
    .returning({ isNew: sql<boolean>`${contacts}.xmax = 0` });
  const inserted = stored.filter((row) => row.isNew).length;
  return { inserted, duplicates: rows.length - inserted };
}

/** Stores a batch: new numbers are inserted, known ones left untouched. Counts like `upsertContacts`. */
async function insertNewContacts(
  db: Executor,
  rows: readonly ContactInput[],
): Promise<{ inserted: number; duplicates: number }> {
  const byPhone = oncePerPhone(rows);
  if (byPhone.length === 0) return { inserted: 0, duplicates: 0 };
  const stored = await db
    .insert(contacts)
    .values(byPhone.map(rowOf))
    .onConflictDoNothing({ target: contacts.phone })
    .returning({ id: contacts.id });
  return { inserted: stored.length, duplicates: rows.length - stored.length };
}

export async function findContact(db: Executor, id: number): Promise<Contact | null> {
  const [row] = await db.select().from(contacts).where(eq(contacts.id, id));
  return row ?? null;
}

export async function findContactByPhone(db: Executor, phone: string): Promise<Contact | null> {
  const [row] = await db.select().from(contacts).where(eq(contacts.phone, phone));
  return row ?? null;
}

export async function changeContactStatus(db: Executor, id: number, status: ContactStatus): Promise<void> {
  await db.update(contacts).set({ status }).where(eq(contacts.id, id));
}

/** One page in id order. `tags`: carries at least one of them; empty for everybody. Start with `afterId` 0. */
export async function listContactsForCampaign(
  db: Executor,
  page: { tags: readonly string[]; afterId: number; batch: number },
): Promise<Contact[]> {
  return db
    .select()
    .from(contacts)
    .where(
      and(
        gt(contacts.id, page.afterId),
        isNull(contacts.erasedAt),
        page.tags.length > 0 ? arrayOverlaps(contacts.tags, [...page.tags]) : undefined,
      ),
    )
    .orderBy(asc(contacts.id))
    .limit(page.batch);
}

function rowOf(input: ContactInput): typeof contacts.$inferInsert {
  return {
    phone: input.phone,
    firstName: storableOrNull(input.firstName),
    lastName: storableOrNull(input.lastName),
    company: storableOrNull(input.company),
    email: storableOrNull(input.email),
    tags: [...new Set(input.tags.map(storable))],
    timeZone: input.timeZone,
    rawPhone: storableOrNull(input.rawPhone),
    ...(input.status !== undefined && { status: input.status }),
  };
}

/** One statement must not touch a row twice. */
function oncePerPhone(rows: readonly ContactInput[]): ContactInput[] {
  const byPhone = new Map<string, ContactInput>();
  for (const row of rows) {
    const earlier = byPhone.get(row.phone);
    byPhone.set(row.phone, earlier ? complete(earlier, row) : row);
  }
  return [...byPhone.values()];
}

function storableOrNull(text: string | null): string | null {
  return text === null ? null : storable(text);
}

/** Later lines win where they say something. */
function complete(earlier: ContactInput, later: ContactInput): ContactInput {
  const status = later.status ?? earlier.status;
  return {
    phone: later.phone,
    firstName: later.firstName ?? earlier.firstName,
    lastName: later.lastName ?? earlier.lastName,
    company: later.company ?? earlier.company,
    email: later.email ?? earlier.email,
    tags: [...earlier.tags, ...later.tags],
    timeZone: later.timeZone ?? earlier.timeZone,
    rawPhone: later.rawPhone ?? earlier.rawPhone,
    ...(status !== undefined && { status }),
  };
}
