import type { ExpectedAnswer } from './expected-answer.ts';
import { endsUnfinished, isBareAnswer, isShortAnswer } from './phrases.ts';

export interface EndpointingOptions {
  /** Silence after a complete short answer to a closed question ("oui", "non merci"). */
  shortAnswerSilenceMs: number;
  /** Silence after a sentence that can stand alone. */
  sentenceSilenceMs: number;
  /** Silence after a sentence that answers an open question: more may come. */
  openSilenceMs: number;
  /** Silence after speech of which nothing was understood. */
  unclearSilenceMs: number;
  /** Silence after a bare "oui" to an open question: the answer is still to come. */
  bareAnswerSilenceMs: number;
  /** Upper bound (`SILENCE_THRESHOLD`); waited for after an unfinished phrase ("euh", "parce que"). */
  maxSilenceMs: number;
  /** A turn longer than this is ended although the person still speaks. */
  maxTurnMs: number;
}

/**
 * How long the callee must have been silent for the turn to be over, given what was understood so far and what was asked.
 * Pure; always between 0 and `maxSilenceMs`.
 */
export function requiredSilenceMs(
  options: EndpointingOptions,
  { text, expected }: { text: string; expected: ExpectedAnswer },
): number {
  return Math.min(unboundedSilenceMs(options, text, expected), options.maxSilenceMs);
}

function unboundedSilenceMs(options: EndpointingOptions, text: string, expected: ExpectedAnswer): number {
  if (text === '') return options.unclearSilenceMs;
  if (endsUnfinished(text)) return options.maxSilenceMs;
  if (expected === 'open') return isBareAnswer(text) ? options.bareAnswerSilenceMs : options.openSilenceMs;
  return isShortAnswer(text) ? options.shortAnswerSilenceMs : options.sentenceSilenceMs;
}

/** Is the turn over? All times in audio milliseconds. */
export function isTurnOver(
  options: EndpointingOptions,
  turn: { startedMs: number; lastVoicedMs: number; nowMs: number; text: string; expected: ExpectedAnswer },
): boolean {
  if (turn.nowMs - turn.startedMs >= options.maxTurnMs) return true;
  return turn.nowMs - turn.lastVoicedMs >= requiredSilenceMs(options, turn);
}
