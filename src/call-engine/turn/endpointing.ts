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

/** How long a pause must be depends on what was said before it. */
export type PauseRule = 'unclear' | 'unfinished' | 'open' | 'bare-answer' | 'short-answer' | 'sentence';

/** What ended a turn: a pause that was long enough, or its length. */
export type TurnEnd = PauseRule | 'longest-turn';

const SILENCE_OF = {
  unclear: 'unclearSilenceMs',
  unfinished: 'maxSilenceMs',
  open: 'openSilenceMs',
  'bare-answer': 'bareAnswerSilenceMs',
  'short-answer': 'shortAnswerSilenceMs',
  sentence: 'sentenceSilenceMs',
} as const satisfies Record<PauseRule, keyof EndpointingOptions>;

/**
 * How long the callee must have been silent for the turn to be over, given what was understood so far and what was asked.
 * Pure; always between 0 and `maxSilenceMs`.
 */
export function requiredSilenceMs(
  options: EndpointingOptions,
  { text, expected }: { text: string; expected: ExpectedAnswer },
): number {
  return Math.min(options[SILENCE_OF[pauseRule(text, expected)]], options.maxSilenceMs);
}

function pauseRule(text: string, expected: ExpectedAnswer): PauseRule {
  if (text === '') return 'unclear';
  if (endsUnfinished(text)) return 'unfinished';
  if (expected === 'open') return isBareAnswer(text) ? 'bare-answer' : 'open';
  return isShortAnswer(text) ? 'short-answer' : 'sentence';
}

/** Which rule says that the turn is over; null while it goes on. All times in audio milliseconds. */
export function turnEnd(
  options: EndpointingOptions,
  turn: { startedMs: number; lastVoicedMs: number; nowMs: number; text: string; expected: ExpectedAnswer },
): TurnEnd | null {
  if (turn.nowMs - turn.startedMs >= options.maxTurnMs) return 'longest-turn';
  const isLongEnough = turn.nowMs - turn.lastVoicedMs >= requiredSilenceMs(options, turn);
  return isLongEnough ? pauseRule(turn.text, turn.expected) : null;
}
