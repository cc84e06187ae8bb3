import { withDeadline } from '../../deadline.ts';
import { levelDbfs } from '../audio/level.ts';
import type {
  RecognizerStream,
  SpeechRecognizer,
  Transcript,
  TranscriptWord,
  VoiceActivityDetector,
} from '../ports.ts';
import { AudioClock } from './audio-clock.ts';
import { turnEnd, type EndpointingOptions, type TurnEnd } from './endpointing.ts';
import type { ExpectedAnswer } from './expected-answer.ts';
import { NoiseGate, type NoiseGateOptions } from './noise-gate.ts';
import { SpeechDetector, type SpeechDetectorOptions } from './speech-detector.ts';
import { isSteadyNoise, type SteadyNoiseOptions } from './steady-noise.ts';
import { TurnWords, type SpokenWords } from './turn-words.ts';

export interface ListenerOptions {
  speech: SpeechDetectorOptions;
  noiseGate: NoiseGateOptions;
  steadyNoise: SteadyNoiseOptions;
  endpointing: EndpointingOptions;
  /** Audio from before the onset that the recogniser is given too. */
  preRollMs: number;
  /** After so much silence what was said is decoded to the end, whether or not the turn is over. Above `speech.stopMs`. */
  decodeAfterSilenceMs: number;
  /** A transcript that takes longer is given up; the turn then counts as not understood. */
  transcriptDeadlineMs: number;
}

export interface ListenerDeps {
  vad: VoiceActivityDetector;
  recognizer: SpeechRecognizer;
  sampleRateHz: number;
  /** Monotonic. */
  nowMs: () => number;
  /** Decoding trouble: logged by the owner; listening goes on. */
  onError: (error: Error) => void;
}

/** A turn the callee has finished, with its transcript on the way. Times are monotonic milliseconds. */
export interface HeardTurn {
  /** Counts the call's turns from 1. */
  number: number;
  speechStartedAtMs: number;
  speechEndedAtMs: number;
  turnEndedAtMs: number;
  /** The rule of endpointing by which it was over. */
  endedBy: TurnEnd;
  /** Length of the last speech segment, and the mean level of its voiced frames. */
  speechMs: number;
  levelDbfs: number;
  /**
   * With the time at which it was known, and monotonic times of its words. Never rejects: what could not be recognised is
   * `UNINTELLIGIBLE`.
   */
  transcript: Promise<Transcript & { atMs: number }>;
}

/** Something was said; nobody knows what. */
const UNINTELLIGIBLE: Transcript = { text: '', confidence: 0, hasUnknownWords: true, words: [] };

const SILENT_DBFS = -96;

/** What is known of a turn that has not ended. Times are monotonic milliseconds. */
export interface UnfinishedTurn {
  number: number;
  text: string;
  speechStartedAtMs: number;
  speechEndedAtMs: number;
}

interface OpenTurn {
  number: number;
  startedMs: number;
  words: TurnWords;
}

/**
 * The callee's side of the conversation: frames in, turns out. Owns the call's voice activity detector and recogniser
 * stream. The recogniser is fed only from shortly before an onset to shortly after the speech: what was said is decoded
 * to the end in the first pause, so that endpointing knows it and nobody waits for it when the turn is over.
 */
export class Listener {
  private readonly detector: SpeechDetector;
  private readonly gate: NoiseGate;
  private readonly stream: RecognizerStream;
  private readonly clock = new AudioClock();
  private readonly preRoll: Int16Array[] = [];
  private readonly preRollFrames: number;
  private turn: OpenTurn | null = null;
  private turnCount = 0;
  /** Audio time at which the stretch began that the recogniser is being given. */
  private stretchStartedMs = 0;
  private expected: ExpectedAnswer = 'closed';
  private voiced = false;
  private overPrompt = false;
  /** Of the voiced frames of the segment, dB: their sum and how many. */
  private levelSum = 0;
  private levelFrames = 0;

  constructor(
    private readonly deps: ListenerDeps,
    private readonly options: ListenerOptions,
  ) {
    this.detector = new SpeechDetector(options.speech);
    this.gate = new NoiseGate(options.noiseGate);
    this.preRollFrames = Math.ceil(options.preRollMs / options.speech.frameMs);
    this.stream = deps.recognizer.open({
      sampleRateHz: deps.sampleRateHz,
      onPartial: ({ text }) => this.turn?.words.setPartial(text),
      onError: deps.onError,
    });
  }

  /** Audio time heard so far. */
  get nowMs(): number {
    return this.clock.nowMs;
  }

  /** Monotonic time at which the last frame was there to be heard: earlier than now by what it was held up. */
  get heardUntilMs(): number {
    return this.clock.atMs(this.clock.nowMs);
  }

  /** The frame heard last was voiced. */
  get isVoiced(): boolean {
    return this.voiced;
  }

  /** A speech segment is open. */
  get isSpeaking(): boolean {
    return this.detector.isInSegment;
  }

  /** A turn has begun and its end has not been decided. */
  get isInTurn(): boolean {
    return this.turn !== null;
  }

  /** Audio time at which the callee was last heard. */
  get lastVoicedMs(): number {
    return this.detector.lastVoicedMs;
  }

  /** How long the open turn has lasted; 0 outside of one. */
  get turnMs(): number {
    return this.turn === null ? 0 : this.nowMs - this.turn.startedMs;
  }

  /** Level of the line's noise, as far as it is known. */
  get noiseFloorDbfs(): number {
    return this.gate.floor;
  }

  /** Length of the open or last speech segment, up to its last voiced frame. */
  get speechMs(): number {
    return this.detector.lastVoicedMs - this.detector.onsetMs;
  }

  /** Mean level of the voiced frames of the open or last speech segment. */
  get speechLevelDbfs(): number {
    return this.levelFrames === 0 ? SILENT_DBFS : this.levelSum / this.levelFrames;
  }

  /** What was recognised of the turn so far. */
  get partialText(): string {
    return this.turn?.words.text ?? '';
  }

  /** The turn that is being spoken; null outside of one. */
  get unfinishedTurn(): UnfinishedTurn | null {
    if (this.turn === null) return null;
    const { number, startedMs, words } = this.turn;
    return {
      number,
      text: words.text,
      speechStartedAtMs: this.clock.atMs(startedMs),
      speechEndedAtMs: this.clock.atMs(this.detector.lastVoicedMs),
    };
  }

  /** What of the turn has been decoded to the end; null when nothing has. */
  get decodedWords(): SpokenWords | null {
    return this.turn?.words.decoded ?? null;
  }

  /** Something of the turn is still being spoken or decoded. */
  get isUnsettled(): boolean {
    return this.turn?.words.isUnsettled ?? false;
  }

  /** Decodes to the end what was said so far although the callee goes on: may cut a word in two. */
  decodeSoFar(): void {
    if (this.turn?.words.isInStretch === true) this.turn.words.endStretch(this.transcribe());
  }

  /** Monotonic time of the open turn's onset. */
  get speechStartedAtMs(): number {
    return this.clock.atMs(this.turn?.startedMs ?? this.detector.onsetMs);
  }

  /** What the question just asked waits for: how long a pause ends a turn depends on it. */
  expectAnswer(expected: ExpectedAnswer): void {
    this.expected = expected;
  }

  /** A prompt is audible or not: what comes back of it must not count as speech. */
  setPromptAudible(isAudible: boolean): void {
    this.overPrompt = isAudible;
  }

  /** The sound heard last was the prompt's echo, or as good as that: over prompts the like of it passes for silence. */
  learnEcho(): void {
    this.gate.learnEcho(this.speechLevelDbfs);
  }

  /** Takes one frame; returns the turn that it ended, if any. */
  hear(frame: Int16Array, atMs: number): HeardTurn | null {
    this.clock.advance(this.options.speech.frameMs, atMs);
    // Both always run: each adapts to the line.
    const level = levelDbfs(frame);
    const isLoud = this.gate.passes(level, this.overPrompt);
    this.voiced = this.deps.vad.isSpeech(frame) && isLoud;
    const event = this.detector.advance(this.voiced, this.nowMs);
    if (event?.type === 'speech-started') this.beginSegment(event.onsetMs);
    this.feed(frame);
    if (this.turn === null) return null;
    this.watchLevel(level, this.turn);
    this.decodeInPause(this.turn);
    return this.endTurnIfOver(this.turn);
  }

  /** Forgets the open turn: it was noise, a backchannel, or nobody waits for it. */
  discardTurn(): void {
    if (this.turn === null) return;
    if (this.turn.words.isInStretch) this.stream.discard();
    this.closeTurn();
  }

  async close(): Promise<void> {
    this.turn = null;
    await this.stream.close();
    this.deps.vad.close();
  }

  private beginSegment(onsetMs: number): void {
    if (this.turn === null) {
      this.turnCount += 1;
      this.turn = { number: this.turnCount, startedMs: onsetMs, words: new TurnWords(this.deps.nowMs) };
    }
    this.levelSum = 0;
    this.levelFrames = 0;
  }

  private feed(frame: Int16Array): void {
    const words = this.turn?.words;
    if (words !== undefined && !words.isInStretch && this.detector.isInSegment && this.voiced) {
      words.beginStretch();
      this.stretchStartedMs = this.nowMs - (this.preRoll.length + 1) * this.options.speech.frameMs;
      for (const before of this.preRoll) this.stream.write(before);
      this.preRoll.length = 0;
    }
    if (words?.isInStretch === true) this.stream.write(frame);
    else this.remember(frame);
  }

  private remember(frame: Int16Array): void {
    this.preRoll.push(frame);
    if (this.preRoll.length > this.preRollFrames) this.preRoll.shift();
  }

  private watchLevel(level: number, { words }: OpenTurn): void {
    if (!this.voiced) return;
    this.levelSum += level;
    this.levelFrames += 1;
    const { speechMs } = this;
    if (isSteadyNoise(this.options.steadyNoise, { speechMs, text: words.text })) {
      this.gate.learnNoise(this.speechLevelDbfs);
    }
  }

  private decodeInPause({ words }: OpenTurn): void {
    const silenceMs = this.nowMs - this.detector.lastVoicedMs;
    if (words.isInStretch && silenceMs >= this.options.decodeAfterSilenceMs) {
      words.endStretch(this.transcribe());
    }
  }

  private endTurnIfOver({ number, startedMs, words }: OpenTurn): HeardTurn | null {
    const { lastVoicedMs } = this.detector;
    const { nowMs, expected } = this;
    const endedBy = turnEnd(this.options.endpointing, {
      startedMs,
      lastVoicedMs,
      nowMs,
      text: words.text,
      expected,
    });
    if (endedBy === null || this.mayBeGoingOn()) return null;
    if (words.isInStretch) words.endStretch(this.transcribe());
    const turn: HeardTurn = {
      number,
      speechStartedAtMs: this.clock.atMs(startedMs),
      speechEndedAtMs: this.clock.atMs(lastVoicedMs),
      turnEndedAtMs: this.deps.nowMs(),
      endedBy,
      speechMs: this.speechMs,
      levelDbfs: this.speechLevelDbfs,
      transcript: words.whole(),
    };
    this.closeTurn();
    return turn;
  }

  /** Voice has just been heard again, too short as yet to be a speech segment: it is given the time to become one. */
  private mayBeGoingOn(): boolean {
    const { endpointing, speech } = this.options;
    const silenceMs = this.nowMs - this.detector.lastVoicedMs;
    return this.detector.state === 'starting' && silenceMs < endpointing.maxSilenceMs + speech.startWindowMs;
  }

  private async transcribe(): Promise<Transcript> {
    const { stretchStartedMs } = this;
    try {
      const transcript = await withDeadline(
        this.stream.finish(),
        this.options.transcriptDeadlineMs,
        'the final transcript',
      );
      return { ...transcript, words: transcript.words.map((word) => this.placed(word, stretchStartedMs)) };
    } catch (error) {
      this.deps.onError(error instanceof Error ? error : new Error(String(error)));
      return UNINTELLIGIBLE;
    }
  }

  /** With monotonic times instead of times since the stretch began. */
  private placed({ startMs, endMs, ...word }: TranscriptWord, stretchStartedMs: number): TranscriptWord {
    return {
      ...word,
      startMs: this.clock.atMs(stretchStartedMs + startMs),
      endMs: this.clock.atMs(stretchStartedMs + endMs),
    };
  }

  private closeTurn(): void {
    this.turn = null;
    this.detector.reset();
  }
}
