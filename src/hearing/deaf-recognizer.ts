import type { SettlingRecognizer } from './settling-recognizer.ts';

/** Takes all audio and understands nothing, at no cost: what is left is everything else. */
export function createDeafRecognizer(): SettlingRecognizer {
  return {
    open: () => ({
      write: () => undefined,
      finish: () => Promise.resolve({ text: '', confidence: 0, words: [], hasUnknownWords: false }),
      discard: () => undefined,
      settled: () => Promise.resolve(),
      close: () => Promise.resolve(),
    }),
    close: () => Promise.resolve(),
  };
}
