import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../config.ts';
import { SOURCE_EXTENSIONS } from '../voices/voice-folder.ts';

export interface RecordingsFolder {
  directory: string;
  /** `audioPath` as scenarios write it: relative to the sounds directory. */
  exists: (audioPath: string) => boolean;
}

/** The recordings that the switch plays, where this machine can see them; null where it cannot. */
export function switchRecordings({ freeswitch }: Config): RecordingsFolder | null {
  const directory = freeswitch.soundsDir;
  if (!isDirectory(directory)) return null;
  return { directory, exists: (audioPath) => existsSync(path.join(directory, audioPath)) };
}

/** The recordings as they were made, in whatever format; null where there are none on this machine. */
export function sourceRecordings({ audio }: Config): RecordingsFolder | null {
  const directory = audio.sourceDir;
  if (!isDirectory(directory)) return null;
  return {
    directory,
    exists: (audioPath) => {
      const { dir, name } = path.parse(path.join(directory, audioPath));
      return SOURCE_EXTENSIONS.some((extension) => existsSync(path.join(dir, name + extension)));
    },
  };
}

function isDirectory(directory: string): boolean {
  return statSync(directory, { throwIfNoEntry: false })?.isDirectory() === true;
}
