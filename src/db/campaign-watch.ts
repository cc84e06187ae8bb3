import { and, count, desc, eq, gt, inArray, isNotNull, max, min, sql, sum } from 'drizzle-orm';
import type { TurnLatencies } from '../call-engine/ports.ts';
import { completeStates, liveCallsOf, type LiveCall } from './campaign-snapshot.ts';
import { findCampaign } from './campaigns.ts';
import type { Executor } from './client.ts';
import { turnLatenciesOf } from './latencies.ts';
import { callInteractions, calls, campaignContacts, lineWants } from './schema.ts';
import type { Campaign, CampaignContactState } from './schema.ts';

/** What somebody who watches a campaign is shown. Numbers are whole: whoever prints them masks them. */
export interface CampaignWatch {
  campaign: Campaign;
  /** Contacts of the campaign. */
  total: number;
  byState: Record<CampaignContactState, number>;
  /** Final results of contacts that were called. */
  byResult: Record<string, number>;
  /** Contacts that were not called, by the name of the gate's refusal: `no_consent`. */
  refused: Record<string, number>;
  /** Counted attempts so far. */
  attempts: number;
  /** Retries that are planned: how many, when the first and when the last is due. */
  retries: { planned: number; nextAt: Date | null; lastAt: Date | null };
  /** Oldest first, `MAX_LIVE` at most. */
  liveCalls: LiveCall[];
  active: number;
  /** The last calls that ended, `RECENT_CALLS` at most, newest first. */
  recent: RecentCall[];
  /** Of the turns in them. */
  latencies: TurnLatencies[];
  /** Jobs that wait because every line of the switch is in use. */
  waitingForLine: number;
}

export interface RecentCall {
  endedAt: Date;
  /** Answer to end; null when nobody answered. */
  durationMs: number | null;
}

const MAX_LIVE = 100;
const RECENT_CALLS = 300;

/**
 * The state of a campaign now; null when there is none. A few indexed queries: the contacts are counted over an index, of the
 * calls only the latest are read, however many there are (docs/monitoring.md has the figures).
 */
export async function watchCampaign(db: Executor, campaignId: number): Promise<CampaignWatch | null> {
  const campaign = await findCampaign(db, campaignId);
  if (campaign === null) return null;
  const contacts = await contactFigures(db, campaignId);
  const liveCalls = await liveCallsOf(db, campaignId);
  const recent = await recentCalls(db, campaignId);
  return {
    campaign,
    ...contacts,
    liveCalls: liveCalls.slice(0, MAX_LIVE),
    active: liveCalls.length,
    recent: recent.map(({ endedAt, durationMs }) => ({ endedAt, durationMs })),
    latencies: await latenciesOf(
      db,
      recent.filter(({ durationMs }) => durationMs !== null).map(({ id }) => id),
    ),
    waitingForLine: await countWaitingForLine(db, campaignId),
  };
}

const REFUSED = 'refused_by_gate';

async function contactFigures(db: Executor, campaignId: number) {
  // Of a refusal only its name: details differ from person to person.
  const refusal = sql<string | null>`case when ${campaignContacts.result} = ${REFUSED}
    then split_part(${campaignContacts.nextReason}, ':', 1) end`;
  const rows = await db
    .select({
      state: campaignContacts.state,
      result: campaignContacts.result,
      refusal,
      contacts: count(),
      attempts: sum(campaignContacts.attempts).mapWith(Number),
      nextAt: min(campaignContacts.nextAttemptAt),
      lastAt: max(campaignContacts.nextAttemptAt),
    })
    .from(campaignContacts)
    .where(eq(campaignContacts.campaignId, campaignId))
    .groupBy(campaignContacts.state, campaignContacts.result, sql`3`);
  const figures = {
    total: 0,
    attempts: 0,
    byResult: {} as Record<string, number>,
    refused: {} as Record<string, number>,
    retries: { planned: 0, nextAt: null as Date | null, lastAt: null as Date | null },
  };
  const byState = new Map<CampaignContactState, number>();
  for (const { state, result, refusal: refusedFor, ...row } of rows) {
    figures.total += row.contacts;
    figures.attempts += row.attempts;
    byState.set(state, (byState.get(state) ?? 0) + row.contacts);
    if (state === 'retry_scheduled') {
      figures.retries = { planned: row.contacts, nextAt: row.nextAt, lastAt: row.lastAt };
    }
    if (refusedFor !== null) figures.refused[refusedFor] = row.contacts;
    else if (result !== null) figures.byResult[result] = (figures.byResult[result] ?? 0) + row.contacts;
  }
  return { ...figures, byState: completeStates(byState) };
}

async function recentCalls(db: Executor, campaignId: number) {
  const rows = await db
    .select({ id: calls.id, endedAt: calls.endedAt, durationMs: calls.durationMs })
    .from(calls)
    .where(and(eq(calls.campaignId, campaignId), isNotNull(calls.endedAt)))
    .orderBy(desc(calls.endedAt))
    .limit(RECENT_CALLS);
  return rows.flatMap(({ endedAt, ...call }) => (endedAt === null ? [] : [{ ...call, endedAt }]));
}

async function latenciesOf(db: Executor, callIds: readonly string[]): Promise<TurnLatencies[]> {
  if (callIds.length === 0) return [];
  return turnLatenciesOf(db, inArray(callInteractions.callId, [...callIds]));
}

async function countWaitingForLine(db: Executor, campaignId: number): Promise<number> {
  const [row] = await db
    .select({ jobs: count() })
    .from(lineWants)
    .where(and(eq(lineWants.campaignId, campaignId), gt(lineWants.expiresAt, sql`clock_timestamp()`)));
  return row?.jobs ?? 0;
}
