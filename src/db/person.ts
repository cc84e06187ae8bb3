import { and, asc, eq, inArray, ne, or, sql } from 'drizzle-orm';
import { OperatorError } from '../errors.ts';
import { listTurns } from './call-interactions.ts';
import { listLines } from './call-lines.ts';
import type { Executor } from './client.ts';
import { blankWords } from './retention.ts';
import { consentHistory, withdrawConsents } from './consents.ts';
import { findContactByPhone } from './contacts.ts';
import { appendToLedger, ledgerOfSubject } from './ledger.ts';
import { findOpposition, lockSubject } from './oppositions.ts';
import {
  calls,
  campaignContacts,
  campaigns,
  contacts,
  type Call,
  type CallInteraction,
  type CallLine,
  type CampaignContact,
  type ConsentRecord,
  type Contact,
  type LedgerEntry,
  type Opposition,
} from './schema.ts';

/** Who is meant: a number and its fingerprint. */
export interface Subject {
  phone: string;
  subject: string;
}

/** Everything that is stored about one person. */
export interface PersonFile {
  contact: Contact | null;
  consents: ConsentRecord[];
  opposition: Opposition | null;
  campaigns: (CampaignContact & { campaign: string })[];
  calls: (Call & { turns: CallInteraction[]; lines: CallLine[] })[];
  ledger: LedgerEntry[];
}

export async function personFile(db: Executor, { phone, subject }: Subject): Promise<PersonFile> {
  const contact = await findContactByPhone(db, phone);
  const memberships = await db
    .select({ membership: campaignContacts, campaign: campaigns.name })
    .from(campaignContacts)
    .innerJoin(campaigns, eq(campaigns.id, campaignContacts.campaignId))
    .where(eq(campaignContacts.contactId, contact?.id ?? 0))
    .orderBy(asc(campaignContacts.id));
  const attempts = await db
    .select()
    .from(calls)
    .where(or(eq(calls.phone, phone), eq(calls.subject, subject)))
    .orderBy(asc(calls.startedAt));
  const ids = attempts.map(({ id }) => id);
  const turns = await listTurns(db, ids);
  const lines = await listLines(db, ids);
  return {
    contact,
    consents: await consentHistory(db, subject),
    opposition: await findOpposition(db, subject),
    campaigns: memberships.map(({ membership, campaign }) => ({ ...membership, campaign })),
    calls: attempts.map((call) => ({
      ...call,
      turns: turns.filter(({ callId }) => callId === call.id),
      lines: lines.filter(({ callId }) => callId === call.id),
    })),
    ledger: await ledgerOfSubject(db, subject),
  };
}

/** What an erasure came to. */
export interface Erasure {
  calls: number;
  recordingsRemoved: number;
  /** Recordings that this machine cannot reach; their rows keep the path, so that they can be removed there. */
  recordingsElsewhere: string[];
}

/**
 * Removes what is stored about a person: name, number, words, recordings. What stays names nobody: that calls were made and
 * how they ended, the fingerprint on the opposition list, the history of consents, the ledger. All or nothing; refused while
 * a call to the number goes on. `removeRecording` says whether the file is gone.
 */
export async function erasePerson(
  db: Executor,
  { phone, subject }: Subject,
  removeRecording: (recording: { callId: string; path: string }) => Promise<boolean>,
): Promise<Erasure> {
  return db.transaction(async (tx) => {
    await lockSubject(tx, subject);
    const contact = await findContactByPhone(tx, phone);
    const attempts = await tx
      .select({ id: calls.id, status: calls.status, recordingPath: calls.recordingPath })
      .from(calls)
      .where(eq(calls.phone, phone));
    if (contact === null && attempts.length === 0) {
      throw new OperatorError('person_unknown', `nothing but fingerprints is stored about ${phone}`);
    }
    if (attempts.some(({ status }) => status !== 'completed')) {
      throw new OperatorError('call_in_progress', `a call to ${phone} goes on: try again when it has ended`);
    }
    const elsewhere: { id: string; path: string }[] = [];
    let removed = 0;
    for (const { id, recordingPath } of attempts) {
      if (recordingPath === null) continue;
      if (await removeRecording({ callId: id, path: recordingPath })) removed += 1;
      else elsewhere.push({ id, path: recordingPath });
    }
    const ids = attempts.map(({ id }) => id);
    await blankWords(tx, ids);
    await tx
      .update(calls)
      .set({
        phone: 'erased',
        subject,
        assembledPath: null,
        recordingProblem: null,
        recordingPath: sql`case when ${inArray(
          calls.id,
          elsewhere.map(({ id }) => id),
        )} then ${calls.recordingPath} end`,
      })
      .where(inArray(calls.id, ids));
    if (contact !== null) await eraseContact(tx, contact);
    await withdrawConsents(tx, [subject], { source: 'erasure', at: new Date() });
    const erasure = { calls: ids.length, recordingsRemoved: removed };
    await appendToLedger(tx, [
      {
        event: 'erasure',
        subject,
        campaignId: null,
        callId: null,
        details: { ...erasure, recordingsElsewhere: elsewhere.length },
      },
    ]);
    return { ...erasure, recordingsElsewhere: elsewhere.map(({ path }) => path) };
  });
}

async function eraseContact(tx: Executor, { id }: Contact): Promise<void> {
  await tx
    .update(campaignContacts)
    .set({ state: 'done', result: 'refused_by_gate', nextAttemptAt: null, nextReason: 'erased' })
    .where(and(eq(campaignContacts.contactId, id), ne(campaignContacts.state, 'done')));
  await tx
    .update(contacts)
    .set({
      phone: `erased-${id}`,
      erasedAt: sql`now()`,
      ...{ firstName: null, lastName: null, company: null, email: null, rawPhone: null, timeZone: null },
      tags: [],
    })
    .where(eq(contacts.id, id));
}
