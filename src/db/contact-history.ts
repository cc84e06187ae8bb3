import { and, desc, eq, gte, inArray, isNull, max, or } from 'drizzle-orm';
import type { Executor } from './client.ts';
import { calls } from './schema.ts';

/** What was tried with one number, over all campaigns. */
export interface ContactHistory {
  /** Start of every attempt since `since` that counts or may yet; newest first. */
  recentAt: Date[];
  /** When a call to this number last ended with one of `refusals`; null when none did. */
  lastRefusalAt: Date | null;
}

export const NO_HISTORY: ContactHistory = { recentAt: [], lastRefusalAt: null };

interface Person {
  phone: string;
  /** Fingerprint of the phone: what is left of it after an erasure. */
  subject: string;
}

/** By subject; who was never tried is absent. Two queries, however many people. */
export async function contactHistories(
  db: Executor,
  query: { people: readonly Person[]; since: Date; refusals: readonly string[] },
): Promise<Map<string, ContactHistory>> {
  const subjectOf = new Map(query.people.map(({ phone, subject }) => [phone, subject]));
  const isTheirs = or(
    inArray(calls.phone, [...subjectOf.keys()]),
    inArray(calls.subject, [...subjectOf.values()]),
  );
  const recent = await db
    .select({ phone: calls.phone, subject: calls.subject, at: calls.startedAt })
    .from(calls)
    .where(
      and(isTheirs, gte(calls.startedAt, query.since), or(isNull(calls.counted), eq(calls.counted, true))),
    )
    .orderBy(desc(calls.startedAt));
  const refused = await db
    .select({ phone: calls.phone, subject: calls.subject, at: max(calls.endedAt) })
    .from(calls)
    .where(and(isTheirs, inArray(calls.result, [...query.refusals])))
    .groupBy(calls.phone, calls.subject);

  const histories = new Map<string, ContactHistory>();
  const of = ({ phone, subject }: { phone: string; subject: string | null }): ContactHistory => {
    const key = subject ?? subjectOf.get(phone) ?? phone;
    const known = histories.get(key) ?? { recentAt: [], lastRefusalAt: null };
    histories.set(key, known);
    return known;
  };
  for (const call of recent) of(call).recentAt.push(call.at);
  for (const call of refused) {
    const history = of(call);
    // Before and after an erasure, the same person's calls are two groups.
    if (call.at !== null && (history.lastRefusalAt === null || history.lastRefusalAt < call.at)) {
      history.lastRefusalAt = call.at;
    }
  }
  return histories;
}
