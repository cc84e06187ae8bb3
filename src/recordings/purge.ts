import type { Executor } from '../db/client.ts';
import {
  countExpired,
  markRecordingsPurged,
  pageExpiredRecordings,
  pageExpiredTranscripts,
  purgeTranscripts,
  withoutRecording,
  type ExpiredCall,
  type ExpiredCursor,
} from '../db/retention.ts';
import {
  callsWithOldFiles,
  recordingFiles,
  removeOldTranscripts,
  removeRecording,
  seesRecordings,
} from './recording-files.ts';

/** Calls dealt with at a time: together in the database, or not at all. */
const BATCH = 200;
const DAY_MS = 86_400_000;

export interface RetentionRules {
  /** `RECORDING_RETENTION_DAYS`, `TRANSCRIPT_RETENTION_DAYS`. */
  recordingDays: number;
  transcriptDays: number;
}

export interface PurgeDeps {
  db: Executor;
  rules: RetentionRules;
  /** `RECORDINGS_DIR`; null when there is none. Nothing outside of it is ever removed. */
  directory: string | null;
  now: () => Date;
}

export interface PurgeReport {
  /** Calls whose recording was removed, with what was made of it. */
  recordings: number;
  /** Files that no call owned any more. */
  leftovers: number;
  /** Calls whose recording is too old but lies where this machine cannot remove it. */
  elsewhere: number;
  /** Calls whose words were blanked. */
  transcripts: number;
}

export interface PurgeOptions {
  signal: AbortSignal;
  onProgress: (done: number, total: number) => void;
}

const NOTHING_PURGED: PurgeReport = { recordings: 0, leftovers: 0, elsewhere: 0, transcripts: 0 };

/** What a purge would have to do now. */
export async function countPurgeable({
  db,
  rules,
  now,
}: PurgeDeps): Promise<{ recordings: number; transcripts: number }> {
  return countExpired(db, cutoffs(rules, now()));
}

/** Removes recordings and words that have been kept for as long as they may. */
export async function purge(deps: PurgeDeps, options: PurgeOptions): Promise<PurgeReport> {
  const { recordings, transcripts } = await countPurgeable(deps);
  const total = recordings + transcripts;
  const removed = await purgeRecordings(deps, {
    ...options,
    onProgress: (done) => options.onProgress(done, total),
  });
  const before = removed.recordings + removed.elsewhere;
  const blanked = await purgeWords(deps, {
    ...options,
    onProgress: (done) => options.onProgress(before + done, total),
  });
  return { ...removed, transcripts: blanked };
}

/**
 * Removes the files first, then forgets them: cut short in between, the next purge finds the files gone and goes on. Stops
 * between two batches when aborted.
 */
export async function purgeRecordings(deps: PurgeDeps, options: PurgeOptions): Promise<PurgeReport> {
  const { db, directory } = deps;
  const before = cutoffs(deps.rules, deps.now());
  const report = { ...NOTHING_PURGED };
  for (let after: ExpiredCursor = null; ;) {
    options.signal.throwIfAborted();
    const page: ExpiredCall[] = await pageExpiredRecordings(db, {
      before: before.recordings,
      after,
      batch: BATCH,
    });
    const last = page.at(-1);
    if (last === undefined) break;
    const removed: ExpiredCall[] = [];
    for (const call of page) {
      const { id: callId, recordingPath } = call;
      if (directory !== null && recordingPath !== null) {
        if (await removeRecording(directory, { callId, recordedAt: recordingPath })) removed.push(call);
      }
    }
    await markRecordingsPurged(db, removed);
    report.recordings += removed.length;
    report.elsewhere += page.length - removed.length;
    options.onProgress(report.recordings + report.elsewhere, report.recordings + report.elsewhere);
    after = last;
  }
  if (directory !== null && (await seesRecordings(directory))) {
    report.leftovers = await removeLeftovers(db, directory, before.recordings);
    await removeOldTranscripts(directory, before.transcripts);
  }
  return report;
}

/** Blanks words in batches. Returns how many calls it was. */
export async function purgeWords({ db, rules, now }: PurgeDeps, options: PurgeOptions): Promise<number> {
  const before = cutoffs(rules, now()).transcripts;
  for (let done = 0; ;) {
    options.signal.throwIfAborted();
    const page = await pageExpiredTranscripts(db, { before, batch: BATCH });
    if (page.length === 0) return done;
    await purgeTranscripts(db, page);
    done += page.length;
    options.onProgress(done, done);
  }
}

/** A worker that died in the wrong moment left a file that no call knows of. */
async function removeLeftovers(db: Executor, directory: string, before: Date): Promise<number> {
  let removed = 0;
  const old = await callsWithOldFiles(directory, before);
  for (let at = 0; at < old.length; at += BATCH) {
    for (const callId of await withoutRecording(db, old.slice(at, at + BATCH))) {
      const recordedAt = recordingFiles(directory, callId).stereo;
      if (await removeRecording(directory, { callId, recordedAt })) removed += 1;
    }
  }
  return removed;
}

function cutoffs(
  { recordingDays, transcriptDays }: RetentionRules,
  now: Date,
): { recordings: Date; transcripts: Date } {
  return {
    recordings: new Date(now.getTime() - recordingDays * DAY_MS),
    transcripts: new Date(now.getTime() - transcriptDays * DAY_MS),
  };
}
