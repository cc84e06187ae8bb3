import { and, asc, count, desc, eq, min, ne } from 'drizzle-orm';
import { calls, campaignContacts, CAMPAIGN_CONTACT_STATES, contacts } from './schema.ts';
import type { Call, CampaignContactState } from './schema.ts';
import type { Executor } from './client.ts';

/** What a live view of a campaign shows. Numbers are whole: whoever prints them masks them. */
export interface CampaignSnapshot {
  /** Contacts of the campaign. */
  total: number;
  byState: Record<CampaignContactState, number>;
  /** Final results of contacts that are done. */
  byResult: Record<string, number>;
  /** When the next planned retry is due; null when none is planned. */
  nextAttemptAt: Date | null;
  /** Oldest first. */
  liveCalls: LiveCall[];
  /** Newest first, at most `finishedLimit`. */
  finishedCalls: FinishedCall[];
}

interface Callee {
  firstName: string | null;
  lastName: string | null;
  company: string | null;
}

export type LiveCall = Callee &
  Pick<
    Call,
    | 'id'
    | 'phone'
    | 'attempt'
    | 'status'
    | 'amdResult'
    | 'currentStep'
    | 'lastHeard'
    | 'startedAt'
    | 'ringingAt'
    | 'answeredAt'
  >;

export type FinishedCall = Callee &
  Pick<
    Call,
    | 'id'
    | 'contactId'
    | 'phone'
    | 'attempt'
    | 'result'
    | 'endReason'
    | 'hangupCause'
    | 'sipStatus'
    | 'counted'
    | 'amdResult'
    | 'steps'
    | 'transcription'
    | 'startedAt'
    | 'answeredAt'
    | 'endedAt'
    | 'durationMs'
    | 'recordingPath'
  >;

/** The state of a campaign now. Three indexed queries, whatever its size; meant to be asked about once a second. */
export async function campaignSnapshot(
  db: Executor,
  campaignId: number,
  { finishedLimit }: { finishedLimit: number },
): Promise<CampaignSnapshot> {
  const totals = await db
    .select({
      state: campaignContacts.state,
      result: campaignContacts.result,
      contacts: count(),
      nextAttemptAt: min(campaignContacts.nextAttemptAt),
    })
    .from(campaignContacts)
    .where(eq(campaignContacts.campaignId, campaignId))
    .groupBy(campaignContacts.state, campaignContacts.result);
  return {
    ...summarise(totals),
    liveCalls: await liveCallsOf(db, campaignId),
    finishedCalls: await finishedCalls(db, campaignId, finishedLimit),
  };
}

function summarise(
  rows: readonly {
    state: CampaignContactState;
    result: string | null;
    contacts: number;
    nextAttemptAt: Date | null;
  }[],
) {
  const byState = new Map<CampaignContactState, number>();
  const byResult: Record<string, number> = {};
  let total = 0;
  let nextAttemptAt: Date | null = null;
  for (const row of rows) {
    total += row.contacts;
    byState.set(row.state, (byState.get(row.state) ?? 0) + row.contacts);
    if (row.result !== null) byResult[row.result] = row.contacts;
    // While they are called, contacts keep the time at which that was planned.
    if (row.state === 'calling') continue;
    if (row.nextAttemptAt && (!nextAttemptAt || row.nextAttemptAt < nextAttemptAt))
      nextAttemptAt = row.nextAttemptAt;
  }
  return { total, byState: completeStates(byState), byResult, nextAttemptAt };
}

/** Every state, those without a contact too. */
export function completeStates(
  counted: ReadonlyMap<CampaignContactState, number>,
): Record<CampaignContactState, number> {
  return Object.fromEntries(
    CAMPAIGN_CONTACT_STATES.map((state) => [state, counted.get(state) ?? 0]),
  ) as Record<CampaignContactState, number>;
}

/** Oldest first. */
export async function liveCallsOf(db: Executor, campaignId: number): Promise<LiveCall[]> {
  return db
    .select({
      ...CALLEE,
      id: calls.id,
      phone: calls.phone,
      attempt: calls.attempt,
      status: calls.status,
      amdResult: calls.amdResult,
      currentStep: calls.currentStep,
      lastHeard: calls.lastHeard,
      startedAt: calls.startedAt,
      ringingAt: calls.ringingAt,
      answeredAt: calls.answeredAt,
    })
    .from(calls)
    .innerJoin(contacts, eq(contacts.id, calls.contactId))
    .where(and(eq(calls.campaignId, campaignId), ne(calls.status, 'completed')))
    .orderBy(asc(calls.startedAt));
}

async function finishedCalls(db: Executor, campaignId: number, limit: number): Promise<FinishedCall[]> {
  return db
    .select({
      ...CALLEE,
      id: calls.id,
      contactId: calls.contactId,
      phone: calls.phone,
      attempt: calls.attempt,
      result: calls.result,
      endReason: calls.endReason,
      hangupCause: calls.hangupCause,
      sipStatus: calls.sipStatus,
      counted: calls.counted,
      amdResult: calls.amdResult,
      steps: calls.steps,
      transcription: calls.transcription,
      startedAt: calls.startedAt,
      answeredAt: calls.answeredAt,
      endedAt: calls.endedAt,
      durationMs: calls.durationMs,
      recordingPath: calls.recordingPath,
    })
    .from(calls)
    .innerJoin(contacts, eq(contacts.id, calls.contactId))
    .where(and(eq(calls.campaignId, campaignId), eq(calls.status, 'completed')))
    .orderBy(desc(calls.endedAt))
    .limit(limit);
}

const CALLEE = { firstName: contacts.firstName, lastName: contacts.lastName, company: contacts.company };
