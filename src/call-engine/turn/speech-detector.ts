/** The four states of a speech detector, as in pipecat's VAD analyzer. */
export type SpeechState = 'quiet' | 'starting' | 'speaking' | 'stopping';

export interface SpeechDetectorOptions {
  frameMs: number;
  /** Voiced time out of the last `startWindowMs` that opens a speech segment. The onset window. */
  startVoicedMs: number;
  startWindowMs: number;
  /** Unvoiced time that closes a segment. */
  stopMs: number;
}

export type SpeechEvent =
  /** `onsetMs`: audio time of the segment's first voiced frame. */
  | { type: 'speech-started'; onsetMs: number }
  /** `lastVoicedMs`: audio time at which the last voiced frame ended. */
  | { type: 'speech-stopped'; onsetMs: number; lastVoicedMs: number };

/** Turns per-frame voice flags into speech segments. Counts audio time only; says nothing about turns. */
export class SpeechDetector {
  private readonly recent: boolean[] = [];
  private readonly windowFrames: number;
  private onset = 0;
  private lastVoiced = 0;
  private current: SpeechState = 'quiet';

  constructor(private readonly options: SpeechDetectorOptions) {
    this.windowFrames = Math.max(1, Math.round(options.startWindowMs / options.frameMs));
  }

  get state(): SpeechState {
    return this.current;
  }

  /** The onset window has passed, the stop window has not. */
  get isInSegment(): boolean {
    return this.current === 'speaking' || this.current === 'stopping';
  }

  /** Audio time at which the last voiced frame of a segment ended: a click outside of one does not count. */
  get lastVoicedMs(): number {
    return this.lastVoiced;
  }

  get onsetMs(): number {
    return this.onset;
  }

  /** Takes the frame that ends at audio time `endMs`. */
  advance(isVoiced: boolean, endMs: number): SpeechEvent | null {
    switch (this.current) {
      case 'quiet':
      case 'starting':
        return this.advanceQuiet(isVoiced, endMs);
      case 'speaking':
      case 'stopping':
        return this.advanceSpeaking(isVoiced, endMs);
    }
  }

  /** Back to quiet, as after a long silence; a segment in progress is forgotten without an event. */
  reset(): void {
    this.current = 'quiet';
    this.recent.length = 0;
  }

  private advanceQuiet(isVoiced: boolean, endMs: number): SpeechEvent | null {
    this.recent.push(isVoiced);
    if (this.recent.length > this.windowFrames) this.recent.shift();
    let voicedMs = 0;
    for (const wasVoiced of this.recent) if (wasVoiced) voicedMs += this.options.frameMs;
    if (voicedMs >= this.options.startVoicedMs) {
      this.current = 'speaking';
      this.lastVoiced = endMs;
      this.onset = endMs - (this.recent.length - this.recent.indexOf(true)) * this.options.frameMs;
      this.recent.length = 0;
      return { type: 'speech-started', onsetMs: this.onset };
    }
    this.current = voicedMs > 0 ? 'starting' : 'quiet';
    return null;
  }

  private advanceSpeaking(isVoiced: boolean, endMs: number): SpeechEvent | null {
    if (isVoiced) {
      this.current = 'speaking';
      this.lastVoiced = endMs;
      return null;
    }
    this.current = 'stopping';
    if (endMs - this.lastVoiced < this.options.stopMs) return null;
    this.current = 'quiet';
    return { type: 'speech-stopped', onsetMs: this.onset, lastVoicedMs: this.lastVoiced };
  }
}
