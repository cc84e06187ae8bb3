import { randomUUID } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pino, { type Logger } from 'pino';
import { expect, vi } from 'vitest';
import { createContactGate } from '../../src/campaigns/contact-gate.ts';
import { campaignSettings, contactGateOptions } from '../../src/campaigns/from-config.ts';
import { setPace } from '../../src/campaigns/lifecycle.ts';
import { launchCampaign, prepareCampaign, type CampaignSpec } from '../../src/campaigns/launch.ts';
import { loadConfig, type Config } from '../../src/config.ts';
import { campaignReport, type ContactReport } from '../../src/db/campaign-report.ts';
import { findCampaign } from '../../src/db/campaigns.ts';
import type { Database } from '../../src/db/client.ts';
import { upsertContacts } from '../../src/db/contacts.ts';
import { openFingerprint } from '../../src/db/fingerprints.ts';
import { openQueueBackend, type QueueBackend } from '../../src/queues/backend.ts';
import { openCallWorker, type CallWorkerApp } from '../../src/workers/app.ts';
import { contactInput, TEST_OPPOSITION_KEY } from './campaign-fixture.ts';
import { createTestDatabase } from './database.ts';
import { personaFiles, type PersonaName } from './e2e-personas.ts';
import { ofPrompt } from './e2e-record.ts';
import { SimulatorProcess, type SimulatorRecordEntry } from './simulator.ts';
import { toneWav } from './wav.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FIXTURES = join(ROOT, 'test/fixtures/e2e');
const SIMULATED_GATEWAY = 'mygateway';

/** Lengths of the prompts of `short.json`, in milliseconds. */
const PROMPTS_MS = {
  hello: 1000,
  offer: 4000,
  bye: 400,
  bye_not_interested: 400,
  bye_silence: 400,
  opt_out: 400,
  wrong_number: 400,
  callback: 400,
  message: 1500,
};
const OBJECTION_MS = 600;

/** A call of `short.json` takes some 8 s; the rest is for a busy machine. */
export const CALL_DEADLINE_MS = 40_000;
const POLL_MS = 50;

export interface E2eOptions {
  /** Who is called: one contact per entry, tagged with the persona's name. */
  cast: readonly PersonaName[];
  /** Null keeps the queues in Postgres. */
  redisUrl?: string | null;
  /** Over what the tests set. */
  env?: Readonly<Record<string, string>>;
}

interface LogLine {
  level: string;
  msg: string;
  err?: { message: string };
  detail?: string;
}

/** Everything around a call worker: simulated switch, database, prompts, people to call. `close()` it. */
export class E2eWorld {
  /** Phone number of each member of the cast, in its order. */
  readonly phones: readonly string[];
  readonly signal = new AbortController().signal;
  private readonly log: LogLine[] = [];
  private readonly logger: Logger;
  private readonly workers: CallWorkerApp[] = [];
  private readonly laterEnv: Record<string, string> = {};
  private closing: Promise<void> | null = null;

  private constructor(
    private readonly options: E2eOptions,
    readonly dir: string,
    readonly database: Database,
    readonly simulator: SimulatorProcess,
  ) {
    this.phones = options.cast.map((_, index) => phoneOf(index));
    this.logger = pino(
      { level: 'info', formatters: { level: (label) => ({ level: label }) } },
      { write: (line: string) => void this.log.push(JSON.parse(line) as LogLine) }, // Written by pino.
    );
  }

  static async open(options: E2eOptions): Promise<E2eWorld> {
    // The name is part of paths on the switch: letters and digits only.
    const dir = mkdtempSync(join(tmpdir(), 'minibot-e2e-'));
    prepareFiles(dir);
    const database = await createTestDatabase();
    const simulator = await SimulatorProcess.start({
      gateway: SIMULATED_GATEWAY,
      numbers: Object.fromEntries(options.cast.map((persona, index) => [phoneOf(index), persona])),
      args: ['--personas', join(dir, 'personas'), '--unknown-numbers', 'not-found'],
    }).catch(async (error: unknown) => {
      await database.close();
      rmSync(dir, { recursive: true, force: true });
      throw error;
    });
    const world = new E2eWorld(options, dir, database, simulator);
    await upsertContacts(
      database.db,
      options.cast.map((persona, index) =>
        contactInput(phoneOf(index), { firstName: 'Camille', tags: [persona] }),
      ),
    );
    return world;
  }

  /** What a deployment would write into its `.env`; waits shortened. */
  environment(): Record<string, string> {
    return {
      MINIBOT_INSTANCE: this.instance,
      MINIBOT_DATA_DIR: join(this.dir, 'data'),
      DATABASE_URL: this.database.url,
      OPPOSITION_KEY: TEST_OPPOSITION_KEY,
      REDIS_URL: this.options.redisUrl ?? '',
      FREESWITCH_ESL_HOST: this.simulator.host,
      FREESWITCH_ESL_PORT: String(this.simulator.port),
      FREESWITCH_ESL_PASSWORD: this.simulator.password,
      FREESWITCH_GATEWAY: SIMULATED_GATEWAY,
      FREESWITCH_SOUNDS_DIR: join(this.dir, 'sounds'),
      SCENARIOS_DIR: join(this.dir, 'scenarios'),
      OBJECTIONS_DIR: join(ROOT, 'objections'),
      VOSK_MODEL_PATH: join(ROOT, 'models/vosk-demo-fr/model'),
      VOSK_SAMPLE_RATE: '8000',
      STREAMING_ASR_PORT: '0',
      INTENT_ENGINE: 'local',
      BARGE_IN_GRACE_PERIOD: '0.5',
      CONNECTION_TIMEOUT: '5',
      RETRY_CONDITIONS: 'busy=1,no_answer=1,interrupted=1',
      MAX_RETRY_ATTEMPTS: '2',
      CALL_DELAY: '0',
      ...this.options.env,
      ...this.laterEnv,
    };
  }

  /** Sets a variable for the workers opened from now on. */
  set(name: string, value: string): void {
    this.laterEnv[name] = value;
  }

  get config(): Config {
    return loadConfig(this.environment());
  }

  /** Prepares and launches a campaign over the contacts that have one of `tags` (all without). Returns its id. */
  async launch(spec: Partial<CampaignSpec> = {}): Promise<number> {
    const { config, database, signal } = this;
    return this.withQueues(async (backend) => {
      const campaign = await prepareCampaign(
        database.db,
        {
          name: `Essai ${randomUUID()}`,
          scenario: 'short',
          ...campaignSettings(config),
          ...spec,
        },
        { signal },
      );
      const gate = createContactGate(
        database.db,
        contactGateOptions(config, await openFingerprint(database.db, config.compliance.oppositionKey)),
      );
      const deps = { db: database.db, backend, gate, now: () => new Date() };
      await launchCampaign(deps, campaign.id, { onProgress: () => undefined, signal });
      return campaign.id;
    });
  }

  /** Starts a call worker in this process; `close()` closes it if the test does not. */
  async openWorker(): Promise<CallWorkerApp> {
    const worker = await openCallWorker(this.config, this.logger, this.signal);
    this.workers.push(worker);
    return worker;
  }

  /** Closes the workers of this process, at once. */
  async closeWorkers(): Promise<void> {
    for (const worker of this.workers) await worker.close({ graceMs: 0 });
  }

  /** What the workers of this process logged at these levels, each with what it says of the cause. */
  logged(...levels: string[]): string[] {
    return this.log
      .filter(({ level }) => levels.includes(level))
      .map(({ msg, err, detail }) =>
        [msg, err?.message, detail].filter((text) => text !== undefined).join(': '),
      );
  }

  /** The switch's own account; `phone` narrows it down to one person. */
  record(phone?: string): SimulatorRecordEntry[] {
    const entries = this.simulator.record();
    // The gateway is given digits alone.
    return phone === undefined ? entries : entries.filter(({ number }) => `+${String(number)}` === phone);
  }

  /** Waits until the switch has recorded this of a prompt, named by its file. */
  async untilPrompt(name: string, type: 'playback-started' | 'playback-ended'): Promise<void> {
    await vi.waitFor(() => expect(ofPrompt(this.record(), name).map((entry) => entry.type)).toContain(type), {
      timeout: CALL_DEADLINE_MS,
      interval: POLL_MS,
    });
  }

  /** Waits until the switch has recorded something of this type. */
  async untilSwitch(type: string): Promise<void> {
    await vi.waitFor(() => expect(this.record().map((entry) => entry.type)).toContain(type), {
      timeout: CALL_DEADLINE_MS,
      interval: POLL_MS,
    });
  }

  /** Waits until a worker of this process has logged this. */
  async untilLogged(message: string): Promise<void> {
    await vi.waitFor(() => expect(this.log.map(({ msg }) => msg)).toContain(message), {
      timeout: CALL_DEADLINE_MS,
      interval: POLL_MS,
    });
  }

  async untilCampaignIs(campaignId: number, status: string, timeoutMs = CALL_DEADLINE_MS): Promise<void> {
    await vi.waitFor(
      async () => expect((await findCampaign(this.database.db, campaignId))?.status).toBe(status),
      { timeout: timeoutMs, interval: POLL_MS },
    );
  }

  /** Waits until the campaign says that it is held back for this reason, or that it is not. */
  async untilHeldBack(campaignId: number, reason: string | null): Promise<void> {
    const expected: unknown = reason === null ? null : expect.stringContaining(reason);
    await vi.waitFor(
      async () => expect((await findCampaign(this.database.db, campaignId))?.heldBack).toEqual(expected),
      { timeout: CALL_DEADLINE_MS, interval: POLL_MS },
    );
  }

  /** The JSON of one of the scenarios, as it was when the test began. */
  scenario(id: string): unknown {
    return JSON.parse(readFileSync(join(FIXTURES, 'scenarios', `${id}.json`), 'utf8'));
  }

  /** Writes one of this world's files: `scenarios/…`, `sounds/…`. */
  write(file: string, content: string | Buffer): void {
    writeFileSync(join(this.dir, file), content);
  }

  /** Has jobs that wait run now, as the button of the web view does. */
  async hasten(campaignId: number): Promise<void> {
    await this.withQueues(async (backend) => {
      const queue = backend.queue(campaignId);
      await vi.waitFor(async () => expect(await queue.getDelayedCount()).toBeGreaterThan(0), {
        timeout: CALL_DEADLINE_MS,
        interval: POLL_MS,
      });
      for (const job of await queue.getDelayed()) await job.promote();
    });
  }

  /** As `campaign pace` does. */
  async setPace(
    campaignId: number,
    pace: { maxConcurrentCalls: number; callDelayMs: number },
  ): Promise<void> {
    await this.withQueues((backend) => setPace({ db: this.database.db, backend }, campaignId, pace));
  }

  report(campaignId: number): Promise<ContactReport[]> {
    return campaignReport(this.database.db, campaignId);
  }

  /** The only contact of a campaign, with its attempts. */
  async onlyContact(campaignId: number): Promise<ContactReport> {
    const [contact, ...others] = await this.report(campaignId);
    if (contact === undefined || others.length > 0) throw new Error('the campaign has not one contact');
    return contact;
  }

  close(): Promise<void> {
    this.closing ??= this.release();
    return this.closing;
  }

  private async withQueues<T>(use: (backend: QueueBackend) => Promise<T>): Promise<T> {
    const { config, database } = this;
    const backend = await openQueueBackend(
      { redisUrl: config.redis.url, databaseUrl: database.url, namespace: config.instance },
      this.logger,
    );
    try {
      return await use(backend);
    } finally {
      await backend.close();
    }
  }

  private readonly instance = `e2e_${randomUUID().slice(0, 8)}`;

  private async release(): Promise<void> {
    await this.closeWorkers();
    await this.simulator.close();
    await this.database.close();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** Reserved for fiction. */
function phoneOf(index: number): string {
  return `+3363998${String(index).padStart(4, '0')}`;
}

function prepareFiles(dir: string): void {
  for (const folder of ['personas', 'data', 'sounds/e2e/base', 'sounds/e2e/objections']) {
    mkdirSync(join(dir, folder), { recursive: true });
  }
  cpSync(join(FIXTURES, 'scenarios'), join(dir, 'scenarios'), { recursive: true });
  for (const { file, content } of personaFiles()) writeFileSync(join(dir, 'personas', file), content);
  for (const [name, ms] of Object.entries(PROMPTS_MS)) {
    writeFileSync(join(dir, 'sounds/e2e/base', `${name}.wav`), toneWav(ms));
  }
  for (const audioFile of objectionRecordings()) {
    writeFileSync(join(dir, 'sounds/e2e/objections', audioFile), toneWav(OBJECTION_MS));
  }
}

function objectionRecordings(): string[] {
  const theme = JSON.parse(readFileSync(join(ROOT, 'objections/standard.json'), 'utf8')) as {
    objections: { audio_file: string }[];
  }; // The shipped file, checked by its own test.
  return theme.objections.map(({ audio_file }) => audio_file);
}
