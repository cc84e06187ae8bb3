import { randomUUID } from 'node:crypto';
import pino from 'pino';
import type { CallResult } from '../../../src/call-engine/call-session.ts';
import type { AudioReach, LiveChannel } from '../../../src/call-engine/ports.ts';
import type { CampaignTerms, Candidate, Gate, GateVerdict } from '../../../src/campaigns/gate.ts';
import { launchCampaign, prepareCampaign, type CampaignSpec } from '../../../src/campaigns/launch.ts';
import type { WorkItem } from '../../../src/campaigns/work-item.ts';
import { createCallJournal } from '../../../src/db/call-journal.ts';
import type { Database } from '../../../src/db/client.ts';
import { upsertContacts } from '../../../src/db/contacts.ts';
import type { Campaign } from '../../../src/db/schema.ts';
import type { OperatorError } from '../../../src/errors.ts';
import { openQueueBackend, type QueueBackend } from '../../../src/queues/backend.ts';
import { createCallWorkerHandler, type CallWorkerDeps } from '../../../src/workers/call-worker.ts';
import { CampaignWorkers } from '../../../src/workers/campaign-workers.ts';
import { clearanceFor, testFingerprint } from '../../helpers/campaign-fixture.ts';
import { AudioBreaker } from '../../../src/workers/audio-breaker.ts';
import { DialPacer } from '../../../src/workers/dial-pacer.ts';
import { HeldBack } from '../../../src/workers/held-back.ts';
import type { CallOrder } from '../../../src/workers/place-call.ts';
import { TrunkBreaker } from '../../../src/workers/trunk-breaker.ts';
import { StrayReaper } from '../../../src/workers/stray-reaper.ts';
import { SUCCESS } from '../../helpers/call-results.ts';
import { createTestDatabase } from '../../helpers/database.ts';

const PAUSE = { firstMs: 100, maxMs: 1000 };
const silent = pino({ level: 'silent' });

/** A switch that only knows which channels live. */
class FakeSwitch {
  readonly channels = new Set<string>();
  /** Those of them that somebody picked up. */
  readonly answered = new Set<string>();
  readonly hungUp: string[] = [];
  /** Makes questions about channels fail. */
  isDown = false;
  audioReach: AudioReach = { result: 'arrives', reason: null };

  isReady(): boolean {
    return !this.isDown;
  }

  probeAudio(): Promise<AudioReach> {
    return Promise.resolve(this.audioReach);
  }

  listChannels(): Promise<LiveChannel[]> {
    if (this.isDown) return Promise.reject(new Error('switch down'));
    return Promise.resolve(
      [...this.channels].map((channelUuid) => ({
        channelUuid,
        createdAt: null,
        answered: this.answered.has(channelUuid),
      })),
    );
  }

  hangUpChannel(channelUuid: string): Promise<void> {
    this.hungUp.push(channelUuid);
    this.channels.delete(channelUuid);
    return Promise.resolve();
  }
}

/** Lets everybody through unless told otherwise. */
class FakeGate implements Gate {
  refuse = new Map<string, string>();
  verdict: { decision: 'call' } | Exclude<GateVerdict, { decision: 'call' }> = { decision: 'call' };

  readonly subjectOf = testFingerprint;

  review(_campaign: CampaignTerms, candidates: readonly Candidate[]): Promise<GateVerdict[]> {
    return Promise.resolve(
      candidates.map(({ phone }) => {
        const reason = this.refuse.get(phone);
        return reason === undefined ? clearanceFor(phone) : { decision: 'refuse', reason };
      }),
    );
  }

  mayCallNow({ contact }: WorkItem): Promise<GateVerdict> {
    return Promise.resolve(this.verdict.decision === 'call' ? clearanceFor(contact.phone) : this.verdict);
  }
}

/** A database, a queue backend and as many workers as a test wants, with calls that the test scripts. */
export class CampaignWorld {
  readonly telephony = new FakeSwitch();
  readonly gate = new FakeGate();
  /** Every call made, in order. */
  readonly calls: CallOrder[] = [];
  callsAtOnce = 0;
  mostCallsAtOnce = 0;
  /** What a call comes to; `attempt` counts this contact's calls from 1. */
  script: (order: CallOrder, attempt: number) => CallResult | Promise<CallResult> = () => SUCCESS;
  /** What keeps every campaign from being called. */
  brokenScenario: OperatorError | null = null;
  /** What workers log as warnings and errors. */
  readonly complaints: string[] = [];
  decisionHoldsMs = 2_000;
  /** People in a row whom the gateway did not take a call to, until it is given up. */
  maxRefusals = Number.POSITIVE_INFINITY;
  lines = { switchName: 'test-switch', limit: 100, leaseMs: 3_000 };

  readonly now = () => new Date();

  private readonly workers: CampaignWorkers[] = [];
  private readonly logger = pino(
    { level: 'warn' },
    { write: (line: string) => void this.complaints.push((JSON.parse(line) as { msg: string }).msg) }, // Written by pino.
  );

  private constructor(
    readonly database: Database,
    readonly backend: QueueBackend,
  ) {}

  static async open(redisUrl: string | null): Promise<CampaignWorld> {
    const database = await createTestDatabase();
    const namespace = `test_${randomUUID().slice(0, 8)}`;
    const backend = await openQueueBackend({ redisUrl, databaseUrl: database.url, namespace }, silent);
    return new CampaignWorld(database, backend);
  }

  get db() {
    return this.database.db;
  }

  /** The handler as the worker process has it. */
  handlerDeps(
    workerId: string,
    noNewCalls = new AbortController(),
  ): CallWorkerDeps & { audio: AudioBreaker; trunk: TrunkBreaker } {
    const { telephony, logger } = this;
    return {
      audio: new AudioBreaker(
        { telephony, audioAddress: 'ws://192.0.2.10:8080', nowMs: () => performance.now(), logger },
        { maxSilentCalls: 3, probePause: PAUSE, callPause: PAUSE },
      ),
      trunk: new TrunkBreaker(
        { gateway: 'test-trunk', nowMs: () => performance.now(), logger },
        { maxRefusals: this.maxRefusals, maxUnheard: this.maxRefusals, pause: PAUSE },
      ),
      db: this.db,
      telephony: this.telephony,
      workerId,
      ownCalls: new Set(),
      now: () => new Date(),
      logger: this.logger,
      gate: this.gate,
      prepareCall: () =>
        this.brokenScenario === null
          ? Promise.resolve((order) => this.runCall(order))
          : Promise.reject(this.brokenScenario),
      recordingEnded: () => Promise.resolve(),
      openJournal: (ref, logger) => createCallJournal(this.db, ref, logger),
      lines: this.lines,
      planning: { ringTimeoutMs: 30_000 },
      pacer: new DialPacer(this.db, { leaseMs: 10_000, patienceMs: 2_000 }),
      heldBack: new HeldBack(this.db, this.logger, () => performance.now()),
      decisionHoldsMs: this.decisionHoldsMs,
      newCallId: randomUUID,
      noNewCalls: noNewCalls.signal,
    };
  }

  /** A worker process in little. `tick()` it, or `start()` it. */
  addWorker(workerId: string): CampaignWorkers {
    const noNewCalls = new AbortController();
    const deps = this.handlerDeps(workerId, noNewCalls);
    const workers = new CampaignWorkers({
      ...deps,
      backend: this.backend,
      handler: createCallWorkerHandler(deps),
      maxCallsPerCampaign: 50,
      pollMs: 100,
      strays: new StrayReaper(deps, { everyMs: 0, certainAfterMs: 0 }),
      noNewCalls,
    });
    this.workers.push(workers);
    return workers;
  }

  async addContacts(count: number): Promise<void> {
    const rows = Array.from({ length: count }, (_, index) => ({
      phone: `+3319900${String(index).padStart(4, '0')}`,
      firstName: `Contact ${index}`,
      lastName: null,
      company: null,
      email: null,
      tags: [],
      timeZone: null,
      rawPhone: null,
    }));
    await upsertContacts(this.db, rows);
  }

  async prepare(spec: Partial<CampaignSpec> = {}): Promise<Campaign> {
    return prepareCampaign(
      this.db,
      {
        name: 'Essai',
        scenario: 'test',
        maxConcurrentCalls: 5,
        callDelayMs: 0,
        priority: 0,
        callerId: null,
        basis: 'consent',
        retry: {
          enabled: true,
          maxAttempts: 3,
          delayMsByResult: { busy: 20, no_answer: 20 },
          maxAttemptsByResult: {},
          otherPartOfDay: false,
        },
        callingWindow: null,
        tags: [],
        limit: null,
        ...spec,
      },
      { signal: new AbortController().signal },
    );
  }

  async launch(campaign: Campaign, signal = new AbortController().signal) {
    return launchCampaign(this, campaign.id, { onProgress: () => undefined, signal });
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((workers) => workers.close({ graceMs: 0 })));
    await this.backend.close();
    await this.database.close();
  }

  private async runCall(order: CallOrder): Promise<CallResult> {
    this.calls.push(order);
    this.callsAtOnce += 1;
    this.mostCallsAtOnce = Math.max(this.mostCallsAtOnce, this.callsAtOnce);
    try {
      const attempt = this.calls.filter((call) => call.contact.id === order.contact.id).length;
      return await this.script(order, attempt);
    } finally {
      this.callsAtOnce -= 1;
    }
  }
}
