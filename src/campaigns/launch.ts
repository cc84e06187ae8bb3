import { addCampaignContacts, finishAll, markQueued, pageUnqueued } from '../db/campaign-contacts.ts';
import {
  changeCampaignStatus,
  createCampaign,
  findCampaign,
  listCampaigns,
  lockCampaignName,
  type NewCampaign,
} from '../db/campaigns.ts';
import type { Executor } from '../db/client.ts';
import { listContactsForCampaign } from '../db/contacts.ts';
import { appendToLedger } from '../db/ledger.ts';
import type { Campaign } from '../db/schema.ts';
import { OperatorError } from '../errors.ts';
import type { CampaignQueue, QueueBackend } from '../queues/backend.ts';
import { contactJob, contactJobId, JOB_PRIORITY } from '../queues/campaign-queue.ts';
import type { Gate } from './gate.ts';
import { applyPace, unknownCampaign } from './lifecycle.ts';

/** Contacts handled at a time: what a launch holds in memory, whatever the campaign's size. */
const BATCH = 1_000;

export interface CampaignSpec extends NewCampaign {
  /** Contacts that carry at least one of these; empty for everybody. */
  tags: readonly string[];
  /** At most so many contacts; null for all. */
  limit: number | null;
}

/**
 * Writes down a campaign and its contacts, without calling anybody yet. Safe to run again: an unfinished campaign of
 * this name is taken up where it was left. Rejects when that one has another scenario.
 */
export async function prepareCampaign(
  db: Executor,
  spec: CampaignSpec,
  options: { signal: AbortSignal },
): Promise<Campaign> {
  const { tags, limit, ...settings } = spec;
  const campaign = await findOrCreate(db, settings);
  // Once it runs, its list is closed: contacts imported since then belong to another campaign.
  if (campaign.status === 'draft')
    await addContacts(db, campaign.id, { tags, limit, signal: options.signal });
  return campaign;
}

/** Of two launches of one name at the same moment, the second finds what the first has made. */
async function findOrCreate(db: Executor, settings: NewCampaign): Promise<Campaign> {
  const { name, scenario } = settings;
  return db.transaction(async (tx) => {
    await lockCampaignName(tx, name);
    const unfinished = await listCampaigns(tx, { statuses: ['draft', 'running', 'paused'] });
    const existing = unfinished.find((campaign) => campaign.name === name);
    if (existing === undefined) return createCampaign(tx, settings);
    if (existing.scenario === scenario) return existing;
    throw new OperatorError(
      'campaign_name_taken',
      `campaign “${name}” exists (number ${existing.id}, ${existing.status}) with the scenario ` +
        `“${existing.scenario}”: choose another name, or cancel that one`,
    );
  });
}

async function addContacts(
  db: Executor,
  campaignId: number,
  options: { tags: readonly string[]; limit: number | null; signal: AbortSignal },
): Promise<void> {
  let left = options.limit ?? Number.POSITIVE_INFINITY;
  for (let afterId = 0; left > 0;) {
    options.signal.throwIfAborted();
    const page = await listContactsForCampaign(db, {
      tags: options.tags,
      afterId,
      batch: Math.min(BATCH, left),
    });
    const last = page.at(-1);
    if (last === undefined) return;
    await addCampaignContacts(
      db,
      campaignId,
      page.map((contact) => contact.id),
    );
    afterId = last.id;
    left -= page.length;
  }
}

interface LaunchDeps {
  db: Executor;
  backend: QueueBackend;
  gate: Gate;
  now: () => Date;
}

interface LaunchReport {
  /** Contacts that got their job by this launch. */
  queued: number;
  /** Contacts that will not be called, by reason. */
  refused: Record<string, number>;
  /** Those of the queued ones that may not be called now, by reason: their jobs wait. */
  waiting: Record<string, number>;
}

interface LaunchOptions {
  /** Told after every batch, with the figures so far. */
  onProgress: (report: LaunchReport) => void;
  signal: AbortSignal;
}

/**
 * Starts a campaign: one job for each of its contacts that the gate lets through; the others are done at once, with the
 * reason. Run again after an interruption, it goes on where it stopped; run twice, it enqueues nobody twice. A paused
 * campaign's queue is filled and stays paused.
 */
export async function launchCampaign(
  deps: LaunchDeps,
  campaignId: number,
  options: LaunchOptions,
): Promise<LaunchReport> {
  const campaign = await startOrFind(deps.db, campaignId);
  const queue = deps.backend.queue(campaignId);
  await queue.waitUntilReady();
  await applyPace(queue, campaign);

  const report: LaunchReport = { queued: 0, refused: {}, waiting: {} };
  for (;;) {
    options.signal.throwIfAborted();
    const page = await pageUnqueued(deps.db, campaignId, { batch: BATCH });
    if (page.length === 0) return report;
    await refuseEnded(deps, campaignId, queue);

    const verdicts = await deps.gate.review(campaign, page, deps.now());
    const callable: typeof page = [];
    const refused: Refused[] = [];
    for (const [at, contact] of page.entries()) {
      const verdict = verdicts[at] ?? UNREVIEWED;
      if (verdict.decision === 'refuse') refused.push({ ...contact, reason: verdict.reason });
      else callable.push(contact);
      if (verdict.decision !== 'call') addTo(report[KEPT_BY[verdict.decision]], verdict.reason);
    }
    await refuseContacts(deps, campaignId, refused);
    // Jobs first, note second: cut short in between, the next launch adds the same job ids again, which does nothing.
    await queue.addBulk(
      callable.map((contact) =>
        contactJob(
          { campaignContactId: contact.id, campaignId, contactId: contact.contactId },
          JOB_PRIORITY.first,
        ),
      ),
    );
    await markQueued(
      deps.db,
      callable.map(({ id }) => ({ id, jobId: contactJobId(id) })),
    );
    report.queued += callable.length;
    options.onProgress(report);
  }
}

interface Refused {
  id: number;
  phone: string;
  reason: string;
}

const KEPT_BY = { refuse: 'refused', wait: 'waiting' } as const;
/** A gate that leaves somebody out has not let them through. */
const UNREVIEWED = { decision: 'refuse', reason: 'facts_unusable: the gate gave no verdict' } as const;

/** Done at once, and in the ledger, together. */
async function refuseContacts(
  { db, gate }: LaunchDeps,
  campaignId: number,
  refused: readonly Refused[],
): Promise<void> {
  if (refused.length === 0) return;
  await db.transaction(async (tx) => {
    const finished = new Set(await finishAll(tx, 'refused_by_gate', refused));
    await appendToLedger(
      tx,
      refused
        .filter(({ id }) => finished.has(id))
        .map(({ phone, reason }) => ({
          event: 'refusal',
          subject: gate.subjectOf(phone),
          campaignId,
          callId: null,
          details: { reason, at: 'launch' },
        })),
    );
  });
}

export function addTo(counts: Record<string, number>, reason: string): void {
  counts[reason] = (counts[reason] ?? 0) + 1;
}

async function startOrFind(db: Executor, campaignId: number): Promise<Campaign> {
  await changeCampaignStatus(db, campaignId, { from: ['draft'], to: 'running' });
  const campaign = await findCampaign(db, campaignId);
  if (campaign === null) throw unknownCampaign(campaignId);
  if (hasEnded(campaign)) throw endedError(campaign);
  return campaign;
}

/** Somebody cancelled the campaign while it was being launched: what was queued since then goes too. */
async function refuseEnded({ db }: LaunchDeps, campaignId: number, queue: CampaignQueue): Promise<void> {
  const campaign = await findCampaign(db, campaignId);
  if (campaign === null || !hasEnded(campaign)) return;
  await queue.drain(true);
  throw endedError(campaign);
}

function hasEnded({ status }: Campaign): boolean {
  return status === 'completed' || status === 'cancelled';
}

function endedError({ id, status }: Campaign): OperatorError {
  return new OperatorError(
    'campaign_status',
    `campaign ${id} is ${status} and cannot be launched again: make a new one`,
  );
}
