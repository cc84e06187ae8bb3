import { sql } from 'drizzle-orm';
import type { Logger } from 'pino';
import type { Executor } from './client.ts';
import { openFingerprint, type OppositionKeySource } from './fingerprints.ts';
import { recordOppositions } from './oppositions.ts';

const BATCH = 500;

interface Row extends Record<string, unknown> {
  phone: string;
  reason: string;
  source_call_id: string | null;
  created_at: string;
}

/**
 * Turns the plain list of earlier versions into fingerprints, a batch at a time; cut short, it goes on where it stopped.
 * Rejects when there are numbers and no key for them. Only for whoever holds the migration lock.
 */
export async function convertDoNotCall(
  db: Executor,
  source: OppositionKeySource,
  logger: Logger,
): Promise<void> {
  const { rows } = await db.execute<{ exists: boolean }>(
    sql`select to_regclass('do_not_call_to_convert') is not null as exists`,
  );
  if (rows[0]?.exists !== true) return;
  let converted = 0;
  for (;;) {
    const batch = await convertBatch(db, source);
    if (batch === 0) break;
    converted += batch;
  }
  await db.execute(sql`drop table do_not_call_to_convert`);
  if (converted > 0) logger.info({ numbers: converted }, 'the do-not-call list is kept as fingerprints now');
}

async function convertBatch(db: Executor, source: OppositionKeySource): Promise<number> {
  const { rows } = await db.execute<Row>(
    sql`select phone, reason, source_call_id, created_at::text from do_not_call_to_convert order by phone limit ${BATCH}`,
  );
  if (rows.length === 0) return 0;
  const fingerprint = await openFingerprint(db, source);
  await db.transaction(async (tx) => {
    await recordOppositions(
      tx,
      rows.map(({ phone, reason, source_call_id: sourceCallId, created_at: since }) => ({
        subject: fingerprint(phone),
        phone,
        reason,
        source: 'do_not_call',
        sourceCallId,
        since: new Date(since),
      })),
    );
    const phones = rows.map(({ phone }) => phone);
    await tx.execute(sql`delete from do_not_call_to_convert where phone = any(${sql.param(phones)}::text[])`);
  });
  return rows.length;
}
