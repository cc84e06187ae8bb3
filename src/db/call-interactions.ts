import { asc, inArray, sql } from 'drizzle-orm';
import type { Turn } from '../call-engine/ports.ts';
import type { Executor } from './client.ts';
import { callInteractions } from './schema.ts';
import type { CallInteraction } from './schema.ts';
import { storable } from './text.ts';

/** Stores turns of a call by their number: writing one again replaces it. */
export async function upsertTurns(
  tx: Executor,
  callId: string,
  turns: readonly { at: Date; turn: Turn }[],
): Promise<void> {
  // A turn may have been recorded twice; one statement must not touch a row twice.
  const byNumber = new Map(turns.map((entry) => [entry.turn.turnNumber, entry]));
  if (byNumber.size === 0) return;
  await tx
    .insert(callInteractions)
    .values([...byNumber.values()].map(({ at, turn }) => rowOf(callId, at, turn)))
    .onConflictDoUpdate({
      target: [callInteractions.callId, callInteractions.turnNumber],
      set: {
        step: sql`excluded.step`,
        transcription: sql`excluded.transcription`,
        asrConfidence: sql`excluded.asr_confidence`,
        intent: sql`excluded.intent`,
        intentConfidence: sql`excluded.intent_confidence`,
        asrLatencyMs: sql`excluded.asr_latency_ms`,
        intentLatencyMs: sql`excluded.intent_latency_ms`,
        bargeInLatencyMs: sql`excluded.barge_in_latency_ms`,
        totalLatencyMs: sql`excluded.total_latency_ms`,
        bargeInDetected: sql`excluded.barge_in_detected`,
        processingMethod: sql`excluded.processing_method`,
        speechNumber: sql`excluded.speech_number`,
        objectionId: sql`excluded.objection_id`,
        nextStep: sql`excluded.next_step`,
        streamingMetadata: sql`excluded.streaming_metadata`,
      },
    });
}

/** What was said in these calls; each call's turns in order. */
export async function listTurns(db: Executor, callIds: readonly string[]): Promise<CallInteraction[]> {
  return db
    .select()
    .from(callInteractions)
    .where(inArray(callInteractions.callId, [...callIds]))
    .orderBy(asc(callInteractions.callId), asc(callInteractions.turnNumber));
}

function rowOf(callId: string, at: Date, turn: Turn): typeof callInteractions.$inferInsert {
  const { latencies } = turn;
  return {
    callId,
    turnNumber: turn.turnNumber,
    step: storable(turn.step),
    transcription: storable(turn.transcript),
    asrConfidence: turn.asrConfidence,
    intent: turn.intent,
    intentConfidence: turn.intentConfidence,
    asrLatencyMs: latencies.asrMs,
    intentLatencyMs: latencies.intentMs,
    bargeInLatencyMs: latencies.bargeInMs,
    totalLatencyMs: latencies.totalMs,
    bargeInDetected: turn.bargeIn,
    processingMethod: turn.processingMethod,
    speechNumber: turn.speechNumber,
    objectionId: turn.objectionId,
    nextStep: turn.nextStep,
    streamingMetadata: { endpointing_ms: latencies.endpointingMs, response_ms: latencies.responseMs },
    createdAt: at,
  };
}
