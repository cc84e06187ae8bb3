import { and, desc, eq, gte, inArray, isNull, or } from 'drizzle-orm';
import type { Executor } from './client.ts';
import { calls } from './schema.ts';

/** What was tried with one number, over all campaigns. */
export interface ContactHistory {
  /** Start of every attempt since `since` that counts or may yet; newest first. */
  recentAt: Date[];
  /** When a call to this number last ended with one of `refusals`; null when none did. */
  lastRefusalAt: Date | null;
}

export async function contactHistory(
  db: Executor,
  query: { phone: string; since: Date; refusals: readonly string[] },
): Promise<ContactHistory> {
  const [recent, [refusal]] = await Promise.all([
    db
      .select({ at: calls.startedAt })
      .from(calls)
      .where(
        and(
          eq(calls.phone, query.phone),
          gte(calls.startedAt, query.since),
          or(isNull(calls.counted), eq(calls.counted, true)),
        ),
      )
      .orderBy(desc(calls.startedAt)),
    db
      .select({ at: calls.endedAt })
      .from(calls)
      .where(and(eq(calls.phone, query.phone), inArray(calls.result, [...query.refusals])))
      .orderBy(desc(calls.endedAt))
      .limit(1),
  ]);
  return { recentAt: recent.map(({ at }) => at), lastRefusalAt: refusal?.at ?? null };
}
