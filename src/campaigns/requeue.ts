import { countByState, pageUnfinished } from '../db/campaign-contacts.ts';
import type { Executor } from '../db/client.ts';
import type { CampaignQueue } from '../queues/backend.ts';
import { contactJob, JOB_PRIORITY } from '../queues/campaign-queue.ts';

const BATCH = 1_000;

/**
 * Gives contacts a new job whose job is gone because the queue's store lost data: a Redis without a file, a failover to a
 * replica that was behind. Asks for two totals as long as nothing is missing; a job that is there is never made twice.
 * Returns how many contacts were looked after, 0 when no job is missing.
 */
export async function requeueLostJobs(
  { db, queue, now }: { db: Executor; queue: CampaignQueue; now: () => Date },
  campaignId: number,
): Promise<number> {
  // The queue first: a contact is done before its job is, so that no job seems missing that only has just ended.
  const jobs = await queue.getJobCountByTypes('wait', 'active', 'delayed', 'prioritized', 'failed');
  const { queued, calling, retry_scheduled } = await countByState(db, campaignId);
  if (jobs >= queued + calling + retry_scheduled) return 0;

  let added = 0;
  for (let afterId = 0; ;) {
    const page = await pageUnfinished(db, campaignId, { afterId, batch: BATCH });
    const last = page.at(-1);
    if (last === undefined) return added;
    await queue.addBulk(
      page.map(({ id, contactId, nextAttemptAt }) => {
        const priority = nextAttemptAt === null ? JOB_PRIORITY.first : JOB_PRIORITY.again;
        const job = contactJob({ campaignContactId: id, campaignId, contactId }, priority);
        const delay = Math.max(0, (nextAttemptAt?.getTime() ?? 0) - now().getTime());
        return { ...job, opts: { ...job.opts, delay } };
      }),
    );
    added += page.length;
    afterId = last.id;
  }
}
