import { constants, createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { Environment } from '../config.ts';
import { OperatorError } from '../errors.ts';
import type { Messages } from './language.ts';

const HEAD_BYTES = 4096;

/** How the npm scripts of commands begin. */
const NPM_SCRIPT = 'node bin/minibot.js';

/**
 * A path as the operator meant it. `npm run minibot`, `npm run import-contacts` and the like change to the project's folder
 * first; where they were started is in INIT_CWD.
 */
export function resolvePath(file: string, environment: Environment): string {
  const isNpm = environment['npm_lifecycle_script']?.startsWith(NPM_SCRIPT) === true;
  return path.resolve((isNpm ? environment['INIT_CWD'] : undefined) ?? '.', file);
}

/** The first bytes of an ordinary file. Throws an `OperatorError` where it is none, or cannot be read. */
export async function readFileHead(file: string, { importContacts: texts }: Messages): Promise<Buffer> {
  // Without O_NONBLOCK, opening a named pipe waits for somebody who writes into it.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    const message = hasCode(error, 'ENOENT') ? texts.fileMissing(file) : texts.fileUnreadable(file);
    throw new OperatorError('file_unreadable', message, { cause: error });
  });
  try {
    if (!(await handle.stat()).isFile()) throw new OperatorError('file_unreadable', texts.fileIsNoFile(file));
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/**
 * Makes sure that a text file can be read from its beginning as often as one likes, and gives back what does it. Throws
 * an `OperatorError` that says what is wrong with it.
 */
export async function openTextFile(
  file: string,
  messages: Messages,
): Promise<() => AsyncIterable<Uint8Array>> {
  if (looksBinary(await readFileHead(file, messages))) {
    throw new OperatorError('file_binary', messages.importContacts.fileIsBinary(file));
  }
  return () => createReadStream(file);
}

/** NUL bytes are in no text but UTF-16, which begins with its mark. */
function looksBinary(head: Buffer): boolean {
  const isUtf16 = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  return !isUtf16 && head.includes(0);
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
