import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { MinibotError, OperatorError } from '../errors.ts';

const run = promisify(execFile);

/** One recording; five minutes of audio take seconds. */
const DEADLINE_MS = 120_000;
const MAX_SAID = 200;

/** ffmpeg could not do it; `message` is what it said, in one line. */
export class FfmpegError extends MinibotError {}

/** Where ffmpeg is: on PATH, else the one that comes with us. Throws an `OperatorError` where there is neither. */
export async function findFfmpeg(searchPath: string): Promise<string> {
  const installed = await findOnPath('ffmpeg', searchPath);
  if (installed !== null) return installed;
  try {
    const { default: bundled } = await import('@ffmpeg-installer/ffmpeg');
    await access(bundled.path, constants.X_OK);
    return bundled.path;
  } catch (error) {
    throw new OperatorError(
      'ffmpeg_missing',
      'ffmpeg was not found: install it (apt-get install ffmpeg), or run npm ci again with install scripts allowed',
      { cause: error },
    );
  }
}

/** The first executable of this name in the folders of `PATH`; null where there is none. */
export async function findOnPath(name: string, searchPath: string): Promise<string | null> {
  for (const folder of searchPath.split(path.delimiter).filter((part) => part !== '')) {
    const file = path.join(folder, name);
    try {
      await access(file, constants.X_OK);
      return file;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

/**
 * Runs ffmpeg on local files, without a question and without a network; returns what it wrote to its output. Rejects with
 * an `FfmpegError`, or as `signal` says.
 */
export async function runFfmpeg(
  ffmpeg: string,
  args: readonly string[],
  { signal, maxBytes }: { signal: AbortSignal; maxBytes: number },
): Promise<Buffer> {
  signal.throwIfAborted();
  try {
    const { stdout } = await run(ffmpeg, ['-nostdin', '-hide_banner', '-v', 'error', '-y', ...args], {
      encoding: 'buffer',
      maxBuffer: maxBytes,
      timeout: DEADLINE_MS,
      killSignal: 'SIGKILL',
      signal,
    });
    return stdout;
  } catch (error) {
    signal.throwIfAborted();
    throw new FfmpegError('ffmpeg_failed', saidBy(error), { cause: error });
  }
}

/** The last thing it said: what went before is mostly a consequence of being cautious. */
function saidBy(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return 'it holds too much audio';
  if ('killed' in error && error.killed === true) return `not done within ${DEADLINE_MS / 1000} s`;
  const said = 'stderr' in error ? String(error.stderr) : '';
  const lines = said.split('\n').map((line) => line.trim());
  const last = lines.findLast((line) => line !== '') ?? error.message;
  // `file:/path/name.wav: Invalid data …`: which file it is stands beside it.
  return last.replace(/^.*?file:.*?: (?=[^/]*$)/, '').slice(0, MAX_SAID);
}
