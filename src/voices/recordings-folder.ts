import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../config.ts';
import { isDraftFile } from './draft-mark.ts';
import { SOURCE_EXTENSIONS } from './voice-folder.ts';

export interface RecordingsFolder {
  directory: string;
  /** `audioPath` as scenarios write it: relative to the sounds directory. */
  exists: (audioPath: string) => boolean;
  /** Its file; null where there is none. */
  find: (audioPath: string) => string | null;
}

/** The recordings that the switch plays, where this machine can see them; null where it cannot. */
export function switchRecordings({ freeswitch }: Config): RecordingsFolder | null {
  const directory = freeswitch.soundsDir;
  if (!isDirectory(directory)) return null;
  return folder(directory, (audioPath) => [path.join(directory, audioPath)]);
}

/** The recordings as they were made, in whatever format; null where there are none on this machine. */
export function sourceRecordings({ audio }: Config): RecordingsFolder | null {
  const directory = audio.sourceDir;
  if (!isDirectory(directory)) return null;
  return folder(directory, (audioPath) => {
    const { dir, name } = path.parse(path.join(directory, audioPath));
    return SOURCE_EXTENSIONS.map((extension) => path.join(dir, name + extension));
  });
}

/** Those that a machine speaks until somebody records them; what is not there is none. */
export async function draftsAmong(
  recordings: RecordingsFolder,
  audioPaths: readonly string[],
): Promise<string[]> {
  const isDraft = await Promise.all(
    audioPaths.map(async (audioPath) => {
      const file = recordings.find(audioPath);
      // One that cannot be read says nothing of itself; that it cannot be played is found elsewhere.
      return file !== null && (await isDraftFile(file).catch(() => false));
    }),
  );
  return audioPaths.filter((_path, index) => isDraft[index]);
}

function folder(directory: string, candidates: (audioPath: string) => string[]): RecordingsFolder {
  const find = (audioPath: string): string | null => candidates(audioPath).find(existsSync) ?? null;
  return { directory, find, exists: (audioPath) => find(audioPath) !== null };
}

function isDirectory(directory: string): boolean {
  return statSync(directory, { throwIfNoEntry: false })?.isDirectory() === true;
}
