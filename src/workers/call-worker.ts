import { DelayedError } from 'bullmq';
import type { Logger } from 'pino';
import { finish } from '../db/campaign-contacts.ts';
import { appendToLedger } from '../db/ledger.ts';
import type { Campaign } from '../db/schema.ts';
import { OperatorError } from '../errors.ts';
import { maskPhoneNumber } from '../masking.ts';
import type { ContactJobProcessor } from '../queues/backend.ts';
import {
  goFirstWhenDue,
  parseContactJob,
  type ContactJob,
  type ContactJobResult,
} from '../queues/campaign-queue.ts';
import { TryAgainLater } from '../queues/retry-policy.ts';
import type { AudioBreaker, CallPermit } from './audio-breaker.ts';
import { decideTurn } from './decide-turn.ts';
import type { DialPacer, DialTurn } from './dial-pacer.ts';
import type { HeldBack } from './held-back.ts';
import { holdLine, type HeldLine } from './line-keeper.ts';
import { freshSince, placeCall, type PlaceCallDeps, type RunCall } from './place-call.ts';
import { reconcileAttempt, type ReconcileDeps } from './reconcile-attempt.ts';
import type { SettledAttempt } from './settle-attempt.ts';
import type { TrunkBreaker, TrunkPermit } from './trunk-breaker.ts';
import { loadWorkItem, type WorkItem } from '../campaigns/work-item.ts';

export interface CallWorkerDeps extends ReconcileDeps, PlaceCallDeps {
  telephony: ReconcileDeps['telephony'] & { isReady(): boolean };
  /** Gets ready to call for a campaign, before anybody's line or attempt is touched. Rejects when it has nothing to say. */
  prepareCall: (campaign: Campaign) => Promise<RunCall>;
  /** Told once the outcome of a recorded call is stored. Never rejects, and does not do the work itself. */
  recordingEnded: (callId: string) => Promise<void>;
  audio: Pick<AudioBreaker, 'admit'>;
  trunk: Pick<TrunkBreaker, 'admit'>;
  pacer: DialPacer;
  heldBack: HeldBack;
  /** The switch's lines, shared by all workers. */
  lines: { switchName: string; limit: number; leaseMs: number };
  newCallId: () => string;
  /** Calls that this process is making now; kept by the handler. */
  ownCalls: Set<string>;
  /** Aborted first when the process stops: no new calls. */
  noNewCalls: AbortSignal;
}

/** Until an operator may have mended what is missing. */
const OPERATOR_RECHECK_MS = 60_000;
/** A job whose line or attempt is taken is looked at again after this. */
const RECHECK_MS = 1_000;
/** A job whose turn to dial is not near goes back to the queue for so long: at most, so that a shorter delay is noticed. */
const TURN_RECHECK_MS = 5_000;
const MIN_TURN_RECHECK_MS = 50;

interface Run {
  job: ContactJob;
  token: string | undefined;
  signal: AbortSignal;
  item: WorkItem;
  logger: Logger;
  /** Whether what was read about this job still holds. */
  isFresh: () => boolean;
}

/**
 * The handler of a campaign's jobs. It may run any number of times for one job: the database says what is to be done,
 * and an attempt that was written down once is never dialled again.
 */
export function createCallWorkerHandler(deps: CallWorkerDeps): ContactJobProcessor {
  // BullMQ hands a signal only to a handler that declares three parameters.
  return async (job, token, jobSignal) => {
    const isFresh = freshSince(performance.now(), deps);
    const item = await loadWorkItem(deps.db, parseContactJob(job.data));
    if (item === null) {
      await job.log('The contact or its campaign was deleted: nothing to do');
      return { result: 'deleted', attempts: 0 };
    }
    const logger = deps.logger.child({
      campaignId: item.campaign.id,
      contactId: item.contact.id,
      phone: maskPhoneNumber(item.contact.phone),
    });
    const signal = jobSignal ?? new AbortController().signal;
    return takeTurn(deps, { job, token, signal, item, logger, isFresh });
  };
}

async function takeTurn(deps: CallWorkerDeps, run: Run): Promise<ContactJobResult> {
  const turn = await decideTurn(deps, run.item);
  switch (turn.decision) {
    case 'over':
      return { result: turn.result, attempts: run.item.campaignContact.attempts };
    case 'wait':
      return postpone(run, turn.until, turn.reason);
    case 'refuse':
      return refuse(deps, run, turn.reason);
    case 'reconcile': {
      const outcome = await reconcileAttempt(deps, turn.call);
      if (outcome.state === 'in-good-hands') return postpone(run, soon(deps), null);
      return conclude(run, outcome.settled, 'interrupted');
    }
    case 'call':
      return callContact(deps, run, turn.attempt);
  }
}

async function callContact(deps: CallWorkerDeps, run: Run, attempt: number): Promise<ContactJobResult> {
  const { campaign } = run.item;
  let runCall: RunCall;
  try {
    runCall = await deps.prepareCall(campaign);
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    await deps.heldBack.note(campaign, error);
    return postpone(run, later(deps, OPERATOR_RECHECK_MS), error.message);
  }
  await deps.heldBack.clear(campaign);
  const permit = deps.audio.admit();
  if (permit === null) return postpone(run, soon(deps), null);
  const trunk = deps.trunk.admit(run.item.contact.id);
  try {
    if (trunk === null) return await postpone(run, soon(deps), null);
    return await callOnLine(deps, run, { attempt, runCall, permit, trunk });
  } finally {
    trunk?.end(null);
    permit.end(null);
  }
}

async function callOnLine(
  deps: CallWorkerDeps,
  run: Run,
  { attempt, ...call }: Pick<Dial, 'attempt' | 'runCall' | 'permit' | 'trunk'>,
): Promise<ContactJobResult> {
  const { campaign, campaignContact } = run.item;
  const callId = deps.newCallId();
  const logger = run.logger.child({ callId, attempt });
  const line = await holdLine(
    deps.db,
    {
      ...deps.lines,
      campaignId: campaign.id,
      campaignLimit: campaign.maxConcurrentCalls,
      campaignContactId: campaignContact.id,
      callId,
      workerId: deps.workerId,
    },
    logger,
  );
  if (line === null) return postpone(run, soon(deps), null);

  deps.ownCalls.add(callId);
  try {
    return await callInTurn(deps, run, { ...call, attempt, callId, line, logger });
  } finally {
    deps.ownCalls.delete(callId);
    await line.release();
  }
}

interface Dial {
  attempt: number;
  callId: string;
  runCall: RunCall;
  permit: CallPermit;
  trunk: TrunkPermit;
  line: HeldLine;
  logger: Logger;
}

/** Waits until the campaign's pace lets it dial; nothing is written down meanwhile. */
async function callInTurn(deps: CallWorkerDeps, run: Run, dial: Dial): Promise<ContactJobResult> {
  const { callId, line, logger } = dial;
  if (line.callDelayMs === 0) return dialContact(deps, run, dial, null);
  const signals = [run.signal, deps.noNewCalls];
  const call = { campaignId: run.item.campaign.id, callId };
  const { turn, ...other } = await deps.pacer.take(call, { signals, logger });
  if (turn === null) {
    const waitMs = 'waitMs' in other ? other.waitMs : 0;
    return postpone(run, later(deps, Math.min(Math.max(waitMs, MIN_TURN_RECHECK_MS), TURN_RECHECK_MS)), null);
  }
  try {
    return await dialContact(deps, run, dial, turn);
  } finally {
    await turn.end();
  }
}

async function dialContact(
  deps: CallWorkerDeps,
  run: Run,
  { attempt, callId, runCall, permit, trunk, line, logger }: Dial,
  turn: DialTurn | null,
): Promise<ContactJobResult> {
  const item = await currentItem(deps, run);
  if (item === null) return postpone(run, soon(deps), null);
  const placement = await placeCall(deps, {
    item,
    attempt,
    callId,
    runCall,
    permit: { ...permit, holds: () => permit.holds() && trunk.holds() },
    line,
    turn,
    onDialling: () => logInJob(run, `Attempt ${attempt}: calling ${maskPhoneNumber(item.contact.phone)}`),
    signal: run.signal,
    logger,
  });
  switch (placement.decision) {
    case 'taken':
    case 'late':
      return postpone(run, soon(deps), null);
    case 'wait':
      return postpone(run, placement.until, placement.reason);
    case 'refuse':
      return refuse(deps, run, placement.reason);
    case 'made':
      break;
  }
  const { outcome, settled } = placement;
  trunk.end(outcome);
  if (settled === null) return postpone(run, soon(deps), null);
  if (outcome.recordingPath !== null) await deps.recordingEnded(callId);
  return conclude(run, settled, outcome.result);
}

/** Read anew where the job had to wait: meanwhile the campaign's window may have been changed. Null when it was deleted. */
async function currentItem(deps: CallWorkerDeps, run: Run): Promise<WorkItem | null> {
  if (run.isFresh()) return run.item;
  const { campaign, campaignContact, contact } = run.item;
  return loadWorkItem(deps.db, {
    campaignId: campaign.id,
    campaignContactId: campaignContact.id,
    contactId: contact.id,
  });
}

/** Only for whoever looks at the job: the call does not wait for it. */
async function logInJob(run: Run, text: string): Promise<void> {
  try {
    await run.job.log(text);
  } catch (error) {
    run.logger.debug({ err: error }, 'the job’s log could not be written');
  }
}

/** Ends the job, or throws so that it runs again when the plan says. */
async function conclude(run: Run, settled: SettledAttempt, result: string): Promise<ContactJobResult> {
  const { next, attempts } = settled;
  if (!next.retry) {
    await run.job.log(`Done: ${next.reason}`);
    return { result, attempts };
  }
  await run.job.log(`${result}. Next try ${next.at.toISOString()} (${next.reason})`);
  await goFirstWhenDue(run.job);
  throw new TryAgainLater(next);
}

async function refuse(deps: CallWorkerDeps, run: Run, reason: string): Promise<ContactJobResult> {
  const { campaign, campaignContact, contact } = run.item;
  await deps.db.transaction(async (tx) => {
    if (!(await finish(tx, campaignContact.id, 'refused_by_gate', reason))) return;
    await appendToLedger(tx, [
      {
        event: 'refusal',
        subject: deps.gate.subjectOf(contact.phone),
        campaignId: campaign.id,
        callId: null,
        details: { reason, at: 'dialling' },
      },
    ]);
  });
  run.logger.info({ reason }, 'contact refused by the gate');
  await run.job.log(`Not called: ${reason}`);
  return { result: 'refused_by_gate', attempts: campaignContact.attempts };
}

/** Puts the job back until then. It is not an attempt, neither ours nor BullMQ's. */
async function postpone(run: Run, until: Date, reason: string | null): Promise<never> {
  if (reason !== null) await run.job.log(`Waiting until ${until.toISOString()}: ${reason}`);
  await goFirstWhenDue(run.job);
  await run.job.moveToDelayed(until.getTime(), run.token);
  throw new DelayedError();
}

function soon(deps: CallWorkerDeps): Date {
  return later(deps, RECHECK_MS);
}

function later(deps: CallWorkerDeps, ms: number): Date {
  return new Date(deps.now().getTime() + ms);
}
