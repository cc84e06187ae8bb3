import type { Logger } from 'pino';
import { MinibotError, OperatorError } from '../../../errors.ts';
import type { RecognizerStreamOptions, SpeechRecognizer } from '../../ports.ts';
import { DecodeSlots } from './decode-slots.ts';
import { openLibvosk, type Libvosk, type ModelPointer } from './libvosk.ts';
import { inspectModelDirectory, type ModelDirectory } from './model-directory.ts';
import { VoskStream } from './recognizer-stream.ts';
import { createSpeechEngine } from './speech-engine.ts';

export interface VoskOptions {
  /** An unpacked Vosk model (`VOSK_MODEL_PATH`). */
  modelPath: string;
  /** libvosk itself (`VOSK_LIBRARY_PATH`); null for the one in the npm package `vosk`. */
  libraryPath: string | null;
  /** Per call: audio waiting to be decoded beyond this is dropped and reported. */
  maxQueuedMs: number;
  /**
   * Decodings at once, over all calls. They run on libuv's pool (4 threads unless the environment of the process sets
   * UV_THREADPOOL_SIZE before it starts): stay below its size, or file and name-server work waits for speech.
   */
  decodeThreads: number;
}

/**
 * Loads the speech model, off the event loop: large ones take many seconds. Throws an `OperatorError` that names what to
 * mend when the model or the library cannot be used.
 */
export async function loadVoskRecognizer(options: VoskOptions, logger: Logger): Promise<VoskRecognizer> {
  const directory = await inspectModelDirectory(options.modelPath);
  const library = openLibvosk(options.libraryPath);
  const startedMs = performance.now();
  const model = await library.loadModel(directory.path);
  if (model === null) {
    throw new OperatorError(
      'VOSK_MODEL_UNREADABLE',
      `libvosk cannot read the speech model ${directory.path}: it is damaged or made for another version. ` +
        'Unpack it again, or set VOSK_MODEL_PATH to another model',
    );
  }
  const loadMs = Math.round(performance.now() - startedMs);
  logger.info(
    { modelPath: directory.path, sampleRateHz: directory.sampleRateHz, loadMs },
    'speech model loaded',
  );
  if (directory.knowsSyntheticVoicesOnly) {
    logger.warn(
      { modelPath: directory.path },
      'THE DEMO SPEECH MODEL KNOWS SYNTHETIC VOICES ONLY: it does not understand people. ' +
        'Set VOSK_MODEL_PATH to a French Vosk model before calling anyone',
    );
  }
  return new VoskRecognizer(library, model, directory, options);
}

export class VoskRecognizer implements SpeechRecognizer {
  private readonly slots: DecodeSlots;
  private readonly streams = new Set<VoskStream>();
  private closing: Promise<void> | null = null;

  constructor(
    private readonly library: Libvosk,
    private readonly model: ModelPointer,
    private readonly directory: ModelDirectory,
    private readonly options: VoskOptions,
  ) {
    this.slots = new DecodeSlots(options.decodeThreads);
  }

  open(streamOptions: RecognizerStreamOptions): VoskStream {
    if (this.closing !== null) throw new MinibotError('ASR_CLOSED', 'the speech recogniser has been closed');
    const doublesRate = this.mustDoubleRate(streamOptions.sampleRateHz);
    const stream = new VoskStream(
      {
        createEngine: (sampleRateHz) =>
          createSpeechEngine(this.library, this.model, { sampleRateHz, doublesRate }),
        slots: this.slots,
        maxQueuedMs: this.options.maxQueuedMs,
      },
      streamOptions,
    );
    this.streams.add(stream);
    return stream;
  }

  /** Closes the streams that are still open, then frees the model. */
  close(): Promise<void> {
    this.closing ??= (async () => {
      await Promise.all([...this.streams].map((stream) => stream.close()));
      await this.library.freeModel(this.model);
    })();
    return this.closing;
  }

  private mustDoubleRate(sampleRateHz: number): boolean {
    if (sampleRateHz >= this.directory.sampleRateHz || this.directory.allowsUpsampling) return false;
    if (2 * sampleRateHz >= this.directory.sampleRateHz) return true;
    throw new OperatorError(
      'VOSK_SAMPLE_RATE',
      `the speech model ${this.directory.path} needs audio of ${this.directory.sampleRateHz} Hz; the switch sends ` +
        `${sampleRateHz} Hz. Set VOSK_MODEL_PATH to a model of 8 or 16 kHz`,
    );
  }
}
