import { readWav } from '../call-engine/audio/wav.ts';
import { FfmpegError, runFfmpeg } from './ffmpeg.ts';
import { UnusableRecording } from './recording-problem.ts';

/** Longer ones are a mistake: nobody listens to them, and they fill the memory. */
export const MAX_DURATION_S = 300;
export const MAX_BYTES = 256 * 1024 * 1024;

/** Only these are tried, whatever the name says: a playlist could name other files. */
const DEMUXERS = 'wav,w64,mp3,mov,mp4,m4a,flac,ogg,aac';

/**
 * The first audio of a file in any of our formats, as `args` have ffmpeg write it into a WAV file; the first second past
 * `MAX_DURATION_S` shows that it is too long. Throws an `UnusableRecording` where there is none.
 */
export async function decodeSound(
  ffmpeg: string,
  source: string,
  options: { args: readonly string[]; signal: AbortSignal },
) {
  try {
    const wav = await runFfmpeg(
      ffmpeg,
      [...inputOf(source), '-t', String(MAX_DURATION_S + 1), ...options.args, '-f', 'wav', 'pipe:1'],
      { signal: options.signal, maxBytes: MAX_BYTES },
    );
    const decoded = readWav(wav);
    if (decoded.channels[0].length === 0) throw new UnusableRecording('no-audio');
    return decoded;
  } catch (error) {
    if (!(error instanceof FfmpegError)) throw error;
    throw new UnusableRecording('no-audio', `ffmpeg: ${error.message}`, { cause: error });
  }
}

/** `file:` keeps a name with a colon or a dash at its front from being anything but a name. */
export function inputOf(file: string): string[] {
  return [
    '-format_whitelist',
    DEMUXERS,
    '-protocol_whitelist',
    'file',
    '-i',
    `file:${file}`,
    '-map',
    '0:a:0',
  ];
}
