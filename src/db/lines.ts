import { and, eq, sql } from 'drizzle-orm';
import { lineLeases } from './schema.ts';
import type { LineLease } from './schema.ts';
import type { Executor } from './client.ts';

export interface LineRequest {
  /** The switch whose lines are shared by all workers. */
  switchName: string;
  /** Lines that may be in use at once on this switch. */
  limit: number;
  callId: string;
  workerId: string;
  /** The line frees itself unless renewed within this time. */
  leaseMs: number;
}

/**
 * Takes the lowest free line; null when `limit` lines are in use. A call that holds one already gets the same one
 * again. All workers on one database are counted together, and the limit is not exceeded even for a moment.
 */
export async function reserveLine(db: Executor, request: LineRequest): Promise<LineLease | null> {
  const { switchName, limit, callId, workerId, leaseMs } = request;
  return db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`line:${switchName}`}, 0))`);
    const expiresAt = sql`clock_timestamp() + make_interval(secs => ${leaseMs / 1000})`;
    const [held] = await tx
      .update(lineLeases)
      .set({ workerId, expiresAt })
      .where(and(eq(lineLeases.callId, callId), eq(lineLeases.switchName, switchName)))
      .returning();
    if (held) return held;
    await tx
      .delete(lineLeases)
      .where(and(eq(lineLeases.switchName, switchName), sql`${lineLeases.expiresAt} <= clock_timestamp()`));
    const inUse = await tx
      .select({ slot: lineLeases.slot })
      .from(lineLeases)
      .where(eq(lineLeases.switchName, switchName));
    if (inUse.length >= limit) return null;
    const [lease] = await tx
      .insert(lineLeases)
      .values({ switchName, slot: lowestFree(inUse.map((row) => row.slot)), callId, workerId, expiresAt })
      .returning();
    return lease ?? null;
  });
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

/** Whether this call's lease has not run out: then its worker lives. */
export async function lineIsHeld(db: Executor, callId: string): Promise<boolean> {
  const rows = await db
    .select({ slot: lineLeases.slot })
    .from(lineLeases)
    .where(and(eq(lineLeases.callId, callId), sql`${lineLeases.expiresAt} > clock_timestamp()`));
  return rows.length > 0;
}

/** Gives the line back. One that is gone already is a success. */
export async function releaseLine(db: Executor, lease: LineLease): Promise<void> {
  await db.delete(lineLeases).where(held(lease));
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
