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
