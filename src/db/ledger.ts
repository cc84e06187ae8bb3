import { asc, eq, sql } from 'drizzle-orm';
import type { Executor } from './client.ts';
import { ledger, type LedgerEntry, type LedgerEvent } from './schema.ts';

export interface NewLedgerEntry {
  event: LedgerEvent;
  /** Fingerprint of the number. */
  subject: string;
  campaignId: number | null;
  callId: string | null;
  /** Names nobody: it outlives the erasure of the person's data. */
  details: Record<string, unknown>;
}

/** Belongs in the transaction that does what it tells. One statement, however many entries. */
export async function appendToLedger(tx: Executor, entries: readonly NewLedgerEntry[]): Promise<void> {
  if (entries.length === 0) return;
  // One parameter: a VALUES list would meet the protocol's limit of 65535.
  await tx.execute(sql`
    insert into ${ledger} (event, subject, campaign_id, call_id, details)
    select event, subject, campaign_id, call_id, details
    from jsonb_to_recordset(${JSON.stringify(
      entries.map(({ event, subject, campaignId, callId, details }) => ({
        event,
        subject,
        campaign_id: campaignId,
        call_id: callId,
        details,
      })),
    )}::jsonb) as entry (event text, subject text, campaign_id integer, call_id uuid, details jsonb)`);
}

/** Everything about one person, oldest first. */
export async function ledgerOfSubject(db: Executor, subject: string): Promise<LedgerEntry[]> {
  return db.select().from(ledger).where(eq(ledger.subject, subject)).orderBy(asc(ledger.id));
}
