import { describe, expect, it } from 'vitest';
import {
  BargeIn,
  type BargeInAction,
  type BargeInInput,
  type BargeInOptions,
} from '../../../../src/call-engine/turn/barge-in.ts';

const OPTIONS: BargeInOptions = {
  gracePeriodMs: 3000,
  commitSpeechMs: 500,
  minConfidence: 0.8,
  minShortConfidence: 0.85,
  wordlessResumeMs: 1200,
  longSpeechMs: 2500,
  decodingMs: 500,
  echoDelayMs: 400,
  faintDbfs: -33,
};
const PROMPT = "L'or peut diversifier une épargne, mais son cours varie.";
const FRAME_MS = 20;
const QUIET: BargeInInput = {
  nowMs: 0,
  lastVoicedMs: 0,
  turnMs: 0,
  promptElapsedMs: 4000,
  isSpeaking: false,
  speechMs: 0,
  levelDbfs: -20,
  text: '',
  decoded: null,
  isUnsettled: false,
};

/** One stretch of frames: somebody speaking for `speechMs`, or quiet after that. */
interface Stretch {
  ms: number;
  speaking?: boolean;
  text?: string;
  /** Decoded to the end, with this confidence. */
  sure?: number;
  level?: number;
  elapsed?: number;
}

class Prompt {
  readonly bargeIn = new BargeIn(OPTIONS, PROMPT);
  private nowMs = 0;
  private onsetMs: number | null = null;
  private lastVoicedMs = 0;

  /** What was done during the stretch. */
  hear({ ms, speaking = false, text = '', sure, level = -20, elapsed = 4000 }: Stretch): BargeInAction[] {
    const actions: BargeInAction[] = [];
    for (let passed = 0; passed < ms; passed += FRAME_MS) {
      this.nowMs += FRAME_MS;
      if (speaking) {
        this.onsetMs ??= this.nowMs - 60;
        this.lastVoicedMs = this.nowMs;
      }
      const action = this.bargeIn.advance({
        nowMs: this.nowMs,
        lastVoicedMs: this.lastVoicedMs,
        turnMs: this.onsetMs === null ? 0 : this.nowMs - this.onsetMs,
        promptElapsedMs: elapsed,
        isSpeaking: speaking,
        speechMs: this.lastVoicedMs - (this.onsetMs ?? this.lastVoicedMs),
        levelDbfs: level,
        text,
        decoded: sure === undefined ? null : { text, confidence: sure, hasUnknownWords: text === '' },
        isUnsettled: speaking || (this.onsetMs !== null && sure === undefined),
      });
      if (action !== null) actions.push(action);
    }
    return actions;
  }

  say(text: string, ms: number, { sure = 1, level = -20 } = {}): BargeInAction[] {
    return [
      ...this.hear({ ms: 200, speaking: true, level }),
      ...this.hear({ ms: ms - 200, speaking: true, text, level }),
      ...this.hear({ ms: 80, text, level }),
      ...this.hear({ ms: 80, text, sure, level }),
    ];
  }
}

describe('BargeIn', () => {
  it('pauses on the first frame of speech, then commits on words once they are decoded', () => {
    const prompt = new Prompt();
    expect(prompt.hear({ ms: 200 })).toEqual([]);
    expect(prompt.hear({ ms: 20, speaking: true })).toEqual(['pause']);
    expect(prompt.hear({ ms: 600, speaking: true, text: 'attendez' })).toEqual([]);
    expect(prompt.hear({ ms: 60, text: 'attendez' })).toEqual([]);
    expect(prompt.hear({ ms: 60, text: 'attendez', sure: 1 })).toEqual(['commit']);
  });

  it('lets speech within the grace period pass', () => {
    expect(new Prompt().hear({ ms: 400, speaking: true, text: 'allô oui', elapsed: 2980 })).toEqual([]);
  });

  it('gives way when speech begun within the grace period lasts beyond it', () => {
    const prompt = new Prompt();
    expect(prompt.hear({ ms: 400, speaking: true, text: 'non', elapsed: 2980 })).toEqual([]);
    expect(prompt.hear({ ms: 200, speaking: true, text: 'non mais', elapsed: 3000 })).toEqual(['pause']);
  });

  it('has the words decoded, without a pause, of somebody who speaks all through the grace period', () => {
    const prompt = new Prompt();
    prompt.hear({ ms: 2800, speaking: true, text: 'non mais', elapsed: 2980 });
    expect(prompt.hear({ ms: 20, speaking: true, text: 'non mais', elapsed: 3000 })).toEqual(['decode']);
    expect(prompt.hear({ ms: 20, speaking: true, text: 'non mais écoutez', sure: 0.95 })).toEqual(['commit']);
  });

  it.each(['oui', "d'accord", 'mm', 'oui oui', 'ah oui', 'tout à fait', "d'accord oui"])(
    'resumes after the backchannel « %s »',
    (text) => {
      expect(new Prompt().say(text, 500)).toEqual(['pause', 'resume']);
    },
  );

  it('resumes after a cough, and can be interrupted again', () => {
    const prompt = new Prompt();
    expect(prompt.hear({ ms: 300, speaking: true })).toEqual(['pause']);
    expect(prompt.hear({ ms: 20 })).toEqual(['resume']);
    expect(prompt.hear({ ms: 20, speaking: true })).toEqual(['pause']);
  });

  it('does not take what the recogniser makes of a cough for words', () => {
    expect(new Prompt().say('à enfants', 700, { sure: 0.72 })).toEqual(['pause', 'resume']);
    expect(new Prompt().say('par', 300, { sure: 0.82 })).toEqual(['pause', 'resume']);
    expect(new Prompt().say('non', 300, { sure: 0.95 })).toEqual(['pause', 'commit']);
  });

  it('goes on under lasting noise without words, but stops when words turn out to be in it', () => {
    const prompt = new Prompt();
    expect(prompt.hear({ ms: 1000, speaking: true })).toEqual(['pause']);
    expect(prompt.hear({ ms: 400, speaking: true })).toEqual(['resume']);
    expect(prompt.hear({ ms: 400, speaking: true, text: 'je suis pas' })).toEqual([]);
    expect(prompt.hear({ ms: 20, text: 'je suis pas intéressé', sure: 0.9 })).toEqual(['commit']);
  });

  it('has the words so far decoded when somebody speaks on and on', () => {
    const prompt = new Prompt();
    prompt.hear({ ms: 200, speaking: true });
    expect(prompt.hear({ ms: 2400, speaking: true, text: 'oui alors moi' })).toEqual(['decode']);
    expect(prompt.hear({ ms: 20, speaking: true, text: 'oui alors moi je', sure: 0.9 })).toEqual(['commit']);
  });

  it('does not stand still for longer than that when the words do not come', () => {
    const prompt = new Prompt();
    prompt.hear({ ms: 200, speaking: true });
    expect(prompt.hear({ ms: 3200, speaking: true, text: 'on' })).toEqual(['decode', 'resume']);
  });

  it('waits for the words of short speech, and resumes when the turn turns out to be none', () => {
    const prompt = new Prompt();
    prompt.hear({ ms: 300, speaking: true, text: 'non' });
    expect(prompt.hear({ ms: 800, text: 'non' })).toEqual([]);
    expect(prompt.bargeIn.dismiss()).toBe('resume');
    expect(prompt.bargeIn.dismiss()).toBeNull();
  });

  it('resumes for its own echo, which dies away in the pause', () => {
    const echo = { sure: 0.95, level: -38 };
    expect(new Prompt().say('diversifier une épargne', 300, echo)).toEqual(['pause', 'resume']);
    expect(new Prompt().say('rappelez vendredi', 300, echo)).toEqual(['pause', 'resume']);
    // The same from somebody near the telephone.
    expect(new Prompt().say('rappelez vendredi', 300)).toEqual(['pause', 'commit']);
  });

  it('stops for a faint voice that speaks on in the pause', () => {
    expect(new Prompt().say('je ne suis pas intéressé', 1200, { level: -38 })).toEqual(['pause', 'commit']);
  });

  it('decides only once', () => {
    const prompt = new Prompt();
    prompt.say('non merci', 600);
    expect(prompt.hear({ ms: 400, speaking: true, text: 'non merci au revoir' })).toEqual([]);
  });

  it('says nothing when nothing is said', () => {
    expect(new BargeIn(OPTIONS, PROMPT).advance(QUIET)).toBeNull();
  });
});
