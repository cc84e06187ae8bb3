import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { Environment } from '../config.ts';
import { OperatorError } from '../errors.ts';
import type { Messages } from './language.ts';

const HEAD_BYTES = 4096;

/**
 * A path as the operator meant it. `npm run minibot` changes to the project's folder first; where it was started is in
 * INIT_CWD.
 */
export function resolvePath(file: string, environment: Environment): string {
  const isNpm = environment['npm_lifecycle_event'] === 'minibot';
  return path.resolve((isNpm ? environment['INIT_CWD'] : undefined) ?? '.', file);
}

/**
 * Makes sure that a text file can be read from its beginning as often as one likes, and gives back what does it. Throws
 * an `OperatorError` that says what is wrong with it.
 */
export async function openTextFile(
  file: string,
  { importContacts: texts }: Messages,
): Promise<() => AsyncIterable<Uint8Array>> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    const message = hasCode(error, 'ENOENT') ? texts.fileMissing(file) : texts.fileUnreadable(file);
    throw new OperatorError('file_unreadable', message, { cause: error });
  });
  try {
    if (!(await handle.stat()).isFile()) throw new OperatorError('file_unreadable', texts.fileIsNoFile(file));
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    if (looksBinary(buffer.subarray(0, bytesRead))) {
      throw new OperatorError('file_binary', texts.fileIsBinary(file));
    }
  } finally {
    await handle.close();
  }
  return () => createReadStream(file);
}

/** NUL bytes are in no text but UTF-16, which begins with its mark. ZIP archives are told apart by whoever reads on. */
function looksBinary(head: Buffer): boolean {
  const isUtf16 = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  const isZip = head[0] === 0x50 && head[1] === 0x4b;
  return !isUtf16 && !isZip && head.includes(0);
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
