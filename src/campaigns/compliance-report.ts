import type { HeardDisclosure } from '../call-engine/ports.ts';
import type { Executor } from '../db/client.ts';
import { latestConsents, pageCompliance, type CompliancePage } from '../db/compliance-pages.ts';
import type { Campaign, ConsentRecord } from '../db/schema.ts';
import type { Gate, GateVerdict } from './gate.ts';
import { addTo } from './launch.ts';

/** One person of a campaign: called or not, and why. */
export interface CompliancePerson {
  contactId: number;
  /** Whole; `erased-…` once the person's data were removed. */
  phone: string;
  /** Fingerprint of the number; null after an erasure without attempts. */
  subject: string | null;
  state: string;
  result: string | null;
  /** Why they were not called, or are not now: `no_consent: expired`; null: nothing stands against it. */
  refusal: string | null;
  /** When to ask again; null: not in this campaign, or nothing to wait for. */
  until: Date | null;
  /** What was said last about consent, contract and professional line, with its proof. */
  proofs: Pick<
    ConsentRecord,
    'basis' | 'granted' | 'actedAt' | 'expiresAt' | 'channel' | 'source' | 'wording'
  >[];
  attempts: CompliancePage['attempts'];
}

export interface ComplianceSummary {
  contacts: number;
  /** Contacts with an attempt at least. */
  called: number;
  /** Contacts without one that will not get one, by reason. */
  refused: Record<string, number>;
  /** Contacts that may not be called now, by reason. */
  waiting: Record<string, number>;
  attempts: number;
  answered: number;
  /** Of the answered attempts: what was heard of what tells people who calls them. */
  disclosure: Record<DisclosureHeard, number>;
}

export type DisclosureHeard = 'in_full' | 'in_part' | 'not_at_all' | 'not_known';

const BATCH = 500;
const REFUSED = 'refused_by_gate';

/** Everybody of a campaign, a page at a time: before its launch, while it runs and after it. Bounded memory. */
export async function* reportCompliance(
  deps: { db: Executor; gate: Gate; now: () => Date },
  campaign: Campaign,
  signal: AbortSignal,
): AsyncGenerator<CompliancePerson> {
  for (let afterId = 0; ;) {
    signal.throwIfAborted();
    const page = await pageCompliance(deps.db, campaign.id, { afterId, batch: BATCH });
    const last = page.at(-1);
    if (last === undefined) return;
    yield* await describePage(deps, campaign, page);
    afterId = last.campaignContact.id;
  }
}

async function describePage(
  { db, gate, now }: { db: Executor; gate: Gate; now: () => Date },
  campaign: Campaign,
  page: readonly CompliancePage[],
): Promise<CompliancePerson[]> {
  const people = page.map((entry) => ({ ...entry, subject: subjectOf(gate, entry) }));
  const open = people.filter(({ campaignContact }) => campaignContact.state !== 'done');
  const reviewed = await gate.review(
    campaign,
    open.map(({ contact, campaignContact }) => ({ ...contact, attempts: campaignContact.attempts })),
    now(),
  );
  const verdicts = new Map(open.map((entry, at) => [entry.campaignContact.id, reviewed[at]]));
  const proofs = await latestConsents(
    db,
    people.flatMap(({ subject }) => subject ?? []),
  );
  return people.map(({ campaignContact, contact, attempts, subject }) => ({
    contactId: contact.id,
    phone: contact.phone,
    subject,
    state: campaignContact.state,
    result: campaignContact.result,
    ...refusalOf(campaignContact, verdicts.get(campaignContact.id)),
    proofs: (proofs.get(subject ?? '') ?? []).map(
      ({ basis, granted, actedAt, expiresAt, channel, source, wording }) => ({
        ...{ basis, granted, actedAt, expiresAt, channel, source, wording },
      }),
    ),
    attempts,
  }));
}

function subjectOf(gate: Gate, { contact, attempts }: CompliancePage): string | null {
  if (contact.erasedAt === null) return gate.subjectOf(contact.phone);
  return attempts.find(({ subject }) => subject !== null)?.subject ?? null;
}

function refusalOf(
  { result, nextReason }: CompliancePage['campaignContact'],
  verdict: GateVerdict | undefined,
): Pick<CompliancePerson, 'refusal' | 'until'> {
  if (result === REFUSED) return { refusal: nextReason, until: null };
  if (verdict === undefined || verdict.decision === 'call') return { refusal: null, until: null };
  return { refusal: verdict.reason, until: verdict.decision === 'wait' ? verdict.until : null };
}

export function emptySummary(): ComplianceSummary {
  return {
    contacts: 0,
    called: 0,
    refused: {},
    waiting: {},
    attempts: 0,
    answered: 0,
    disclosure: { in_full: 0, in_part: 0, not_at_all: 0, not_known: 0 },
  };
}

/** Counts one person in. */
export function addToSummary(summary: ComplianceSummary, person: CompliancePerson): void {
  summary.contacts += 1;
  if (person.attempts.length > 0) summary.called += 1;
  if (person.refusal !== null) {
    addTo(person.until === null ? summary.refused : summary.waiting, person.refusal);
  }
  summary.attempts += person.attempts.length;
  for (const { answeredAt, disclosure } of person.attempts) {
    if (answeredAt === null) continue;
    summary.answered += 1;
    summary.disclosure[disclosureHeard(disclosure)] += 1;
  }
}

/** `in_full`: each thing that a person must be told was heard to the end of its prompt. */
export function disclosureHeard(heard: readonly HeardDisclosure[] | null): DisclosureHeard {
  if (heard === null) return 'not_known';
  const whole = new Set(heard.flatMap(({ interrupted, discloses }) => (interrupted ? [] : discloses)));
  if (['automated', 'caller', 'opposition'].every((what) => [...whole].some((each) => each === what))) {
    return 'in_full';
  }
  return heard.some(({ heardMs }) => heardMs > 0) ? 'in_part' : 'not_at_all';
}
