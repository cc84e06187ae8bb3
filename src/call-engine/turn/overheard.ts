import type { BargeIn } from './barge-in.ts';
import type { HeardTurn } from './listener.ts';
import { isBackchannel } from './phrases.ts';
import type { SpokenWords } from './turn-words.ts';

/** A turn with its words, and when they were known. */
export interface Utterance {
  heard: HeardTurn;
  words: SpokenWords;
  wordsAtMs: number;
}

/** Said over a prompt that had not given way to it. */
export interface Overheard extends Utterance {
  /** How much of the prompt had been heard then. */
  saidAtMs: number;
  /** Since when it might have stopped the prompt; null: never. */
  spokenOverAtMs: number | null;
}

/** A prompt as what was said over it is judged. */
interface SpokenOver {
  bargeIn: BargeIn;
  heardMs: number;
}

/** Said so near the prompt's end that it answers it; what may as well be a backchannel, nearer. */
export function overlapsEnd(
  { saidAtMs, heard, words }: Overheard,
  { bargeIn, heardMs }: SpokenOver,
  options: { answerOverlapMs: number; backchannelOverlapMs: number },
): boolean {
  const overlapMs = isBackchannel(words.text) ? options.backchannelOverlapMs : options.answerOverlapMs;
  return heardMs - saidAtMs <= overlapMs && bargeIn.isMeantForUs(words, heard);
}

/** The prompt's last words come back after its end. */
export function isEndOfEcho(
  { heard, words }: Pick<Utterance, 'heard' | 'words'>,
  { bargeIn }: Pick<SpokenOver, 'bargeIn'>,
  { promptEndedAtMs, echoDelayMs }: { promptEndedAtMs: number; echoDelayMs: number },
): boolean {
  if (heard.speechStartedAtMs > promptEndedAtMs + echoDelayMs) return false;
  if (!bargeIn.isFaint(heard)) return false;
  const endsWithPrompt = heard.speechEndedAtMs <= promptEndedAtMs + echoDelayMs;
  return !(endsWithPrompt ? bargeIn.isMeantForUs(words, heard) : bargeIn.isClear(words, heard));
}
