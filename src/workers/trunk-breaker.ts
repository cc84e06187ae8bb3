import type { Logger } from 'pino';
import { OperatorError } from '../errors.ts';
import type { CallOutcome } from './settle-attempt.ts';

interface TrunkBreakerDeps {
  /** As the switch knows it. */
  gateway: string;
  nowMs: () => number;
  logger: Logger;
}

type Outcome = Pick<CallOutcome, 'result' | 'endReason' | 'counted' | 'hangupCause'>;

export interface TrunkBreakerOptions {
  /** So many people in a row whom the gateway did not take a call to. */
  maxRefusals: number;
  /** So many in a row of whom nothing was heard: neither ringing nor an answer nor a refusal. */
  maxUnheard: number;
  /** Before one call tries it; doubles with every one that fails. */
  pause: { firstMs: number; maxMs: number };
}

/** Leave to dial. */
export interface TrunkPermit {
  /** Look again right before dialling: meanwhile the gateway may have been given up. */
  holds(): boolean;
  /** What came of the call; null when nobody was dialled. Only the first word counts. */
  end(outcome: Outcome | null): void;
}

/**
 * Keeps a worker from going through its list while the gateway takes no calls: each person would be tried again and again
 * for nothing, and be given up in the end. After several different people in a row nobody is dialled; after a pause one
 * call tries it.
 */
export class TrunkBreaker {
  private readonly refused = new Set<number>();
  private readonly unheard = new Set<number>();
  private shut: { error: OperatorError; tryAtMs: number } | null = null;
  private failedTries = 0;
  private isTrying = false;

  constructor(
    private readonly deps: TrunkBreakerDeps,
    private readonly options: TrunkBreakerOptions,
  ) {}

  /** Why no calls are taken; null while they are, be it one to try. */
  get trouble(): OperatorError | null {
    return this.shut === null || this.isDue ? null : this.shut.error;
  }

  /** Leave to call this person; null when nobody may be called now. */
  admit(contactId: number): TrunkPermit | null {
    const isTrial = this.shut !== null;
    if (isTrial && (this.isTrying || !this.isDue)) return null;
    if (isTrial) this.isTrying = true;
    let isOver = false;
    return {
      holds: () => isTrial || this.shut === null,
      end: (outcome) => {
        if (isOver) return;
        isOver = true;
        if (isTrial) this.isTrying = false;
        if (outcome !== null) this.note(contactId, outcome, isTrial);
      },
    };
  }

  private get isDue(): boolean {
    return this.shut !== null && this.deps.nowMs() >= this.shut.tryAtMs;
  }

  private note(
    contactId: number,
    { result, endReason, counted, hangupCause }: Outcome,
    isTrial: boolean,
  ): void {
    // A call that we ended or lost says nothing of the gateway.
    if (endReason === 'link-lost' || endReason === 'cancelled' || endReason === 'internal-error') return;
    const isRefused = endReason === 'not-answered' && !counted;
    const isUnheard = endReason === 'not-answered' && result === 'timeout';
    if (!isRefused && !isUnheard) {
      this.reopen();
      return;
    }
    (isRefused ? this.refused : this.unheard).add(contactId);
    const { maxRefusals, maxUnheard } = this.options;
    const isEnough = this.refused.size >= maxRefusals || this.unheard.size >= maxUnheard;
    if (isTrial || (this.shut === null && isEnough)) this.shutDown(hangupCause ?? result);
  }

  private reopen(): void {
    this.refused.clear();
    this.unheard.clear();
    this.failedTries = 0;
    if (this.shut === null) return;
    this.shut = null;
    this.deps.logger.info('calls get through the gateway again: calls go on');
  }

  private shutDown(cause: string): void {
    const { gateway, nowMs, logger } = this.deps;
    const { firstMs, maxMs } = this.options.pause;
    const pauseMs = Math.min(firstMs * 2 ** this.failedTries, maxMs);
    this.failedTries += 1;
    const error = new OperatorError(
      'gateway_refuses',
      `calls through the gateway ${gateway} do not get through (${cause}): nobody is called until one to try it does. Look at ` +
        `"sofia status gateway ${gateway}" on FreeSWITCH, at the line to your provider, and at your account there`,
    );
    const isNew = this.shut === null;
    this.shut = { error, tryAtMs: nowMs() + pauseMs };
    const message = `no calls for now: ${error.message}`;
    if (isNew) logger.error({ code: error.code, nextTryInMs: pauseMs }, message);
    else logger.warn({ code: error.code, nextTryInMs: pauseMs }, message);
  }
}
