import type { Intent } from '../call-engine/intent/intents.ts';
import type { Call, CallInteraction, CallLine, LineWord } from '../db/schema.ts';

/** What was said in a call, both sides. Times are milliseconds since the answer. */
export interface CallTranscript {
  callId: string;
  campaignId: number;
  attempt: number;
  answeredAt: Date | null;
  durationMs: number | null;
  result: string | null;
  /** When the recording begins, if there is one: what was said before is not in it. */
  recordingStartedMs: number | null;
  /** When the words were removed because they had been kept for as long as they may. */
  purgedAt: Date | null;
  lines: TranscriptLine[];
}

export type TranscriptLine = BotLine | ContactLine;

interface Line {
  text: string;
  startMs: number;
  /** Null when nobody saw its end. */
  endMs: number | null;
}

interface BotLine extends Line {
  speaker: 'bot';
  step: string;
  /** How much of the prompt was heard, and whether that was all of it. */
  heardMs: number;
  completed: boolean;
}

interface ContactLine extends Line {
  speaker: 'contact';
  /** 0–1; null when it was not recognised to its end. */
  confidence: number | null;
  words: { word: string; startMs: number; endMs: number; confidence: number }[];
  /** What it was taken for; null for what was no answer, such as a backchannel. */
  turn: { number: number; intent: Intent; confidence: number } | null;
}

/** `lines` in the order in which they are to be read. */
export function transcriptOf(
  call: Call,
  lines: readonly CallLine[],
  turns: readonly CallInteraction[],
): CallTranscript {
  const turnOf = new Map(turns.map((turn) => [turn.speechNumber, turn]));
  return {
    callId: call.id,
    campaignId: call.campaignId,
    attempt: call.attempt,
    answeredAt: call.answeredAt,
    durationMs: call.durationMs,
    result: call.result,
    recordingStartedMs: call.recordingStartedMs,
    purgedAt: call.transcriptPurgedAt,
    lines: lines.map((line) => {
      const { text, startedMs: startMs, endedMs: endMs } = line;
      if (line.speaker === 'bot') {
        return {
          speaker: 'bot',
          step: line.step ?? '',
          text,
          startMs,
          endMs,
          heardMs: line.heardMs ?? 0,
          completed: line.completed ?? false,
        };
      }
      const turn = turnOf.get(line.number);
      return {
        speaker: 'contact',
        text,
        startMs,
        endMs,
        confidence: line.confidence,
        words: (line.words ?? []).map(wordOf),
        turn:
          turn === undefined
            ? null
            : { number: turn.turnNumber, intent: turn.intent, confidence: turn.intentConfidence },
      };
    }),
  };
}

/**
 * One line for each that was said, for people of any language:
 * `[00:04.2–00:05.1] Contact: oui d'accord → affirm`; `✂ 1.2 s` behind a prompt that was cut after so much of it.
 */
export function transcriptText({ lines }: CallTranscript): string {
  return lines.map((line) => `${lineText(line)}\n`).join('');
}

function lineText(line: TranscriptLine): string {
  const when = `[${clock(line.startMs)}–${line.endMs === null ? '…' : clock(line.endMs)}]`;
  const said = line.text === '' ? '…' : line.text;
  if (line.speaker === 'bot') {
    const cut = line.completed ? '' : ` ✂ ${(line.heardMs / 1000).toFixed(1)} s`;
    return `${when} Bot (${line.step}): ${said}${cut}`;
  }
  return `${when} Contact: ${said}${line.turn === null ? '' : ` → ${line.turn.intent}`}`;
}

/** `01:04.2` */
function clock(ms: number): string {
  const tenths = Math.round(ms / 100);
  const seconds = Math.floor(tenths / 10);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}.${tenths % 10}`;
}

function wordOf({ word, start_ms: startMs, end_ms: endMs, confidence }: LineWord) {
  return { word, startMs, endMs, confidence };
}
