import { setImmediate as nextTurnOfTheLoop } from 'node:timers/promises';
import pino from 'pino';
import { loadFvad } from '../src/call-engine/adapters/fvad/fvad-detector.ts';
import { loadVoskRecognizer, type VoskRecognizer } from '../src/call-engine/adapters/vosk/vosk-recognizer.ts';
import type { CallSessionOptions } from '../src/call-engine/call-session.ts';
import type { AmdVerdict, VoiceActivityDetector } from '../src/call-engine/ports.ts';
import { AnswerScreen, type AnswerScreenOptions } from '../src/call-engine/turn/answer-screen.ts';
import { Listener } from '../src/call-engine/turn/listener.ts';
import type { Config } from '../src/config.ts';
import { TELEPHONE_RATE_HZ } from './telephone-audio.ts';

/** A whole greeting must fit: nothing is dropped here. */
const MAX_QUEUED_MS = 60_000;
/** Decoding may take what it takes: time is the audio's. */
const UNHURRIED_MS = 600_000;

export interface ScreenedGreeting extends AmdVerdict {
  /** What was understood by then. */
  text: string;
}

/** Screens recordings of greetings with what screens them in a call, in audio time. `close()` it. */
export class GreetingScreen {
  private constructor(
    private readonly recognizer: VoskRecognizer,
    private readonly createVad: () => VoiceActivityDetector,
    private readonly listener: CallSessionOptions['listener'],
    private readonly amd: AnswerScreenOptions,
  ) {}

  static async open(
    config: Config,
    session: CallSessionOptions,
    amd: AnswerScreenOptions,
  ): Promise<GreetingScreen> {
    const createVad = await loadFvad();
    const logger = pino({ level: 'silent' });
    const recognizer = await loadVoskRecognizer({ ...config.vosk, maxQueuedMs: MAX_QUEUED_MS }, logger);
    return new GreetingScreen(
      recognizer,
      () => createVad({ sampleRateHz: TELEPHONE_RATE_HZ, aggressiveness: session.vadAggressiveness }),
      { ...session.listener, transcriptDeadlineMs: UNHURRIED_MS },
      amd,
    );
  }

  /** Who answers with these 8 kHz samples, then silence? The recogniser is waited for after every frame. */
  async screen(samples: Int16Array): Promise<ScreenedGreeting> {
    const { frameMs } = this.listener.speech;
    const frameSamples = (TELEPHONE_RATE_HZ * frameMs) / 1000;
    const settled: (() => Promise<void>)[] = [];
    const errors: Error[] = [];
    let audioMs = 0;
    const listener = new Listener(
      {
        vad: this.createVad(),
        recognizer: {
          open: (options) => {
            const stream = this.recognizer.open(options);
            settled.push(() => stream.settled());
            return stream;
          },
          // Shared by all recordings.
          close: () => Promise.resolve(),
        },
        sampleRateHz: TELEPHONE_RATE_HZ,
        nowMs: () => audioMs,
        onError: (error) => errors.push(error),
      },
      this.listener,
    );
    const screen = new AnswerScreen(this.amd, { sampleRateHz: TELEPHONE_RATE_HZ, frameMs });
    try {
      for (let at = 0; ; at += frameSamples) {
        const frame = new Int16Array(frameSamples);
        frame.set(samples.subarray(at, at + frameSamples));
        audioMs += frameMs;
        const heard = listener.hear(frame.slice(), audioMs);
        const { nowMs, isVoiced, partialText } = listener;
        const verdict = screen.advance({ nowMs, isVoiced, partialText, samples: frame, heard });
        if (errors[0] !== undefined) throw errors[0];
        if (verdict !== null) return { ...verdict, text: screen.text };
        for (const wait of settled) await wait();
        await nextTurnOfTheLoop();
      }
    } finally {
      await listener.close();
    }
  }

  close(): Promise<void> {
    return this.recognizer.close();
  }
}
