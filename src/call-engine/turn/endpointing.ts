import { endsUnfinished, isShortAnswer } from './phrases.ts';

export interface EndpointingOptions {
  /** Silence after a complete short answer ("oui", "non merci"). */
  shortAnswerSilenceMs: number;
  /** Silence after anything else. */
  openSilenceMs: number;
  /** Upper bound (`SILENCE_THRESHOLD`): after an unfinished phrase ("euh", "parce que"). */
  maxSilenceMs: number;
  /** A turn longer than this is ended although the person still speaks. */
  maxTurnMs: number;
}

/**
 * How long the callee must have been silent for the turn to be over, given what was understood so far.
 * Pure; always between 0 and `maxSilenceMs`.
 */
export function requiredSilenceMs(options: EndpointingOptions, text: string): number {
  const bounded = (ms: number) => Math.min(ms, options.maxSilenceMs);
  if (endsUnfinished(text)) return options.maxSilenceMs;
  return bounded(isShortAnswer(text) ? options.shortAnswerSilenceMs : options.openSilenceMs);
}

/** Is the turn over? All times in audio milliseconds. */
export function isTurnOver(
  options: EndpointingOptions,
  turn: { startedMs: number; lastVoicedMs: number; nowMs: number; text: string },
): boolean {
  if (turn.nowMs - turn.startedMs >= options.maxTurnMs) return true;
  return turn.nowMs - turn.lastVoicedMs >= requiredSilenceMs(options, turn.text);
}
