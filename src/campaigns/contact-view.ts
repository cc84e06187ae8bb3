import type { Executor } from '../db/client.ts';
import { contactOverview } from '../db/contact-overview.ts';
import type { Call, Contact } from '../db/schema.ts';
import type { Gate } from './gate.ts';
import { whatTheGateLetsHappenNext } from './what-comes-next.ts';

export type ContactView = Awaited<ReturnType<typeof viewContact>>;
export type AttemptView = ReturnType<typeof viewAttempt>;

/**
 * One person as the command line and the web door show them: every attempt over all campaigns, what comes next and why.
 * Programs read this: names stay. The number is whole; whoever shows it where it may be overheard masks it.
 */
export async function viewContact(
  { db, gate, now }: { db: Executor; gate: Pick<Gate, 'subjectOf' | 'mayCallNow'>; now: Date },
  contact: Contact,
) {
  const { doNotCall, campaigns } = await contactOverview(db, {
    id: contact.id,
    subject: gate.subjectOf(contact.phone),
  });
  return {
    contact: {
      id: contact.id,
      phone: contact.phone,
      firstName: contact.firstName,
      lastName: contact.lastName,
      company: contact.company,
      email: contact.email,
      tags: contact.tags,
      timeZone: contact.timeZone,
      status: contact.status,
      importedAt: contact.createdAt,
      doNotCall: doNotCall === null ? null : { reason: doNotCall.reason, since: doNotCall.createdAt },
    },
    campaigns: await Promise.all(
      campaigns.map(async ({ campaign, campaignContact, attempts }) => ({
        campaign: { id: campaign.id, name: campaign.name, status: campaign.status },
        state: campaignContact.state,
        result: campaignContact.result,
        countedAttempts: campaignContact.attempts,
        maxAttempts: campaign.retry.maxAttempts,
        next: await whatTheGateLetsHappenNext(gate, { campaign, campaignContact, contact }, now),
        attempts: attempts.map(viewAttempt),
      })),
    ),
  };
}

function viewAttempt(call: Call) {
  return {
    callId: call.id,
    attempt: call.attempt,
    status: call.status,
    startedAt: call.startedAt,
    answeredAt: call.answeredAt,
    endedAt: call.endedAt,
    worker: call.workerId,
    outcome: call.result,
    endReason: call.endReason,
    hangupCause: call.hangupCause,
    sipStatus: call.sipStatus,
    /** False: a fault of ours or the network's, made again. Null until it ended. */
    counted: call.counted,
    /** Answer to end; null when nobody answered. */
    durationMs: call.durationMs,
    steps: call.steps,
  };
}
