import { setImmediate as nextTurnOfTheLoop } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type {
  RecognizerStream,
  RecognizerStreamOptions,
  SpeechRecognizer,
  Transcript,
} from '../../../../src/call-engine/ports.ts';
import { Listener, type HeardTurn, type ListenerOptions } from '../../../../src/call-engine/turn/listener.ts';
import { FakeVoiceActivityDetector, silentFrame, speechFrame } from '../../../helpers/fake-speech.ts';

const FRAME_MS = 20;
const OPTIONS: ListenerOptions = {
  speech: { frameMs: FRAME_MS, startVoicedMs: 60, startWindowMs: 80, stopMs: 200 },
  noiseGate: { aboveFloorDb: 6, minimumDbfs: -50, learntMaximumDbfs: -30 },
  steadyNoise: { afterMs: 5000, wordsPerSecond: 0.1 },
  endpointing: {
    shortAnswerSilenceMs: 460,
    sentenceSilenceMs: 480,
    openSilenceMs: 700,
    bareAnswerSilenceMs: 1400,
    unclearSilenceMs: 1300,
    maxSilenceMs: 1500,
    maxTurnMs: 12_000,
  },
  preRollMs: 300,
  decodeAfterSilenceMs: 260,
  transcriptDeadlineMs: 3000,
};

/** Tells what it was given; the test says what it makes of it. */
class ScriptedStream implements RecognizerStream {
  frames = 0;
  discarded = 0;
  private readonly waiting: ((transcript: Transcript) => void)[] = [];

  constructor(private readonly options: RecognizerStreamOptions) {}

  /** Stretches ended whose transcript is still to come. */
  get undecoded(): number {
    return this.waiting.length;
  }

  write(): void {
    this.frames += 1;
  }

  partial(text: string): void {
    this.options.onPartial({ text, atMs: 0 });
  }

  finish(): Promise<Transcript> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  async decode(text: string, words: Transcript['words'] = []): Promise<void> {
    this.waiting.shift()?.({ text, confidence: 1, words, hasUnknownWords: text === '' });
    await nextTurnOfTheLoop();
  }

  discard(): void {
    this.discarded += 1;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

class Line {
  nowMs = 50_000;
  readonly turns: HeardTurn[] = [];
  readonly stream: ScriptedStream;
  readonly listener: Listener;

  constructor() {
    const opened: ScriptedStream[] = [];
    const recognizer: SpeechRecognizer = {
      open: (options) => {
        const stream = new ScriptedStream(options);
        opened.push(stream);
        return stream;
      },
      close: () => Promise.resolve(),
    };
    this.listener = new Listener(
      {
        vad: new FakeVoiceActivityDetector(),
        recognizer,
        sampleRateHz: 8000,
        nowMs: () => this.nowMs,
        onError: (error) => {
          throw error;
        },
      },
      OPTIONS,
    );
    const [stream] = opened;
    if (stream === undefined) throw new Error('no stream was opened');
    this.stream = stream;
  }

  hear(frame: () => Int16Array, ms: number): this {
    for (let passed = 0; passed < ms; passed += FRAME_MS) {
      this.nowMs += FRAME_MS;
      const turn = this.listener.hear(frame(), this.nowMs);
      if (turn !== null) this.turns.push(turn);
    }
    return this;
  }

  speak(ms: number): this {
    return this.hear(speechFrame, ms);
  }

  quiet(ms: number): this {
    return this.hear(silentFrame, ms);
  }
}

describe('Listener', () => {
  it('onset, partial, silence, decoded, over: the words are there before the turn is over', async () => {
    const line = new Line().quiet(500).speak(400);
    line.stream.partial('oui');
    line.quiet(240);
    expect(line.stream.undecoded).toBe(0);
    line.quiet(20);
    expect(line.stream.undecoded).toBe(1);
    await line.stream.decode('oui');
    const decodedAtMs = line.nowMs;
    expect(line.quiet(180).turns).toEqual([]);
    expect(line.quiet(20).turns).toHaveLength(1);
    const [turn] = line.turns;
    expect(await turn?.transcript).toMatchObject({ text: 'oui', atMs: decodedAtMs });
    expect(turn).toMatchObject({ speechEndedAtMs: decodedAtMs - 260, turnEndedAtMs: decodedAtMs + 200 });
  });

  it('onset, silence, decoded, onset, silence: speech after a pause belongs to the same turn', async () => {
    const line = new Line().speak(400).quiet(260);
    await line.stream.decode('je ne peux pas parce que');
    line.quiet(900).speak(500);
    line.stream.partial("c'est trop");
    expect(line.listener.partialText).toBe("je ne peux pas parce que c'est trop");
    line.quiet(260);
    await line.stream.decode("c'est trop cher");
    expect(line.turns).toEqual([]);
    line.quiet(220);
    expect(await line.turns[0]?.transcript).toMatchObject({
      text: "je ne peux pas parce que c'est trop cher",
    });
  });

  it('lays the words of every stretch on the clock of the call', async () => {
    const word = (startMs: number) => ({ word: 'oui', startMs, endMs: startMs + 200, confidence: 1 });
    // 300 ms from before the onset are decoded with it.
    const line = new Line().quiet(1000);
    const firstAtMs = line.nowMs;
    line.speak(400).quiet(260);
    await line.stream.decode('oui', [word(300)]);
    line.quiet(100);
    const secondAtMs = line.nowMs;
    line.speak(500).quiet(260);
    // Here there are but 100 ms since the stretch before.
    await line.stream.decode('oui', [word(100)]);
    line.quiet(1500);
    const { words } = (await line.turns[0]?.transcript) ?? { words: [] };
    expect(line.turns[0]?.number).toBe(1);
    // Two frames are heard before it counts as speech: no more than that is lost or gained.
    const startedAtMs = words.map(({ startMs }) => startMs);
    expect(startedAtMs).toHaveLength(2);
    expect(Math.abs((startedAtMs[0] ?? 0) - firstAtMs)).toBeLessThanOrEqual(60);
    expect(Math.abs((startedAtMs[1] ?? 0) - secondAtMs)).toBeLessThanOrEqual(60);
    line.speak(400);
    expect(line.listener.unfinishedTurn).toMatchObject({ number: 2, speechStartedAtMs: line.nowMs - 400 });
  });

  it('onset, silence, over, decoded: does not wait for words that come late', async () => {
    const line = new Line().speak(400);
    line.stream.partial('non merci');
    line.quiet(460);
    expect(line.turns).toHaveLength(1);
    line.nowMs += 900;
    await line.stream.decode('non merci');
    expect(await line.turns[0]?.transcript).toMatchObject({ text: 'non merci', atMs: line.nowMs });
  });

  it('waits for what may become speech as the turn would end, and not for a click', async () => {
    for (const [voicedMs, turns] of [
      [40, 0],
      [20, 0],
    ] as const) {
      const line = new Line().speak(400).quiet(260);
      await line.stream.decode('oui');
      line.quiet(180).speak(voicedMs);
      expect(line.turns).toHaveLength(turns);
      line.quiet(80);
      expect(line.turns).toHaveLength(1);
    }
  });

  it('waits longer for the answer to an open question', async () => {
    const line = new Line();
    line.listener.expectAnswer('open');
    line.speak(400).quiet(260);
    await line.stream.decode('oui');
    expect(line.quiet(1100).turns).toEqual([]);
    expect(line.quiet(60).turns).toHaveLength(1);
  });

  it('gives the recogniser the onset and the speech, not the silence', async () => {
    const line = new Line().quiet(2000).speak(400).quiet(260);
    await line.stream.decode('oui');
    line.quiet(2000);
    const spokenFrames = (400 + 260) / FRAME_MS;
    const preRollFrames = OPTIONS.preRollMs / FRAME_MS;
    expect(line.stream.frames).toBeLessThanOrEqual(spokenFrames + preRollFrames);
    expect(line.stream.frames).toBeGreaterThanOrEqual(spokenFrames + preRollFrames - 3);
  });

  it('discards what is being said, and has nothing to discard once it is decoded', async () => {
    const line = new Line().speak(400);
    line.listener.discardTurn();
    expect(line.stream.discarded).toBe(1);
    line.speak(400).quiet(260);
    await line.stream.decode('oui');
    line.listener.discardTurn();
    expect(line.stream.discarded).toBe(1);
    expect(line.listener.isInTurn).toBe(false);
    expect(line.listener.partialText).toBe('');
  });

  it('dates speech by the audio: frames held up behind a busy event loop make a turn late, not short', () => {
    const line = new Line().quiet(1000).speak(400);
    const endedAtMs = line.nowMs;
    line.stream.partial('oui');
    line.quiet(200);
    // Two seconds in which nothing was read; then all that had piled up.
    line.nowMs += 2000;
    for (let passed = 0; passed < 260; passed += FRAME_MS) {
      const turn = line.listener.hear(silentFrame(), line.nowMs);
      if (turn !== null) line.turns.push(turn);
    }
    expect(line.turns).toMatchObject([{ speechEndedAtMs: endedAtMs, turnEndedAtMs: endedAtMs + 2200 }]);
  });
});
