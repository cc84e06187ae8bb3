import type { Transcript } from '../call-engine/ports.ts';
import type { SettlingRecognizer } from './settling-recognizer.ts';
import { framesOf, type Sound } from './sound-file.ts';

/** What was understood so far once `atMs` of the sound had been heard. */
export interface PartialAt {
  atMs: number;
  text: string;
}

export interface Transcription extends Transcript {
  partials: PartialAt[];
  /** Time spent decoding, by the clock. */
  decodingMs: number;
}

/**
 * The words of a sound, as one utterance, by the recogniser of calls: given frame by frame, each decoded before the next,
 * so that the times of the partials are the sound's. Rejects when decoding fails, or as `signal` says.
 */
export async function transcribe(
  recognizer: SettlingRecognizer,
  sound: Sound,
  options: { signal: AbortSignal; onProgress?: (heardMs: number) => void },
): Promise<Transcription> {
  const { signal, onProgress } = options;
  const partials: PartialAt[] = [];
  let heardMs = 0;
  const failures: Error[] = [];
  const stream = recognizer.open({
    sampleRateHz: sound.sampleRateHz,
    onPartial: ({ text }) => partials.push({ atMs: heardMs, text }),
    onError: (error) => failures.push(error),
  });
  try {
    const startedMs = performance.now();
    for (const frame of framesOf(sound, 0)) {
      signal.throwIfAborted();
      heardMs += (frame.length / sound.sampleRateHz) * 1000;
      stream.write(frame);
      await stream.settled();
      if (failures[0] !== undefined) throw failures[0];
      onProgress?.(heardMs);
    }
    const transcript = await stream.finish();
    return { ...transcript, partials, decodingMs: performance.now() - startedMs };
  } finally {
    await stream.close();
  }
}
