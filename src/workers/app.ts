import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import { createContactGate } from '../campaigns/contact-gate.ts';
import { contactGateOptions } from '../campaigns/from-config.ts';
import { Closers } from '../closers.ts';
import type { Config } from '../config.ts';
import { createCallJournal } from '../db/call-journal.ts';
import { openDatabase } from '../db/client.ts';
import { openFingerprint } from '../db/fingerprints.ts';
import { migrate } from '../db/migrate.ts';
import { openQueueBackend } from '../queues/backend.ts';
import { createCallWorkerHandler } from './call-worker.ts';
import { CampaignWorkers } from './campaign-workers.ts';
import { DialPacer } from './dial-pacer.ts';
import { HeldBack } from './held-back.ts';
import { openPrepareCall, openSpeechParts, openSwitch, switchNameOf } from './open-engine.ts';
import { StrayReaper } from './stray-reaper.ts';
import { DECISION_HOLDS_MS, LINE_LEASE_MS } from './timings.ts';
import { TrunkBreaker } from './trunk-breaker.ts';
import { openUpkeep } from './upkeep.ts';

/** A call worker at work. Whoever opened it closes it. */
export interface CallWorkerApp {
  readonly workerId: string;
  /**
   * Takes no more calls and lets those in flight end, for `graceMs` at most; then hangs up and releases everything in
   * reverse order of opening. May be called twice.
   */
  close(options: { graceMs: number }): Promise<void>;
  /** Ends every call in flight now, so that `close` need not wait for them. */
  hangUp(): void;
}

const SWITCH_READY_MS = 15_000;
const CAMPAIGN_POLL_MS = 2000;
/** A worker that takes its turn to dial and dies holds its campaign up for so long. */
const DIAL_TURN_LEASE_MS = 10_000;
/** A job waits so long for its turn to dial, holding a line, before it goes back to the queue. */
const DIAL_PATIENCE_MS = 2_000;
/** One call of three is answered or refused by somebody: twenty in a row of which nothing is heard are no chance. */
const TRUNK_BREAKER = { maxRefusals: 5, maxUnheard: 20, pause: { firstMs: 30_000, maxMs: 5 * 60_000 } };
/** A call that ends is still listed for a moment. */
const STRAYS = { everyMs: 15_000, certainAfterMs: 5_000 };

/**
 * Opens everything a call worker needs and starts it. Rejects with an `OperatorError` that says what to mend; what was
 * opened until then is closed again.
 */
export async function openCallWorker(
  config: Config,
  logger: Logger,
  signal: AbortSignal,
): Promise<CallWorkerApp> {
  const closers = new Closers(logger);
  try {
    return await assemble(config, logger, closers, signal);
  } catch (error) {
    await closers.close();
    throw error;
  }
}

async function assemble(
  config: Config,
  logger: Logger,
  closers: Closers,
  signal: AbortSignal,
): Promise<CallWorkerApp> {
  const speech = await openSpeechParts(config, logger, closers);
  const database = await openDatabase(config.database, logger);
  closers.add('database', () => database.close());
  await migrate(database.url, logger, config.compliance.oppositionKey);
  const fingerprint = await openFingerprint(database.db, config.compliance.oppositionKey);
  const backend = await openQueueBackend(
    { redisUrl: config.redis.url, databaseUrl: database.url, namespace: config.instance },
    logger,
  );
  closers.add('queues', () => backend.close());

  const { telephony, audio } = await openSwitch(config, logger, closers, {
    readyMs: SWITCH_READY_MS,
    signal,
  });
  const workerId = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
  const ownCalls = new Set<string>();
  const noNewCalls = new AbortController();
  const prepareCall = openPrepareCall(config, { telephony, ...speech }, logger, closers);
  const lines = {
    switchName: switchNameOf(config),
    limit: config.freeswitch.maxCalls,
    leaseMs: LINE_LEASE_MS,
  };
  const upkeep = await openUpkeep({
    db: database.db,
    backend,
    rules: config.retention,
    directory: config.freeswitch.recordingsDir,
    now: () => new Date(),
    workerId,
    logger,
  });
  closers.add('upkeep', () => upkeep.close());
  const shared = {
    db: database.db,
    telephony,
    audio,
    trunk: new TrunkBreaker(
      { gateway: config.freeswitch.gateway, nowMs: () => performance.now(), logger },
      TRUNK_BREAKER,
    ),
    workerId,
    ownCalls,
    lines,
    planning: { ringTimeoutMs: config.timeouts.connectionMs },
    now: () => new Date(),
    logger,
  };
  const handler = createCallWorkerHandler({
    ...shared,
    gate: createContactGate(database.db, contactGateOptions(config, fingerprint)),
    prepareCall,
    openJournal: (ref, callLogger) => createCallJournal(database.db, ref, callLogger),
    recordingEnded: (callId) => upkeep.recordingEnded(callId),
    pacer: new DialPacer(database.db, { leaseMs: DIAL_TURN_LEASE_MS, patienceMs: DIAL_PATIENCE_MS }),
    heldBack: new HeldBack(database.db, logger, () => performance.now()),
    decisionHoldsMs: DECISION_HOLDS_MS,
    newCallId: randomUUID,
    noNewCalls: noNewCalls.signal,
  });
  const campaigns = new CampaignWorkers({
    ...shared,
    backend,
    handler,
    maxCallsPerCampaign: config.freeswitch.maxCalls,
    pollMs: CAMPAIGN_POLL_MS,
    strays: new StrayReaper(shared, STRAYS),
    noNewCalls,
  });
  await campaigns.start();
  logger.info({ workerId, queues: backend.kind }, 'ready to call');

  return {
    workerId,
    hangUp: () => campaigns.hangUp(),
    close: async ({ graceMs }) => {
      try {
        await campaigns.close({ graceMs });
      } finally {
        await closers.close();
      }
    },
  };
}
