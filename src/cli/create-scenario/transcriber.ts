import path from 'node:path';
import type { Config } from '../../config.ts';
import { OperatorError } from '../../errors.ts';
import { openFileRecognizer, type SettlingRecognizer } from '../../hearing/settling-recognizer.ts';
import { readSound } from '../../hearing/sound-file.ts';
import { transcribe } from '../../hearing/transcribe.ts';
import { findFfmpeg } from '../../voices/ffmpeg.ts';
import type { CommandContext } from '../command-context.ts';

/** The words of recordings, by the recogniser of calls, which is loaded when it is needed first. */
export interface Transcriber {
  /** Null where there is no model, the file cannot be heard, or nothing was understood. */
  wordsOf: (file: string) => Promise<{ text: string; confidence: number } | null>;
  close: () => Promise<void>;
}

export function openTranscriber({ environment, signal }: CommandContext, config: Config): Transcriber {
  let recognizer: Promise<SettlingRecognizer> | null = null;
  const load = (): Promise<SettlingRecognizer> =>
    (recognizer ??= openFileRecognizer(config.vosk).then((opened) => opened.recognizer));
  return {
    wordsOf: async (file) => {
      try {
        const ffmpeg = await findFfmpeg(environment['PATH'] ?? '');
        const sound = await readSound({
          ...{ ffmpeg, signal, file: path.resolve(file) },
          sampleRateHz: config.streaming.sampleRateHz,
          ...{ channel: 'both', throughTelephone: false },
        });
        const { text, confidence } = await transcribe(await load(), sound, { signal });
        return text === '' ? null : { text, confidence };
      } catch (error) {
        // No model, no ffmpeg or no sound: a proposal less, and the words are typed.
        if (error instanceof OperatorError) return null;
        throw error;
      }
    },
    close: async () => {
      // One that could not be loaded is not there to be closed.
      await recognizer?.then(
        (loaded) => loaded.close(),
        () => undefined,
      );
    },
  };
}
