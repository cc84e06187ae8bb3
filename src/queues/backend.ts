import { Queue, QueueEvents, Worker, type IQueueBackend, type JobProgress, type Processor } from 'bullmq';
import type { Logger } from 'pino';
import { MinibotError } from '../errors.ts';
import {
  campaignQueueName,
  CONTACT_JOB_OPTIONS,
  type CONTACT_JOB,
  type ContactJobData,
  type ContactJobResult,
} from './campaign-queue.ts';
import { openPostgresStore } from './postgres-store.ts';
import { openRedisStore } from './redis-store.ts';
import { contactJobBackoff } from './retry-policy.ts';
import type { QueueStore, StoreConnection } from './store.ts';
import {
  UPKEEP_JOB_OPTIONS,
  type UpkeepJobData,
  type UpkeepJobResult,
  type UpkeepQueueName,
  type UpkeepTask,
} from './upkeep-queue.ts';

interface QueueBackendOptions {
  /** Null keeps the queues in Postgres. */
  redisUrl: string | null;
  databaseUrl: string;
  /** Key prefix on Redis, schema on Postgres: installations that share a server need one each. */
  namespace: string;
}

type Name = typeof CONTACT_JOB;

export type CampaignQueue = Queue<
  ContactJobData,
  ContactJobResult,
  Name,
  ContactJobData,
  ContactJobResult,
  Name,
  IQueueBackend,
  StoreConnection
>;
export type CampaignQueueWorker = Worker<
  ContactJobData,
  ContactJobResult,
  Name,
  IQueueBackend,
  JobProgress,
  StoreConnection
>;
type CampaignQueueEvents = QueueEvents<ContactJobResult, IQueueBackend, StoreConnection>;
export type ContactJobProcessor = Processor<ContactJobData, ContactJobResult, Name>;

export type UpkeepQueue = Queue<
  UpkeepJobData,
  UpkeepJobResult,
  UpkeepTask,
  UpkeepJobData,
  UpkeepJobResult,
  UpkeepTask,
  IQueueBackend,
  StoreConnection
>;
export type UpkeepWorker = Worker<
  UpkeepJobData,
  UpkeepJobResult,
  UpkeepTask,
  IQueueBackend,
  JobProgress,
  StoreConnection
>;
export type UpkeepProcessor = Processor<UpkeepJobData, UpkeepJobResult, UpkeepTask>;

interface CampaignWorkerOptions {
  /** Jobs this worker runs at once. Across all workers the queue's global concurrency holds. */
  concurrency: number;
  /** Shown by BullMQ's views. */
  name: string;
}

/** Where queues live. One per process; whoever opened it closes it. */
export interface QueueBackend {
  readonly kind: QueueStore['kind'];
  /** The campaign's queue, opened once and kept: idle, it holds no connection. Its commands reject at once when the store is down. */
  queue(campaignId: number): CampaignQueue;
  /** Starts a worker. It waits for a store that is down. Whoever opened it closes it, at the latest `close()`. */
  openWorker(
    campaignId: number,
    processor: ContactJobProcessor,
    options: CampaignWorkerOptions,
  ): CampaignQueueWorker;
  openEvents(campaignId: number): CampaignQueueEvents;
  /** Opened once and kept, like a campaign's. */
  upkeepQueue(name: UpkeepQueueName): UpkeepQueue;
  /** One job at a time: nothing of it is urgent. Whoever opened it closes it, at the latest `close()`. */
  openUpkeepWorker(
    name: UpkeepQueueName,
    processor: UpkeepProcessor,
    options: { name: string },
  ): UpkeepWorker;
  /** Resolves when the store answers, rejects when it cannot be reached. */
  ping(): Promise<void>;
  /** Closes everything opened here, last first. Waits for running jobs. May be called twice. */
  close(): Promise<void>;
}

/**
 * A worker that dies holds its jobs for LOCK_MS; another worker finds out within STALLED_CHECK_MS more and runs them
 * again. Together they stay well under the minute within which a dead worker's calls must be dealt with.
 */
const LOCK_MS = 15_000;
const STALLED_CHECK_MS = 5_000;

/** A worker that waits for the pace looks again after this at the latest: so soon does a new pace hold. */
const PACE_RECHECK_MS = 1_000;

/** Opens the queues on Redis when there is a URL, else in Postgres. Rejects with an `OperatorError`. */
export async function openQueueBackend(options: QueueBackendOptions, logger: Logger): Promise<QueueBackend> {
  const { redisUrl, databaseUrl, namespace } = options;
  const store =
    redisUrl === null
      ? await openPostgresStore({ databaseUrl, namespace }, logger)
      : await openRedisStore({ redisUrl, namespace }, logger);
  return new StoreBackend(store, logger);
}

interface Closable {
  close(): Promise<void>;
}

class StoreBackend implements QueueBackend {
  readonly kind: QueueStore['kind'];
  private readonly queues = new Map<number, CampaignQueue>();
  private readonly upkeepQueues = new Map<UpkeepQueueName, UpkeepQueue>();
  /** In the order of opening. */
  private readonly opened = new Set<Closable>();
  private closing: Promise<void> | null = null;

  constructor(
    private readonly store: QueueStore,
    private readonly logger: Logger,
  ) {
    this.kind = store.kind;
  }

  queue(campaignId: number): CampaignQueue {
    const existing = this.queues.get(campaignId);
    if (existing !== undefined) return existing;
    const name = campaignQueueName(campaignId);
    const queue: CampaignQueue = new Queue(
      name,
      { ...this.common(name, 'producer'), defaultJobOptions: CONTACT_JOB_OPTIONS },
      this.store.factory,
    );
    queue.on('error', this.faultReporter(name));
    this.queues.set(campaignId, queue);
    return this.own(queue);
  }

  openWorker(
    campaignId: number,
    processor: ContactJobProcessor,
    options: CampaignWorkerOptions,
  ): CampaignQueueWorker {
    const name = campaignQueueName(campaignId);
    const worker: CampaignQueueWorker = new Worker(
      name,
      processor,
      {
        ...this.common(name, 'consumer'),
        name: options.name,
        concurrency: options.concurrency,
        lockDuration: LOCK_MS,
        stalledInterval: STALLED_CHECK_MS,
        maximumRateLimitDelay: PACE_RECHECK_MS,
        // A stalled job may always run again: the handler reconciles with the switch and never dials an attempt twice.
        maxStalledCount: 1_000_000,
        settings: { backoffStrategy: contactJobBackoff },
      },
      this.store.factory,
    );
    worker.on('error', this.faultReporter(name));
    worker.on('stalled', (jobId) =>
      this.logger.warn({ queue: name, jobId }, 'a job lost its worker; it runs again'),
    );
    worker.on('closed', () => this.opened.delete(worker));
    return this.own(worker);
  }

  openEvents(campaignId: number): CampaignQueueEvents {
    const name = campaignQueueName(campaignId);
    const events: CampaignQueueEvents = new QueueEvents(
      name,
      this.common(name, 'consumer'),
      this.store.factory,
    );
    events.on('error', this.faultReporter(name));
    return this.own(events);
  }

  upkeepQueue(name: UpkeepQueueName): UpkeepQueue {
    const existing = this.upkeepQueues.get(name);
    if (existing !== undefined) return existing;
    const queue: UpkeepQueue = new Queue(
      name,
      { ...this.common(name, 'producer'), defaultJobOptions: UPKEEP_JOB_OPTIONS },
      this.store.factory,
    );
    queue.on('error', this.faultReporter(name));
    this.upkeepQueues.set(name, queue);
    return this.own(queue);
  }

  openUpkeepWorker(
    name: UpkeepQueueName,
    processor: UpkeepProcessor,
    options: { name: string },
  ): UpkeepWorker {
    const worker: UpkeepWorker = new Worker(
      name,
      processor,
      {
        ...this.common(name, 'consumer'),
        name: options.name,
        concurrency: 1,
        lockDuration: LOCK_MS,
        stalledInterval: STALLED_CHECK_MS,
        // Every task may run again: what is done already is found done.
        maxStalledCount: 10,
      },
      this.store.factory,
    );
    worker.on('error', this.faultReporter(name));
    worker.on('closed', () => this.opened.delete(worker));
    return this.own(worker);
  }

  ping(): Promise<void> {
    return this.store.ping();
  }

  close(): Promise<void> {
    this.closing ??= this.closeAll();
    return this.closing;
  }

  private async closeAll(): Promise<void> {
    for (const closable of [...this.opened].reverse()) {
      try {
        await closable.close();
      } catch (error) {
        this.logger.warn({ err: error }, 'a queue connection did not close properly');
      }
    }
    this.queues.clear();
    this.upkeepQueues.clear();
    await this.store.close();
  }

  private common(name: string, role: StoreConnection['role']) {
    if (this.closing !== null) throw new MinibotError('queues_closed', `queue ${name} asked for after close`);
    const prefix = this.store.prefixFor(name);
    return { connection: { role }, ...(prefix === null ? {} : { prefix }) };
  }

  /** Every queue, worker and events needs one: an `error` event that nobody hears would end the process. */
  private faultReporter(queue: string) {
    return (error: Error) => {
      // What BullMQ has not quite closed when its server stops.
      const level = this.closing === null ? 'warn' : 'debug';
      this.logger[level]({ err: error, queue }, 'queue connection failed; trying again');
    };
  }

  private own<T extends Closable>(item: T): T {
    this.opened.add(item);
    return item;
  }
}
