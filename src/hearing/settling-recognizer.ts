import pino from 'pino';
import { inspectModelDirectory } from '../call-engine/adapters/vosk/model-directory.ts';
import { loadVoskRecognizer, type VoskOptions } from '../call-engine/adapters/vosk/vosk-recognizer.ts';
import type { RecognizerStream, RecognizerStreamOptions, SpeechRecognizer } from '../call-engine/ports.ts';

/** A stream that tells when it has caught up with what it was given. */
export interface SettlingStream extends RecognizerStream {
  settled(): Promise<void>;
}

/** The recogniser of calls, as one needs it for sound that is not told at the pace of a call. */
export interface SettlingRecognizer extends SpeechRecognizer {
  open(options: RecognizerStreamOptions): SettlingStream;
}

/** Each frame is waited for: nothing is dropped. */
const MAX_QUEUED_MS = 60_000;

/** Loads the speech model of calls for files. Throws an `OperatorError` that names what to mend. */
export async function openFileRecognizer(
  vosk: Omit<VoskOptions, 'maxQueuedMs'>,
): Promise<{ recognizer: SettlingRecognizer; knowsSyntheticVoicesOnly: boolean }> {
  const { knowsSyntheticVoicesOnly } = await inspectModelDirectory(vosk.modelPath);
  const recognizer = await loadVoskRecognizer(
    { ...vosk, maxQueuedMs: MAX_QUEUED_MS },
    pino({ level: 'silent' }),
  );
  return { recognizer, knowsSyntheticVoicesOnly };
}
