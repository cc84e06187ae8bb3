import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import koffi from 'koffi';
import { OperatorError } from '../../../errors.ts';

/** Addresses inside libvosk. Never 0: libvosk crashes the process when it is handed NULL. */
export type ModelPointer = bigint & { readonly kind: 'model' };
export type RecognizerPointer = bigint & { readonly kind: 'recognizer' };

/**
 * libvosk's C functions, each run on libuv's thread pool. The caller keeps the library's rules: one call at a time per
 * recogniser, nothing after `free`, audio left unchanged until its call has resolved.
 */
export interface Libvosk {
  /** Null when the directory holds no model that the library can read. */
  loadModel(path: string): Promise<ModelPointer | null>;
  freeModel(model: ModelPointer): Promise<void>;
  createRecognizer(model: ModelPointer, sampleRateHz: number): Promise<RecognizerPointer | null>;
  setWords(recognizer: RecognizerPointer, on: boolean): Promise<void>;
  /** 1: the engine found an end of utterance (`result` is due); 0: go on; −1: it failed. */
  acceptWaveform(recognizer: RecognizerPointer, samples: Int16Array): Promise<number>;
  result(recognizer: RecognizerPointer): Promise<string>;
  partialResult(recognizer: RecognizerPointer): Promise<string>;
  finalResult(recognizer: RecognizerPointer): Promise<string>;
  freeRecognizer(recognizer: RecognizerPointer): Promise<void>;
}

/** Kaldi expects the stack of an ordinary thread; koffi's 128 KiB are too few for large models. Untouched pages cost nothing. */
const ASYNC_STACK_BYTES = 4 * 1024 * 1024;
/** Errors only: the library writes to stderr behind the logger's back. */
const LOG_LEVEL_ERRORS = -1;

const LIBRARY_IN_PACKAGE: Readonly<Record<string, string>> = {
  'linux-x64': 'lib/linux-x86_64/libvosk.so',
  'darwin-x64': 'lib/osx-universal/libvosk.dylib',
  'darwin-arm64': 'lib/osx-universal/libvosk.dylib',
  'win32-x64': 'lib/win-x86_64/libvosk.dll',
};

/**
 * Opens libvosk: the file `libraryPath` names, else the one inside the npm package `vosk`.
 * Throws an `OperatorError` when there is none for this machine or it cannot be loaded.
 */
export function openLibvosk(libraryPath: string | null): Libvosk {
  const path = libraryPath ?? packagedLibrary(`${process.platform}-${process.arch}`);
  if (!existsSync(path)) {
    throw new OperatorError(
      'VOSK_LIBRARY_MISSING',
      `the speech engine's library is missing: ${path}. Run \`npm ci\` again, or set VOSK_LIBRARY_PATH to a libvosk ` +
        'built for this machine',
    );
  }
  try {
    return bind(path);
  } catch (error) {
    throw new OperatorError(
      'VOSK_LIBRARY_UNUSABLE',
      `the speech engine's library cannot be loaded: ${path}. Set VOSK_LIBRARY_PATH to a libvosk built for this ` +
        `machine (${process.platform}-${process.arch})`,
      { cause: error },
    );
  }
}

/** Where the npm package `vosk` keeps its library for `platform` (`linux-x64` …). */
export function packagedLibrary(platform: string): string {
  const file = LIBRARY_IN_PACKAGE[platform];
  if (file === undefined) {
    throw new OperatorError(
      'VOSK_PLATFORM',
      `the npm package vosk has no library for ${platform} (it has ${Object.keys(LIBRARY_IN_PACKAGE).join(', ')}). ` +
        'Set VOSK_LIBRARY_PATH to a libvosk built for this machine',
    );
  }
  return join(dirname(createRequire(import.meta.url).resolve('vosk/package.json')), file);
}

function bind(path: string): Libvosk {
  // Settings can only be changed before the process loads its first library.
  if (koffi.config().async_stack_size !== ASYNC_STACK_BYTES) {
    koffi.config({ async_stack_size: ASYNC_STACK_BYTES });
  }
  const library = koffi.load(path);
  const setLogLevel = library.func('void vosk_set_log_level(int)');
  setLogLevel(LOG_LEVEL_ERRORS);

  const modelNew = library.func('void *vosk_model_new(const char *)');
  const modelFree = library.func('void vosk_model_free(void *)');
  const recognizerNew = library.func('void *vosk_recognizer_new(void *, float)');
  const setWords = library.func('void vosk_recognizer_set_words(void *, int)');
  const accept = library.func('int vosk_recognizer_accept_waveform_s(void *, const int16_t *, int)');
  const result = library.func('const char *vosk_recognizer_result(void *)');
  const partialResult = library.func('const char *vosk_recognizer_partial_result(void *)');
  const finalResult = library.func('const char *vosk_recognizer_final_result(void *)');
  const recognizerFree = library.func('void vosk_recognizer_free(void *)');

  return {
    loadModel: async (modelPath) => asPointer(await call(modelNew, modelPath)) as ModelPointer | null,
    freeModel: async (model) => {
      await call(modelFree, model);
    },
    createRecognizer: async (model, sampleRateHz) =>
      asPointer(await call(recognizerNew, model, sampleRateHz)) as RecognizerPointer | null,
    setWords: async (recognizer, on) => {
      await call(setWords, recognizer, on ? 1 : 0);
    },
    acceptWaveform: async (recognizer, samples) =>
      Number(await call(accept, recognizer, samples, samples.length)),
    result: async (recognizer) => asText(await call(result, recognizer)),
    partialResult: async (recognizer) => asText(await call(partialResult, recognizer)),
    finalResult: async (recognizer) => asText(await call(finalResult, recognizer)),
    freeRecognizer: async (recognizer) => {
      await call(recognizerFree, recognizer);
    },
  };
}

/** What koffi makes of a C function: its last argument is called with the outcome. */
interface NativeFunction {
  async: (...args: unknown[]) => void;
}

/** Runs one C function on the thread pool. */
function call(fn: NativeFunction, ...args: unknown[]): Promise<unknown> {
  return new Promise((resolve, reject) => {
    fn.async(...args, (error: Error | null, value: unknown) => {
      // Referenced here, they cannot be collected while the other thread reads them.
      args.length = 0;
      if (error === null) resolve(value);
      else reject(error);
    });
  });
}

/** Null for NULL. The caller's cast adds the brand, which keeps models and recognisers apart for the compiler. */
function asPointer(value: unknown): bigint | null {
  if (value === null || value === 0n) return null;
  if (typeof value !== 'bigint') throw new TypeError(`libvosk: expected a pointer, got ${typeof value}`);
  return value;
}

/** koffi has copied the C string by now; the original dies with the recogniser's next call. */
function asText(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`libvosk: expected a string, got ${typeof value}`);
  return value;
}
