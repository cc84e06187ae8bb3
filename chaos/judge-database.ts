import type { Database } from '../src/db/client.ts';
import { maskPhoneNumber } from '../src/masking.ts';
import { wasReached, type Violation } from './judge-record.ts';
import type { SwitchHistory } from './channels.ts';

/** The campaign as the database has it at the end. */
export interface StoredCampaign {
  status: string;
  contacts: { id: number; phone: string; state: string; result: string | null; attempts: number }[];
  /** Keyed by UUID. */
  attempts: Map<string, StoredAttempt>;
  /** Calls whose line is still reserved; one whose lease has run out is free. */
  heldLines: string[];
}

interface StoredAttempt {
  uuid: string;
  phone: string;
  campaignContactId: number;
  status: string;
  result: string | null;
  counted: boolean | null;
  /** When it was marked as about to be dialled, epoch milliseconds. */
  startedAtMs: number;
  endedAtMs: number | null;
}

export async function readStoredCampaign({ pool }: Database, campaignId: number): Promise<StoredCampaign> {
  const [campaign, contacts, attempts, lines] = await Promise.all([
    pool.query<{ status: string }>('select status from campaigns where id = $1', [campaignId]),
    pool.query<StoredCampaign['contacts'][number]>(
      `select cc.id::int, c.phone, cc.state, cc.result, cc.attempts
       from campaign_contacts cc join contacts c on c.id = cc.contact_id where cc.campaign_id = $1`,
      [campaignId],
    ),
    pool.query<StoredAttempt>(
      `select call_uuid as uuid, phone, campaign_contact_id::int as "campaignContactId", status, result, counted,
         (extract(epoch from started_at) * 1000)::float8 as "startedAtMs",
         (extract(epoch from ended_at) * 1000)::float8 as "endedAtMs"
       from calls where campaign_id = $1`,
      [campaignId],
    ),
    pool.query<{ id: string }>(`select call_id as id from line_leases where expires_at > now()`),
  ]);
  return {
    status: campaign.rows[0]?.status ?? 'deleted',
    contacts: contacts.rows,
    attempts: new Map(attempts.rows.map((attempt) => [attempt.uuid, attempt])),
    heldLines: lines.rows.map(({ id }) => id),
  };
}

/** Both clocks are this machine's; the record rounds, and Postgres keeps milliseconds. */
const CLOCK_TOLERANCE_MS = 50;

/** Judges what the database says by itself, and against the switch's record. Pure. */
export function judgeDatabase(
  stored: StoredCampaign,
  history: SwitchHistory,
  rules: { people: number; maxAttempts: number },
): Violation[] {
  return [
    ...judgeEnd(stored, rules.people),
    ...judgeCounts(stored, rules.maxAttempts),
    ...judgeDialled(stored, history),
    ...judgeCounted(stored, history),
  ];
}

function judgeEnd({ status, contacts, attempts, heldLines }: StoredCampaign, people: number): Violation[] {
  const violations: Violation[] = [];
  if (status !== 'completed') violations.push({ rule: 'campaign completed', evidence: `it is ${status}` });
  if (contacts.length !== people) {
    const evidence = `${contacts.length} contacts of ${people}`;
    violations.push({ rule: 'every contact in one final state', evidence });
  }
  for (const { id, phone, state, result } of contacts) {
    if (state === 'done' && result !== null) continue;
    const evidence = `contact ${id} ${maskPhoneNumber(phone)} is ${state}`;
    violations.push({ rule: 'every contact in one final state', evidence });
  }
  for (const { uuid, status: attemptStatus } of attempts.values()) {
    if (attemptStatus === 'completed') continue;
    violations.push({ rule: 'no unfinished attempt', evidence: `attempt ${uuid} is ${attemptStatus}` });
  }
  for (const uuid of heldLines)
    violations.push({ rule: 'no line held', evidence: `a line is held for ${uuid}` });
  return violations;
}

function judgeCounts({ contacts, attempts }: StoredCampaign, maxAttempts: number): Violation[] {
  const counted = new Map<number, number>();
  for (const { campaignContactId, counted: counts } of attempts.values()) {
    if (counts === true) counted.set(campaignContactId, (counted.get(campaignContactId) ?? 0) + 1);
  }
  const violations: Violation[] = [];
  for (const { id, phone, attempts: noted } of contacts) {
    const made = counted.get(id) ?? 0;
    const who = `contact ${id} ${maskPhoneNumber(phone)}`;
    if (made !== noted)
      violations.push({
        rule: 'attempts are counted once',
        evidence: `${who}: ${noted} noted, ${made} made`,
      });
    if (made > maxAttempts) {
      const evidence = `${who}: ${made} counted, at most ${maxAttempts}`;
      violations.push({ rule: 'nobody beyond the maximum of attempts', evidence });
    }
  }
  return violations;
}

/** Every order to dial has its row, and the row was there first. */
function judgeDialled({ attempts }: StoredCampaign, { channels, refused }: SwitchHistory): Violation[] {
  const rule = 'every attempt is written down before it is dialled';
  const orders = [
    ...channels.map(({ uuid, number, originatedAtMs }) => ({ uuid, number, atMs: originatedAtMs })),
    ...refused,
  ];
  return orders.flatMap(({ uuid, number, atMs }) => {
    const attempt = attempts.get(uuid);
    if (attempt === undefined)
      return [{ rule, evidence: `${uuid}, dialled at ${atMs}, is not in the database` }];
    if (attempt.phone !== number)
      return [{ rule, evidence: `${uuid} was dialled to another number than is stored` }];
    if (attempt.startedAtMs > atMs + CLOCK_TOLERANCE_MS)
      return [{ rule, evidence: `${uuid} was dialled at ${atMs}, stored at ${attempt.startedAtMs}` }];
    return [];
  });
}

/** An attempt that reached the person counts, whatever became of the worker that made it. */
function judgeCounted({ attempts }: StoredCampaign, { channels }: SwitchHistory): Violation[] {
  return channels.filter(wasReached).flatMap(({ uuid, number }) => {
    const attempt = attempts.get(uuid);
    if (attempt?.counted !== false) return [];
    const evidence = `${uuid} reached ${maskPhoneNumber(number)} and is stored as ${String(attempt.result)}, not counted`;
    return [{ rule: 'whoever was reached is counted', evidence }];
  });
}

/** Attempts that count although the switch knows of nobody who was reached: the price of counting when in doubt. */
export function countedInDoubt({ attempts }: StoredCampaign, { channels }: SwitchHistory): number {
  const reached = new Set(channels.filter(wasReached).map(({ uuid }) => uuid));
  return [...attempts.values()].filter(({ uuid, counted }) => counted === true && !reached.has(uuid)).length;
}
