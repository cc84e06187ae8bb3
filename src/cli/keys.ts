import type { Input } from './command-context.ts';

/** Ctrl+C, which is a key like any other while keys are read. */
export const CTRL_C = '\u0003';
const ESCAPE = '\u001b';

/**
 * Tells single keys as they are pressed; arrows and the like are left out. Returns what gives the keyboard back, which is to be
 * called in any case; may be called twice. Does nothing where there is no keyboard.
 */
export function readKeys(stdin: Input, onKey: (key: string) => void): () => void {
  if (stdin.isTTY !== true || stdin.setRawMode === undefined) return () => undefined;
  const onData = (data: Buffer | string): void => {
    const text = data.toString();
    if (text.startsWith(ESCAPE)) return;
    for (const key of text) onKey(key);
  };
  stdin.setRawMode(true);
  stdin.on('data', onData);
  stdin.resume();
  return () => {
    stdin.off('data', onData);
    stdin.setRawMode?.(false);
    stdin.pause();
  };
}
