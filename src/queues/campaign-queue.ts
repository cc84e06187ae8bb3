import type { Job, JobsOptions } from 'bullmq';
import { z } from 'zod';
import { MinibotError } from '../errors.ts';

/** One campaign's queue, as producers and workers both know it: name, job name, payload, options. */

export const CONTACT_JOB = 'call-contact';

/** Ids only: a queue's store is no place for anybody's name or number. */
const contactJobSchema = z.strictObject({
  campaignContactId: z.int().positive(),
  campaignId: z.int().positive(),
  contactId: z.int().positive(),
});

export type ContactJobData = z.infer<typeof contactJobSchema>;

/** What a finished job shows in the queue's views. */
export interface ContactJobResult {
  result: string;
  /** Counted attempts it took. */
  attempts: number;
}

export type ContactJob = Job<ContactJobData, ContactJobResult, typeof CONTACT_JOB>;

/** `:` would be refused by BullMQ. */
export function campaignQueueName(campaignId: number): string {
  return `campaign-${campaignId}`;
}

/** One contact of a campaign has exactly one job: adding the same id again does nothing. BullMQ refuses bare integers. */
export function contactJobId(campaignContactId: number): string {
  return `contact-${campaignContactId}`;
}

/**
 * `attempts` is out of the way on purpose: when a contact is done is the retry policy's decision, taken from the
 * database, not a count of how often the queue ran the job.
 */
export const CONTACT_JOB_OPTIONS = {
  attempts: 1_000_000,
  backoff: { type: 'custom' },
  removeOnComplete: { age: 7 * 24 * 3600, count: 10_000 },
  removeOnFail: { age: 30 * 24 * 3600, count: 10_000 },
  keepLogs: 50,
  stackTraceLimit: 3,
} as const satisfies JobsOptions;

/** BullMQ takes the lower number first, and 0 before all others. */
export const JOB_PRIORITY = {
  /** Was taken before: a retry that falls due, a callback, somebody who had to wait. */
  again: 0,
  /** Nobody has looked at it yet. */
  first: 1,
} as const;

/** One entry for `queue.addBulk`. */
export function contactJob(
  data: ContactJobData,
  priority: number,
): {
  name: typeof CONTACT_JOB;
  data: ContactJobData;
  opts: JobsOptions;
} {
  return {
    name: CONTACT_JOB,
    data,
    opts: { ...CONTACT_JOB_OPTIONS, jobId: contactJobId(data.campaignContactId), priority },
  };
}

/** Lets a job that is to run again go before those that have not run: a promised time is not to wait for the whole list. */
export async function goFirstWhenDue(job: ContactJob): Promise<void> {
  if (job.priority !== JOB_PRIORITY.again) await job.changePriority({ priority: JOB_PRIORITY.again });
}

/** A job that was not written by us, or by a version too far away. It fails for good and stays visible. */
export class InvalidJobError extends MinibotError {}

/** Reads a job's payload. Throws `InvalidJobError`. */
export function parseContactJob(data: unknown): ContactJobData {
  const parsed = contactJobSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new InvalidJobError('job_invalid', `the job's data cannot be read: ${z.prettifyError(parsed.error)}`);
}
