import { withDeadline } from '../../deadline.ts';
import { levelDbfs } from '../audio/level.ts';
import type { RecognizerStream, SpeechRecognizer, Transcript, VoiceActivityDetector } from '../ports.ts';
import { isTurnOver, type EndpointingOptions } from './endpointing.ts';
import { NoiseGate, type NoiseGateOptions } from './noise-gate.ts';
import { SpeechDetector, type SpeechDetectorOptions } from './speech-detector.ts';

export interface ListenerOptions {
  speech: SpeechDetectorOptions;
  noiseGate: NoiseGateOptions;
  endpointing: EndpointingOptions;
  /** Audio from before the onset that the recogniser is given too. */
  preRollMs: number;
  /** A transcript that takes longer is given up; the turn then counts as not understood. */
  transcriptDeadlineMs: number;
}

export interface ListenerDeps {
  vad: VoiceActivityDetector;
  recognizer: SpeechRecognizer;
  sampleRateHz: number;
  /** Decoding trouble: logged by the owner; listening goes on. */
  onError: (error: Error) => void;
}

/** A turn the callee has finished, with its transcript on the way. Times are monotonic milliseconds. */
export interface HeardTurn {
  speechStartedAtMs: number;
  speechEndedAtMs: number;
  turnEndedAtMs: number;
  /** Never rejects: what could not be recognised is `UNINTELLIGIBLE`. */
  transcript: Promise<Transcript>;
}

/** Something was said; nobody knows what. */
const UNINTELLIGIBLE: Transcript = { text: '', confidence: 0, words: [], hasUnknownWords: true };

/**
 * The callee's side of the conversation: frames in, turns out. Owns the call's voice activity detector and recogniser
 * stream. The recogniser is fed only from shortly before an onset to the end of the turn.
 */
export class Listener {
  private readonly detector: SpeechDetector;
  private readonly gate: NoiseGate;
  private readonly stream: RecognizerStream;
  private readonly preRoll: Int16Array[] = [];
  private readonly preRollFrames: number;
  private audioMs = 0;
  private frameArrivedAtMs = 0;
  private turnStartedMs: number | null = null;
  private partial = '';
  private voiced = false;

  constructor(
    private readonly deps: ListenerDeps,
    private readonly options: ListenerOptions,
  ) {
    this.detector = new SpeechDetector(options.speech);
    this.gate = new NoiseGate(options.noiseGate);
    this.preRollFrames = Math.ceil(options.preRollMs / options.speech.frameMs);
    this.stream = deps.recognizer.open({
      sampleRateHz: deps.sampleRateHz,
      onPartial: ({ text }) => {
        if (this.turnStartedMs !== null) this.partial = text;
      },
      onError: deps.onError,
    });
  }

  /** Audio time heard so far. */
  get nowMs(): number {
    return this.audioMs;
  }

  /** The frame heard last was voiced. */
  get isVoiced(): boolean {
    return this.voiced;
  }

  /** A speech segment is open. */
  get isSpeaking(): boolean {
    return this.detector.state === 'speaking' || this.detector.state === 'stopping';
  }

  /** A turn has begun and its end has not been decided. */
  get isInTurn(): boolean {
    return this.turnStartedMs !== null;
  }

  /** Length of the open or last speech segment, up to its last voiced frame. */
  get speechMs(): number {
    return this.detector.lastVoicedMs - this.detector.onsetMs;
  }

  /** What was recognised of the turn so far. */
  get partialText(): string {
    return this.partial;
  }

  /** Monotonic time at which the audio of the open turn's onset arrived. */
  get speechStartedAtMs(): number {
    return this.arrivalOf(this.turnStartedMs ?? this.detector.onsetMs);
  }

  /** Takes one frame; returns the turn that it ended, if any. */
  hear(frame: Int16Array, atMs: number): HeardTurn | null {
    const { frameMs } = this.options.speech;
    this.audioMs += frameMs;
    this.frameArrivedAtMs = atMs;
    // Both always run: each adapts to the line.
    const isLoud = this.gate.passes(levelDbfs(frame));
    this.voiced = this.deps.vad.isSpeech(frame) && isLoud;

    const event = this.detector.advance(this.voiced, this.audioMs);
    if (event?.type === 'speech-started' && this.turnStartedMs === null) this.beginTurn(event.onsetMs);
    if (this.turnStartedMs === null) this.remember(frame);
    else this.stream.write(frame);
    return this.turnStartedMs === null ? null : this.endTurnIfOver(this.turnStartedMs);
  }

  /** Forgets the open turn: it was noise, a backchannel, or nobody waits for it. */
  discardTurn(): void {
    if (this.turnStartedMs === null) return;
    this.stream.discard();
    this.closeTurn();
  }

  async close(): Promise<void> {
    this.turnStartedMs = null;
    await this.stream.close();
    this.deps.vad.close();
  }

  private beginTurn(onsetMs: number): void {
    this.turnStartedMs = onsetMs;
    this.partial = '';
    for (const frame of this.preRoll) this.stream.write(frame);
    this.preRoll.length = 0;
  }

  private remember(frame: Int16Array): void {
    this.preRoll.push(frame);
    if (this.preRoll.length > this.preRollFrames) this.preRoll.shift();
  }

  private endTurnIfOver(startedMs: number): HeardTurn | null {
    const { lastVoicedMs } = this.detector;
    const over = isTurnOver(this.options.endpointing, {
      startedMs,
      lastVoicedMs,
      nowMs: this.audioMs,
      text: this.partial,
    });
    if (!over) return null;
    const turn: HeardTurn = {
      speechStartedAtMs: this.arrivalOf(startedMs),
      speechEndedAtMs: this.arrivalOf(lastVoicedMs),
      turnEndedAtMs: this.frameArrivedAtMs,
      transcript: this.transcribe(),
    };
    this.closeTurn();
    return turn;
  }

  private async transcribe(): Promise<Transcript> {
    try {
      return await withDeadline(
        this.stream.finish(),
        this.options.transcriptDeadlineMs,
        'the final transcript',
      );
    } catch (error) {
      this.deps.onError(error instanceof Error ? error : new Error(String(error)));
      return UNINTELLIGIBLE;
    }
  }

  private closeTurn(): void {
    this.turnStartedMs = null;
    this.partial = '';
    this.detector.reset();
  }

  /** The audio clock laid on the monotonic one: when the audio of `audioMs` arrived. */
  private arrivalOf(audioMs: number): number {
    return this.frameArrivedAtMs - (this.audioMs - audioMs);
  }
}
