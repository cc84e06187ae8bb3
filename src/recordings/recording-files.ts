import { lstat, readdir, realpath, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/** What a call's recording consists of, all in one folder, named after the call. */
export interface RecordingFiles {
  /** The switch's stereo file. */
  stereo: string;
  /** Both sides on one channel, for listening. */
  assembled: string;
  transcriptText: string;
  transcriptJson: string;
}

/** Of these a name is made up; nothing else is ever removed. */
const TRANSCRIPT_SUFFIXES = ['.txt', '.txt.part', '.json', '.json.part'] as const;
const SUFFIXES = ['.wav', '.assembled.wav', '.assembled.wav.part', ...TRANSCRIPT_SUFFIXES] as const;
const CALL_FILE = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(\.[a-z.]+)$/;

export function recordingFiles(directory: string, callId: string): RecordingFiles {
  const of = (suffix: (typeof SUFFIXES)[number]): string => path.posix.join(directory, `${callId}${suffix}`);
  return {
    stereo: of('.wav'),
    assembled: of('.assembled.wav'),
    transcriptText: of('.txt'),
    transcriptJson: of('.json'),
  };
}

/** Whether this machine sees the folder that the switch records into. */
export async function seesRecordings(directory: string): Promise<boolean> {
  try {
    return (await stat(directory)).isDirectory();
  } catch {
    // Not on this machine, or not for us to see.
    return false;
  }
}

/**
 * Removes everything of a call's recording; `recordedAt` is where the switch was told to write it. False, and nothing is
 * touched, when that is not directly below `directory`, or the folder cannot be seen. A link in the folder is removed, not
 * what it points to. What is gone already is a success.
 */
export async function removeRecording(
  directory: string,
  { callId, recordedAt }: { callId: string; recordedAt: string },
): Promise<boolean> {
  if (path.posix.normalize(recordedAt) !== recordingFiles(directory, callId).stereo) return false;
  if (!(await seesRecordings(directory))) return false;
  // Resolved once: no part of the path is looked up again.
  const folder = await realpath(directory);
  for (const suffix of SUFFIXES) await rm(path.join(folder, `${callId}${suffix}`), { force: true });
  return true;
}

/** Calls that have files in the folder whose last change was before `before`. */
export async function callsWithOldFiles(directory: string, before: Date): Promise<string[]> {
  return [...new Set((await oldFiles(directory, before, SUFFIXES)).map(({ callId }) => callId))];
}

/** Removes transcripts that were written before `before`, whatever becomes of the recording. */
export async function removeOldTranscripts(directory: string, before: Date): Promise<void> {
  for (const { name } of await oldFiles(directory, before, TRANSCRIPT_SUFFIXES)) {
    await rm(path.join(directory, name), { force: true });
  }
}

async function oldFiles(
  directory: string,
  before: Date,
  suffixes: readonly string[],
): Promise<{ name: string; callId: string }[]> {
  const old: { name: string; callId: string }[] = [];
  for (const name of await readdir(directory)) {
    const [, callId, suffix] = CALL_FILE.exec(name) ?? [];
    if (callId === undefined || suffix === undefined || !suffixes.includes(suffix)) continue;
    const found = await lstat(path.join(directory, name)).catch(nullIfGone);
    if (found !== null && found.mtime < before) old.push({ name, callId });
  }
  return old;
}

function nullIfGone(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
  throw error;
}
