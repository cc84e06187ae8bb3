import { and, arrayOverlaps, asc, eq, gt, inArray, isNull, sql, type SQL } from 'drizzle-orm';
import { MinibotError } from '../errors.ts';
import { contacts } from './schema.ts';
import type { Contact, ContactStatus } from './schema.ts';
import type { Executor } from './client.ts';
import type { Fingerprint } from '../compliance/fingerprint.ts';
import { recordConsents, type NewConsentRecord } from './consents.ts';
import { recordOppositions } from './oppositions.ts';
import { storable } from './text.ts';

/** Advisory lock of whoever stores a batch of contacts. */
const IMPORT_LOCK = 1_129_270_612;

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
 * list. `added` are the numbers that were not known before. Batches are stored one after the other, over all processes: two
 * imports of one file would wait for each other's rows.
 */
export async function storeContacts(
  db: Executor,
  { contacts: rows, opposed }: { contacts: readonly ContactInput[]; opposed: readonly string[] },
  options: { fingerprint: Fingerprint; skipDuplicates: boolean; source: string },
): Promise<{ added: ReadonlySet<string> }> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${IMPORT_LOCK})`);
    await adoptTestContacts(
      tx,
      rows.map(({ phone }) => phone),
    );
    const added = await (options.skipDuplicates ? insertNewContacts(tx, rows) : completeContacts(tx, rows));
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
    return { added };
  });
}

/** What `storeContacts` would add, without a row being written or held: for a dry run beside running campaigns. */
export async function contactsToAdd(
  db: Executor,
  rows: readonly { phone: string }[],
): Promise<{ added: ReadonlySet<string> }> {
  const phones = [...new Set(rows.map(({ phone }) => phone))];
  const known = await db
    .select({ phone: contacts.phone })
    .from(contacts)
    .where(sql`${contacts.phone} = any(${sql.param(phones)}::text[])`);
  const knownPhones = new Set(known.map(({ phone }) => phone));
  return { added: new Set(phones.filter((phone) => !knownPhones.has(phone))) };
}

/**
 * Stores a batch: new numbers are inserted, known ones completed (tags are added). Safe to run twice.
 * `duplicates` counts known numbers and repetitions within the batch.
 */
export async function upsertContacts(
  db: Executor,
  rows: readonly ContactInput[],
): Promise<{ inserted: number; duplicates: number }> {
  const added = await completeContacts(db, rows);
  return { inserted: added.size, duplicates: rows.length - added.size };
}

/** The numbers that are new. Of lines with the same number, later ones win where they say something. */
async function completeContacts(db: Executor, rows: readonly ContactInput[]): Promise<ReadonlySet<string>> {
  return insertContacts(
    db,
    oncePerPhone(rows, complete),
    sql`update set
      first_name = coalesce(excluded.first_name, ${contacts.firstName}),
      last_name = coalesce(excluded.last_name, ${contacts.lastName}),
      company = coalesce(excluded.company, ${contacts.company}),
      email = coalesce(excluded.email, ${contacts.email}),
      time_zone = coalesce(excluded.time_zone, ${contacts.timeZone}),
      tags = array(select distinct unnest(${contacts.tags} || excluded.tags) order by 1),
      updated_at = now()`,
  );
}

/** The numbers that are new; known ones are left untouched. Of lines with the same number, the first counts. */
async function insertNewContacts(db: Executor, rows: readonly ContactInput[]): Promise<ReadonlySet<string>> {
  return insertContacts(
    db,
    oncePerPhone(rows, (earlier) => earlier),
    sql`nothing`,
  );
}

/**
 * One statement with one parameter, whatever the number of rows, and its text always the same: nearly as fast as `COPY`
 * (docs/benchmarks.md). Rows are in the file's order, in which they will be called.
 */
async function insertContacts(
  db: Executor,
  rows: readonly ContactInput[],
  onConflictDo: SQL,
): Promise<ReadonlySet<string>> {
  if (rows.length === 0) return new Set();
  // xmax is 0 on a row that this statement inserted, and set on one that it updated.
  const { rows: stored } = await db.execute<{ phone: string; is_new: boolean }>(sql`
    insert into ${contacts} (phone, first_name, last_name, company, email, tags, time_zone, raw_phone, status)
    select phone, first_name, last_name, company, email, tags, time_zone, raw_phone, coalesce(status, 'pending')
    from json_to_recordset(${JSON.stringify(rows.map(rowOf))}::json) as given (phone text, first_name text,
      last_name text, company text, email text, tags text[], time_zone text, raw_phone text, status text)
    on conflict (phone) do ${onConflictDo}
    returning phone, ${contacts}.xmax = 0 as is_new`);
  return new Set(stored.filter((row) => row.is_new).map(({ phone }) => phone));
}

/** Who was known from a test call alone is a contact like any other once somebody imports them. */
async function adoptTestContacts(tx: Executor, phones: readonly string[]): Promise<void> {
  await tx
    .update(contacts)
    .set({ testOnly: false })
    .where(and(eq(contacts.testOnly, true), inArray(contacts.phone, [...phones])));
}

/** The contact of this number; without one, a row that no campaign takes. */
export async function findOrAddTestContact(db: Executor, phone: string): Promise<Contact> {
  await db.insert(contacts).values({ phone, testOnly: true }).onConflictDoNothing({ target: contacts.phone });
  const contact = await findContactByPhone(db, phone);
  if (contact === null)
    throw new MinibotError('contact_not_stored', 'the contact of a test call was not stored');
  return contact;
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
        eq(contacts.testOnly, false),
        page.tags.length > 0 ? arrayOverlaps(contacts.tags, [...page.tags]) : undefined,
      ),
    )
    .orderBy(asc(contacts.id))
    .limit(page.batch);
}

function rowOf(input: ContactInput) {
  return {
    phone: input.phone,
    first_name: storableOrNull(input.firstName),
    last_name: storableOrNull(input.lastName),
    company: storableOrNull(input.company),
    email: storableOrNull(input.email),
    tags: [...new Set(input.tags.map(storable))],
    time_zone: input.timeZone,
    raw_phone: storableOrNull(input.rawPhone),
    status: input.status ?? null,
  };
}

/** One statement must not touch a row twice. */
function oncePerPhone(
  rows: readonly ContactInput[],
  merge: (earlier: ContactInput, later: ContactInput) => ContactInput,
): ContactInput[] {
  const byPhone = new Map<string, ContactInput>();
  for (const row of rows) {
    const earlier = byPhone.get(row.phone);
    byPhone.set(row.phone, earlier ? merge(earlier, row) : row);
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
