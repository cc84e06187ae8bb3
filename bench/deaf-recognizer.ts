import type { SpeechRecognizer } from '../src/call-engine/ports.ts';

/** Takes all audio and understands nothing, at no cost: what is left is the price of everything else. */
export function createDeafRecognizer(): SpeechRecognizer {
  return {
    open: () => ({
      write: () => undefined,
      finish: () => Promise.resolve({ text: '', confidence: 0, words: [], hasUnknownWords: false }),
      discard: () => undefined,
      close: () => Promise.resolve(),
    }),
    close: () => Promise.resolve(),
  };
}
