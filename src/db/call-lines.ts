import { asc, inArray, sql } from 'drizzle-orm';
import type { CalleeSpeech, PlayedPrompt } from '../call-engine/ports.ts';
import type { Executor } from './client.ts';
import { callLines } from './schema.ts';
import type { CallLine } from './schema.ts';
import { storable } from './text.ts';

/** Stores lines of a call's transcript by speaker and number: writing one again replaces it. */
export async function upsertLines(
  tx: Executor,
  callId: string,
  { prompts, speech }: { prompts: readonly PlayedPrompt[]; speech: readonly CalleeSpeech[] },
): Promise<void> {
  // A line may have been told twice; one statement must not touch a row twice.
  const rows = [
    ...new Map(prompts.map((prompt) => [prompt.number, promptRow(callId, prompt)])).values(),
    ...new Map(speech.map((said) => [said.number, speechRow(callId, said)])).values(),
  ];
  if (rows.length === 0) return;
  await tx
    .insert(callLines)
    .values(rows)
    .onConflictDoUpdate({
      target: [callLines.callId, callLines.speaker, callLines.number],
      set: {
        step: sql`excluded.step`,
        text: sql`excluded.text`,
        startedMs: sql`excluded.started_ms`,
        endedMs: sql`excluded.ended_ms`,
        heardMs: sql`excluded.heard_ms`,
        completed: sql`excluded.completed`,
        confidence: sql`excluded.confidence`,
        words: sql`excluded.words`,
      },
    });
}

/** What was said by both sides of these calls; each call's lines in the order in which they began. */
export async function listLines(db: Executor, callIds: readonly string[]): Promise<CallLine[]> {
  return db
    .select()
    .from(callLines)
    .where(inArray(callLines.callId, [...callIds]))
    .orderBy(asc(callLines.callId), asc(callLines.startedMs), asc(callLines.id));
}

function promptRow(callId: string, prompt: PlayedPrompt): typeof callLines.$inferInsert {
  return {
    callId,
    speaker: 'bot',
    number: prompt.number,
    step: storable(prompt.step),
    text: storable(prompt.text),
    startedMs: Math.round(prompt.startedMs),
    endedMs: prompt.endedMs === null ? null : Math.round(prompt.endedMs),
    heardMs: Math.round(prompt.heardMs),
    completed: prompt.completed,
  };
}

function speechRow(callId: string, said: CalleeSpeech): typeof callLines.$inferInsert {
  return {
    callId,
    speaker: 'contact',
    number: said.number,
    text: storable(said.text),
    startedMs: Math.round(said.startedMs),
    endedMs: Math.round(said.endedMs),
    confidence: said.confidence,
    words: said.words.map(({ word, startMs, endMs, confidence }) => ({
      word: storable(word),
      start_ms: Math.round(startMs),
      end_ms: Math.round(endMs),
      confidence,
    })),
  };
}
