import { and, count, eq, gt, isNull, lte, ne, notExists, or, sql } from 'drizzle-orm';
import { calls, lineLeases } from './schema.ts';
import type { LineLease } from './schema.ts';
import type { Executor } from './client.ts';

export interface LineRequest {
  /** The switch whose lines are shared by all workers. */
  switchName: string;
  /** Lines that may be in use at once on this switch. */
  limit: number;
  campaignId: number;
  /** Lines that this campaign may use at once, on all switches. */
  campaignLimit: number;
  callId: string;
  workerId: string;
  /** The line frees itself unless renewed within this time. */
  leaseMs: number;
}

/**
 * Takes the lowest free line; null when the switch or the campaign has all its lines in use. A call that holds one already
 * gets the same one again. All workers on one database are counted together, and no limit is exceeded even for a moment:
 * the line of a dead worker's call stays taken until that call was ended, for its channel may live on.
 */
export async function reserveLine(db: Executor, request: LineRequest): Promise<LineLease | null> {
  const { switchName, limit, campaignId, campaignLimit, callId, workerId, leaseMs } = request;
  return db.transaction(async (tx) => {
    // Always in this order: two calls never wait for each other.
    for (const name of [`lines of campaign:${campaignId}`, `line:${switchName}`]) {
      await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`);
    }
    const expiresAt = sql`clock_timestamp() + make_interval(secs => ${leaseMs / 1000})`;
    const [held] = await tx
      .update(lineLeases)
      .set({ workerId, expiresAt })
      .where(and(eq(lineLeases.callId, callId), eq(lineLeases.switchName, switchName)))
      .returning();
    if (held) return held;
    await tx
      .delete(lineLeases)
      .where(and(lte(lineLeases.expiresAt, sql`clock_timestamp()`), notExists(unfinishedCall(tx))));
    const inUse = await tx
      .select({ slot: lineLeases.slot })
      .from(lineLeases)
      .where(eq(lineLeases.switchName, switchName));
    if (inUse.length >= limit || (await linesOfCampaign(tx, campaignId)) >= campaignLimit) return null;
    const [lease] = await tx
      .insert(lineLeases)
      .values({ switchName, slot: lowestFree(inUse.map((row) => row.slot)), callId, workerId, expiresAt })
      .returning();
    return lease ?? null;
  });
}

/** Takes a line back whose call was ended by somebody else than the worker that held it. */
export async function freeLineOf(db: Executor, callId: string): Promise<void> {
  await db.delete(lineLeases).where(eq(lineLeases.callId, callId));
}

/** Extends the lease; false when the line went to somebody else, after which the call has no right to it. */
export async function renewLine(db: Executor, lease: LineLease, leaseMs: number): Promise<boolean> {
  const renewed = await db
    .update(lineLeases)
    .set({ expiresAt: sql`clock_timestamp() + make_interval(secs => ${leaseMs / 1000})` })
    .where(held(lease))
    .returning({ slot: lineLeases.slot });
  return renewed.length > 0;
}

/** Whether this call's worker may live: its lease has not run out, or it has had no chance to renew it. */
export async function lineIsHeld(
  db: Executor,
  callId: string,
  options: { leaseMs: number },
): Promise<boolean> {
  const rows = await db
    .select({ slot: lineLeases.slot })
    .from(lineLeases)
    .where(and(eq(lineLeases.callId, callId), mayBeHeld(options)));
  return rows.length > 0;
}

/**
 * A lease also holds for half its time after a start of the database server: living workers renew theirs thrice in a
 * lease, but could not while the server was away.
 */
export function mayBeHeld({ leaseMs }: { leaseMs: number }) {
  return or(
    gt(lineLeases.expiresAt, sql`clock_timestamp()`),
    sql`clock_timestamp() < pg_postmaster_start_time() + make_interval(secs => ${leaseMs / 2000})`,
  );
}

/** Gives the line back. One that is gone already is a success. */
export async function releaseLine(db: Executor, lease: LineLease): Promise<void> {
  await db.delete(lineLeases).where(held(lease));
}

/** A line is taken before its attempt is written down: until then it might be anybody's and is counted. */
async function linesOfCampaign(tx: Executor, campaignId: number): Promise<number> {
  const [row] = await tx
    .select({ total: count() })
    .from(lineLeases)
    .leftJoin(calls, eq(calls.id, lineLeases.callId))
    .where(or(isNull(calls.id), eq(calls.campaignId, campaignId)));
  return row?.total ?? 0;
}

function unfinishedCall(tx: Executor) {
  return tx
    .select({ one: sql`1` })
    .from(calls)
    .where(and(eq(calls.id, lineLeases.callId), ne(calls.status, 'completed')));
}

function held(lease: LineLease) {
  return and(
    eq(lineLeases.switchName, lease.switchName),
    eq(lineLeases.slot, lease.slot),
    eq(lineLeases.callId, lease.callId),
  );
}

function lowestFree(taken: readonly number[]): number {
  const slots = new Set(taken);
  let slot = 0;
  while (slots.has(slot)) slot += 1;
  return slot;
}
