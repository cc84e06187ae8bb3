import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { MinibotError } from '../errors.ts';
import { findOnPath } from './ffmpeg.ts';

/** A program that speaks text into a WAV file. */
export interface Synthesiser {
  name: 'piper' | 'espeak-ng';
  program: string;
  args: (target: string) => string[];
}

/** One prompt; a sentence takes well under a second. */
const DEADLINE_MS = 60_000;
/** Brisk, so that prompts stay short, and still clear on a telephone line. */
const ESPEAK_VOICE = ['-v', 'fr+f2', '-s', '175', '-p', '45'];

/** Piper where a model of it is named, else espeak-ng; null where neither is installed. */
export async function findSynthesiser(
  searchPath: string,
  piperModel: string | null,
): Promise<Synthesiser | null> {
  if (piperModel !== null) {
    const program = await findOnPath('piper', searchPath);
    if (program === null) return null;
    return { name: 'piper', program, args: (target) => ['--model', piperModel, '--output_file', target] };
  }
  const program = await findOnPath('espeak-ng', searchPath);
  if (program === null) return null;
  return { name: 'espeak-ng', program, args: (target) => [...ESPEAK_VOICE, '--stdin', '-w', target] };
}

/** The text as a WAV file. Rejects when the program fails or takes too long, or as `signal` says. */
export async function synthesise(
  synthesiser: Synthesiser,
  text: string,
  { scratch, signal }: { scratch: string; signal: AbortSignal },
): Promise<Buffer> {
  signal.throwIfAborted();
  const target = path.join(scratch, 'spoken.wav');
  await new Promise<void>((resolve, reject) => {
    const child = spawn(synthesiser.program, synthesiser.args(target), {
      stdio: ['pipe', 'ignore', 'pipe'],
      timeout: DEADLINE_MS,
      killSignal: 'SIGKILL',
      signal,
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (part: string) => (said = (said + part).slice(-500)));
    child.on('error', reject);
    child.on('close', (status) => {
      if (status === 0) resolve();
      else reject(new MinibotError('synthesis_failed', `${synthesiser.name} failed: ${said.trim()}`));
    });
    child.stdin.on('error', () => {
      // It ended before it had read its text: its exit status says so.
    });
    // One line: Piper speaks each line into a file of its own.
    child.stdin.end(`${text.replaceAll(/\s+/g, ' ')}\n`);
  });
  return readFile(target);
}
