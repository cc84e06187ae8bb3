import type { Logger } from 'pino';
import type { Executor } from '../db/client.ts';
import { releaseLine, renewLine, reserveLine, type LineRequest } from '../db/lines.ts';

/** A line of the switch, held for one call. */
export interface HeldLine {
  /** The campaign's delay between calls when the line was taken. */
  readonly callDelayMs: number;
  /** False once the lease may have run out unrenewed: from then on the line may be somebody else's. */
  isHeld(): boolean;
  /** Gives the line back. May be called twice. Never rejects: a line that cannot be given back frees itself. */
  release(): Promise<void>;
}

/** Takes a line and renews its lease until it is released; null when all lines are in use. */
export async function holdLine(db: Executor, request: LineRequest, logger: Logger): Promise<HeldLine | null> {
  // Counted from before the question was sent, so that this side gives up first.
  let heldUntilMs = performance.now() + request.leaseMs;
  const lease = await reserveLine(db, request);
  if (lease === null) return null;

  const renew = async () => {
    const askedAtMs = performance.now();
    try {
      if (await renewLine(db, lease, request.leaseMs)) heldUntilMs = askedAtMs + request.leaseMs;
      else logger.warn({ line: lease.slot }, 'the line of this call went to somebody else');
    } catch (error) {
      logger.warn(
        { err: error, line: lease.slot },
        'the line of this call could not be renewed; trying again',
      );
    }
  };
  const timer = setInterval(() => void renew(), request.leaseMs / 3);

  let released: Promise<void> | null = null;
  const release = async () => {
    clearInterval(timer);
    try {
      await releaseLine(db, lease);
    } catch (error) {
      logger.warn({ err: error, line: lease.slot }, 'the line could not be given back; it frees itself');
    }
  };
  return {
    callDelayMs: lease.callDelayMs,
    isHeld: () => performance.now() < heldUntilMs,
    release: () => (released ??= release()),
  };
}
