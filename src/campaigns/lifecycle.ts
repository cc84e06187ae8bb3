import { bringForward } from '../db/campaign-contacts.ts';
import { changeCampaignStatus, findCampaign, updatePace, updatePriority } from '../db/campaigns.ts';
import type { Executor } from '../db/client.ts';
import type { Campaign, CampaignStatus } from '../db/schema.ts';
import { OperatorError } from '../errors.ts';
import type { CampaignQueue, QueueBackend } from '../queues/backend.ts';
import { contactJobId } from '../queues/campaign-queue.ts';

const MAX_PRIORITY = 1000;
const PROMOTED_AT_ONCE = 100;

interface LifecycleDeps {
  db: Executor;
  backend: QueueBackend;
}

interface Pace {
  /** Calls at once, over all workers. */
  maxConcurrentCalls: number;
  /** Least time between two calls' starts, over all workers; 0 for none. */
  callDelayMs: number;
}

/**
 * In each of these the database comes first: it is what workers go by. When the queue cannot be reached after that, the
 * error is reported, and the workers carry the change out all the same.
 */

/** Takes no new calls; those in flight end normally. */
export async function pauseCampaign(deps: LifecycleDeps, campaignId: number): Promise<void> {
  await change(deps.db, campaignId, { from: ['running'], to: 'paused', verb: 'paused' });
  await deps.backend.queue(campaignId).pause();
}

export async function resumeCampaign(deps: LifecycleDeps, campaignId: number): Promise<void> {
  await change(deps.db, campaignId, { from: ['paused'], to: 'running', verb: 'resumed' });
  await deps.backend.queue(campaignId).resume();
}

/** For good. Calls in flight end normally; nobody else is called. */
export async function cancelCampaign(deps: LifecycleDeps, campaignId: number): Promise<void> {
  await change(deps.db, campaignId, {
    from: ['draft', 'running', 'paused'],
    to: 'cancelled',
    verb: 'cancelled',
  });
  const queue = deps.backend.queue(campaignId);
  await queue.pause();
  await queue.drain(true);
}

/** Holds from the next call on, also while the campaign runs. */
export async function setPace(deps: LifecycleDeps, campaignId: number, pace: Pace): Promise<void> {
  if (!Number.isSafeInteger(pace.maxConcurrentCalls) || pace.maxConcurrentCalls < 1) {
    throw new OperatorError(
      'pace_invalid',
      `calls at once must be a whole number from 1; got ${pace.maxConcurrentCalls}`,
    );
  }
  if (!Number.isSafeInteger(pace.callDelayMs) || pace.callDelayMs < 0) {
    throw new OperatorError(
      'pace_invalid',
      `the delay between calls must be 0 ms or more; got ${pace.callDelayMs}`,
    );
  }
  if (!(await updatePace(deps.db, campaignId, pace))) throw unknownCampaign(campaignId);
  const queue = deps.backend.queue(campaignId);
  await applyPace(queue, pace);
  // The wait after the latest call still has the old length, an hour perhaps: shorten it to the new one.
  if (pace.callDelayMs > 0 && (await queue.getRateLimitTtl()) > pace.callDelayMs) {
    await queue.rateLimit(pace.callDelayMs);
  }
}

/** Which of several campaigns gets a free line first where the switch has too few: the higher number. Holds at once. */
export async function setPriority(db: Executor, campaignId: number, priority: number): Promise<void> {
  if (!Number.isSafeInteger(priority) || priority < 0 || priority > MAX_PRIORITY) {
    throw new OperatorError(
      'priority_invalid',
      `a priority is a whole number from 0 to ${MAX_PRIORITY}; got ${priority}`,
    );
  }
  if (!(await updatePriority(db, campaignId, priority))) throw unknownCampaign(campaignId);
}

/**
 * Makes planned tries due now: of everybody in the campaign, or of one contact. They still pass the gate, with its window
 * and limits, and keep the pace. Safe to run again after an interruption. Returns how many tries were brought forward.
 */
export async function retryNow(
  { db, backend }: LifecycleDeps,
  campaignId: number,
  options: { contactId: number | null; onProgress: (tries: number) => void; signal: AbortSignal },
): Promise<number> {
  const campaign = await findCampaign(db, campaignId);
  if (campaign === null) throw unknownCampaign(campaignId);
  if (campaign.status !== 'running' && campaign.status !== 'paused') {
    throw new OperatorError(
      'campaign_status',
      `campaign ${campaignId} is ${campaign.status}: nobody of it is tried again`,
    );
  }
  const queue = backend.queue(campaignId);
  const { contactId, onProgress, signal } = options;
  let tries = 0;
  for (let afterId = 0; ;) {
    signal.throwIfAborted();
    const page = await bringForward(db, campaignId, { contactId, afterId, batch: PROMOTED_AT_ONCE });
    const last = page.at(-1);
    if (last === undefined) return tries;
    // The database first: a job that runs finds its try due. One that was promoted before is delayed no more.
    await Promise.all(page.map((id) => promote(queue, id)));
    tries += page.length;
    afterId = last;
    onProgress(tries);
  }
}

async function promote(queue: CampaignQueue, campaignContactId: number): Promise<void> {
  const job = await queue.getJob(contactJobId(campaignContactId));
  if (job === undefined || !(await job.isDelayed())) return;
  try {
    await job.promote();
  } catch (error) {
    // It came due by itself in this moment.
    if (await job.isDelayed()) throw error;
  }
}

/** Tells the queue. BullMQ keeps both limits in its store and holds them across all workers. */
export async function applyPace(queue: CampaignQueue, pace: Pace): Promise<void> {
  await queue.setGlobalConcurrency(pace.maxConcurrentCalls);
  if (pace.callDelayMs > 0) await queue.setGlobalRateLimit(1, pace.callDelayMs);
  else await queue.removeGlobalRateLimit();
}

export function unknownCampaign(campaignId: number): OperatorError {
  return new OperatorError('campaign_unknown', `there is no campaign ${campaignId}`);
}

async function change(
  db: Executor,
  campaignId: number,
  transition: { from: CampaignStatus[]; to: CampaignStatus; verb: string },
): Promise<void> {
  if (await changeCampaignStatus(db, campaignId, transition)) return;
  const campaign: Campaign | null = await findCampaign(db, campaignId);
  if (campaign === null) throw unknownCampaign(campaignId);
  throw new OperatorError(
    'campaign_status',
    `campaign ${campaignId} is ${campaign.status} and cannot be ${transition.verb}; ` +
      `that takes one that is ${transition.from.join(' or ')}`,
  );
}
