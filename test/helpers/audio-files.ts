import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findFfmpeg } from '../../src/voices/ffmpeg.ts';

const run = promisify(execFile);

/** Writes a sound that ffmpeg generates (`lavfi`), in the format that the file's name says. */
export async function writeSound(file: string, graph: string, args: readonly string[] = []): Promise<void> {
  const ffmpeg = await findFfmpeg(process.env['PATH'] ?? '');
  await run(ffmpeg, ['-nostdin', '-v', 'error', '-y', '-f', 'lavfi', '-i', graph, ...args, file]);
}

/** Something like speech: a tone that comes and goes, four times a second. */
export function babble(seconds: number, amplitude: number): string {
  return `aevalsrc='${amplitude}*sin(2*PI*440*t)*pow(abs(sin(2*PI*2*t)),3)':d=${seconds}:s=44100`;
}
