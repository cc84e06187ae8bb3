import { Readable } from 'node:stream';
import type { Input } from '../../src/cli/command-context.ts';

/** Standard input of a program that nobody types for. */
export function noInput(): Input {
  return Object.assign(Readable.from([]), { isTTY: false });
}
