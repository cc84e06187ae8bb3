import type { Gate } from '../campaigns/gate.ts';
import { latestAttempt } from '../db/calls.ts';
import type { Executor } from '../db/client.ts';
import type { Call } from '../db/schema.ts';
import { withDeadline } from '../deadline.ts';
import type { WorkItem } from '../campaigns/work-item.ts';

/** What a job is to do now. */
type Turn =
  /** Nothing, ever: the contact or the campaign is finished. */
  | { decision: 'over'; result: string }
  /** Nothing yet. `reason` is for the job's log; null when it would only fill it. */
  | { decision: 'wait'; until: Date; reason: string | null }
  /** An earlier attempt has no outcome. */
  | { decision: 'reconcile'; call: Call }
  /** This person may not be called in this campaign. */
  | { decision: 'refuse'; reason: string }
  | { decision: 'call'; attempt: number };

interface TurnDeps {
  db: Executor;
  gate: Gate;
  telephony: { isReady(): boolean };
  noNewCalls: AbortSignal;
  now: () => Date;
}

/** A gate that does not answer has not said yes. */
const GATE_DEADLINE_MS = 15_000;
const CAMPAIGN_RECHECK_MS = 5_000;
const SWITCH_RECHECK_MS = 5_000;

/** Decides from the database, the gate and the switch; changes nothing. */
export async function decideTurn(deps: TurnDeps, item: WorkItem): Promise<Turn> {
  const { campaign, campaignContact } = item;
  const now = deps.now();
  const inMs = (delayMs: number) => new Date(now.getTime() + delayMs);

  if (campaignContact.result !== null) return { decision: 'over', result: campaignContact.result };
  if (campaign.status === 'cancelled' || campaign.status === 'completed') {
    return { decision: 'over', result: `campaign ${campaign.status}` };
  }
  const earlier = await latestAttempt(deps.db, campaignContact.id);
  if (earlier !== null && earlier.status !== 'completed') return { decision: 'reconcile', call: earlier };

  if (campaign.status !== 'running' || deps.noNewCalls.aborted) {
    return { decision: 'wait', until: inMs(CAMPAIGN_RECHECK_MS), reason: null };
  }
  const { nextAttemptAt, nextReason } = campaignContact;
  if (nextAttemptAt !== null && nextAttemptAt > now) {
    return { decision: 'wait', until: nextAttemptAt, reason: nextReason };
  }
  const verdict = await withDeadline(
    deps.gate.mayCallNow(item, now),
    GATE_DEADLINE_MS,
    'the question whether this person may be called',
  );
  if (verdict.decision !== 'call') return verdict;
  if (!deps.telephony.isReady()) {
    return { decision: 'wait', until: inMs(SWITCH_RECHECK_MS), reason: 'the switch takes no calls now' };
  }
  return { decision: 'call', attempt: (earlier?.attempt ?? 0) + 1 };
}
