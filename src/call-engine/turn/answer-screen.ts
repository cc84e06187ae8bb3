import type { AmdVerdict } from '../ports.ts';
import { AnsweringMachineDetector, type AnsweringMachineOptions } from './answering-machine.ts';
import { BeepDetector, type BeepDetectorOptions, type MachineTone } from './beep-detector.ts';

export interface AnswerScreenOptions {
  machine: AnsweringMachineOptions;
  /** Null listens for no tones. */
  beep: Omit<BeepDetectorOptions, 'sampleRateHz' | 'frameMs'> | null;
}

/** What the listener tells after each frame. */
export interface ScreenedFrame {
  nowMs: number;
  isVoiced: boolean;
  partialText: string;
  samples: Int16Array;
  /** The turn that this frame ended, if any. */
  heard: { transcript: Promise<{ text: string }> } | null;
}

/**
 * Screens who answered: collects the words of the greeting over its turns, listens for tones and asks the detector. After
 * the verdict it goes on telling what it hears, for a message after the beep. One per call.
 */
export class AnswerScreen {
  private readonly detector: AnsweringMachineDetector;
  private readonly beepDetector: BeepDetector | null;
  /** Of finished turns; what was heard in part until the transcript is there. */
  private readonly finished: { text: string }[] = [];
  private partial = '';
  private lastTone: MachineTone | null = null;

  constructor(
    options: AnswerScreenOptions,
    private readonly audio: { sampleRateHz: number; frameMs: number },
  ) {
    this.detector = new AnsweringMachineDetector(options.machine);
    this.beepDetector = options.beep === null ? null : new BeepDetector({ ...options.beep, ...audio });
  }

  /** Everything understood since the answer. */
  get text(): string {
    return [...this.finished.map(({ text }) => text), this.partial].filter((text) => text !== '').join(' ');
  }

  /** The tone that the frame heard last told, if any. */
  get tone(): MachineTone | null {
    return this.lastTone;
  }

  /** Takes one frame; returns the verdict once, on the frame that decides it. */
  advance(frame: ScreenedFrame): AmdVerdict | null {
    if (frame.heard !== null) void this.collect(frame.heard.transcript);
    this.partial = frame.partialText;
    this.lastTone = this.beepDetector?.advance(frame.samples) ?? null;
    return this.detector.advance({
      nowMs: frame.nowMs,
      frameMs: this.audio.frameMs,
      isVoiced: frame.isVoiced,
      text: this.text,
      tone: this.lastTone,
    });
  }

  private async collect(transcript: Promise<{ text: string }>): Promise<void> {
    const turn = { text: this.partial };
    this.finished.push(turn);
    turn.text = (await transcript).text;
  }
}
