import { and, eq, ne, sql } from 'drizzle-orm';
import type {
  AmdVerdict,
  CalleeSpeech,
  JournalEntry,
  MessageLeft,
  PlayedPrompt,
  Turn,
} from '../call-engine/ports.ts';
import { MinibotError } from '../errors.ts';
import { upsertTurns } from './call-interactions.ts';
import { upsertLines } from './call-lines.ts';
import type { AttemptRef } from './calls.ts';
import type { Executor } from './client.ts';
import { calls } from './schema.ts';
import { storable } from './text.ts';

/** Several journal entries folded into what they change: two rows' worth of writing however many they were. */
export interface CallProgress {
  ringingAt: Date | null;
  answeredAt: Date | null;
  amd: AmdVerdict | null;
  message: MessageLeft | null;
  /** All steps entered since the call began, so that a repeated write does no harm; null when none is new. */
  steps: readonly string[] | null;
  lastHeard: string | null;
  turns: { at: Date; turn: Turn }[];
  prompts: PlayedPrompt[];
  speech: CalleeSpeech[];
  recording: { path: string; sinceAnswerMs: number } | null;
  recordingProblem: string | null;
}

/** `stepsBefore`: steps entered before these entries. */
export function foldEntries(entries: readonly JournalEntry[], stepsBefore: readonly string[]): CallProgress {
  const progress: CallProgress = {
    ringingAt: null,
    answeredAt: null,
    amd: null,
    message: null,
    steps: null,
    lastHeard: null,
    turns: [],
    prompts: [],
    speech: [],
    recording: null,
    recordingProblem: null,
  };
  for (const entry of entries) {
    switch (entry.type) {
      case 'created':
        break;
      case 'ringing':
        progress.ringingAt = entry.at;
        break;
      case 'answered':
        progress.answeredAt = entry.at;
        break;
      case 'amd-decided':
        progress.amd = entry.amd;
        break;
      case 'message-left':
        progress.message = entry.message;
        break;
      case 'step-entered':
        progress.steps = [...(progress.steps ?? stepsBefore), entry.step];
        break;
      case 'partial-heard':
        progress.lastHeard = entry.text;
        break;
      case 'turn-taken':
        progress.turns.push({ at: entry.at, turn: entry.turn });
        if (entry.turn.transcript !== '') progress.lastHeard = entry.turn.transcript;
        break;
      case 'prompt-played':
        progress.prompts.push(entry.prompt);
        break;
      case 'speech-heard':
        progress.speech.push(entry.speech);
        break;
      case 'recording-started':
        progress.recording = entry;
        break;
      case 'recording-failed':
        progress.recordingProblem = entry.problem;
        break;
    }
  }
  return progress;
}

/**
 * Writes progress to the call's row and its turns, all or nothing; may be repeated. Throws `attempt_lost` when the
 * call is completed or belongs to another worker now.
 */
export async function storeProgress(db: Executor, ref: AttemptRef, progress: CallProgress): Promise<void> {
  if (progress.turns.length + progress.prompts.length + progress.speech.length === 0) {
    return updateCall(db, ref, progress);
  }
  await db.transaction(async (tx) => {
    await updateCall(tx, ref, progress);
    await upsertTurns(tx, ref.id, progress.turns);
    await upsertLines(tx, ref.id, progress);
  });
}

async function updateCall(db: Executor, ref: AttemptRef, progress: CallProgress): Promise<void> {
  const { ringingAt, answeredAt, amd, message, steps, lastHeard, recording, recordingProblem } = progress;
  const updated = await db
    .update(calls)
    .set({
      // Changes nothing; a statement must set something, and the row must be locked before its turns are written.
      fencingToken: ref.fencingToken,
      ...(ringingAt && { ringingAt: sql`coalesce(${calls.ringingAt}, ${ringingAt}::timestamptz)` }),
      ...(answeredAt && { answeredAt: sql`coalesce(${calls.answeredAt}, ${answeredAt}::timestamptz)` }),
      ...((ringingAt ?? answeredAt) && { status: answeredAt ? ACTIVE : RINGING }),
      ...(amd && { amdResult: amd.result, amdReason: storable(amd.reason), amdAfterMs: amd.afterMs }),
      ...(message && { voicemailPlayedMs: message.playedMs, voicemailCompleted: message.completed }),
      ...(steps && { steps: steps.map(storable), currentStep: storable(steps.at(-1) ?? '') }),
      ...(lastHeard !== null && { lastHeard: storable(lastHeard) }),
      ...(recording && {
        recordingPath: recording.path,
        recordingStartedMs: Math.round(recording.sinceAnswerMs),
      }),
      ...(recordingProblem !== null && { recordingProblem: storable(recordingProblem) }),
    })
    .where(and(eq(calls.id, ref.id), eq(calls.fencingToken, ref.fencingToken), ne(calls.status, 'completed')))
    .returning({ id: calls.id });
  if (updated.length === 0) {
    throw new MinibotError(
      'attempt_lost',
      `call ${ref.id} is completed or was taken over by another worker: what happens in it is no longer stored`,
    );
  }
}

/** A status never goes back, in whatever order entries are written again. */
const RINGING = sql`case when ${calls.status} in ('reserved', 'dialing') then 'ringing' else ${calls.status} end`;
const ACTIVE = sql`'active'`;
