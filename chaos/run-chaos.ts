import { randomBytes } from 'node:crypto';
import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { createContactGate } from '../src/campaigns/contact-gate.ts';
import { campaignSettings, contactGateOptions } from '../src/campaigns/from-config.ts';
import { launchCampaign, prepareCampaign } from '../src/campaigns/launch.ts';
import { Closers } from '../src/closers.ts';
import { loadConfig, type Config } from '../src/config.ts';
import { countByState } from '../src/db/campaign-contacts.ts';
import { findCampaign } from '../src/db/campaigns.ts';
import { openDatabase, type Database } from '../src/db/client.ts';
import { upsertContacts } from '../src/db/contacts.ts';
import { openFingerprint } from '../src/db/fingerprints.ts';
import { migrate } from '../src/db/migrate.ts';
import { MinibotError } from '../src/errors.ts';
import { createLogger } from '../src/logging.ts';
import { openQueueBackend } from '../src/queues/backend.ts';
import { channelsOf } from './channels.ts';
import { FaultInjector } from './fault-injector.ts';
import { planFaults, type PlannedFault } from './fault-plan.ts';
import { countedInDoubt, judgeDatabase, readStoredCampaign } from './judge-database.ts';
import { judgeRecord, type Violation } from './judge-record.ts';
import { inventPeople, type Person } from './people.ts';
import { PhoneSwitch } from './phone-switch.ts';
import { PostgresServer } from './postgres-server.ts';
import { judgeRecovery } from './recovery.ts';
import { RedisServer } from './redis-server.ts';
import { buildReport, type ChaosReport } from './report.ts';
import { SwitchRecord } from './switch-record.ts';
import { WorkerFleet } from './worker-fleet.ts';

export interface ChaosOptions {
  root: string;
  /** Empty: holds the databases, the logs and the switch's record. */
  dataDir: string;
  calls: number;
  seed: number;
  workers: number;
  maxConcurrentCalls: number;
  /** Counted attempts per contact, at most. */
  maxAttempts: number;
  /** Instead of the plan that the seed gives. */
  plan?: readonly PlannedFault[];
  onProgress: (progress: ChaosProgress) => void;
  signal: AbortSignal;
}

export interface ChaosProgress {
  done: number;
  people: number;
  originates: number;
  faultsInjected: number;
  faultsPlanned: number;
  lastFault: string | null;
}

/** For this run's database, which is gone after it. */
const OPPOSITION_KEY = randomBytes(32).toString('hex');
const SCENARIO = 'chaos';
const LOOK_MS = 250;
/** What a campaign may take at most, whatever happens to it. */
const DEADLINE_MS = { base: 180_000, perCall: 1000 };

/**
 * Runs a campaign through the simulated switch while things go wrong, and judges what came of it. Resolves with the
 * report, violations included; rejects when the run itself failed.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { root, dataDir, calls, seed, signal } = options;
  const logDir = path.join(dataDir, 'logs', 'chaos');
  await mkdir(logDir, { recursive: true });
  // For a run as root: the database's unprivileged user passes through.
  await chmod(dataDir, 0o755);
  const logger = createLogger({ level: 'info', dir: logDir, maskPhoneNumbers: true }, NOWHERE);
  const failure = new AbortController();
  const onFailure = (error: Error): void => failure.abort(error);
  const deadline = AbortSignal.timeout(DEADLINE_MS.base + calls * DEADLINE_MS.perCall);
  const watched = AbortSignal.any([signal, failure.signal, deadline]);
  const closers = new Closers(logger);
  const people = inventPeople(calls, seed);
  const plan = options.plan ?? planFaults(calls, seed);
  const recordPath = path.join(dataDir, 'switch-record.jsonl');
  const workerFailures: Violation[] = [];
  try {
    const phoneSwitch = await PhoneSwitch.open({
      root,
      dataDir,
      people,
      recordPath,
      onUnexpectedExit: onFailure,
    });
    closers.add('switch', () => phoneSwitch.close());
    const postgres = await PostgresServer.open(path.join(dataDir, 'postgres'), logger);
    closers.add('postgres', () => postgres.close());
    const redis = await RedisServer.open({ dir: dataDir, onUnexpectedExit: onFailure });
    closers.add('redis', () => redis.close());

    const env = environment(options, { phoneSwitch, postgresUrl: postgres.url, redisUrl: redis.url });
    const config = loadConfig(env);
    const database = await openDatabase(config.database, logger);
    closers.add('database', () => database.close());
    await migrate(database.url, logger);
    const campaignId = await launch(config, database, people, logger, watched);

    const startedMs = performance.now();
    const fleet = await WorkerFleet.open({
      root,
      dataDir,
      size: options.workers,
      env,
      onFailure: ({ worker, what }) =>
        void workerFailures.push({ rule: 'workers only end when told to', evidence: `${worker} ${what}` }),
    });
    closers.add('workers', () => fleet.close());
    const injector = new FaultInjector({ phoneSwitch, redis, postgres, fleet, database, logger });
    const record = new SwitchRecord(recordPath);
    await untilCompleted({ database, campaignId, record, injector, plan, options, signal: watched });
    const campaignMs = performance.now() - startedMs;

    await injector.settle();
    await fleet.close();
    const stored = await readStoredCampaign(database, campaignId);
    const jobsLeft = await unfinishedJobs(config, database, campaignId, logger);
    await record.read();
    const history = channelsOf(record.entries);
    const rules = {
      maxConcurrentCalls: options.maxConcurrentCalls,
      callDelayMs: config.calls.delayMs,
      maxAttempts: options.maxAttempts,
      faults: injector.injected,
      leftBehind: new Map(
        injector.kills.flatMap(({ attempts, killedAtMs }) =>
          attempts.map((uuid) => [uuid, killedAtMs] as const),
        ),
      ),
      people: people.length,
    };
    const judged = judgeRecord(history, rules);
    const recovery = judgeRecovery(injector.kills, stored, history.channels);
    return buildReport({
      calls,
      seed,
      workers: options.workers,
      workersStarted: fleet.startedCount,
      maxConcurrentCalls: options.maxConcurrentCalls,
      callDelayMs: config.calls.delayMs,
      campaignMs,
      faults: injector.injected,
      stored,
      figures: { ...judged.figures, countedInDoubt: countedInDoubt(stored, history) },
      recovery: recovery.figures,
      violations: [
        ...judged.violations,
        ...judgeDatabase(stored, history, rules),
        ...jobsLeft,
        ...recovery.violations,
        ...workerFailures,
      ],
    });
  } catch (error) {
    throw watched.aborted ? reasonOf(watched, deadline) : error;
  } finally {
    await closers.close();
  }
}

/** The log file is where messages go; the terminal shows the progress. */
const NOWHERE = { write: () => undefined };

function reasonOf(watched: AbortSignal, deadline: AbortSignal): unknown {
  if (watched.reason !== deadline.reason) return watched.reason;
  return new MinibotError(
    'chaos_deadline',
    'the campaign was not completed in time: see the logs of its workers',
  );
}

/** A deployment's configuration, with the waits of real life shortened. */
function environment(
  { root, dataDir, maxConcurrentCalls, maxAttempts }: ChaosOptions,
  servers: { phoneSwitch: PhoneSwitch; postgresUrl: string; redisUrl: string },
): Record<string, string> {
  return {
    MINIBOT_INSTANCE: 'chaos',
    MINIBOT_DATA_DIR: dataDir,
    DATABASE_URL: servers.postgresUrl,
    OPPOSITION_KEY,
    REDIS_URL: servers.redisUrl,
    FREESWITCH_ESL_HOST: '127.0.0.1',
    FREESWITCH_ESL_PORT: String(servers.phoneSwitch.eslPort),
    FREESWITCH_ESL_PASSWORD: servers.phoneSwitch.password,
    FREESWITCH_SOUNDS_DIR: path.join(root, 'chaos/fixtures/sounds'),
    SCENARIOS_DIR: path.join(root, 'chaos/fixtures/scenarios'),
    OBJECTIONS_DIR: path.join(root, 'objections'),
    VOSK_MODEL_PATH: path.join(root, 'models/vosk-demo-fr/model'),
    VOSK_SAMPLE_RATE: '8000',
    INTENT_ENGINE: 'local',
    AMD_ENABLED: 'false',
    // More than the campaign's, so that its own limit is what holds.
    SWITCH_MAX_CALLS: String(maxConcurrentCalls * 2),
    MAX_CONCURRENT_CALLS: String(maxConcurrentCalls),
    CALL_DELAY: '0.05',
    CALL_WINDOW: 'always',
    CONNECTION_TIMEOUT: '5',
    MAX_CALL_DURATION: '30',
    MAX_RETRY_ATTEMPTS: String(maxAttempts),
    RETRY_CONDITIONS: 'busy=2,no_answer=2',
    WORKER_DRAIN_TIMEOUT: '20',
    LOG_LEVEL: 'info',
  };
}

async function launch(
  config: Config,
  database: Database,
  people: readonly Person[],
  logger: Logger,
  signal: AbortSignal,
): Promise<number> {
  const contacts = people.map(({ phone }) => ({
    phone,
    firstName: null,
    lastName: null,
    company: null,
    email: null,
    tags: [],
    timeZone: null,
    rawPhone: null,
  }));
  await upsertContacts(database.db, contacts);
  const backend = await openQueueBackend(
    { redisUrl: config.redis.url, databaseUrl: database.url, namespace: config.instance },
    logger,
  );
  try {
    const campaign = await prepareCampaign(
      database.db,
      {
        name: 'Chaos',
        scenario: SCENARIO,
        ...campaignSettings(config),
      },
      { signal },
    );
    const gate = createContactGate(
      database.db,
      contactGateOptions(config, await openFingerprint(database.db, config.compliance.oppositionKey)),
    );
    const { queued } = await launchCampaign(
      { db: database.db, backend, gate, now: () => new Date() },
      campaign.id,
      {
        onProgress: () => undefined,
        signal,
      },
    );
    if (queued !== people.length) {
      throw new MinibotError('chaos_launch', `${queued} of ${people.length} contacts were queued`);
    }
    return campaign.id;
  } finally {
    await backend.close();
  }
}

interface Campaign {
  database: Database;
  campaignId: number;
  record: SwitchRecord;
  injector: FaultInjector;
  plan: readonly PlannedFault[];
  options: ChaosOptions;
  signal: AbortSignal;
}

/** Faults when they are due, until the campaign is completed. */
async function untilCompleted(campaign: Campaign): Promise<void> {
  const { database, campaignId, record, injector, plan, options, signal } = campaign;
  const waiting = [...plan];
  let done = 0;
  for (;;) {
    signal.throwIfAborted();
    await record.read();
    const next = waiting[0];
    if (next !== undefined && record.originates >= next.afterOriginates) {
      waiting.shift();
      await delay(next.delayMs, undefined, { signal });
      await injector.inject(next.fault);
      continue;
    }
    try {
      done = (await countByState(database.db, campaignId)).done;
      if ((await findCampaign(database.db, campaignId))?.status === 'completed') return;
    } catch (error) {
      injector.noteBlindness(error);
    }
    options.onProgress({
      done,
      people: options.calls,
      originates: record.originates,
      faultsInjected: injector.injected.length,
      faultsPlanned: plan.length,
      lastFault: injector.injected.at(-1)?.kind ?? null,
    });
    await delay(LOOK_MS, undefined, { signal });
  }
}

/** Jobs that wait or hold a slot although the campaign is over. */
async function unfinishedJobs(
  config: Config,
  database: Database,
  campaignId: number,
  logger: Logger,
): Promise<Violation[]> {
  const backend = await openQueueBackend(
    { redisUrl: config.redis.url, databaseUrl: database.url, namespace: config.instance },
    logger,
  );
  try {
    const counts = await backend.queue(campaignId).getJobCounts();
    return Object.entries(counts)
      .filter(([state, count]) => state !== 'completed' && count > 0)
      .map(([state, count]) => ({ rule: 'no job left', evidence: `${count} jobs are ${state}` }));
  } finally {
    await backend.close();
  }
}
