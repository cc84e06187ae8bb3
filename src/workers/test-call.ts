import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { CallResult } from '../call-engine/call-session.ts';
import type { CallJournal, JournalEntry } from '../call-engine/ports.ts';
import { loadScenario } from '../call-engine/scenario/load.ts';
import { createContactGate } from '../campaigns/contact-gate.ts';
import { campaignSettings, testGateOptions } from '../campaigns/from-config.ts';
import type { Gate, GateVerdict } from '../campaigns/gate.ts';
import { Closers } from '../closers.ts';
import type { Fingerprint } from '../compliance/fingerprint.ts';
import type { Config } from '../config.ts';
import { createCallJournal } from '../db/call-journal.ts';
import type { Executor } from '../db/client.ts';
import { findContactByPhone } from '../db/contacts.ts';
import { forgetTestCall, prepareTestCall } from '../db/test-calls.ts';
import { scenarioShelfOptions } from './call-settings.ts';
import { holdLine, type HeldLine } from './line-keeper.ts';
import { openPrepareCall, openSpeechParts, openSwitch, switchNameOf } from './open-engine.ts';
import { placeCall, type Placement, type RunCall } from './place-call.ts';
import { DECISION_HOLDS_MS, LINE_LEASE_MS } from './timings.ts';

/** What happens in a test call, as it happens. `atMs` is since the order to dial, 0 before it. */
export type TestCallEvent = { atMs: number } & (
  { type: 'opening' } | { type: 'waiting-for-line' } | { type: 'dialling'; callId: string } | JournalEntry
);

export interface TestCallDeps {
  config: Config;
  db: Executor;
  fingerprint: Fingerprint;
  logger: Logger;
}

export interface TestCallOrder {
  /** E.164. */
  phone: string;
  scenario: string;
  /** Where this process receives the call's audio. Port 0 takes a free one; null advertises the configured address. */
  audio: { port: number; url: string | null };
  onEvent: (event: TestCallEvent) => void;
  /** Aborted when the call must end now. */
  signal: AbortSignal;
}

export type TestCallOutcome =
  | { state: 'made'; callId: string; result: CallResult }
  /** The call broke down, or its outcome went to a worker that took the attempt over. */
  | { state: 'lost'; callId: string }
  /** Nobody was dialled. */
  | { state: 'line-busy' }
  | { state: 'number-busy' }
  | { state: 'audio-missing'; why: string }
  | { state: 'not-cleared'; verdict: Exclude<GateVerdict, { decision: 'call' }> };

const SWITCH_READY_MS = 5_000;
/** A free line is waited for so long. */
const LINE_PATIENCE_MS = 20_000;
const LINE_RECHECK_MS = 500;
/** Somebody waits at a terminal: before the jobs of campaigns. */
const PRIORITY = 1000;

/** Whether this number may be called to try the system now, and whether the scenario can be used; nothing is opened for it. */
export async function reviewTestCall(
  deps: TestCallDeps,
  { phone, scenario, now }: { phone: string; scenario: string; now: Date },
): Promise<GateVerdict> {
  const { config, db } = deps;
  const { scenariosDir, defaults, disclosureCheck } = scenarioShelfOptions(config);
  await loadScenario(scenariosDir, scenario, defaults, { disclosure: disclosureCheck });
  const timeZone = (await findContactByPhone(db, phone))?.timeZone ?? null;
  const candidate = { phone, timeZone, attempts: 0 };
  const [verdict] = await gateOf(deps).review(termsOf(config), [candidate], now);
  return verdict ?? { decision: 'refuse', reason: 'facts_unusable: nobody was asked about' };
}

/**
 * Makes one call to try the system, by the same gate, engine and rows as a worker's, with or without workers beside it.
 * Resolves when it is over and everything is released; rejects with an `OperatorError` that says what to mend before anybody
 * was dialled.
 */
export async function makeTestCall(deps: TestCallDeps, order: TestCallOrder): Promise<TestCallOutcome> {
  const { logger } = deps;
  const config = withOwnAudio(deps.config, order.audio);
  const closers = new Closers(logger);
  try {
    order.onEvent({ type: 'opening', atMs: 0 });
    const speech = await openSpeechParts(config, logger, closers);
    // What keeps it from connecting is said once, at the end.
    const quiet = logger.isLevelEnabled('info') ? logger : logger.child({}, { level: 'error' });
    const { telephony, audio } = await openSwitch(config, quiet, closers, {
      readyMs: SWITCH_READY_MS,
      signal: order.signal,
    });
    const prepareCall = openPrepareCall(config, { telephony, ...speech }, logger, closers);
    const runCall = await prepareCall({ scenario: order.scenario, recordingPurpose: null });
    const permit = audio.admit();
    if (permit === null) return { state: 'audio-missing', why: audio.trouble?.message ?? '' };
    try {
      order.signal.throwIfAborted();
      return await callOnLine({ ...deps, config }, order, { runCall, permit });
    } finally {
      permit.end(null);
    }
  } finally {
    await closers.close();
  }
}

type Dial = Pick<Parameters<typeof placeCall>[1], 'runCall' | 'permit'>;

async function callOnLine(deps: TestCallDeps, order: TestCallOrder, dial: Dial): Promise<TestCallOutcome> {
  const { config, db } = deps;
  const item = await prepareTestCall(db, {
    ...termsOf(config),
    name: order.scenario,
    scenario: order.scenario,
    phone: order.phone,
  });
  const callId = randomUUID();
  const workerId = `test-call-${hostname()}-${process.pid}-${callId.slice(0, 8)}`;
  const logger = deps.logger.child({ campaignId: item.campaign.id, callId });
  try {
    const line = await waitForLine(deps, order, { item, callId, workerId, logger });
    if (line === null) return { state: 'line-busy' };
    try {
      return await dialOnce(deps, order, { ...dial, item, callId, workerId, line, logger });
    } finally {
      await line.release();
    }
  } finally {
    await forgetTestCall(db, item.campaign.id);
  }
}

interface Preparation {
  item: Awaited<ReturnType<typeof prepareTestCall>>;
  callId: string;
  workerId: string;
  logger: Logger;
}

async function waitForLine(
  { config, db }: TestCallDeps,
  { onEvent, signal }: TestCallOrder,
  { item, callId, workerId, logger }: Preparation,
): Promise<HeldLine | null> {
  const giveUpAtMs = performance.now() + LINE_PATIENCE_MS;
  for (let isFirst = true; ; isFirst = false) {
    signal.throwIfAborted();
    const line = await holdLine(
      db,
      {
        switchName: switchNameOf(config),
        limit: config.freeswitch.maxCalls,
        leaseMs: LINE_LEASE_MS,
        campaignId: item.campaign.id,
        campaignLimit: config.freeswitch.maxCalls,
        campaignContactId: item.campaignContact.id,
        callId,
        workerId,
      },
      logger,
    );
    if (line !== null || performance.now() > giveUpAtMs) return line;
    if (isFirst) onEvent({ type: 'waiting-for-line', atMs: 0 });
    await delay(LINE_RECHECK_MS, undefined, { signal });
  }
}

async function dialOnce(
  deps: TestCallDeps,
  order: TestCallOrder,
  { item, callId, workerId, line, logger, runCall, permit }: Preparation & Dial & { line: HeldLine },
): Promise<TestCallOutcome> {
  const { config, db } = deps;
  let dialledAtMs: number | null = null;
  const told = (event: { type: 'dialling'; callId: string } | JournalEntry): void => {
    dialledAtMs ??= performance.now();
    order.onEvent({ ...event, atMs: Math.round(performance.now() - dialledAtMs) });
  };
  let result: CallResult | null = null;
  const watched: RunCall = async (call) => {
    result = await runCall({ ...call, journal: alsoTold(call.journal, told) });
    return result;
  };
  const placement = await placeCall(
    {
      db,
      gate: gateOf(deps),
      workerId,
      decisionHoldsMs: DECISION_HOLDS_MS,
      planning: { ringTimeoutMs: config.timeouts.connectionMs },
      openJournal: (ref, callLogger) => createCallJournal(db, ref, callLogger),
      now: () => new Date(),
    },
    {
      ...{ item, attempt: 1, callId, runCall: watched, permit, line, turn: null },
      onDialling: () => {
        told({ type: 'dialling', callId });
        return Promise.resolve();
      },
      signal: order.signal,
      logger,
    },
  );
  return outcomeOf(placement, callId, result);
}

function outcomeOf(placement: Placement, callId: string, result: CallResult | null): TestCallOutcome {
  switch (placement.decision) {
    case 'made':
      return result === null || placement.settled === null
        ? { state: 'lost', callId }
        : { state: 'made', callId, result };
    case 'taken':
    case 'late':
      return { state: 'number-busy' };
    case 'wait':
    case 'refuse':
      return { state: 'not-cleared', verdict: placement };
  }
}

function gateOf({ config, db, fingerprint }: TestCallDeps): Gate {
  return createContactGate(db, testGateOptions(config, fingerprint));
}

/** Nobody is tried again after a test call. */
function termsOf(config: Config) {
  const { basis, callerId, callingWindow, retry } = campaignSettings(config);
  return {
    ...{ basis, callerId, callingWindow },
    maxConcurrentCalls: config.freeswitch.maxCalls,
    callDelayMs: 0,
    priority: PRIORITY,
    retry: { ...retry, enabled: false, maxAttempts: 1 },
  };
}

/** A worker on this machine may have the configured port, and wants it when it starts. */
function withOwnAudio(config: Config, { port, url }: TestCallOrder['audio']): Config {
  return { ...config, streaming: { ...config.streaming, port, publicUrl: url ?? ownAddress(config, port) } };
}

/** The configured host with this process's port, which the server fills in where it is a free one. */
function ownAddress({ streaming }: Config, port: number): string | null {
  if (streaming.publicUrl === null) return null;
  const { protocol, hostname: host } = new URL(streaming.publicUrl);
  return port === 0 ? `${protocol}//${host}` : `${protocol}//${host}:${port}`;
}

function alsoTold(journal: CallJournal, told: (entry: JournalEntry) => void): CallJournal {
  return {
    record: (entry) => {
      told(entry);
      journal.record(entry);
    },
    flush: (options) => journal.flush(options),
  };
}
