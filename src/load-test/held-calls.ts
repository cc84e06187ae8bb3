import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { CallResult } from '../call-engine/call-session.ts';
import type { CallJournal } from '../call-engine/ports.ts';
import { clearanceForFiction } from '../compliance/gate.ts';
import { MinibotError } from '../errors.ts';
import type { Conversation } from '../workers/open-engine.ts';
import { numberOfCall } from './numbers.ts';
import { isFailure, type MadeCall } from './report.ts';

export interface HoldOptions {
  /** Lines in use at once, each with one call after the other. */
  concurrent: number;
  /** The lines take up their work one after the other over this time, as a campaign's pace has it. */
  rampMs: number;
  /** New calls are begun for so long; those in flight then end. */
  durationMs: number;
  onProgress: (progress: LoadProgress) => void;
  /** Stops beginning calls; those in flight end. */
  signal: AbortSignal;
}

export interface LoadProgress {
  /** `calling`, or the last calls end. */
  stage: 'calling' | 'ending';
  elapsedMs: number;
  inFlight: number;
  made: number;
  failed: number;
}

/** Between two calls of a line: the gateway is not to be hammered by calls that fail at once. */
const BETWEEN_CALLS_MS = 250;
const AFTER_FAILURE_MS = 2000;
/** Calls in flight may go on for so long after the last one began, or after Ctrl+C. */
const LAST_CALLS_MS = 60_000;
const DRAIN_MS = 15_000;
const PROGRESS_MS = 250;

const SILENT_JOURNAL: CallJournal = { record: () => undefined, flush: () => Promise.resolve() };
const SOMEBODY = { firstName: 'Camille', lastName: 'Moreau', company: null, email: null };

/** Lines that hold one conversation after the other, with numbers of fiction only. Use it once. */
export class HeldCalls {
  private readonly startedMs = performance.now();
  private readonly made: MadeCall[] = [];
  private readonly noNewCalls = new AbortController();
  /** Hangs up what is left. */
  private readonly hangUp = new AbortController();
  private begun = 0;
  private failed = 0;
  private inFlight = 0;

  constructor(
    private readonly options: HoldOptions,
    private readonly talk: (order: Conversation) => Promise<CallResult>,
    private readonly logger: Logger,
  ) {}

  elapsedMs(): number {
    return performance.now() - this.startedMs;
  }

  async run(): Promise<MadeCall[]> {
    const { concurrent, rampMs } = this.options;
    // Every line that waits listens to it.
    setMaxListeners(0, this.noNewCalls.signal);
    const callOff = this.setTimes();
    try {
      await Promise.all(
        Array.from({ length: concurrent }, (_, line) => this.useLine((rampMs / concurrent) * line)),
      );
      return this.made;
    } finally {
      callOff();
    }
  }

  private async useLine(afterMs: number): Promise<void> {
    let waitMs = afterMs;
    for (;;) {
      if (!(await slept(waitMs, this.noNewCalls.signal))) return;
      const { answered } = await this.makeCall();
      waitMs = answered ? BETWEEN_CALLS_MS : AFTER_FAILURE_MS;
    }
  }

  private async makeCall(): Promise<MadeCall> {
    const callId = randomUUID();
    const number = numberOfCall(this.begun++);
    const clearance = clearanceForFiction(number);
    if (clearance === null)
      throw new MinibotError('not_fiction', 'a load test calls numbers of fiction only');
    this.inFlight += 1;
    let call: MadeCall;
    try {
      const result = await this.talk({
        callId,
        clearance,
        contact: { ...SOMEBODY, phone: number },
        journal: SILENT_JOURNAL,
        // A signal of its own, as each job of a queue has one.
        signal: AbortSignal.any([this.hangUp.signal]),
        logger: this.logger.child({ callId }),
      });
      call = keep(result, this.hangUp.signal.aborted && result.endReason === 'cancelled');
    } catch (error) {
      this.logger.error({ err: error, callId }, 'the call broke down');
      call = { result: 'failed', hangupCause: '', answered: false, latencies: [], isCut: false };
    } finally {
      this.inFlight -= 1;
    }
    this.made.push(call);
    if (isFailure(call)) this.failed += 1;
    return call;
  }

  /** When no call is begun any more, and when those that are left are hung up. Returns how to call that off. */
  private setTimes(): () => void {
    const { durationMs, signal } = this.options;
    const timers = [
      setTimeout(() => this.noNewCalls.abort(), durationMs),
      setTimeout(() => this.hangUp.abort(), durationMs + LAST_CALLS_MS),
      setInterval(() => this.tell(), PROGRESS_MS),
    ];
    const drain = (): void => {
      this.noNewCalls.abort();
      timers.push(setTimeout(() => this.hangUp.abort(), DRAIN_MS));
    };
    if (signal.aborted) drain();
    else signal.addEventListener('abort', drain, { once: true });
    return () => {
      signal.removeEventListener('abort', drain);
      for (const timer of timers) clearTimeout(timer);
    };
  }

  private tell(): void {
    this.options.onProgress({
      stage: this.noNewCalls.signal.aborted ? 'ending' : 'calling',
      elapsedMs: this.elapsedMs(),
      inFlight: this.inFlight,
      made: this.made.length,
      failed: this.failed,
    });
  }
}

/** False when it was aborted, which is an end and no error. */
async function slept(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await pause(ms, undefined, { signal });
    return !signal.aborted;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}

/** Not what was said: a long test makes many calls. */
function keep({ result, hangupCause, answered, turns }: CallResult, isCut: boolean): MadeCall {
  return { result, hangupCause, answered, isCut, latencies: turns.map(({ latencies }) => latencies) };
}
