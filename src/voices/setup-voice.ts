import { mkdir, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { OperatorError } from '../errors.ts';
import { isDraftFile } from './draft-mark.ts';
import {
  measurePrepared,
  prepareRecording,
  type PreparationSettings,
  type SoundWarning,
} from './prepare-recording.ts';
import { UnusableRecording, type RecordingProblem } from './recording-problem.ts';
import { readSetupRecord, SETUP_RECORD, sha256, writeSetupRecord, type SetupEntry } from './setup-record.ts';
import type { SoundLevels } from './sound-check.ts';
import { listSources, type SourceRecording } from './voice-folder.ts';
import { writeAtomically } from './write-atomically.ts';

export interface SetupOptions {
  ffmpeg: string;
  voice: string;
  /** `AUDIO_DIR` and `FREESWITCH_SOUNDS_DIR`. */
  sourceDir: string;
  soundsDir: string;
  settings: PreparationSettings;
  /** Does everything but write. */
  dryRun: boolean;
  signal: AbortSignal;
  onProgress: (done: number, total: number) => void;
}

export type SetupResult = { name: string; audioPath: string } & (
  | {
      status: 'prepared' | 'unchanged';
      /** Of what the switch plays. */
      after: SoundLevels;
      /** Null: unchanged, so not looked at. */
      before: SoundLevels | null;
      warnings: readonly SoundWarning[];
      isDraft: boolean;
    }
  | { status: 'failed'; problem: RecordingProblem | null; message: string }
);

type Prepared = Extract<SetupResult, { after: SoundLevels }>;

/** Raised with what a recording is made like, so that those made before are made again. */
const RECIPE = 1;

/**
 * Prepares every recording of a voice and puts it where the switch plays it, several at once. One that fails does not keep
 * the others from being done; those that have not changed are left alone. Aborted, it leaves whole files only.
 */
export async function setUpVoice(options: SetupOptions): Promise<SetupResult[]> {
  const { voice, sourceDir, soundsDir, dryRun, signal, onProgress } = options;
  const sources = await listSources(sourceDir, voice);
  await refuseSameFolder(sourceDir, soundsDir);
  const recordFile = path.join(soundsDir, voice, SETUP_RECORD);
  const known = await readSetupRecord(recordFile);
  const scratch = await mkdtemp(path.join(tmpdir(), 'minibot-audio-'));
  const results: SetupResult[] = [];
  let next = 0;
  let changed = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < sources.length; at = next++) {
      const source = sources[at];
      if (source === undefined) return;
      const result = await setUp(options, source, known, path.join(scratch, String(at)));
      if (result.status === 'prepared') changed += 1;
      results[at] = result;
      onProgress(results.filter(Boolean).length, sources.length);
    }
  };
  try {
    // The first to fail for good (nothing can be written, Ctrl+C) stops the others at their next file.
    const workers = await Promise.allSettled(
      Array.from({ length: Math.min(availableParallelism(), sources.length) }, work),
    );
    const failed = workers.find((one) => one.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    signal.throwIfAborted();
    return results;
  } finally {
    await rm(scratch, { recursive: true, force: true });
    if (changed > 0 && !dryRun) await writeSetupRecord(recordFile, known);
  }
}

async function setUp(
  options: SetupOptions,
  source: SourceRecording,
  known: Map<string, SetupEntry>,
  scratch: string,
): Promise<SetupResult> {
  const { name, audioPath, problem, file } = source;
  options.signal.throwIfAborted();
  if (problem !== null) return { name, audioPath, status: 'failed', problem, message: problem };
  const target = path.join(options.soundsDir, audioPath);
  const recipe = recipeOf(options.settings);
  try {
    const sourceHash = sha256(await readFile(file));
    const unchanged = await ifUnchanged(source, target, known.get(audioPath), sourceHash, recipe);
    if (unchanged !== null) return unchanged;
    await mkdir(scratch);
    const { ffmpeg, settings, signal } = options;
    const { bytes, before, after, warnings, isDraft } = await prepareRecording({
      ...{ ffmpeg, settings, signal, scratch },
      source: file,
    });
    if (!options.dryRun) {
      await writeAtomically(target, bytes);
      known.set(audioPath, { source: sourceHash, result: sha256(bytes), settings: recipe, warnings });
    }
    return { name, audioPath, status: 'prepared', before, after, warnings, isDraft };
  } catch (error) {
    options.signal.throwIfAborted();
    if (!isAboutOneFile(error)) throw error;
    const found = error instanceof UnusableRecording ? error.problem : null;
    return { name, audioPath, status: 'failed', problem: found, message: error.message };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Where nothing can be written, going on would only say so once more for every file. */
function isAboutOneFile(error: unknown): error is Error {
  return error instanceof Error && !(error instanceof OperatorError && error.code === 'file_unwritable');
}

async function ifUnchanged(
  { name, audioPath }: SourceRecording,
  target: string,
  entry: SetupEntry | undefined,
  sourceHash: string,
  recipe: string,
): Promise<Prepared | null> {
  if (entry?.source !== sourceHash || entry.settings !== recipe) return null;
  const bytes = await readFile(target).catch(() => {
    // Somebody removed it: it is made again.
    return null;
  });
  if (bytes === null || sha256(bytes) !== entry.result) return null;
  const after = measurePrepared(bytes);
  const { warnings } = entry;
  return {
    name,
    audioPath,
    status: 'unchanged',
    before: null,
    after,
    warnings,
    isDraft: await isDraftFile(target),
  };
}

function recipeOf({ volumeAdjustDb, backgroundReductionDb }: PreparationSettings): string {
  return `v${RECIPE} volume ${volumeAdjustDb} background ${backgroundReductionDb}`;
}

/** Recordings would be replaced by what was made of them. */
async function refuseSameFolder(sourceDir: string, soundsDir: string): Promise<void> {
  const [source, sounds] = await Promise.all(
    [sourceDir, soundsDir].map((folder) => realpath(folder).catch(() => path.resolve(folder))),
  );
  if (source !== sounds) return;
  throw new OperatorError(
    'audio_same_folder',
    `AUDIO_DIR and FREESWITCH_SOUNDS_DIR are the same folder (${sourceDir}): the recordings would be overwritten. Set one of them to another folder`,
  );
}
