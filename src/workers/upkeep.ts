import type { Logger } from 'pino';
import type { Executor } from '../db/client.ts';
import { noteRecordingProblem, unfinishedRecordings } from '../db/recordings.ts';
import type { QueueBackend, UpkeepProcessor, UpkeepWorker } from '../queues/backend.ts';
import {
  ASSEMBLE_JOB_OPTIONS,
  assembleJobId,
  parseUpkeepJob,
  PURGE_EVERY_MS,
  type UpkeepJob,
  type UpkeepJobResult,
} from '../queues/upkeep-queue.ts';
import { finishRecording } from '../recordings/finish-recording.ts';
import { purgeRecordings, purgeWords, type PurgeDeps } from '../recordings/purge.ts';
import { seesRecordings } from '../recordings/recording-files.ts';

export interface UpkeepDeps extends PurgeDeps {
  backend: QueueBackend;
  workerId: string;
  logger: Logger;
}

/** What is done beside the calls: recordings are made ready for listening, and what is too old is removed. */
export interface Upkeep {
  /** A call ended of which the switch has a recording. Never rejects: what is missed here is found by the next purge. */
  recordingEnded(callId: string): Promise<void>;
  /** Stops taking jobs; what is under way is given up, and done again by another worker. */
  close(): Promise<void>;
}

/** A recording older than this of which nothing became had its job lost. */
const LOST_AFTER_MS = 15 * 60_000;
const LOST_AT_ONCE = 1_000;

/**
 * Starts the workers of both queues and sees to it that their purges are scheduled: once, however many workers there are.
 * Without a folder of recordings on this machine, only words are purged here.
 */
export async function openUpkeep(deps: UpkeepDeps): Promise<Upkeep> {
  const { backend, directory, workerId, logger } = deps;
  const stop = new AbortController();
  const processor = createUpkeepProcessor(deps, stop.signal);
  const workers: UpkeepWorker[] = [];

  await schedule(backend, 'retention', 'purge-transcripts');
  workers.push(backend.openUpkeepWorker('retention', processor, { name: workerId }));
  if (directory !== null) {
    await schedule(backend, 'recordings', 'purge-recordings');
    if (await seesRecordings(directory)) {
      workers.push(backend.openUpkeepWorker('recordings', processor, { name: workerId }));
    } else {
      logger.warn(
        { directory },
        'RECORDINGS_DIR is not on this machine: recordings are assembled and purged by a worker that sees it',
      );
    }
  }
  return {
    recordingEnded: async (callId) => {
      try {
        await addAssembly(backend, callId);
      } catch (error) {
        logger.warn(
          { err: error, callId },
          'a recording could not be queued for assembling; it is found later',
        );
      }
    },
    close: async () => {
      stop.abort();
      await Promise.all(workers.map((worker) => worker.close()));
    },
  };
}

/** Carries out one job. Any of them may run again at any time. */
export function createUpkeepProcessor(deps: UpkeepDeps, stop: AbortSignal): UpkeepProcessor {
  return async (job: UpkeepJob): Promise<UpkeepJobResult> => {
    const data = parseUpkeepJob(job.data);
    const options = {
      signal: stop,
      onProgress: (done: number) =>
        // For the queue's views only.
        void job
          .updateProgress({ done })
          .catch((error: unknown) => deps.logger.debug({ err: error }, 'no progress')),
    };
    switch (data.task) {
      case 'assemble':
        return assemble(deps, job, data.callId, stop);
      case 'purge-recordings': {
        const requeued = await requeueLost(deps);
        const { recordings, leftovers, elsewhere } = await purgeRecordings(deps, options);
        return report(deps, { recordings, leftovers, elsewhere, requeued });
      }
      case 'purge-transcripts':
        return report(deps, { transcripts: await purgeWords(deps, options) });
    }
  };
}

async function assemble(
  deps: UpkeepDeps,
  job: UpkeepJob,
  callId: string,
  stop: AbortSignal,
): Promise<UpkeepJobResult> {
  const { db, directory, logger } = deps;
  if (directory === null) return { outcome: 'nothing-to-do' };
  try {
    return { outcome: await finishRecording({ db, directory, logger }, callId, stop) };
  } catch (error) {
    if (!stop.aborted && job.attemptsMade + 1 >= (job.opts.attempts ?? 1)) {
      await noteProblem(db, callId, error, logger);
    }
    throw error;
  }
}

async function noteProblem(db: Executor, callId: string, error: unknown, logger: Logger): Promise<void> {
  logger.error({ err: error, callId }, 'a recording could not be assembled');
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  const message = error instanceof Error ? error.message : String(error);
  await noteRecordingProblem(db, callId, isMissing ? 'the switch wrote no file' : message);
}

async function requeueLost({ db, backend, now }: UpkeepDeps): Promise<number> {
  const before = new Date(now().getTime() - LOST_AFTER_MS);
  const lost = await unfinishedRecordings(db, { before, limit: LOST_AT_ONCE });
  for (const callId of lost) await addAssembly(backend, callId);
  return lost.length;
}

async function addAssembly(backend: QueueBackend, callId: string): Promise<void> {
  await backend
    .upkeepQueue('recordings')
    .add('assemble', { task: 'assemble', callId }, { ...ASSEMBLE_JOB_OPTIONS, jobId: assembleJobId(callId) });
}

async function schedule(
  backend: QueueBackend,
  queue: 'recordings' | 'retention',
  task: 'purge-recordings' | 'purge-transcripts',
): Promise<void> {
  await backend
    .upkeepQueue(queue)
    .upsertJobScheduler(task, { every: PURGE_EVERY_MS }, { name: task, data: { task } });
}

function report({ logger }: UpkeepDeps, figures: Record<string, number>): UpkeepJobResult {
  if (Object.values(figures).some((figure) => figure > 0))
    logger.info(figures, 'purged what was kept too long');
  return figures;
}
