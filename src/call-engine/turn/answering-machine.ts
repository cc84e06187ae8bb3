import type { AmdVerdict } from '../ports.ts';
import type { MachineTone } from './beep-detector.ts';
import { machineProbability, tellingWords } from './greeting-model.ts';

export interface AnsweringMachineOptions {
  /** `hybrid`: timing, words and beep. `energy` and `silence`: timing alone. */
  method: 'hybrid' | 'energy' | 'silence';
  /** The verdict comes at the latest after this much audio (`AMD_MAX_GREETING_MS`). */
  maxGreetingMs: number;
  /** Silence after a greeting that means: the person waits for us (`AMD_SILENCE_THRESHOLD_MS`). */
  afterGreetingSilenceMs: number;
  /** The same after a greeting recognised as a person's ("allô ?"). */
  afterPersonGreetingSilenceMs: number;
  /** Nobody said anything for this long: start talking (verdict UNKNOWN). */
  initialSilenceMs: number;
  /** A greeting with less voice than this is a person's (`AMD_HUMAN_SPEECH_THRESHOLD`). */
  humanSpeechMs: number;
  /** A greeting with more voice than this is a machine's (`AMD_MACHINE_SPEECH_THRESHOLD`). */
  machineSpeechMs: number;
}

/** One frame as the detector sees it. */
export interface AmdFrame {
  /** Audio time since the answer at which this frame ends. */
  nowMs: number;
  frameMs: number;
  isVoiced: boolean;
  /** What was recognised so far; `''` when nothing was. */
  text: string;
  /** A beep that has just ended, or a fax's tone. */
  tone: MachineTone | null;
}

/**
 * From this probability on the words alone are a machine's: hanging up on a person costs ten times what talking to a
 * machine does (that makes 0.91, as the model is calibrated on people who mostly sound like machines; callees do less).
 */
const SURE_OF_MACHINE = 0.88;
/** Below this the next words may still show a person ("vous êtes bien au cabinet du docteur Petit" … "je vous écoute"). */
const CERTAIN_OF_MACHINE = 0.98;
/** Time for those words. */
const SECOND_THOUGHT_MS = 400;
const SURE_OF_PERSON = 0.1;
/** Enough for a greeting that is as long as a machine's, which makes a machine some five times as likely. */
const SURE_OF_LONG_GREETING = 0.7;
/** Somebody who was silent for longer than between two words is not speaking any more. */
const STILL_SPEAKING_MS = 300;

/** What only people begin with; "bonjour" and a pause begin machines' greetings too. */
const PERSON_GREETINGS =
  /^(?!(bonjour|bonsoir)$)((all[ôo]|oui|ouais|bonjour|bonsoir|j'écoute|je vous écoute|qui|c'est|est|à|l'appareil) ?)+$/u;

/**
 * Person or machine? Timing features after Asterisk's `app_amd` (initial silence, length of the greeting, silence after
 * it), overruled by words in `hybrid`. In doubt: not a machine. One per call; counts audio time only.
 */
export class AnsweringMachineDetector {
  private voicedMs = 0;
  private lastVoicedMs: number | null = null;
  private verdict: AmdVerdict | null = null;
  /** What the model said of `judgedText`: asked only when there are new words. */
  private judgedText = '';
  private machineProbability = 0;
  /** Since when the words are a machine's. */
  private sureSinceMs: number | null = null;

  constructor(private readonly options: AnsweringMachineOptions) {}

  /** Takes one frame; returns the verdict once, on the frame that decides it. */
  advance(frame: AmdFrame): AmdVerdict | null {
    if (this.verdict !== null) return null;
    if (frame.isVoiced) {
      this.voicedMs += frame.frameMs;
      this.lastVoicedMs = frame.nowMs;
    }
    this.verdict = this.judgeWords(frame) ?? this.judgeTiming(frame);
    return this.verdict;
  }

  private judgeWords(frame: AmdFrame): AmdVerdict | null {
    if (this.options.method !== 'hybrid') return null;
    if (frame.text !== this.judgedText) {
      this.judgedText = frame.text;
      this.machineProbability = machineProbability(frame.text);
    }
    // Who has greeted as people do may have an oven that beeps.
    const isPerson = frame.text !== '' && this.machineProbability <= SURE_OF_PERSON;
    if (frame.tone !== null && !isPerson) {
      return { result: 'MACHINE', reason: `tone:${frame.tone}`, afterMs: frame.nowMs };
    }
    if (this.machineProbability < SURE_OF_MACHINE) this.sureSinceMs = null;
    else this.sureSinceMs ??= frame.nowMs;
    return this.staysSure(frame.nowMs)
      ? { result: 'MACHINE', reason: `words:${tellingWords(frame.text)}`, afterMs: frame.nowMs }
      : null;
  }

  private staysSure(nowMs: number): boolean {
    if (this.sureSinceMs === null) return false;
    return (
      this.machineProbability >= CERTAIN_OF_MACHINE ||
      nowMs - this.sureSinceMs >= SECOND_THOUGHT_MS ||
      nowMs >= this.options.maxGreetingMs
    );
  }

  private judgeTiming({ nowMs, text }: AmdFrame): AmdVerdict | null {
    const { options, voicedMs, lastVoicedMs } = this;
    if (lastVoicedMs === null) {
      return nowMs >= options.initialSilenceMs
        ? { result: 'UNKNOWN', reason: 'timing:no-greeting', afterMs: nowMs }
        : null;
    }
    if (voicedMs >= options.machineSpeechMs) {
      // Where words could have been heard and none were, it is noise, not a greeting.
      if (options.method === 'hybrid' && text === '') {
        return { result: 'UNKNOWN', reason: 'timing:sound-without-words', afterMs: nowMs };
      }
      if (options.method !== 'hybrid' || this.machineProbability >= SURE_OF_LONG_GREETING) {
        return { result: 'MACHINE', reason: 'timing:long-greeting', afterMs: nowMs };
      }
    }
    const silenceMs = nowMs - lastVoicedMs;
    const greetedByPerson = options.method === 'hybrid' && PERSON_GREETINGS.test(text);
    if (greetedByPerson && silenceMs >= options.afterPersonGreetingSilenceMs) {
      return { result: 'HUMAN', reason: 'words:greeting', afterMs: nowMs };
    }
    if (silenceMs >= options.afterGreetingSilenceMs) {
      return voicedMs <= options.humanSpeechMs
        ? { result: 'HUMAN', reason: 'timing:short-greeting', afterMs: nowMs }
        : { result: 'UNKNOWN', reason: 'timing:medium-greeting', afterMs: nowMs };
    }
    if (nowMs < options.maxGreetingMs) return null;
    const isLongGreeting = voicedMs > options.humanSpeechMs && silenceMs <= STILL_SPEAKING_MS;
    return isLongGreeting && options.method === 'hybrid' && this.machineProbability >= SURE_OF_LONG_GREETING
      ? { result: 'MACHINE', reason: 'timing:long-greeting', afterMs: nowMs }
      : { result: 'UNKNOWN', reason: 'deadline', afterMs: nowMs };
  }
}
