import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { CallResult } from '../src/call-engine/call-session.ts';
import { createContactGate } from '../src/campaigns/contact-gate.ts';
import { campaignSettings, contactGateOptions } from '../src/campaigns/from-config.ts';
import { pauseCampaign } from '../src/campaigns/lifecycle.ts';
import { launchCampaign, prepareCampaign } from '../src/campaigns/launch.ts';
import { Closers } from '../src/closers.ts';
import { loadConfig } from '../src/config.ts';
import { createCallJournal } from '../src/db/call-journal.ts';
import { countByState } from '../src/db/campaign-contacts.ts';
import { findCampaign, listCampaigns } from '../src/db/campaigns.ts';
import { openDatabase } from '../src/db/client.ts';
import { openFingerprint } from '../src/db/fingerprints.ts';
import { openQueueBackend, type ContactJobProcessor } from '../src/queues/backend.ts';
import { createCallWorkerHandler, type CallWorkerDeps } from '../src/workers/call-worker.ts';
import { CampaignWorkers } from '../src/workers/campaign-workers.ts';
import { DialPacer } from '../src/workers/dial-pacer.ts';
import { HeldBack } from '../src/workers/held-back.ts';
import { StrayReaper } from '../src/workers/stray-reaper.ts';
import { spreadOf, type Spread } from '../src/percentile.ts';
import { ownCpuSeconds } from '../src/load-test/cpu-time.ts';
import { BENCH_OPPOSITION_KEY, calledPerson } from './queue-people.ts';
import type { QueuePlace } from './queue-place.ts';
import { storePeople } from './store-people.ts';

export interface JobFigures {
  concurrency: number;
  jobs: number;
  done: number;
  seconds: number;
  jobsPerSecond: number;
  /** In the handler: gate, line of the switch, attempt, outcome. */
  handlerMs: Spread;
  /** Of the worker alone; the servers' is not in it. */
  cpuMsPerJob: number;
}

/** A call that is over at once: what is left is what scheduling it costs. */
const NO_CALL: CallResult = {
  result: 'success',
  endReason: 'scenario',
  counted: true,
  hangupCause: 'NORMAL_CLEARING',
  sipStatus: 200,
  answered: true,
  rang: true,
  amd: null,
  messageLeft: null,
  steps: [],
  turns: [],
  transcript: [],
  audioArrived: true,
  durationMs: 0,
  optOut: false,
  disclosure: null,
  recordingPath: null,
};

const POLL_MS = 50;
const DEADLINE_MS = 5 * 60_000;

/** Runs a campaign of `jobs` people through the real job handler, on a telephony that does nothing. */
export async function measureJobs(
  place: QueuePlace,
  { concurrency, jobs, firstPerson }: { concurrency: number; jobs: number; firstPerson: number },
  logger: Logger,
  signal: AbortSignal,
): Promise<JobFigures> {
  const closers = new Closers(logger);
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]);
  try {
    const config = loadConfig({
      DATABASE_URL: place.databaseUrl,
      MAX_CONCURRENT_CALLS: String(concurrency),
      CALL_DELAY: '0',
      OPPOSITION_KEY: BENCH_OPPOSITION_KEY,
    });
    const database = await openDatabase(config.database, logger);
    closers.add('database', () => database.close());
    const { db } = database;
    const backend = await openQueueBackend(place, logger);
    closers.add('queues', () => backend.close());
    // Those who wait go on waiting, as behind other campaigns.
    for (const { id } of await listCampaigns(db, { statuses: ['running'] })) {
      await pauseCampaign({ db, backend }, id);
    }
    const tag = `jobs-${concurrency}`;
    await storePeople(db, jobs, (n) => ({ ...calledPerson(firstPerson + n), tags: [tag] }), inTime);
    const spec = { ...campaignSettings(config), name: tag, scenario: 'test', tags: [tag] };
    const campaign = await prepareCampaign(db, spec, { signal: inTime });
    const fingerprint = await openFingerprint(db, config.compliance.oppositionKey);
    const gate = createContactGate(db, contactGateOptions(config, fingerprint));
    const now = () => new Date();
    await launchCampaign({ db, backend, gate, now }, campaign.id, {
      onProgress: () => undefined,
      signal: inTime,
    });

    const handlerMs: number[] = [];
    const noNewCalls = new AbortController();
    const deps: CallWorkerDeps = {
      db,
      gate,
      logger,
      telephony: {
        isReady: () => true,
        listChannels: () => Promise.resolve([]),
        hangUpChannel: () => Promise.resolve(),
      },
      audio: { admit: () => ({ holds: () => true, end: () => undefined }) },
      trunk: { admit: () => ({ holds: () => true, end: () => undefined }) },
      workerId: 'bench',
      ownCalls: new Set(),
      now,
      prepareCall: () => Promise.resolve(() => Promise.resolve(NO_CALL)),
      recordingEnded: () => Promise.resolve(),
      openJournal: (ref, callLogger) => createCallJournal(db, ref, callLogger),
      lines: { switchName: 'bench', limit: concurrency, leaseMs: 15_000 },
      planning: { ringTimeoutMs: config.timeouts.connectionMs },
      pacer: new DialPacer(db, { leaseMs: 10_000, patienceMs: 2_000 }),
      heldBack: new HeldBack(db, logger, () => performance.now()),
      decisionHoldsMs: 2_000,
      newCallId: randomUUID,
      noNewCalls: noNewCalls.signal,
    };
    const handler = createCallWorkerHandler(deps);
    const timed: ContactJobProcessor = async (job, token, jobSignal) => {
      const startedMs = performance.now();
      try {
        return await handler(job, token, jobSignal);
      } finally {
        handlerMs.push(performance.now() - startedMs);
      }
    };
    const workers = new CampaignWorkers({
      ...deps,
      backend,
      handler: timed,
      maxCallsPerCampaign: concurrency,
      pollMs: 2000,
      strays: new StrayReaper(deps, { everyMs: 15_000, certainAfterMs: 5_000 }),
      audio: { trouble: null, tryIfDue: () => undefined },
      trunk: { trouble: null },
      noNewCalls,
    });
    closers.add('workers', () => workers.close({ graceMs: 0 }));

    const cpuBefore = ownCpuSeconds();
    const startedMs = performance.now();
    await workers.start();
    let endedMs = startedMs;
    while ((await countByState(db, campaign.id)).done < jobs) {
      endedMs = performance.now();
      await delay(POLL_MS, undefined, { signal: inTime });
    }
    const cpuSeconds = ownCpuSeconds() - cpuBefore;
    const seconds = (endedMs - startedMs) / 1000;
    while ((await findCampaign(db, campaign.id))?.status !== 'completed') {
      await workers.tick();
      await delay(POLL_MS, undefined, { signal: inTime });
    }
    return {
      concurrency,
      jobs,
      done: handlerMs.length,
      seconds: Math.round(seconds * 10) / 10,
      jobsPerSecond: Math.round(jobs / seconds),
      handlerMs: spreadOf(handlerMs),
      cpuMsPerJob: Math.round((cpuSeconds * 10_000) / jobs) / 10,
    };
  } finally {
    await closers.close();
  }
}
