import type { Logger } from 'pino';
import type { CallResult } from '../call-engine/call-session.ts';
import type { CallJournal } from '../call-engine/ports.ts';
import type { Gate, GateVerdict } from '../campaigns/gate.ts';
import type { WorkItem } from '../campaigns/work-item.ts';
import type { Clearance } from '../compliance/gate.ts';
import { markDialing, withdrawAttempt, type AttemptRef } from '../db/calls.ts';
import type { Executor } from '../db/client.ts';
import type { Campaign, Contact } from '../db/schema.ts';
import type { CallPermit } from './audio-breaker.ts';
import type { DialTurn } from './dial-pacer.ts';
import type { HeldLine } from './line-keeper.ts';
import { reserveIfCleared } from './reserve-if-cleared.ts';
import {
  settleAttempt,
  type CallOutcome,
  type PlanningOptions,
  type SettledAttempt,
} from './settle-attempt.ts';
import { untilStored } from './until-stored.ts';

/** Makes one call and resolves when it is over. Busy and no answer are results; a rejection is a fault of ours. */
export type RunCall = (order: CallOrder) => Promise<CallResult>;

export interface CallOrder {
  /** Also the channel's UUID on the switch. */
  callId: string;
  campaign: Campaign;
  contact: Contact;
  /** From the gate, of this moment: it alone says which number is dialled and which one is shown. */
  clearance: Clearance;
  journal: CallJournal;
  /** Aborted when the call must end now. */
  signal: AbortSignal;
  /** Carries campaign, contact, call and attempt. */
  logger: Logger;
}

export interface PlaceCallDeps {
  db: Executor;
  gate: Gate;
  workerId: string;
  /** What the gate said may be acted on for so long. */
  decisionHoldsMs: number;
  planning: PlanningOptions;
  openJournal: (ref: AttemptRef, logger: Logger) => CallJournal;
  now: () => Date;
}

export interface PlacedCall {
  item: WorkItem;
  attempt: number;
  callId: string;
  runCall: RunCall;
  permit: CallPermit;
  line: HeldLine;
  /** Null where no pace is to be kept. */
  turn: DialTurn | null;
  /** Told once, right before the order to dial, which does not wait for it. Never rejects. */
  onDialling: () => Promise<void>;
  signal: AbortSignal;
  logger: Logger;
}

export type Placement =
  /** Nobody was dialled: another attempt is in the way, or the right moment has passed. Nothing of it is written down. */
  | { decision: 'taken' | 'late' }
  | Exclude<GateVerdict, { decision: 'call' }>
  /** The call was made and is over. `settled` is null when another worker took the attempt over while it went on. */
  | { decision: 'made'; outcome: CallOutcome; settled: SettledAttempt | null };

/** What is left of the journal after a call must be stored within this; the outcome is written in any case. */
const JOURNAL_FLUSH_MS = 10_000;
/** So long may the database be away without a finished call's outcome being lost. */
const OUTCOME_DEADLINE_MS = 5 * 60_000;

/**
 * The one way to a phone that rings: asks the gate once more, writes the attempt down, dials, holds the conversation and
 * stores what came of it. The caller holds a line and has made sure that this is the time.
 */
export async function placeCall(deps: PlaceCallDeps, call: PlacedCall): Promise<Placement> {
  const { item, attempt, callId, permit, line, turn, logger } = call;
  const isFresh = freshSince(performance.now(), deps);
  const reservation = await reserveIfCleared(deps, item, { callId, attempt });
  if (reservation.decision !== 'call') return reservation;
  // From here to originate nothing may wait: a worker that slept and lost its attempt, its line, its turn or the right
  // moment must notice here.
  const isMarked = await markDialing(deps.db, reservation.call);
  if (!isMarked || !permit.holds() || !line.isHeld() || turn?.mayDial() === false || !isFresh()) {
    await withdrawAttempt(deps.db, reservation.call);
    return { decision: 'late' };
  }

  turn?.noteDialling();
  const told = call.onDialling();
  const outcome = await makeCall(deps, call, {
    callId,
    campaign: item.campaign,
    contact: item.contact,
    clearance: reservation.clearance,
    journal: deps.openJournal(reservation.call, logger),
    signal: call.signal,
    logger,
  });
  await turn?.end();
  const settled = await untilStored(() => settleAttempt(deps.db, reservation.call, outcome, deps.planning), {
    deadlineMs: OUTCOME_DEADLINE_MS,
    logger,
  });
  await told;
  if (settled === null) logger.warn('the attempt was taken over by another worker while its call went on');
  return { decision: 'made', outcome, settled };
}

/** Whether what was decided at `atMs` can still be acted on. The gate leaves room for ringing, so that a moment is no harm. */
export function freshSince(atMs: number, { decisionHoldsMs }: { decisionHoldsMs: number }): () => boolean {
  return () => performance.now() - atMs < decisionHoldsMs;
}

/** The call, and what of it goes into the attempt's row. Never rejects: whatever happened, the attempt was made. */
async function makeCall(
  deps: PlaceCallDeps,
  { runCall, permit, turn }: PlacedCall,
  order: CallOrder,
): Promise<CallOutcome> {
  const { journal, logger } = order;
  let rang = false;
  let answered = false;
  const watched: CallJournal = {
    record: (entry) => {
      if (entry.type === 'created') {
        void turn?.end();
        return;
      }
      answered ||= entry.type === 'answered';
      rang ||= answered || entry.type === 'ringing';
      journal.record(entry);
    },
    flush: (options) => journal.flush(options),
  };
  try {
    const result = await runCall({ ...order, journal: watched });
    permit.end(result.audioArrived);
    logger.info({ result: result.result, hangupCause: result.hangupCause }, 'call ended');
    return {
      result: result.result,
      endReason: result.endReason,
      hangupCause: result.hangupCause,
      sipStatus: result.sipStatus,
      counted: result.counted,
      endedAt: deps.now(),
      recordingPath: result.recordingPath,
      disclosure: result.disclosure,
      optOut: result.optOut,
      answered: result.answered,
    };
  } catch (error) {
    logger.error({ err: error }, 'the call broke down');
    return {
      result: 'failed',
      endReason: 'internal-error',
      hangupCause: null,
      sipStatus: null,
      counted: rang,
      endedAt: deps.now(),
      recordingPath: null,
      optOut: false,
      answered,
    };
  } finally {
    await flushJournal(journal, logger);
  }
}

async function flushJournal(journal: CallJournal, logger: Logger): Promise<void> {
  try {
    await journal.flush({ signal: AbortSignal.timeout(JOURNAL_FLUSH_MS) });
  } catch (error) {
    logger.error({ err: error }, 'some of the call’s turns were not stored');
  }
}
