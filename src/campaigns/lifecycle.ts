import { changeCampaignStatus, findCampaign, updatePace } from '../db/campaigns.ts';
import type { Executor } from '../db/client.ts';
import type { Campaign, CampaignStatus } from '../db/schema.ts';
import { OperatorError } from '../errors.ts';
import type { CampaignQueue, QueueBackend } from '../queues/backend.ts';

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
