import createFvadModule, { type FvadModule } from '@echogarden/fvad-wasm';
import { MinibotError } from '../../../errors.ts';
import type { VoiceActivityDetector, VoiceActivityDetectorOptions } from '../../ports.ts';

const MAX_FRAME_MS = 30;
const BYTES_PER_SAMPLE = 2;

/** Loads the WebRTC voice activity detector once per process; the result makes one detector per call. */
export async function loadFvad(): Promise<(options: VoiceActivityDetectorOptions) => VoiceActivityDetector> {
  const fvad = await createFvadModule();
  return (options) => new FvadDetector(fvad, options);
}

/** libfvad behind the port: frames of 10, 20 or 30 ms. Owns its instance and one frame buffer in the module's memory. */
export class FvadDetector implements VoiceActivityDetector {
  private instance: number;
  private readonly buffer: number;
  private readonly maxSamples: number;

  constructor(
    private readonly fvad: FvadModule,
    private readonly options: VoiceActivityDetectorOptions,
  ) {
    this.maxSamples = (options.sampleRateHz * MAX_FRAME_MS) / 1000;
    this.instance = fvad._fvad_new();
    this.buffer = this.instance === 0 ? 0 : fvad._malloc(this.maxSamples * BYTES_PER_SAMPLE);
    if (this.buffer === 0) {
      if (this.instance !== 0) fvad._fvad_free(this.instance);
      throw new MinibotError('VAD_NO_MEMORY', 'the voice activity detector has no memory for another call');
    }
    this.configure();
  }

  isSpeech(frame: Int16Array): boolean {
    if (this.instance === 0) throw new MinibotError('VAD_CLOSED', 'the voice activity detector is closed');
    if (frame.length > this.maxSamples) throw this.badFrame(frame);
    this.fvad.HEAP16.set(frame, this.buffer / BYTES_PER_SAMPLE);
    const verdict = this.fvad._fvad_process(this.instance, this.buffer, frame.length);
    if (verdict < 0) throw this.badFrame(frame);
    return verdict === 1;
  }

  reset(): void {
    if (this.instance === 0) return;
    this.fvad._fvad_reset(this.instance);
    this.configure();
  }

  close(): void {
    if (this.instance === 0) return;
    this.fvad._fvad_free(this.instance);
    this.fvad._free(this.buffer);
    this.instance = 0;
  }

  private configure(): void {
    const { sampleRateHz, aggressiveness } = this.options;
    const refused =
      this.fvad._fvad_set_mode(this.instance, aggressiveness) < 0 ||
      this.fvad._fvad_set_sample_rate(this.instance, sampleRateHz) < 0;
    if (!refused) return;
    this.close();
    throw new MinibotError('VAD_OPTIONS', `libfvad refuses mode ${aggressiveness} at ${sampleRateHz} Hz`);
  }

  private badFrame(frame: Int16Array): MinibotError {
    return new MinibotError(
      'VAD_FRAME_LENGTH',
      `a frame of ${frame.length} samples at ${this.options.sampleRateHz} Hz; libfvad takes 10, 20 or 30 ms`,
    );
  }
}
