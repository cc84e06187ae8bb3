import { MinibotError } from '../../../errors.ts';
import { Upsampler } from '../../audio/upsampler.ts';
import type { Libvosk, ModelPointer, RecognizerPointer } from './libvosk.ts';

/** One native recogniser. Its owner makes one call at a time and none after `free`. */
export interface SpeechEngine {
  /** Where the utterance that `markOrigin` began lies on the engine's clock. */
  readonly originMs: number;
  markOrigin(): void;
  /** True when the engine found an end of utterance: `result` is due. Rejects when decoding failed. */
  accept(samples: Int16Array): Promise<boolean>;
  result(): Promise<string>;
  partial(): Promise<string>;
  finalResult(): Promise<string>;
  free(): Promise<void>;
}

interface SpeechEngineOptions {
  sampleRateHz: number;
  /** The model needs twice the rate and would abort the process on less. */
  doublesRate: boolean;
}

/** Makes a native recogniser on a loaded model. Rejects when the library refuses. */
export async function createSpeechEngine(
  library: Libvosk,
  model: ModelPointer,
  { sampleRateHz, doublesRate }: SpeechEngineOptions,
): Promise<SpeechEngine> {
  const engineRateHz = doublesRate ? 2 * sampleRateHz : sampleRateHz;
  const recognizer = await library.createRecognizer(model, engineRateHz);
  if (recognizer === null) {
    throw new MinibotError('ASR_NO_RECOGNIZER', `libvosk made no recogniser for ${engineRateHz} Hz audio`);
  }
  await library.setWords(recognizer, true);
  return new NativeEngine(library, recognizer, engineRateHz, doublesRate ? new Upsampler() : null);
}

class NativeEngine implements SpeechEngine {
  originMs = 0;
  private acceptedSamples = 0;

  constructor(
    private readonly library: Libvosk,
    private readonly recognizer: RecognizerPointer,
    private readonly rateHz: number,
    private readonly upsampler: Upsampler | null,
  ) {}

  markOrigin(): void {
    this.originMs = (this.acceptedSamples / this.rateHz) * 1000;
    this.upsampler?.reset();
  }

  async accept(samples: Int16Array): Promise<boolean> {
    const audio = this.upsampler === null ? samples : this.upsampler.process(samples);
    const status = await this.library.acceptWaveform(this.recognizer, audio);
    if (status < 0) {
      throw new MinibotError(
        'ASR_ENGINE_ERROR',
        `libvosk failed on ${audio.length} samples at ${this.rateHz} Hz`,
      );
    }
    this.acceptedSamples += audio.length;
    return status > 0;
  }

  result(): Promise<string> {
    return this.library.result(this.recognizer);
  }

  partial(): Promise<string> {
    return this.library.partialResult(this.recognizer);
  }

  finalResult(): Promise<string> {
    return this.library.finalResult(this.recognizer);
  }

  free(): Promise<void> {
    return this.library.freeRecognizer(this.recognizer);
  }
}
