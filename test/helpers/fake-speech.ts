import type {
  RecognizerStream,
  RecognizerStreamOptions,
  SpeechRecognizer,
  Transcript,
  VoiceActivityDetector,
} from '../../src/call-engine/ports.ts';

const LOUD = 8000;

/** An utterance whose transcript never comes. */
export const NEVER_RECOGNISED = '(never recognised)';
/** In front of words of which the recogniser is not sure: confidence 0.4. */
export const GUESSED = '~';

/** 20 ms of sound that the fake voice activity detector takes for speech. */
export const speechFrame = (): Int16Array => new Int16Array(160).fill(LOUD);
/** The same from far away: some −34 dBFS. */
export const faintFrame = (): Int16Array => {
  const frame = new Int16Array(160);
  frame[0] = LOUD;
  return frame;
};
export const silentFrame = (): Int16Array => new Int16Array(160);

/** Takes loud frames for speech. */
export class FakeVoiceActivityDetector implements VoiceActivityDetector {
  closed = false;

  isSpeech(frame: Int16Array): boolean {
    return (frame[0] ?? 0) === LOUD;
  }

  reset(): void {
    this.closed = false;
  }

  close(): void {
    this.closed = true;
  }
}

/** "Recognises" the scripted utterances one after the other: a partial on the first frame, the final on `finish`. */
export class FakeRecognizer implements SpeechRecognizer {
  readonly streams: FakeRecognizerStream[] = [];

  constructor(private readonly utterances: string[]) {}

  open(options: RecognizerStreamOptions): FakeRecognizerStream {
    const stream = new FakeRecognizerStream(options, this.utterances);
    this.streams.push(stream);
    return stream;
  }

  async close(): Promise<void> {
    await Promise.all(this.streams.map((stream) => stream.close()));
  }
}

export class FakeRecognizerStream implements RecognizerStream {
  closed = false;
  private hasAudio = false;

  constructor(
    private readonly options: RecognizerStreamOptions,
    private readonly utterances: string[],
  ) {}

  write(): void {
    if (this.hasAudio) return;
    this.hasAudio = true;
    const text = this.utterances[0] ?? '';
    if (text !== '' && text !== NEVER_RECOGNISED)
      this.options.onPartial({ text: text.replace(GUESSED, ''), atMs: performance.now() });
  }

  finish(): Promise<Transcript> {
    this.hasAudio = false;
    const text = this.utterances.shift() ?? '';
    if (text === NEVER_RECOGNISED) return new Promise(() => undefined);
    const words = text.replace(GUESSED, '');
    const confidence = words === '' ? 0 : words === text ? 1 : 0.4;
    return Promise.resolve({ text: words, confidence, words: [], hasUnknownWords: false });
  }

  discard(): void {
    this.hasAudio = false;
    this.utterances.shift();
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}
