import type { Job, JobsOptions } from 'bullmq';
import { z } from 'zod';
import { InvalidJobError } from './campaign-queue.ts';

/**
 * What is done beside the calls. `recordings`: on machines that see the switch's recordings. `retention`: on any. Both as the
 * workers and whoever adds jobs know them: names, payload, options.
 */
export type UpkeepQueueName = 'recordings' | 'retention';

const upkeepJobSchema = z.discriminatedUnion('task', [
  /** Makes a recorded call's file for listening. */
  z.strictObject({ task: z.literal('assemble'), callId: z.uuid() }),
  /** Removes recordings that are too old; has those made that were never assembled. */
  z.strictObject({ task: z.literal('purge-recordings') }),
  /** Blanks words that are too old. */
  z.strictObject({ task: z.literal('purge-transcripts') }),
]);

export type UpkeepJobData = z.infer<typeof upkeepJobSchema>;
export type UpkeepTask = UpkeepJobData['task'];
/** Figures of what was done, for the queue's views. */
export type UpkeepJobResult = Record<string, number | string>;
export type UpkeepJob = Job<UpkeepJobData, UpkeepJobResult, UpkeepTask>;

export const UPKEEP_JOB_OPTIONS = {
  removeOnComplete: { age: 24 * 3600, count: 1000 },
  removeOnFail: { age: 7 * 24 * 3600, count: 1000 },
  keepLogs: 20,
  stackTraceLimit: 3,
} as const satisfies JobsOptions;

/** The switch closes the file when it hangs up; a slow disk gets a minute. */
export const ASSEMBLE_JOB_OPTIONS = {
  ...UPKEEP_JOB_OPTIONS,
  delay: 1_000,
  attempts: 6,
  backoff: { type: 'exponential', delay: 2_000 },
} as const satisfies JobsOptions;

/** A call is assembled by one job at a time: adding the same id again does nothing. */
export function assembleJobId(callId: string): string {
  return `assemble-${callId}`;
}

/** Both purges: once in so long, by whichever worker takes the job. */
export const PURGE_EVERY_MS = 3_600_000;

/** Reads a job's payload. Throws `InvalidJobError`. */
export function parseUpkeepJob(data: unknown): UpkeepJobData {
  const parsed = upkeepJobSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new InvalidJobError('job_invalid', `the job's data cannot be read: ${z.prettifyError(parsed.error)}`);
}
