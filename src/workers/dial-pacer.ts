import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Executor } from '../db/client.ts';
import { releaseDialTurn, takeDialTurn } from '../db/dial-turns.ts';

/** The right to dial for a campaign now, which nobody else has meanwhile. */
export interface DialTurn {
  /** False once the turn may soon be somebody else's: too late to dial. To be asked right before dialling. */
  mayDial(): boolean;
  /** To be called right before dialling: whatever comes of it, the campaign's delay counts from the turn's end. */
  noteDialling(): void;
  /** Gives the turn back: once the switch has the call or never will. May be called twice. Never rejects. */
  end(): Promise<void>;
}

export type DialTurnResult = { turn: DialTurn; waited: boolean } | { turn: null; waitMs: number };

interface PacerOptions {
  leaseMs: number;
  /** How long a job waits for its turn in here, holding a line; after that it goes back to the queue. */
  patienceMs: number;
}

/** Between two questions at the longest: so soon does a shorter delay hold. */
const LONGEST_WAIT_MS = 500;

/**
 * Keeps the delay between two dials of a campaign exactly, over all workers: the turn to dial is taken when the delay has
 * passed since the last dial, and held until the switch has the call. Jobs of this process get their turns in the order
 * in which they asked, and only the first of them asks the database.
 */
export class DialPacer {
  /** The last one in line, per campaign. */
  private readonly lines = new Map<number, Promise<DialTurnResult>>();

  constructor(
    private readonly db: Executor,
    private readonly options: PacerOptions,
  ) {}

  /** Resolves without a turn when the patience is over or a signal is aborted. */
  async take(
    call: { campaignId: number; callId: string },
    { signals, logger }: { signals: readonly AbortSignal[]; logger: Logger },
  ): Promise<DialTurnResult> {
    const stop = new AbortController();
    const onAbort = (): void => stop.abort();
    for (const signal of signals) {
      if (signal.aborted) stop.abort();
      signal.addEventListener('abort', onAbort, { once: true });
    }
    const before = this.lines.get(call.campaignId);
    const giveUpAtMs = performance.now() + this.options.patienceMs;
    // Whether the one before got its turn or failed is its own affair.
    const mine = Promise.resolve(before?.catch(() => undefined)).then(() =>
      this.ask(call, { giveUpAtMs, hadToQueue: before !== undefined, stop: stop.signal, logger }),
    );
    this.lines.set(call.campaignId, mine);
    try {
      return await mine;
    } finally {
      if (this.lines.get(call.campaignId) === mine) this.lines.delete(call.campaignId);
      for (const signal of signals) signal.removeEventListener('abort', onAbort);
    }
  }

  private async ask(
    call: { campaignId: number; callId: string },
    options: { giveUpAtMs: number; hadToQueue: boolean; stop: AbortSignal; logger: Logger },
  ): Promise<DialTurnResult> {
    const { leaseMs } = this.options;
    const { giveUpAtMs, stop, logger } = options;
    let waitMs = 0;
    for (let waited = options.hadToQueue; !stop.aborted; waited = true) {
      // Counted from before the question, and for half the lease: the order has the other half to reach the switch.
      const dialUntilMs = performance.now() + leaseMs / 2;
      const answer = await takeDialTurn(this.db, { ...call, leaseMs });
      if (answer.taken) return { turn: this.turn(call, dialUntilMs, logger), waited };
      ({ waitMs } = answer);
      if (performance.now() + waitMs > giveUpAtMs) break;
      await pause(Math.min(waitMs, LONGEST_WAIT_MS), stop);
    }
    return { turn: null, waitMs };
  }

  private turn(call: { campaignId: number; callId: string }, dialUntilMs: number, logger: Logger): DialTurn {
    let dialled = false;
    let ended: Promise<void> | null = null;
    const end = async (): Promise<void> => {
      try {
        await releaseDialTurn(this.db, call, { dialled });
      } catch (error) {
        logger.warn({ err: error }, 'the dial turn could not be given back; it frees itself');
      }
    };
    return {
      mayDial: () => performance.now() < dialUntilMs,
      noteDialling: () => {
        dialled = true;
      },
      end: () => (ended ??= end()),
    };
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    // Aborted: whoever waits looks at the signal.
    if (!signal.aborted) throw error;
  }
}
