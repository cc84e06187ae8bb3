import { asc, eq, inArray, sql } from 'drizzle-orm';
import type { BasisRecord } from '../compliance/consent.ts';
import type { Executor } from './client.ts';
import { appendToLedger } from './ledger.ts';
import { consentRecords, type ConsentRecord } from './schema.ts';
import { storable } from './text.ts';

export interface NewConsentRecord extends Omit<ConsentRecord, 'id' | 'recordedAt' | 'actedAt'> {
  /** Null: now, unless the latest act says the same already. */
  actedAt: Date | null;
}

/**
 * Adds what is new to the history and to the ledger, together; what is in it already, word for word, is not added twice.
 * Returns how many were new. Belongs in a transaction.
 */
export async function recordConsents(tx: Executor, records: readonly NewConsentRecord[]): Promise<number> {
  if (records.length === 0) return 0;
  const cleaned = records.map((record) => ({
    ...record,
    channel: record.channel === null ? null : storable(record.channel),
    source: storable(record.source),
    wording: record.wording === null ? null : storable(record.wording),
  }));
  const { rows } = await tx.execute<{ at: number }>(sql`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(
        cleaned.map((record, at) => ({
          at,
          subject: record.subject,
          basis: record.basis,
          granted: record.granted,
          acted_at: record.actedAt,
          expires_at: record.expiresAt,
          channel: record.channel,
          source: record.source,
          wording: record.wording,
        })),
      )}::jsonb) as given (at integer, subject text, basis text, granted boolean, acted_at timestamptz(3),
        expires_at timestamptz(3), channel text, source text, wording text)
    ), fresh as (
      select distinct on (subject, basis, granted, acted_at, expires_at, channel, source, wording)
        at, subject, basis, granted, coalesce(acted_at, now()) as acted_at, expires_at, channel, source, wording
      from given
      where case when acted_at is null then not exists (
        select from (
          select granted, expires_at from ${consentRecords} as known
          where known.subject = given.subject and known.basis = given.basis
          order by known.acted_at desc, known.granted, known.id desc limit 1
        ) as latest
        where latest.granted = given.granted and latest.expires_at is not distinct from given.expires_at)
      else not exists (
        select from ${consentRecords} as known
        where known.subject = given.subject and known.basis = given.basis and known.granted = given.granted
          and known.acted_at = given.acted_at and known.expires_at is not distinct from given.expires_at
          and known.channel is not distinct from given.channel and known.source = given.source
          and known.wording is not distinct from given.wording) end
    ), added as (
      insert into ${consentRecords} (subject, basis, granted, acted_at, expires_at, channel, source, wording)
      select subject, basis, granted, acted_at, expires_at, channel, source, wording from fresh order by at
    )
    select at from fresh`);
  const added = rows.flatMap(({ at }) => cleaned[at] ?? []);
  await appendToLedger(
    tx,
    added.map(({ subject, ...details }) => ({
      event: 'consent',
      subject,
      campaignId: null,
      callId: null,
      details,
    })),
  );
  return added.length;
}

/** Ends whatever consents these people have given so far: what they ask for now comes after it. */
export async function withdrawConsents(
  tx: Executor,
  subjects: readonly string[],
  { source, at }: { source: string; at: Date },
): Promise<void> {
  if (subjects.length === 0) return;
  const { rows } = await tx.execute<{ subject: string }>(sql`
    select subject from (
      select distinct on (subject) subject, granted from ${consentRecords}
      where basis = 'consent' and subject = any(${sql.param([...subjects])}::text[])
      order by subject, acted_at desc, granted, id desc
    ) as latest where granted`);
  await recordConsents(
    tx,
    rows.map(({ subject }) => ({
      subject,
      basis: 'consent',
      granted: false,
      actedAt: at,
      expiresAt: null,
      channel: null,
      source,
      wording: null,
    })),
  );
}

/** The whole history of each of these people, by subject; who has none is absent. */
export async function basisRecordsOf(
  db: Executor,
  subjects: readonly string[],
): Promise<Map<string, BasisRecord[]>> {
  const rows = await db
    .select({
      subject: consentRecords.subject,
      id: consentRecords.id,
      basis: consentRecords.basis,
      granted: consentRecords.granted,
      actedAt: consentRecords.actedAt,
      expiresAt: consentRecords.expiresAt,
    })
    .from(consentRecords)
    .where(inArray(consentRecords.subject, [...subjects]));
  const bySubject = new Map<string, BasisRecord[]>();
  for (const { subject, ...record } of rows) {
    const records = bySubject.get(subject);
    if (records === undefined) bySubject.set(subject, [record]);
    else records.push(record);
  }
  return bySubject;
}

/** One person's history with its proofs, oldest first. */
export async function consentHistory(db: Executor, subject: string): Promise<ConsentRecord[]> {
  return db
    .select()
    .from(consentRecords)
    .where(eq(consentRecords.subject, subject))
    .orderBy(asc(consentRecords.id));
}
