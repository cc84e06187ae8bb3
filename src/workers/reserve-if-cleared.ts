import type { Gate, GateVerdict } from '../campaigns/gate.ts';
import type { WorkItem } from '../campaigns/work-item.ts';
import type { Clearance } from '../compliance/gate.ts';
import { reserveAttempt } from '../db/calls.ts';
import type { Executor } from '../db/client.ts';
import { lockSubject } from '../db/oppositions.ts';
import type { Call } from '../db/schema.ts';

type Reservation =
  | { decision: 'call'; call: Call; clearance: Clearance }
  /** This attempt was written down before, or another call to this number goes on. */
  | { decision: 'taken' }
  | Exclude<GateVerdict, { decision: 'call' }>;

/**
 * Asks the gate once more and writes the attempt down, in one transaction that no other attempt at this number can come
 * between, whatever campaign and worker it belongs to: of two that would both be the last one allowed, one is made.
 */
export async function reserveIfCleared(
  deps: { db: Executor; gate: Gate; workerId: string; now: () => Date },
  item: WorkItem,
  { callId, attempt }: { callId: string; attempt: number },
): Promise<Reservation> {
  const { campaign, campaignContact, contact } = item;
  const subject = deps.gate.subjectOf(contact.phone);
  return deps.db.transaction(async (tx) => {
    await lockSubject(tx, subject);
    const verdict = await deps.gate.mayCallNow(item, deps.now(), tx);
    if (verdict.decision !== 'call') return verdict;
    const { reserved, call } = await reserveAttempt(tx, {
      callId,
      campaignId: campaign.id,
      campaignContactId: campaignContact.id,
      contactId: contact.id,
      phone: contact.phone,
      subject,
      attempt,
      workerId: deps.workerId,
    });
    return reserved ? { decision: 'call', call, clearance: verdict.clearance } : { decision: 'taken' };
  });
}
