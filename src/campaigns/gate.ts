import type { Clearance } from '../compliance/gate.ts';
import type { Executor } from '../db/client.ts';
import type { Campaign } from '../db/schema.ts';
import type { WorkItem } from './work-item.ts';

/** `reason` is the refusal's name, a colon and a detail: `no_consent: expired`. */
export type GateVerdict =
  | { decision: 'call'; clearance: Clearance }
  /** Not now: outside the calling window, say. */
  | { decision: 'wait'; until: Date; reason: string }
  /** Not in this campaign, whenever. */
  | { decision: 'refuse'; reason: string };

/** What of a campaign the gate looks at. */
export type CampaignTerms = Pick<Campaign, 'basis' | 'callerId' | 'callingWindow' | 'retry'>;

/** A person whom a campaign would call. */
export interface Candidate {
  /** E.164 with leading `+`. */
  phone: string;
  /** The contact's own IANA zone; null: taken from the number. */
  timeZone: string | null;
  /** Counted attempts of this campaign at this person. */
  attempts: number;
}

/** May this person be called? The same rules when a job is made and again right before dialling. */
export interface Gate {
  /** Fingerprint of a number: what lists and ledger know people by. */
  subjectOf(phone: string): string;
  /** Verdicts in the order of the candidates. A few queries, however many they are. */
  review(campaign: CampaignTerms, candidates: readonly Candidate[], now: Date): Promise<GateVerdict[]>;
  /** In `tx`, where the answer must hold until the transaction ends. */
  mayCallNow(item: WorkItem, now: Date, tx?: Executor): Promise<GateVerdict>;
}
