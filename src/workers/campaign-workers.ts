import type { Logger } from 'pino';
import { applyPace } from '../campaigns/lifecycle.ts';
import { requeueLostJobs } from '../campaigns/requeue.ts';
import { findAbandoned } from '../db/calls.ts';
import { countByState } from '../db/campaign-contacts.ts';
import { changeCampaignStatus, listCampaigns, noteHeldBack } from '../db/campaigns.ts';
import type { Campaign } from '../db/schema.ts';
import type { CampaignQueueWorker, ContactJobProcessor, QueueBackend } from '../queues/backend.ts';
import type { AudioBreaker } from './audio-breaker.ts';
import { reconcileAttempt, type ReconcileDeps } from './reconcile-attempt.ts';
import type { StrayReaper } from './stray-reaper.ts';
import type { TrunkBreaker } from './trunk-breaker.ts';

interface CampaignWorkersDeps extends ReconcileDeps {
  backend: QueueBackend;
  handler: ContactJobProcessor;
  /** Calls that this process may make at once for one campaign, whatever the campaign allows. */
  maxCallsPerCampaign: number;
  /** How often the database is asked which campaigns run. */
  pollMs: number;
  strays: StrayReaper;
  audio: Pick<AudioBreaker, 'trouble' | 'tryIfDue'>;
  trunk: Pick<TrunkBreaker, 'trouble'>;
  /** Aborted as soon as this process takes no more calls; the handler looks at its signal. */
  noNewCalls: AbortController;
}

/** Between two rounds through a campaign's contacts in search of lost jobs. */
const REQUEUE_GAP_MS = 10_000;

/**
 * Keeps one queue worker for every running campaign: the database says which run. Also writes a campaign down as
 * completed once every contact is done, and ends attempts and channels that dead workers left behind.
 */
export class CampaignWorkers {
  private readonly open = new Map<number, CampaignQueueWorker>();
  /** Workers whose campaign no longer runs; their calls end normally. */
  private readonly leaving = new Set<CampaignQueueWorker>();
  private noReapBeforeMs = 0;
  private readonly noRequeueBefore = new Map<number, number>();
  private ticking: Promise<void> | null = null;
  private timer: NodeJS.Timeout | null = null;
  private closing: Promise<void> | null = null;
  private readonly logger: Logger;

  constructor(private readonly deps: CampaignWorkersDeps) {
    this.logger = deps.logger;
  }

  /** Looks once, then every `pollMs`. Rejects when the first look fails. */
  async start(): Promise<void> {
    await this.tick();
    this.scheduleTick();
  }

  /** One look at the database, carried out to its end. A look that goes on already is followed by a fresh one. */
  async tick(): Promise<void> {
    const previous = this.ticking;
    const next = (async () => {
      // Its error was reported to whoever asked for it.
      await previous?.catch(() => undefined);
      if (this.closing === null) await this.look();
    })();
    this.ticking = next;
    try {
      await next;
    } finally {
      if (this.ticking === next) this.ticking = null;
    }
  }

  /**
   * Takes no more jobs and waits for calls in flight; those that last longer than `graceMs` are hung up. May be called
   * twice; the second call waits for the first.
   */
  close(options: { graceMs: number }): Promise<void> {
    this.closing ??= this.drain(options.graceMs);
    return this.closing;
  }

  /** Ends every call in flight now. */
  hangUp(): void {
    for (const worker of [...this.open.values(), ...this.leaving]) {
      worker.cancelAllJobs('the worker is stopping');
    }
  }

  private async drain(graceMs: number): Promise<void> {
    this.deps.noNewCalls.abort();
    if (this.timer !== null) clearTimeout(this.timer);
    // What the look in progress opens is closed below; its error was reported to whoever asked for it.
    await this.ticking?.catch(() => undefined);

    const graceOver = setTimeout(() => {
      this.logger.warn({ calls: this.deps.ownCalls.size }, 'the grace time is over; hanging up');
      this.hangUp();
    }, graceMs);
    try {
      await Promise.all([...this.open.values(), ...this.leaving].map((worker) => worker.close()));
    } finally {
      clearTimeout(graceOver);
      this.open.clear();
    }
  }

  private scheduleTick(): void {
    if (this.closing !== null) return;
    this.timer = setTimeout(() => {
      void this.tick()
        .catch((error: unknown) => {
          // Whoever else could not reach the database gets the time to renew its leases.
          this.noReapBeforeMs = performance.now() + this.deps.lines.leaseMs / 2;
          this.logger.warn({ err: error }, 'looking after the campaigns failed; trying again');
        })
        .finally(() => this.scheduleTick());
    }, this.deps.pollMs);
  }

  private async look(): Promise<void> {
    this.deps.audio.tryIfDue();
    const running = await listCampaigns(this.deps.db, { statuses: ['running'] });
    const runningIds = new Set(running.map((campaign) => campaign.id));
    for (const [id, worker] of this.open) {
      if (!runningIds.has(id)) this.letGo(id, worker);
    }
    for (const campaign of running) {
      // One campaign in trouble must not stop the others.
      try {
        if (await this.completeIfDone(campaign)) continue;
        const trouble = this.deps.audio.trouble ?? this.deps.trunk.trouble;
        if (trouble === null) await this.serve(campaign);
        else await this.holdBack(campaign, trouble.message);
      } catch (error) {
        this.logger.error(
          { err: error, campaignId: campaign.id },
          'a campaign cannot be served now; trying again',
        );
      }
    }
    await this.reap();
    await this.deps.strays.sweepIfDue();
  }

  private async serve(campaign: Campaign): Promise<void> {
    const { backend, handler, workerId, maxCallsPerCampaign } = this.deps;
    const { id, maxConcurrentCalls } = campaign;
    const concurrency = Math.min(maxConcurrentCalls, maxCallsPerCampaign);
    const existing = this.open.get(id);
    const queue = backend.queue(id);
    // A pause or a resume that was cut short between the database and the queue, or two at once: the database holds.
    if (await queue.isPaused()) await queue.resume();
    if (existing !== undefined) {
      existing.concurrency = concurrency;
      await this.requeue(campaign);
      return;
    }
    await applyPace(queue, campaign);
    this.open.set(id, backend.openWorker(id, handler, { concurrency, name: workerId }));
    this.logger.info({ campaignId: id, concurrency }, 'working on a campaign');
  }

  /** Leaves the campaign's jobs to workers that can call. */
  private async holdBack(campaign: Campaign, reason: string): Promise<void> {
    const worker = this.open.get(campaign.id);
    if (worker !== undefined) this.letGo(campaign.id, worker);
    if (campaign.heldBack !== reason) await noteHeldBack(this.deps.db, campaign.id, reason);
  }

  /** What the store lost besides the jobs is the pace: it is told anew. */
  private async requeue(campaign: Campaign): Promise<void> {
    const { db, backend, now } = this.deps;
    if (performance.now() < (this.noRequeueBefore.get(campaign.id) ?? 0)) return;
    const queue = backend.queue(campaign.id);
    const contacts = await requeueLostJobs({ db, queue, now }, campaign.id);
    if (contacts === 0) return;
    await applyPace(queue, campaign);
    this.noRequeueBefore.set(campaign.id, performance.now() + REQUEUE_GAP_MS);
    this.logger.warn({ campaignId: campaign.id, contacts }, 'the queue had lost jobs; they were made again');
  }

  /** Closes the worker behind the scenes: a call may last minutes, and the other campaigns go on. */
  private letGo(campaignId: number, worker: CampaignQueueWorker): void {
    this.open.delete(campaignId);
    this.leaving.add(worker);
    void worker
      .close()
      .catch((error: unknown) =>
        this.logger.warn({ err: error, campaignId }, 'a worker did not close properly'),
      )
      .finally(() => this.leaving.delete(worker));
  }

  private async completeIfDone(campaign: Campaign): Promise<boolean> {
    const contacts = await countByState(this.deps.db, campaign.id);
    if (contacts.waiting + contacts.queued + contacts.calling + contacts.retry_scheduled > 0) return false;
    const queue = this.deps.backend.queue(campaign.id);
    // A job of a worker that died holds its place in the queue until it has run again; for that the campaign must run.
    if ((await queue.getActiveCount()) > 0) return false;
    const isDone = await changeCampaignStatus(this.deps.db, campaign.id, {
      from: ['running'],
      to: 'completed',
    });
    if (isDone) {
      this.logger.info({ campaignId: campaign.id }, 'campaign completed');
      // What is left has nobody to call: jobs that were made again although they were not lost.
      await queue.drain(true);
    }
    const worker = this.open.get(campaign.id);
    if (worker !== undefined) this.letGo(campaign.id, worker);
    return true;
  }

  /** Ends the attempts whose workers died. Their jobs run again by themselves and find the outcome. */
  private async reap(): Promise<void> {
    if (performance.now() < this.noReapBeforeMs) return;
    for (const call of await findAbandoned(this.deps.db, this.deps.lines)) {
      try {
        await reconcileAttempt(this.deps, call);
      } catch (error) {
        this.logger.warn(
          { err: error, callId: call.id },
          'an abandoned attempt cannot be ended now; trying again',
        );
      }
    }
  }
}
