import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pino from 'pino';
import { Closers } from '../src/closers.ts';
import { watchCampaign } from '../src/db/campaign-watch.ts';
import { openDatabase } from '../src/db/client.ts';
import { percentile } from '../src/percentile.ts';
import type { BenchContext, Benchmark, BenchOutcome } from './benchmark.ts';
import { openQueuePlace } from './queue-place.ts';
import { storeCalls } from './store-calls.ts';

/** Contacts of each campaign, every one called once. */
const SIZES = [10_000, 100_000] as const;
const QUICK_SIZES = [1_200] as const;
const LOOKS = 20;

interface Measured {
  contacts: number;
  expected: number;
  p50Ms: number;
  p95Ms: number;
}

/** What one look of `monitor-campaign` costs. */
export const watching: Benchmark = {
  name: 'watch',
  run: async (context) => {
    const dir = await mkdtemp(path.join(tmpdir(), 'minibot-bench-'));
    const logger = pino({ level: 'silent' });
    const closers = new Closers(logger);
    try {
      const failure = new AbortController();
      const signal = AbortSignal.any([context.signal, failure.signal]);
      const place = await openQueuePlace('postgres', dir, closers, logger, (error) => failure.abort(error));
      return outcomeOf(await measureAll({ ...context, signal }, place.databaseUrl));
    } finally {
      await closers.close();
      await rm(dir, { recursive: true, force: true });
    }
  },
};

async function measureAll(context: BenchContext, databaseUrl: string): Promise<Measured[]> {
  const options = { url: databaseUrl, dataDir: '', poolMax: 4 };
  const database = await openDatabase(options, pino({ level: 'silent' }));
  try {
    const measured: Measured[] = [];
    for (const size of context.quick ? QUICK_SIZES : SIZES) {
      context.onProgress(`watch: storing a campaign of ${size} contacts`);
      context.signal.throwIfAborted();
      const campaignId = await storeCalls(databaseUrl, size);
      const took: number[] = [];
      let contacts = 0;
      for (let look = 0; look < LOOKS; look += 1) {
        context.signal.throwIfAborted();
        const startedMs = performance.now();
        contacts = (await watchCampaign(database.db, campaignId))?.total ?? 0;
        took.push(performance.now() - startedMs);
      }
      const [p50Ms, p95Ms] = [0.5, 0.95].map((share) => Math.round(percentile(took, share) ?? 0));
      measured.push({ contacts, expected: size, p50Ms: p50Ms ?? 0, p95Ms: p95Ms ?? 0 });
    }
    return measured;
  } finally {
    await database.close();
  }
}

function outcomeOf(measured: readonly Measured[]): BenchOutcome {
  return {
    figures: { looks: measured },
    tables: [
      {
        title: 'One look of monitor-campaign',
        head: ['Contacts and calls', 'ms p50', 'ms p95'],
        rows: measured.map(({ contacts, p50Ms, p95Ms }) => [contacts, p50Ms, p95Ms].map(String)),
      },
    ],
    bars: [],
    faults: measured
      .filter(({ contacts, expected }) => contacts !== expected)
      .map(({ contacts, expected }) => `${contacts} of ${expected} contacts were seen`),
  };
}
