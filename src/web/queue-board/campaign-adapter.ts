import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import type { Job, Queue } from 'bullmq';
import { pauseCampaign, resumeCampaign } from '../../campaigns/lifecycle.ts';
import {
  campaignContactHistories,
  type CampaignContactHistory,
} from '../../db/campaign-contact-histories.ts';
import { findCampaign } from '../../db/campaigns.ts';
import type { Executor } from '../../db/client.ts';
import type { Campaign } from '../../db/schema.ts';
import { MinibotError } from '../../errors.ts';
import type { QueueBackend } from '../../queues/backend.ts';
import { parseContactJob } from '../../queues/campaign-queue.ts';
import { jobTitle, jobView } from './job-view.ts';

interface CampaignAdapterDeps {
  db: Executor;
  backend: QueueBackend;
}

/**
 * A campaign's queue as Bull Board sees it. Jobs hold ids only: what an operator understands is read from the database when
 * the page is shown, so nothing personal is ever written to the queue's store. (Bull Board's own formatters cannot wait for
 * a database.) Pause and resume are those of the campaign.
 */
export class CampaignAdapter extends BullMQAdapter {
  constructor(
    private readonly deps: CampaignAdapterDeps,
    private readonly campaign: Campaign,
  ) {
    // Bull Board's types know queues on Redis only; the class itself serves Postgres as well.
    super(deps.backend.queue(campaign.id) as unknown as Queue, {
      displayName: `${campaign.id} · ${campaign.name}`,
      description: `${campaign.status} · scenario ${campaign.scenario} · ${campaign.maxConcurrentCalls} calls at once`,
      allowRetries: false,
    });
  }

  override async getJobs(...query: Parameters<BullMQAdapter['getJobs']>): Promise<Job[]> {
    return this.explained(await super.getJobs(...query));
  }

  override async getJob(id: string): Promise<Job | undefined> {
    const job = await super.getJob(id);
    if (job !== undefined) await this.explained([job]);
    return job;
  }

  /** As the database has it: workers go by that. */
  override async isPaused(): Promise<boolean> {
    return (await findCampaign(this.deps.db, this.campaign.id))?.status === 'paused';
  }

  override pause(): Promise<void> {
    return pauseCampaign(this.deps, this.campaign.id);
  }

  override resume(): Promise<void> {
    return resumeCampaign(this.deps, this.campaign.id);
  }

  /** Changes the jobs in hand, which are ours alone; the queue's are untouched, as no action on a job is allowed. */
  private async explained(jobs: Job[]): Promise<Job[]> {
    const ids = new Map(jobs.map((job) => [job, campaignContactIdOf(job)]));
    const known = [...ids.values()].filter((id) => id !== null);
    const histories = await campaignContactHistories(this.deps.db, known);
    for (const [job, id] of ids) {
      const history = id === null ? undefined : histories.get(id);
      if (history !== undefined) explain(job, this.campaign, history);
    }
    return jobs;
  }
}

function explain(job: Job, campaign: Campaign, history: CampaignContactHistory): void {
  const { campaignContact } = history;
  job.name = jobTitle(history);
  job.data = jobView(campaign, history);
  job.attemptsMade = campaignContact.attempts;
  job.opts.attempts = campaign.retry.maxAttempts;
  if (job.delay > 0) showDueTime(job, campaignContact.nextAttemptAt);
  // A planned retry is told to BullMQ as an error; it is none, and its stack says nothing to anybody.
  if (job.failedReason === campaignContact.nextReason) job.stacktrace = [];
}

/**
 * Bull Board takes a delay to begin when the job was added, and calls one unknown that the job was not added with. Ours begin
 * when an attempt ends, or when the gate says to wait.
 */
function showDueTime(job: Job, nextAttemptAt: Date | null): void {
  const dueMs = nextAttemptAt?.getTime() ?? (job.processedOn ?? job.timestamp) + job.delay;
  job.delay = Math.max(1, dueMs - job.timestamp);
  job.opts.delay = job.delay;
}

/** Null for a job that was not written by us: it is shown as it is. */
function campaignContactIdOf(job: Job): number | null {
  try {
    return parseContactJob(job.data).campaignContactId;
  } catch (error) {
    if (error instanceof MinibotError) return null;
    throw error;
  }
}
