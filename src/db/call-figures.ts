import { asc, count, countDistinct, eq, sql, sum } from 'drizzle-orm';
import type { Executor } from './client.ts';
import { isExported, type CallFilter } from './exported-calls.ts';
import { calls } from './schema.ts';

/** How calls of one result and attempt number went. */
export interface ResultFigures {
  /** Null: not ended yet. */
  result: string | null;
  attempt: number;
  calls: number;
  answered: number;
  /** Of the answered ones together. */
  durationMs: number;
}

/** The calls begun within one hour. */
export interface HourFigures {
  /** `2026-11-26 14`, on the clock that was asked for. */
  hour: string;
  calls: number;
  answered: number;
  success: number;
}

/** Contacts that a call was begun to, and calls. */
export async function countExported(
  tx: Executor,
  campaignId: number,
  filter: CallFilter,
): Promise<{ calls: number; contacts: number }> {
  const [row] = await tx
    .select({ calls: count(), contacts: countDistinct(calls.contactId) })
    .from(calls)
    .where(isExported(campaignId, filter));
  return row ?? { calls: 0, contacts: 0 };
}

/** Most frequent result first, attempts of each in order. */
export async function figuresByResult(
  tx: Executor,
  campaignId: number,
  filter: CallFilter,
): Promise<ResultFigures[]> {
  const rows = await tx
    .select({
      result: calls.result,
      attempt: calls.attempt,
      calls: count(),
      answered: count(calls.answeredAt),
      durationMs: sum(calls.durationMs),
    })
    .from(calls)
    .where(isExported(campaignId, filter))
    .groupBy(calls.result, calls.attempt)
    .orderBy(
      sql`sum(count(*)) over (partition by ${calls.result}) desc`,
      asc(calls.result),
      asc(calls.attempt),
    );
  return rows.map((row) => ({ ...row, durationMs: Number(row.durationMs ?? 0) }));
}

/** Hours in which no call was begun are left out. */
export async function figuresByHour(
  tx: Executor,
  campaignId: number,
  { filter, timeZone }: { filter: CallFilter; timeZone: string },
): Promise<HourFigures[]> {
  const hour = sql<string>`to_char(${calls.startedAt} at time zone ${timeZone}::text, 'YYYY-MM-DD HH24')`;
  return tx
    .select({
      hour: hour.as('hour'),
      calls: count(),
      answered: count(calls.answeredAt),
      success: sql<number>`count(*) filter (where ${eq(calls.result, 'success')})`.mapWith(Number),
    })
    .from(calls)
    .where(isExported(campaignId, filter))
    .groupBy(sql`1`)
    .orderBy(sql`1`);
}
