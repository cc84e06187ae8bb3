import { isBackchannel } from './phrases.ts';

export interface BargeInOptions {
  /** Speech in the first moments of a prompt never stops it (`BARGE_IN_GRACE_PERIOD`). */
  gracePeriodMs: number;
  /** Speech of this length with words in it commits (`SPEECH_START_THRESHOLD`). */
  commitSpeechMs: number;
  /** Sound of this length without any word is taken for noise: the prompt goes on. */
  wordlessResumeMs: number;
}

/** What the callee is doing while a prompt plays. */
export interface BargeInInput {
  /** Audio time of this prompt heard so far, pauses excluded. */
  promptElapsedMs: number;
  /** A speech segment is open (the onset window has passed, the stop window has not). */
  isSpeaking: boolean;
  /** Length of the open or last segment. */
  speechMs: number;
  /** What was recognised since the segment began; `''` until there is something. */
  text: string;
}

export type BargeInAction = 'pause' | 'commit' | 'resume';

type State =
  /** The prompt is audible. */
  | 'playing'
  /** Silenced at once on speech, until it is clear whether the callee takes the turn. */
  | 'paused'
  /** This sound was judged noise or backchannel: the prompt is audible again until it ends or words appear. */
  | 'dismissed'
  | 'committed';

/**
 * Decides, in two stages, whether speech over a prompt stops it: pause fast (on speech), then commit (words) or
 * resume exactly where it stopped (noise, cough, backchannel). One per prompt; counts audio time only.
 */
export class BargeIn {
  private state: State = 'playing';

  constructor(private readonly options: BargeInOptions) {}

  get isCommitted(): boolean {
    return this.state === 'committed';
  }

  /** Takes one frame's worth of observation; null means: go on as you are. */
  advance(input: BargeInInput): BargeInAction | null {
    switch (this.state) {
      case 'playing':
        if (!input.isSpeaking || input.promptElapsedMs < this.options.gracePeriodMs) return null;
        return this.enter('paused', 'pause');
      case 'paused':
        if (this.takesTheTurn(input)) return this.enter('committed', 'commit');
        if (!input.isSpeaking) return this.enter('playing', 'resume');
        if (input.speechMs >= this.options.wordlessResumeMs) return this.enter('dismissed', 'resume');
        return null;
      case 'dismissed':
        if (this.takesTheTurn(input)) return this.enter('committed', 'commit');
        if (!input.isSpeaking) this.state = 'playing';
        return null;
      case 'committed':
        return null;
    }
  }

  private takesTheTurn(input: BargeInInput): boolean {
    if (input.text === '' || isBackchannel(input.text)) return false;
    // A single word may be the beginning of a backchannel still being recognised: wait for length or a second word.
    return input.speechMs >= this.options.commitSpeechMs || input.text.includes(' ') || !input.isSpeaking;
  }

  private enter(state: State, action: BargeInAction): BargeInAction {
    this.state = state;
    return action;
  }
}
