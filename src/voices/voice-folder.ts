import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { OperatorError } from '../errors.ts';
import type { RecordingProblem } from './recording-problem.ts';

/** A file of a voice's folder that means to be a recording. */
export interface SourceRecording {
  /** Absolute. */
  file: string;
  /** As scenarios name it, `julie/base/hello.wav`, whatever the format of the source. */
  audioPath: string;
  /** Relative to the voice's folder, as it stands there: `base/hello.mp3`. */
  name: string;
  /** Null: it can be read. */
  problem: RecordingProblem | null;
}

/** What `setup-audio` reads. */
export const SOURCE_EXTENSIONS = ['.wav', '.mp3', '.m4a', '.flac', '.ogg', '.aac'];

/** A voice is a folder; so scenarios name it. */
export const VOICE_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** As the paths of scenarios: letters, digits, `_`, `-` and `.`, and none of them hidden. */
const FILE_NAME = /^(?!\.)[A-Za-z0-9_.-]+$/;
const MAX_BYTES = 500_000_000;
/** `julie/base/take2/hello.wav`: deeper ones are a mistake. */
const MAX_DEPTH = 3;

/** Every recording below `<directory>/<voice>`, by name. Throws an `OperatorError` where there is no such voice. */
export async function listSources(directory: string, voice: string): Promise<SourceRecording[]> {
  const root = path.join(directory, voice);
  const found: SourceRecording[] = [];
  await walk(root, voice, '', found).catch(async (error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    const voices = await listVoices(directory);
    const hint = voices.length === 0 ? `${directory} holds none` : `there are: ${voices.join(', ')}`;
    throw new OperatorError('voice_missing', `voice ${root} does not exist; ${hint}`, { cause: error });
  });
  const counts = new Map<string, number>();
  for (const { audioPath } of found) counts.set(audioPath, (counts.get(audioPath) ?? 0) + 1);
  return found
    .map((source) =>
      source.problem === null && (counts.get(source.audioPath) ?? 0) > 1
        ? { ...source, problem: 'two-sources' as const }
        : source,
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Folders of a directory that may be voices, in alphabetical order; none where there is no such directory. */
export async function listVoices(directory: string): Promise<string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && VOICE_NAME.test(entry.name))
      .map(({ name }) => name)
      .sort();
  } catch {
    // Not there, or not for us to see.
    return [];
  }
}

async function walk(root: string, voice: string, below: string, found: SourceRecording[]): Promise<void> {
  for (const entry of await readdir(path.join(root, below), { withFileTypes: true })) {
    const name = path.posix.join(below, entry.name);
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) {
      if (name.split('/').length <= MAX_DEPTH) await walk(root, voice, name, found);
      continue;
    }
    const { ext, name: stem, dir } = path.posix.parse(name);
    if (!SOURCE_EXTENSIONS.includes(ext.toLowerCase())) continue;
    const file = path.join(root, name);
    const audioPath = path.posix.join(voice, dir, `${stem}.wav`);
    found.push({ file, audioPath, name, problem: await problemOf(file, name) });
  }
}

async function problemOf(file: string, name: string): Promise<RecordingProblem | null> {
  const stats = await lstat(file);
  if (stats.isSymbolicLink()) return 'symbolic-link';
  if (!stats.isFile()) return 'no-file';
  if (!name.split('/').every((part) => FILE_NAME.test(part))) return 'bad-name';
  if (stats.size === 0) return 'empty';
  return stats.size > MAX_BYTES ? 'too-large' : null;
}
