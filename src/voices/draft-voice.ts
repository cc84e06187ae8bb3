import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Recording } from '../call-engine/scenario/schema.ts';
import { fillTemplate } from '../call-engine/scenario/template.ts';
import { isDraftFile, withDraftMark } from './draft-mark.ts';
import { synthesise, type Synthesiser } from './synthesiser.ts';
import { SOURCE_EXTENSIONS } from './voice-folder.ts';
import { writeAtomically } from './write-atomically.ts';

export type DraftStatus =
  | 'drafted'
  /** Somebody recorded it: left alone. */
  | 'recorded'
  /** The scenario or theme does not say what it says. */
  | 'no-text';

export interface DraftResult {
  audioPath: string;
  text: string;
  status: DraftStatus;
}

export interface DraftOptions {
  synthesiser: Synthesiser;
  recordings: readonly Recording[];
  /** `AUDIO_DIR` and `FREESWITCH_SOUNDS_DIR`. */
  sourceDir: string;
  soundsDir: string;
  dryRun: boolean;
  signal: AbortSignal;
  onProgress: (done: number, total: number) => void;
}

/**
 * Has a machine speak every prompt that nobody recorded, into the folder of the recordings, each marked as a draft. Drafts are
 * spoken again, so that they say what the scenario says now; a recording is never touched, wherever it is.
 */
export async function draftVoice(options: DraftOptions): Promise<DraftResult[]> {
  const { recordings, signal, onProgress } = options;
  const unique = [...new Map(recordings.map((recording) => [recording.audioPath, recording])).values()];
  const scratch = await mkdtemp(path.join(tmpdir(), 'minibot-draft-'));
  const results: DraftResult[] = [];
  try {
    for (const recording of unique) {
      signal.throwIfAborted();
      results.push(await draft(options, recording, scratch));
      onProgress(results.length, unique.length);
    }
    return results;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function draft(options: DraftOptions, recording: Recording, scratch: string): Promise<DraftResult> {
  const { synthesiser, sourceDir, soundsDir, dryRun, signal } = options;
  const { audioPath } = recording;
  const text = asSpoken(recording.text);
  const stem = path.join(sourceDir, audioPath.replace(/\.wav$/, ''));
  const places = [...SOURCE_EXTENSIONS.map((extension) => stem + extension), path.join(soundsDir, audioPath)];
  const found = await Promise.all(places.map(isRecorded));
  if (found.includes(true)) return { audioPath, text, status: 'recorded' };
  if (!/\p{L}/u.test(text)) return { audioPath, text, status: 'no-text' };
  if (!dryRun) {
    const spoken = await synthesise(synthesiser, text, { scratch, signal });
    await writeAtomically(`${stem}.wav`, withDraftMark(spoken));
  }
  return { audioPath, text, status: 'drafted' };
}

/** A file is there that is no draft. */
async function isRecorded(file: string): Promise<boolean> {
  try {
    return !(await isDraftFile(file));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    // Something is there that cannot be read: whatever it is, it stays.
    return true;
  }
}

/** What a recording can say: nothing that only a call knows. */
function asSpoken(text: string): string {
  return fillTemplate(text, {}).replaceAll(/[«»]/g, '').replaceAll(/\s+/g, ' ').trim();
}
