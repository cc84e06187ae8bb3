import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pino from 'pino';
import { Closers } from '../src/closers.ts';
import { loadConfig } from '../src/config.ts';
import { openDatabase } from '../src/db/client.ts';
import { showFigure, type BenchContext, type Benchmark, type BenchOutcome } from './benchmark.ts';
import { measureJobs, type JobFigures } from './job-cost.ts';
import { measureLaunch, type LaunchFigures } from './launch-process.ts';
import { waitingPerson } from './queue-people.ts';
import { hasRedisServer, openQueuePlace, type QueuePlace } from './queue-place.ts';
import { storePeople } from './store-people.ts';

interface Sizes {
  /** Contacts of each launch, the largest last: what it adds to the store is measured. */
  launches: readonly number[];
  jobs: number;
}

const SIZES: Sizes = { launches: [10_000, 100_000], jobs: 1_000 };
const QUICK_SIZES: Sizes = { launches: [200, 1_000], jobs: 40 };
const CONCURRENCIES = [1, 30] as const;
const MEBIBYTE = 2 ** 20;

interface StoreFigures {
  store: QueuePlace['kind'];
  launches: LaunchFigures[];
  /** What the largest launch added, counted for 100,000 jobs. */
  queueMbPer100k: number;
  databaseMbPer100k: number;
  jobs: JobFigures[];
}

/** What campaigns cost on the queue, on Redis and in Postgres: launching, waiting, and each job around its call. */
export const queue: Benchmark = {
  name: 'queue',
  run: async (context) => {
    const kinds: QueuePlace['kind'][] = hasRedisServer() ? ['redis', 'postgres'] : ['postgres'];
    if (kinds.length === 1)
      context.onProgress('queue: no redis-server on PATH, so Postgres alone is measured');
    const figures: StoreFigures[] = [];
    for (const kind of kinds) figures.push(await measureStore(kind, context));
    return outcomeOf(figures, context.quick ? QUICK_SIZES : SIZES);
  },
};

async function measureStore(kind: QueuePlace['kind'], context: BenchContext): Promise<StoreFigures> {
  const { launches: sizes, jobs } = context.quick ? QUICK_SIZES : SIZES;
  const dir = await mkdtemp(path.join(tmpdir(), 'minibot-bench-'));
  const logger = pino({ level: 'silent' });
  const closers = new Closers(logger);
  const failure = new AbortController();
  const signal = AbortSignal.any([context.signal, failure.signal]);
  try {
    const place = await openQueuePlace(kind, dir, closers, logger, (error) => failure.abort(error));
    const largest = Math.max(...sizes);
    context.onProgress(`queue on ${kind}: storing ${largest} contacts`);
    await storeWaiting(place, largest, signal);
    const launches: LaunchFigures[] = [];
    let added = { queue: 0, database: 0 };
    for (const size of sizes) {
      context.onProgress(`queue on ${kind}: launching a campaign of ${size} contacts`);
      const before = { queue: await place.storedBytes(), database: await place.databaseBytes() };
      launches.push(await measureLaunch(context.root, place, size, signal));
      added = {
        queue: (await place.storedBytes()) - before.queue,
        database: (await place.databaseBytes()) - before.database,
      };
    }
    const jobFigures: JobFigures[] = [];
    for (const [n, concurrency] of CONCURRENCIES.entries()) {
      context.onProgress(`queue on ${kind}: ${jobs} jobs, ${concurrency} at a time`);
      jobFigures.push(await measureJobs(place, { concurrency, jobs, firstPerson: n * jobs }, logger, signal));
    }
    const per100k = (bytes: number) => Math.round((bytes / largest) * (100_000 / MEBIBYTE));
    return {
      store: kind,
      launches,
      queueMbPer100k: per100k(added.queue),
      databaseMbPer100k: per100k(added.database),
      jobs: jobFigures,
    };
  } finally {
    await closers.close();
    await rm(dir, { recursive: true, force: true });
  }
}

async function storeWaiting(place: QueuePlace, count: number, signal: AbortSignal): Promise<void> {
  const logger = pino({ level: 'silent' });
  const { database: options } = loadConfig({ DATABASE_URL: place.databaseUrl });
  const database = await openDatabase(options, logger);
  try {
    await storePeople(database.db, count, waitingPerson, signal);
  } finally {
    await database.close();
  }
}

function outcomeOf(stores: StoreFigures[], sizes: Sizes): BenchOutcome {
  return {
    figures: { stores },
    tables: [
      {
        title: 'Launch of a campaign',
        head: [
          'Queues in',
          'Contacts',
          'written down s',
          'queued s',
          'queued per s',
          'RSS before MB',
          'RSS peak MB',
        ],
        rows: stores.flatMap(({ store, launches }) =>
          launches.map(({ contacts, queued, prepareMs, enqueueMs, rssBeforeMb, rssPeakMb }) => [
            store,
            String(contacts),
            seconds(prepareMs),
            seconds(enqueueMs),
            String(Math.round((queued * 1000) / enqueueMs)),
            String(rssBeforeMb),
            String(rssPeakMb),
          ]),
        ),
      },
      {
        title: 'What 100,000 queued jobs take, MB',
        head: ['Queues in', 'the queue', 'the campaign’s rows in the database'],
        rows: stores.map(({ store, queueMbPer100k, databaseMbPer100k }) => [
          store,
          String(queueMbPer100k),
          String(databaseMbPer100k),
        ]),
      },
      {
        title: 'A job around its call (gate, line, attempt, outcome), ms',
        head: ['Queues in', 'At once', 'jobs per s', 'p50', 'p95', 'p99', 'worker CPU ms'],
        rows: stores.flatMap(({ store, jobs }) =>
          jobs.map(({ concurrency, jobsPerSecond, handlerMs: { p50, p95, p99 }, cpuMsPerJob }) => [
            store,
            String(concurrency),
            String(jobsPerSecond),
            ...[p50, p95, p99, cpuMsPerJob].map(showFigure),
          ]),
        ),
      },
    ],
    bars: [],
    faults: stores.flatMap((store) => faultsOf(store, sizes)),
  };
}

function faultsOf({ store, launches, jobs }: StoreFigures, sizes: Sizes): string[] {
  return [
    ...launches
      .filter(({ queued, contacts }) => queued !== contacts)
      .map(({ queued, contacts }) => `${store}: ${queued} of ${contacts} contacts were queued`),
    ...jobs
      .filter(({ done }) => done !== sizes.jobs)
      .map(
        ({ done, concurrency }) => `${store}, ${concurrency} at once: ${done} of ${sizes.jobs} jobs ran once`,
      ),
  ];
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
