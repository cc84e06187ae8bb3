import type { Logger } from 'pino';
import type { Telephony } from '../call-engine/ports.ts';
import { takeOverAttempt } from '../db/calls.ts';
import type { RetryPolicy } from '../db/campaign-settings.ts';
import type { Executor } from '../db/client.ts';
import { lineIsHeld } from '../db/lines.ts';
import type { Call } from '../db/schema.ts';
import { settleAttempt, type SettledAttempt } from './settle-attempt.ts';

export interface ReconcileDeps {
  db: Executor;
  telephony: Pick<Telephony, 'channelExists' | 'hangUpChannel'>;
  workerId: string;
  /** Calls that this process is making now. */
  ownCalls: ReadonlySet<string>;
  now: () => Date;
  logger: Logger;
}

type Reconciliation =
  /** Its worker lives and is at it, or was faster: nothing to do now. */
  { state: 'in-good-hands' } | { state: 'interrupted'; settled: SettledAttempt };

/**
 * Ends an attempt whose worker died: takes it over (from here on its worker may not dial it any more), hangs up what is
 * left of it on the switch and writes it down as interrupted. It counts when the person's phone rang. Rejects when the
 * switch cannot be asked; the attempt then stays as it is and nobody is dialled.
 */
export async function reconcileAttempt(
  deps: ReconcileDeps,
  call: Call,
  policy: RetryPolicy,
): Promise<Reconciliation> {
  const { db, telephony, logger } = deps;
  if (deps.ownCalls.has(call.id) || (await lineIsHeld(db, call.id))) return { state: 'in-good-hands' };
  const owned = await takeOverAttempt(db, call, deps.workerId);
  if (owned === null) return { state: 'in-good-hands' };

  const isAlive = await telephony.channelExists(owned.id);
  if (isAlive) await telephony.hangUpChannel(owned.id);
  const settled = await settleAttempt(
    db,
    owned,
    {
      result: 'interrupted',
      endReason: 'link-lost',
      hangupCause: null,
      sipStatus: null,
      counted: owned.ringingAt !== null || owned.answeredAt !== null,
      endedAt: deps.now(),
      recordingPath: owned.recordingPath,
      optOut: false,
    },
    policy,
  );
  if (settled === null) return { state: 'in-good-hands' };
  logger.warn(
    { callId: owned.id, previousWorker: call.workerId, channelWasAlive: isAlive, next: settled.next.reason },
    'an attempt was left behind by its worker; written down as interrupted',
  );
  return { state: 'interrupted', settled };
}
