import type { RequestHandler } from 'express';
import { whatComesNext } from '../../campaigns/what-comes-next.ts';
import type { Fingerprint } from '../../compliance/fingerprint.ts';
import type { Executor } from '../../db/client.ts';
import { contactOverview } from '../../db/contact-overview.ts';
import { findContact, findContactByPhone } from '../../db/contacts.ts';
import type { Call, Contact } from '../../db/schema.ts';
import { maskPhoneNumber } from '../../masking.ts';
import { parsePhoneNumber } from '../../phone/parse-phone-number.ts';
import { HttpProblem } from '../problem.ts';

/** `GET /contacts/:contact/attempts`: everything tried with one person, over all campaigns, and what comes next. */
export function contactAttempts({
  db,
  fingerprint,
}: {
  db: Executor;
  fingerprint: Fingerprint;
}): RequestHandler {
  return async (request, response) => {
    const contact = await find(db, String(request.params['contact']));
    if (contact === null) throw new HttpProblem(404, 'contact_unknown', 'there is no such contact');
    const { doNotCall, campaigns } = await contactOverview(db, {
      id: contact.id,
      subject: fingerprint(contact.phone),
    });
    response.set('Cache-Control', 'no-store').json({
      contact: {
        id: contact.id,
        phone: maskPhoneNumber(contact.phone),
        status: contact.status,
        doNotCall: doNotCall === null ? null : { reason: doNotCall.reason, since: doNotCall.createdAt },
      },
      campaigns: campaigns.map(({ campaign, campaignContact, attempts }) => ({
        campaign: { id: campaign.id, name: campaign.name, status: campaign.status },
        state: campaignContact.state,
        result: campaignContact.result,
        countedAttempts: campaignContact.attempts,
        maxAttempts: campaign.retry.maxAttempts,
        next: whatComesNext(campaign, campaignContact),
        attempts: attempts.map(attemptView),
      })),
    });
  };
}

/** Ids never begin with 0; national phone numbers do, international ones with +. */
async function find(db: Executor, given: string): Promise<Contact | null> {
  if (/^[1-9]\d*$/.test(given)) {
    const id = Number(given);
    return Number.isSafeInteger(id) ? findContact(db, id) : null;
  }
  const phone = parsePhoneNumber(given);
  if (!phone.ok) {
    throw new HttpProblem(
      400,
      'contact_invalid',
      'a contact is named by its id, or by its phone number beginning with + (written %2B) or 0',
    );
  }
  return findContactByPhone(db, phone.number);
}

/** Times are ISO 8601 in JSON. */
function attemptView(call: Call) {
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
  };
}
