import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createReadStream } from 'node:fs';
import type { Logger } from 'pino';
import { launchCampaign, prepareCampaign } from '../src/campaigns/launch.ts';
import { createContactGate } from '../src/campaigns/contact-gate.ts';
import { campaignSettings, contactGateOptions } from '../src/campaigns/from-config.ts';
import { Closers } from '../src/closers.ts';
import { loadConfig, type Config } from '../src/config.ts';
import { openCsvTable } from '../src/contacts/csv-table.ts';
import { importContacts } from '../src/contacts/import-contacts.ts';
import { campaignReport, type ContactReport } from '../src/db/campaign-report.ts';
import { campaignSnapshot, type CampaignSnapshot } from '../src/db/campaign-snapshot.ts';
import { findCampaign } from '../src/db/campaigns.ts';
import { openDatabase, type Database } from '../src/db/client.ts';
import { storeContacts } from '../src/db/contacts.ts';
import { openFingerprint } from '../src/db/fingerprints.ts';
import { migrate } from '../src/db/migrate.ts';
import { MinibotError } from '../src/errors.ts';
import { createLogger } from '../src/logging.ts';
import { FRENCH_COUNTRY_CODES } from '../src/phone/numbering-plan.ts';
import { openQueueBackend } from '../src/queues/backend.ts';
import type { CastMember } from './cast.ts';
import { Child } from './child-process.ts';

export interface DemoOptions {
  root: string;
  /** Emptied first: the demo's database, logs and contacts. */
  dataDir: string;
  cast: readonly CastMember[];
  onStage: (stage: string) => void;
  onSnapshot: (snapshot: CampaignSnapshot) => void;
  signal: AbortSignal;
}

export interface DemoOutcome {
  report: ContactReport[];
  config: Config;
  /** From the first job to the last outcome. */
  campaignMs: number;
  databaseUrl: string;
}

const SCENARIO = 'vente_or_investissement';
const CONTACT_COLUMNS = 'phone,first_name,last_name,company,tags';
/** Nobody is called without: numbers of fiction are exempt, and the demo shows how it is done all the same. */
const CONSENT_COLUMNS = 'consent_date,consent_channel,consent_source,consent_wording';
const POLL_MS = 250;
/** So long may the campaign take; far above what it needs. */
const CAMPAIGN_DEADLINE_MS = 180_000;
const READY_DEADLINE_MS = 30_000;

/**
 * A campaign as it is run in earnest, on a simulated switch: contacts imported from a file, jobs queued, a worker process
 * that calls. Nothing here is taken from the simulator but its address.
 */
export async function runDemoCampaign(options: DemoOptions): Promise<DemoOutcome> {
  const { root, dataDir, signal } = options;
  await rm(dataDir, { recursive: true, force: true });
  await mkdir(dataDir, { recursive: true });

  const failure = new AbortController();
  const watched = AbortSignal.any([signal, failure.signal]);
  const logger = createLogger(
    { level: 'info', dir: path.join(dataDir, 'logs'), maskPhoneNumbers: true },
    NOWHERE,
  );
  const closers = new Closers(logger);
  try {
    options.onStage('starting the simulated switch');
    const address = await startSimulator(root, dataDir, closers, failure, watched);
    const env = demoEnvironment(root, dataDir, address);
    const config = loadConfig(env);

    options.onStage('starting PostgreSQL');
    const database = await openDatabase(config.database, logger);
    closers.add('database', () => database.close());
    await migrate(database.url, logger);

    options.onStage('importing contacts');
    await importCast(options, database, config.compliance);
    options.onStage('queueing the campaign');
    const campaignId = await launch(config, database, closers, logger, watched);

    options.onStage('starting the call worker');
    const startedMs = performance.now();
    startWorker(env, options, closers, failure);
    await untilDone(database, campaignId, options, watched);
    const campaignMs = performance.now() - startedMs;
    return {
      report: await campaignReport(database.db, campaignId),
      config,
      campaignMs,
      databaseUrl: database.url,
    };
  } catch (error) {
    throw failure.signal.aborted ? failure.signal.reason : error;
  } finally {
    await closers.close();
  }
}

/** The log file is where the demo's own messages go; the terminal shows the campaign. */
const NOWHERE = { write: () => undefined };

interface SwitchAddress {
  eslPort: number;
  password: string;
}

async function startSimulator(
  root: string,
  dataDir: string,
  closers: Closers,
  failure: AbortController,
  signal: AbortSignal,
): Promise<SwitchAddress> {
  let onReady: (address: SwitchAddress) => void = () => undefined;
  const ready = new Promise<SwitchAddress>((resolve) => {
    onReady = resolve;
  });
  const simulator = new Child({
    name: 'the simulator',
    entry: path.join(root, 'simulator/main.ts'),
    args: [
      '--esl-port',
      '0',
      '--json-ready',
      '--control',
      '--record',
      path.join(dataDir, 'switch-record.jsonl'),
    ],
    env: {},
    cwd: dataDir,
    onLine: (line) => {
      const message: unknown = JSON.parse(line);
      if (isReadyLine(message)) onReady({ eslPort: message.eslPort, password: message.password });
    },
    onUnexpectedExit: (error) => failure.abort(error),
  });
  closers.add('simulator', () => simulator.stop());
  return Promise.race([ready, rejectOn(AbortSignal.any([signal, AbortSignal.timeout(READY_DEADLINE_MS)]))]);
}

function isReadyLine(message: unknown): message is SwitchAddress & { event: 'ready' } {
  return (
    typeof message === 'object' &&
    message !== null &&
    'event' in message &&
    message.event === 'ready' &&
    'eslPort' in message &&
    typeof message.eslPort === 'number' &&
    'password' in message &&
    typeof message.password === 'string'
  );
}

/** A deployment's configuration, with the waits of real life shortened. */
function demoEnvironment(root: string, dataDir: string, address: SwitchAddress): Record<string, string> {
  return {
    MINIBOT_INSTANCE: 'demo',
    MINIBOT_DATA_DIR: dataDir,
    FREESWITCH_ESL_HOST: '127.0.0.1',
    FREESWITCH_ESL_PORT: String(address.eslPort),
    FREESWITCH_ESL_PASSWORD: address.password,
    FREESWITCH_SOUNDS_DIR: path.join(root, 'audio'),
    SCENARIOS_DIR: path.join(root, 'scenarios'),
    OBJECTIONS_DIR: path.join(root, 'objections'),
    VOSK_MODEL_PATH: path.join(root, 'models/vosk-demo-fr/model'),
    VOSK_SAMPLE_RATE: '8000',
    STREAMING_ASR_HOST: '127.0.0.1',
    STREAMING_ASR_PORT: '0',
    INTENT_ENGINE: 'local',
    DEFAULT_VOICE: 'demo',
    MAX_CONCURRENT_CALLS: '15',
    CALL_DELAY: '0.3',
    CONNECTION_TIMEOUT: '5',
    MAX_RETRY_ATTEMPTS: '2',
    RETRY_CONDITIONS: 'busy=4,no_answer=4',
    LOG_DIR: path.join(dataDir, 'logs'),
  };
}

async function importCast(
  { cast, dataDir, signal }: DemoOptions,
  database: Database,
  { oppositionKey }: Config['compliance'],
): Promise<void> {
  const fingerprint = await openFingerprint(database.db, oppositionKey);
  const file = path.join(dataDir, 'contacts.csv');
  const today = new Date().toISOString().slice(0, 10);
  const lines = cast.map(({ phone, firstName, lastName, company }) =>
    [phone, firstName, lastName, company, 'demo', today, 'web', 'demo', 'or-2026-1']
      .map((cell) => `"${cell.replaceAll('"', '""')}"`)
      .join(','),
  );
  await writeFile(file, [`${CONTACT_COLUMNS},${CONSENT_COLUMNS}`, ...lines, ''].join('\n'));
  const report = await importContacts(
    {
      table: await openCsvTable(() => createReadStream(file)),
      columns: {},
      addTags: [],
      allowedCountryCodes: FRENCH_COUNTRY_CODES,
      strictNumbers: false,
      departments: null,
      now: new Date(),
      batchSize: 1000,
      onProgress: () => undefined,
      onChecked: () => undefined,
      onRejected: () => undefined,
      onStored: () => undefined,
      signal,
    },
    (batch) => storeContacts(database.db, batch, { fingerprint, skipDuplicates: false, source: 'demo' }),
  );
  if (report.imported !== cast.length) {
    throw new MinibotError('demo_import', `${report.imported} of ${cast.length} contacts were imported`);
  }
}

async function launch(
  config: Config,
  database: Database,
  closers: Closers,
  logger: Logger,
  signal: AbortSignal,
): Promise<number> {
  const backend = await openQueueBackend(
    { redisUrl: config.redis.url, databaseUrl: database.url, namespace: config.instance },
    logger,
  );
  closers.add('queues', () => backend.close());
  const campaign = await prepareCampaign(
    database.db,
    {
      name: 'Démonstration',
      scenario: SCENARIO,
      ...campaignSettings(config),
    },
    { signal },
  );
  const gate = createContactGate(
    database.db,
    contactGateOptions(config, await openFingerprint(database.db, config.compliance.oppositionKey)),
  );
  await launchCampaign({ db: database.db, backend, gate, now: () => new Date() }, campaign.id, {
    onProgress: () => undefined,
    signal,
  });
  return campaign.id;
}

function startWorker(
  env: Record<string, string>,
  { root, dataDir }: DemoOptions,
  closers: Closers,
  failure: AbortController,
): void {
  const worker = new Child({
    name: 'the call worker',
    entry: path.join(root, 'src/workers/main.ts'),
    args: [],
    env,
    // Not the project's folder: a .env there is no business of the demo's.
    cwd: dataDir,
    onLine: () => undefined,
    onUnexpectedExit: (error) => failure.abort(error),
  });
  closers.add('call worker', () => worker.stop());
}

async function untilDone(
  database: Database,
  campaignId: number,
  { onSnapshot, cast }: DemoOptions,
  signal: AbortSignal,
): Promise<void> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(CAMPAIGN_DEADLINE_MS)]);
  for (;;) {
    const snapshot = await campaignSnapshot(database.db, campaignId, { finishedLimit: cast.length * 3 });
    onSnapshot(snapshot);
    const campaign = await findCampaign(database.db, campaignId);
    if (campaign?.status === 'completed') return;
    await pause(POLL_MS, deadline);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

function rejectOn(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
