import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { link, lstat, mkdir, open, realpath, rename, unlink } from 'node:fs/promises';
import path from 'node:path';
import type { Writable } from 'node:stream';
import { OperatorError } from '../errors.ts';

export type OutputProblem = 'exists' | 'folder' | 'special' | 'no-folder' | 'denied' | 'full';

const PROBLEM_TEXTS: Record<OutputProblem, string> = {
  exists: 'exists already',
  folder: 'is a folder',
  special: 'is no ordinary file',
  'no-folder': 'is in a folder that does not exist',
  denied: 'cannot be written: check the folder and its permissions',
  full: 'does not fit on its disk',
};

/** Why a file could not be written; nothing of it is left. */
export class OutputFileError extends OperatorError {
  constructor(
    readonly problem: OutputProblem,
    readonly file: string,
    options?: { cause?: unknown },
  ) {
    super('output_file', `${file} ${PROBLEM_TEXTS[problem]}`, options);
  }
}

const PROBLEM_BY_CODE: Record<string, OutputProblem> = {
  ...{ EEXIST: 'exists', EISDIR: 'folder', ENOENT: 'no-folder', ENOTDIR: 'no-folder' },
  ...{ EACCES: 'denied', EPERM: 'denied', EROFS: 'denied' },
  ...{ ENOSPC: 'full', EDQUOT: 'full', EFBIG: 'full' },
};
/** What file systems without hard links answer. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/** For files of ours, if it is not there. Rejects with an `OutputFileError` where the file system refuses. */
export async function makeOutputFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw explained(error, folder);
  }
}

/**
 * Writes a file so that it is there whole or not at all: into a file beside it, which takes its place when `write` has ended it.
 * Readable by its owner only. Rejects with an `OutputFileError` where the file system refuses.
 */
export async function writeWholeFile(
  file: string,
  { overwrite }: { overwrite: boolean },
  write: (destination: Writable) => Promise<void>,
): Promise<void> {
  try {
    const target = await checkTarget(file, overwrite);
    await writeBeside(target, write, (partial) => putInPlace(partial, target, overwrite));
  } catch (error) {
    throw explained(error, file);
  }
}

function explained(error: unknown, file: string): unknown {
  const problem = PROBLEM_BY_CODE[codeOf(error) ?? ''];
  return problem === undefined ? error : new OutputFileError(problem, file, { cause: error });
}

/** Where the file really is: a link to it stays one. */
async function checkTarget(file: string, overwrite: boolean): Promise<string> {
  const target = await realpath(file).catch(() => file);
  const known = await lstat(target).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  });
  if (known === null) return target;
  if (known.isDirectory()) throw new OutputFileError('folder', file);
  if (!known.isFile()) throw new OutputFileError('special', file);
  if (!overwrite) throw new OutputFileError('exists', file);
  return target;
}

async function writeBeside(
  target: string,
  write: (destination: Writable) => Promise<void>,
  finish: (partial: string) => Promise<void>,
): Promise<void> {
  const partial = path.join(path.dirname(target), `.minibot-${randomBytes(6).toString('hex')}.partial`);
  const handle = await open(partial, 'wx', 0o600);
  // A second Ctrl+C ends the process without asking anybody.
  const removeNow = (): void => {
    rmSync(partial, { force: true });
  };
  process.once('exit', removeNow);
  try {
    await write(handle.createWriteStream({ flush: true }));
    await handle.close();
    await finish(partial);
  } catch (error) {
    await handle.close();
    await unlink(partial);
    throw error;
  } finally {
    process.off('exit', removeNow);
  }
}

/** Not even a file that came into being meanwhile is overwritten unasked. */
async function putInPlace(partial: string, target: string, overwrite: boolean): Promise<void> {
  if (!overwrite) {
    try {
      await link(partial, target);
      await unlink(partial);
      return;
    } catch (error) {
      if (!NO_LINKS.includes(codeOf(error) ?? '')) throw error;
    }
  }
  await rename(partial, target);
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
