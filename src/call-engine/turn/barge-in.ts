import { echoesPrompt, isBackchannel } from './phrases.ts';
import type { SpokenWords } from './turn-words.ts';

export interface BargeInOptions {
  /** Speech in the first moments of a prompt never stops it (`BARGE_IN_GRACE_PERIOD`). */
  gracePeriodMs: number;
  /** Speech of this length (`SPEECH_START_THRESHOLD`) takes the turn when it has words; shorter speech when they are clear. */
  commitSpeechMs: number;
  /** How sure (0–1) the recogniser must be of the words of long and of short speech: coughs and music make some too. */
  minConfidence: number;
  minShortConfidence: number;
  /** Sound of this length without any word is taken for noise: the prompt goes on. */
  wordlessResumeMs: number;
  /** Nobody is waited out for longer than this: the words so far decide. */
  longSpeechMs: number;
  /** Words that are not decoded so long after that are not waited for. */
  decodingMs: number;
  /** A prompt's echo dies away within this when it is paused: what is fainter than a voice must go on for longer. */
  echoDelayMs: number;
  /** Sound below this mean level may be the prompt's echo, or come from beside the telephone. */
  faintDbfs: number;
}

/** A stretch of sound from the callee. */
export interface HeardSpeech {
  /** Length of the open or last segment. */
  speechMs: number;
  /** Mean level of its voiced frames. */
  levelDbfs: number;
}

/** What the callee is doing while a prompt plays. */
export interface BargeInInput extends HeardSpeech {
  /** Audio time. */
  nowMs: number;
  /** When the callee was last heard. */
  lastVoicedMs: number;
  /** How long the turn has lasted. */
  turnMs: number;
  /** Audio time of this prompt heard so far, pauses excluded. */
  promptElapsedMs: number;
  /** A speech segment is open (the onset window has passed, the stop window has not). */
  isSpeaking: boolean;
  /** What was recognised of the turn so far; `''` until there is something. */
  text: string;
  /** What of it is decoded to the end; null when nothing is. */
  decoded: SpokenWords | null;
  /** Something is still being spoken or decoded. */
  isUnsettled: boolean;
}

/** `decode`: the words so far are needed although the callee goes on. `dismiss`: this sound, for which it did not pause, was noise. */
export type BargeInAction = 'pause' | 'commit' | 'resume' | 'decode' | 'dismiss';

type State =
  /** The prompt is audible. */
  | 'playing'
  /** Silenced at once on speech, until it is clear whether the callee takes the turn. */
  | 'paused'
  /** This sound was judged noise: the prompt is audible again until its words say otherwise. */
  | 'dismissed'
  | 'committed';

type Verdict = 'takes-turn' | 'takes-none' | 'open';

/**
 * Decides, in two stages, whether speech over a prompt stops it: pause fast (on speech), then commit (words) or
 * resume exactly where it stopped (noise, cough, backchannel, echo). One per prompt; counts audio time only.
 */
export class BargeIn {
  private state: State = 'playing';
  private hasAskedToDecode = false;
  private pausedSinceMs = 0;
  /** The callee was still heard when an echo would have died away. */
  private hasOutlastedPause = false;

  constructor(
    private readonly options: BargeInOptions,
    private readonly promptText: string,
  ) {}

  /** Takes one frame's worth of observation; null means: go on as you are. */
  advance(input: BargeInInput): BargeInAction | null {
    switch (this.state) {
      case 'playing':
        return this.whilePlaying(input);
      case 'paused':
        return this.whilePaused(input);
      case 'dismissed':
        return this.whileDismissed(input);
      case 'committed':
        return null;
    }
  }

  /** The turn has ended and was none: a prompt that stands still goes on. */
  dismiss(): BargeInAction | null {
    return this.state === 'paused' ? this.enter('playing', 'resume') : null;
  }

  /** Are these words, said over the prompt, a turn of the callee's? */
  takesTheTurn(words: SpokenWords, speech: HeardSpeech): boolean {
    return this.isMeantForUs(words, speech) && !isBackchannel(words.text);
  }

  /** Clear words; where they are faint, also not what an echo may leave of the prompt's. */
  isMeantForUs(words: SpokenWords, speech: HeardSpeech): boolean {
    if (!this.isClear(words, speech)) return false;
    if (!this.isFaint(speech) || isBackchannel(words.text)) return true;
    return this.hasOutlastedPause && words.text.includes(' ');
  }

  /** Somebody said this to us: it is not what the recogniser makes of a cough, of music, or of the prompt's echo. */
  isClear({ text, confidence }: SpokenWords, speech: HeardSpeech): boolean {
    const { commitSpeechMs, minConfidence, minShortConfidence } = this.options;
    if (text === '' || this.isEcho(text, speech)) return false;
    return confidence >= (speech.speechMs >= commitSpeechMs ? minConfidence : minShortConfidence);
  }

  isFaint({ levelDbfs }: HeardSpeech): boolean {
    return levelDbfs < this.options.faintDbfs;
  }

  private whilePlaying(input: BargeInInput): BargeInAction | null {
    if (!input.isSpeaking || input.promptElapsedMs < this.options.gracePeriodMs) return null;
    // It has gone on all through the grace period: its words are known sooner than a pause would be heard.
    const isLong = input.turnMs >= this.options.longSpeechMs;
    if (isLong && !this.isFaint(input)) return this.enter('dismissed', 'decode');
    this.pausedSinceMs = input.nowMs;
    this.hasOutlastedPause = false;
    return this.enter('paused', 'pause');
  }

  private whilePaused(input: BargeInInput): BargeInAction | null {
    this.hasOutlastedPause ||= input.lastVoicedMs - this.pausedSinceMs >= this.options.echoDelayMs;
    switch (this.verdictOn(input)) {
      case 'takes-turn':
        return this.enter('committed', 'commit');
      case 'takes-none':
        return this.enter(input.isSpeaking ? 'dismissed' : 'playing', 'resume');
      case 'open':
        return this.askToDecode(input);
    }
  }

  private whileDismissed(input: BargeInInput): BargeInAction | null {
    const { decoded, isUnsettled } = input;
    if (decoded === null) return isUnsettled ? null : this.enter('playing', null);
    if (this.takesTheTurn(decoded, input)) return this.enter('committed', 'commit');
    if (!isUnsettled) return this.enter('playing', 'dismiss');
    return 'dismiss';
  }

  private verdictOn(input: BargeInInput): Verdict {
    const { isSpeaking, speechMs, text, decoded, isUnsettled, nowMs } = input;
    const { longSpeechMs, decodingMs, wordlessResumeMs } = this.options;
    if (decoded !== null && (!isUnsettled || this.hasAskedToDecode)) {
      return this.takesTheTurn(decoded, input) ? 'takes-turn' : 'takes-none';
    }
    if (nowMs - this.pausedSinceMs >= longSpeechMs + decodingMs) return 'takes-none';
    if (isSpeaking) return text === '' && speechMs >= wordlessResumeMs ? 'takes-none' : 'open';
    return text === '' || isBackchannel(text) || this.isEcho(text, input) ? 'takes-none' : 'open';
  }

  private askToDecode({ nowMs }: BargeInInput): BargeInAction | null {
    if (this.hasAskedToDecode || nowMs - this.pausedSinceMs < this.options.longSpeechMs) return null;
    this.hasAskedToDecode = true;
    return 'decode';
  }

  /** The prompt's own words, come back. */
  isEcho(text: string, speech: HeardSpeech): boolean {
    return this.isFaint(speech) && echoesPrompt(text, this.promptText);
  }

  private enter(state: State, action: BargeInAction | null): BargeInAction | null {
    this.state = state;
    this.hasAskedToDecode = action === 'decode';
    return action;
  }
}
