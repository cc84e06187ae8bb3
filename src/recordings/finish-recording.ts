import { rename, rm, writeFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import { listTurns } from '../db/call-interactions.ts';
import { listLines } from '../db/call-lines.ts';
import { findCall } from '../db/calls.ts';
import type { Executor } from '../db/client.ts';
import { noteAssembled } from '../db/recordings.ts';
import { assembleRecording } from './assemble.ts';
import { recordingFiles, removeRecording } from './recording-files.ts';
import { transcriptOf, transcriptText } from './transcript.ts';

export interface RecordingDeps {
  db: Executor;
  /** Where the switch records, as this machine sees it too. */
  directory: string;
  logger: Logger;
}

/**
 * Makes a recorded call's file for listening and writes the transcript beside it. May run any number of times: what is there
 * is made anew. Nothing is done for a call whose recording was removed meanwhile, or lies elsewhere.
 */
export async function finishRecording(
  { db, directory, logger }: RecordingDeps,
  callId: string,
  signal: AbortSignal,
): Promise<'assembled' | 'nothing-to-do'> {
  const call = await findCall(db, callId);
  const files = recordingFiles(directory, callId);
  if (call?.recordingPath !== files.stereo) return 'nothing-to-do';
  await assembleRecording(files.stereo, files.assembled, signal);
  const transcript = transcriptOf(call, await listLines(db, [callId]), await listTurns(db, [callId]));
  await writeWhole(files.transcriptText, transcriptText(transcript));
  await writeWhole(files.transcriptJson, `${JSON.stringify(transcript, null, 2)}\n`);
  if (await noteAssembled(db, callId, { recordingPath: files.stereo, assembledPath: files.assembled })) {
    logger.info({ callId }, 'recording assembled');
    return 'assembled';
  }
  // Purged or erased while this was at work: what was just written must not stay behind.
  await removeRecording(directory, { callId, recordedAt: files.stereo });
  return 'nothing-to-do';
}

/** A file of that name is always whole; never writes through a link that somebody put there. */
async function writeWhole(file: string, content: string): Promise<void> {
  const part = `${file}.part`;
  await rm(part, { force: true });
  await writeFile(part, content, { flag: 'wx' });
  await rename(part, file);
}
