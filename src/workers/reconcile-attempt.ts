import type { Logger } from 'pino';
import type { Telephony } from '../call-engine/ports.ts';
import { takeOverAttempt } from '../db/calls.ts';
import type { Executor } from '../db/client.ts';
import { freeLineOf, lineIsHeld } from '../db/lines.ts';
import type { Call } from '../db/schema.ts';
import { settleAttempt, type PlanningOptions, type SettledAttempt } from './settle-attempt.ts';

export interface ReconcileDeps {
  db: Executor;
  telephony: Pick<Telephony, 'listChannels' | 'hangUpChannel'>;
  workerId: string;
  /** Calls that this process is making now. */
  ownCalls: ReadonlySet<string>;
  /** How long a line is held that its worker does not renew. */
  lines: { leaseMs: number };
  planning: PlanningOptions;
  now: () => Date;
  logger: Logger;
}

type Reconciliation =
  /** Its worker lives and is at it, or was faster: nothing to do now. */
  { state: 'in-good-hands' } | { state: 'interrupted'; settled: SettledAttempt };

/**
 * Ends an attempt whose worker died: takes it over (from here on its worker may not dial it any more), hangs up what is
 * left of it on the switch and writes it down as interrupted. Once it was on its way to the switch it counts: the switch
 * went on with it when its worker died, and nobody saw whether the phone rang. Rejects when the switch cannot be asked;
 * the attempt then stays as it is and nobody is dialled.
 */
export async function reconcileAttempt(deps: ReconcileDeps, call: Call): Promise<Reconciliation> {
  const { db, telephony, logger } = deps;
  if (deps.ownCalls.has(call.id) || (await lineIsHeld(db, call.id, deps.lines)))
    return { state: 'in-good-hands' };
  const owned = await takeOverAttempt(db, call, deps.workerId);
  if (owned === null) return { state: 'in-good-hands' };

  const channel = (await telephony.listChannels()).find(({ channelUuid }) => channelUuid === owned.id);
  if (channel !== undefined) await telephony.hangUpChannel(owned.id);
  const settled = await settleAttempt(
    db,
    owned,
    {
      result: 'interrupted',
      endReason: 'link-lost',
      hangupCause: null,
      sipStatus: null,
      counted: owned.status !== 'reserved',
      endedAt: deps.now(),
      recordingPath: owned.recordingPath,
      optOut: false,
      answered: owned.answeredAt !== null || channel?.answered === true,
    },
    deps.planning,
  );
  if (settled === null) return { state: 'in-good-hands' };
  await freeLineOf(db, owned.id);
  logger.warn(
    {
      callId: owned.id,
      previousWorker: call.workerId,
      channelWasAlive: channel !== undefined,
      next: settled.next.reason,
    },
    'an attempt was left behind by its worker; written down as interrupted',
  );
  return { state: 'interrupted', settled };
}
