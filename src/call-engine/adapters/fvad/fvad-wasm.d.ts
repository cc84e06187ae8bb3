/** The package ships no types. Of its Emscripten module, what the adapter uses. */
declare module '@echogarden/fvad-wasm' {
  export interface FvadModule {
    /** The module's memory as 16-bit words. Replaced whenever the memory grows: never keep it. */
    readonly HEAP16: Int16Array;
    _malloc(bytes: number): number;
    _free(pointer: number): void;
    /** 0 when memory has run out. */
    _fvad_new(): number;
    _fvad_free(instance: number): void;
    /** Also resets mode and sample rate to their defaults. */
    _fvad_reset(instance: number): void;
    /** −1 for a mode outside 0–3. */
    _fvad_set_mode(instance: number, mode: number): number;
    /** −1 for a rate other than 8000, 16000, 32000 and 48000. */
    _fvad_set_sample_rate(instance: number, sampleRateHz: number): number;
    /** 1 speech, 0 none, −1 for a length other than 10, 20 or 30 ms. */
    _fvad_process(instance: number, samples: number, length: number): number;
  }

  export default function createFvadModule(): Promise<FvadModule>;
}
