import { and, count, eq, gt, isNull, lte, ne, notExists, or, sql } from 'drizzle-orm';
import { calls, campaigns, lineLeases, lineWants } from './schema.ts';
import type { LineLease } from './schema.ts';
import type { Executor } from './client.ts';

export interface LineRequest {
  /** The switch whose lines are shared by all workers. */
  switchName: string;
  /** Lines that may be in use at once on this switch. */
  limit: number;
  campaignId: number;
  /** Lines that this campaign may use at once, on all switches; the campaign's own row may say less by now. */
  campaignLimit: number;
  /** Whose call it is: while the switch is full, it waits under this name. */
  campaignContactId: number;
  callId: string;
  workerId: string;
  /** The line frees itself unless renewed within this time. */
  leaseMs: number;
}

export interface ReservedLine extends LineLease {
  /** The campaign's delay between calls when the line was given. */
  callDelayMs: number;
}

/**
 * Takes the lowest free line; null when the switch or the campaign has all its lines in use, or when jobs of a campaign of
 * higher priority wait for as many lines as are free. A call that holds one already gets the same one again. All workers on
 * one database are counted together, and no limit is exceeded even for a moment: the line of a dead worker's call stays
 * taken until that call was ended, for its channel may live on.
 */
export async function reserveLine(db: Executor, request: LineRequest): Promise<ReservedLine | null> {
  const { switchName, limit, campaignId, campaignContactId, callId, workerId, leaseMs } = request;
  return db.transaction(async (tx) => {
    await lockCampaignLines(tx, campaignId);
    // Always after the campaign's: two calls never wait for each other.
    await lock(tx, `line:${switchName}`);
    const campaign = await campaignState(tx, request);
    const { callDelayMs } = campaign;
    const expiresAt = sql`clock_timestamp() + make_interval(secs => ${leaseMs / 1000})`;
    const [held] = await tx
      .update(lineLeases)
      .set({ workerId, expiresAt })
      .where(and(eq(lineLeases.callId, callId), eq(lineLeases.switchName, switchName)))
      .returning();
    if (held) return { ...held, callDelayMs };
    await tx
      .delete(lineLeases)
      .where(and(lte(lineLeases.expiresAt, sql`clock_timestamp()`), notExists(unfinishedCall(tx))));
    if ((await linesOfCampaign(tx, campaignId)) >= Math.min(request.campaignLimit, campaign.limit))
      return null;
    const inUse = await tx
      .select({ slot: lineLeases.slot })
      .from(lineLeases)
      .where(eq(lineLeases.switchName, switchName));
    if (inUse.length + campaign.wantedBefore >= limit) {
      await wantLine(tx, request, callDelayMs);
      return null;
    }
    if (campaign.isWaiting) {
      await tx
        .delete(lineWants)
        .where(and(eq(lineWants.switchName, switchName), eq(lineWants.campaignContactId, campaignContactId)));
    }
    const [lease] = await tx
      .insert(lineLeases)
      .values({ switchName, slot: lowestFree(inUse.map((row) => row.slot)), callId, workerId, expiresAt })
      .returning();
    return lease === undefined ? null : { ...lease, callDelayMs };
  });
}

/** Until the transaction ends no call of this campaign gets a line: what a line's taker reads of the campaign holds. */
export async function lockCampaignLines(tx: Executor, campaignId: number): Promise<void> {
  await lock(tx, `lines of campaign:${campaignId}`);
}

async function lock(tx: Executor, name: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`);
}

interface CampaignState {
  limit: number;
  callDelayMs: number;
  /** Lines of this switch that jobs of campaigns with a higher priority wait for. */
  wantedBefore: number;
  /** This job is written down as waiting. */
  isWaiting: boolean;
}

/** As it is now: the job was loaded a moment ago, and its campaign may have been changed since. */
async function campaignState(
  tx: Executor,
  { campaignId, campaignContactId, switchName }: LineRequest,
): Promise<CampaignState> {
  const wants = sql`from ${lineWants} as want where want.switch = ${switchName}`;
  const result = await tx.execute<{ limit: number; delay: number; wanted: number; waiting: boolean }>(sql`
    select own.max_concurrent_calls as limit, own.call_delay_ms as delay,
      exists (select 1 ${wants} and want.campaign_contact_id = ${campaignContactId}) as waiting,
      (select count(*)::int ${wants} and want.expires_at > clock_timestamp() and want.campaign_id in
        (select id from ${campaigns} as other where other.priority > own.priority and other.status = 'running')) as wanted
    from ${campaigns} as own where own.id = ${campaignId}`);
  const [row] = result.rows;
  if (row === undefined) return { limit: 0, callDelayMs: 0, wantedBefore: 0, isWaiting: false };
  return { limit: row.limit, callDelayMs: row.delay, wantedBefore: row.wanted, isWaiting: row.waiting };
}

/** A job that is told to wait asks again after a second, or when the campaign's pace lets it. */
const WANT_MS = 2_500;

async function wantLine(tx: Executor, request: LineRequest, callDelayMs: number): Promise<void> {
  const { switchName, campaignId, campaignContactId } = request;
  const forMs = WANT_MS + Math.min(callDelayMs, WANT_MS) * 2;
  const expiresAt = sql`clock_timestamp() + make_interval(secs => ${forMs / 1000})`;
  await tx
    .insert(lineWants)
    .values({ switchName, campaignId, campaignContactId, expiresAt })
    .onConflictDoUpdate({ target: [lineWants.switchName, lineWants.campaignContactId], set: { expiresAt } });
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
