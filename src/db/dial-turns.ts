import { and, eq, sql } from 'drizzle-orm';
import { campaigns, dialTurns } from './schema.ts';
import type { Executor } from './client.ts';

export interface DialTurnRequest {
  campaignId: number;
  callId: string;
  /** Whoever takes the turn must have dialled within this time, or not dial at all. */
  leaseMs: number;
}

/** Either the turn is the call's, or it is worth asking again after `waitMs`. */
export type DialTurnAnswer = { taken: true } | { taken: false; waitMs: number };

/**
 * Takes the campaign's dial turn if nobody has it and the campaign's delay has passed since the last dial, by the
 * database's clock and the delay in force now. A holder that never said what became of its turn counts as having dialled
 * in the last moment in which it was allowed to.
 */
export async function takeDialTurn(db: Executor, request: DialTurnRequest): Promise<DialTurnAnswer> {
  const { campaignId, callId, leaseMs } = request;
  const heldUntil = sql`clock_timestamp() + make_interval(secs => ${leaseMs / 1000})`;
  // The clock is looked at once the row is locked, so that nobody who waited for the lock judges by an older time.
  const taken = await db.execute(sql`
    insert into ${dialTurns} as turn (campaign_id, call_id, held_until)
    values (${campaignId}, ${callId}, ${heldUntil})
    on conflict (campaign_id) do update
    set call_id = excluded.call_id,
        held_until = ${heldUntil},
        last_dial_at = greatest(turn.last_dial_at, turn.held_until)
    where clock_timestamp() >= coalesce(greatest(turn.last_dial_at, turn.held_until), '-infinity') + ${delayOf(campaignId)}`);
  if (taken.rowCount === 1) return { taken: true };
  const [wait] = await db
    .select({
      isHeld: sql<boolean>`${dialTurns.callId} is not null and ${dialTurns.heldUntil} > clock_timestamp()`,
      delayMs: sql<number>`(extract(epoch from ${delayOf(campaignId)}) * 1000)::float8`,
      leftMs: sql<number>`(extract(epoch from coalesce(greatest(${dialTurns.lastDialAt}, ${dialTurns.heldUntil}), now())
        + ${delayOf(campaignId)} - clock_timestamp()) * 1000)::float8`,
    })
    .from(dialTurns)
    .where(eq(dialTurns.campaignId, campaignId));
  if (wait === undefined) return { taken: false, waitMs: 0 };
  // The holder may dial any moment; from then on it takes the delay.
  return { taken: false, waitMs: Math.max(1, Math.ceil(wait.isHeld ? wait.delayMs : wait.leftMs)) };
}

/** Gives the turn back: `dialled` when the switch has the call, or may have it. One that went to somebody else stays theirs. */
export async function releaseDialTurn(
  db: Executor,
  turn: { campaignId: number; callId: string },
  { dialled }: { dialled: boolean },
): Promise<void> {
  await db
    .update(dialTurns)
    .set({ callId: null, heldUntil: null, ...(dialled && { lastDialAt: sql`clock_timestamp()` }) })
    .where(and(eq(dialTurns.campaignId, turn.campaignId), eq(dialTurns.callId, turn.callId)));
}

/** From now on the delay counts: a campaign that had none kept no account of its dials. */
export async function noteDial(db: Executor, campaignId: number): Promise<void> {
  const lastDialAt = sql`clock_timestamp()`;
  await db
    .insert(dialTurns)
    .values({ campaignId, lastDialAt })
    .onConflictDoUpdate({ target: dialTurns.campaignId, set: { lastDialAt } });
}

function delayOf(campaignId: number) {
  return sql`(select make_interval(secs => ${campaigns.callDelayMs} / 1000.0) from ${campaigns} where ${campaigns.id} = ${campaignId})`;
}
