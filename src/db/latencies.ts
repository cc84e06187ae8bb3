import { and, desc, eq, inArray, isNotNull, type SQL } from 'drizzle-orm';
import type { TurnLatencies } from '../call-engine/ports.ts';
import type { Executor } from './client.ts';
import { callInteractions, calls } from './schema.ts';

export interface MeasuredLatencies {
  /** Answered calls looked at. */
  calls: number;
  /** One for each turn in them. */
  turns: TurnLatencies[];
}

/** The latencies of the last answered calls, of one campaign or of all. */
export async function latestLatencies(
  db: Executor,
  { campaignId, lastCalls }: { campaignId: number | null; lastCalls: number },
): Promise<MeasuredLatencies> {
  const latest = await db
    .select({ id: calls.id })
    .from(calls)
    .where(
      and(isNotNull(calls.answeredAt), campaignId === null ? undefined : eq(calls.campaignId, campaignId)),
    )
    .orderBy(desc(calls.answeredAt))
    .limit(lastCalls);
  return {
    calls: latest.length,
    turns: await turnLatenciesOf(
      db,
      inArray(
        callInteractions.callId,
        latest.map(({ id }) => id),
      ),
    ),
  };
}

export async function turnLatenciesOf(db: Executor, which: SQL): Promise<TurnLatencies[]> {
  const rows = await db
    .select({
      bargeInMs: callInteractions.bargeInLatencyMs,
      asrMs: callInteractions.asrLatencyMs,
      intentMs: callInteractions.intentLatencyMs,
      totalMs: callInteractions.totalLatencyMs,
      streaming: callInteractions.streamingMetadata,
    })
    .from(callInteractions)
    .where(which);
  return rows.map(({ streaming, ...latencies }) => ({
    ...latencies,
    endpointingMs: streaming.endpointing_ms,
    responseMs: streaming.response_ms,
  }));
}
