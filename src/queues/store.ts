import type { BackendFactory, IQueueBackend } from 'bullmq';

/**
 * `producer` fails fast: a launch or a pause that cannot reach the store must say so at once.
 * `consumer` waits for the store to come back, however long it takes: a worker has nothing better to do.
 */
export interface StoreConnection {
  role: 'producer' | 'consumer';
}

/** Redis or Postgres as BullMQ's classes see it: a factory for their backends, and what they share. */
export interface QueueStore {
  readonly kind: 'redis' | 'postgres';
  readonly factory: BackendFactory<IQueueBackend, StoreConnection>;
  /** Key prefix for this queue; null where the store has another way to keep installations apart. */
  prefixFor(queueName: string): string | null;
  /** Resolves when the store answers. */
  ping(): Promise<void>;
  /** Closes what is shared. Everything built by `factory` must be closed before. */
  close(): Promise<void>;
}
