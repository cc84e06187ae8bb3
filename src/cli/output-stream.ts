import { Writable } from 'node:stream';
import type { Output } from './terminal.ts';

/** A standard stream as one that long results are piped into, no faster than its reader takes them. */
export function outputStream(output: Output): Writable {
  if (output instanceof Writable) return output;
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      output.write(chunk.toString());
      done();
    },
  });
}

/** What writing fails with once nobody reads any more: `… | head -1`, or a terminal window that was closed. */
export function isClosedByReader(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EPIPE' || error.code === 'EIO');
}
