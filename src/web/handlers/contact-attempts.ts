import type { RequestHandler } from 'express';
import { viewContact } from '../../campaigns/contact-view.ts';
import type { Gate } from '../../campaigns/gate.ts';
import type { Executor } from '../../db/client.ts';
import { findContact, findContactByPhone } from '../../db/contacts.ts';
import type { Contact } from '../../db/schema.ts';
import { maskPhoneNumber } from '../../masking.ts';
import { parsePhoneNumber } from '../../phone/parse-phone-number.ts';
import { HttpProblem } from '../problem.ts';

/**
 * `GET /contacts/:contact/attempts`: everything tried with one person, over all campaigns, and what comes next. No name, no
 * whole number. Times are ISO 8601.
 */
export function contactAttempts({ db, gate }: { db: Executor; gate: Gate }): RequestHandler {
  return async (request, response) => {
    const contact = await find(db, String(request.params['contact']));
    if (contact === null) throw new HttpProblem(404, 'contact_unknown', 'there is no such contact');
    const view = await viewContact({ db, gate, now: new Date() }, contact);
    const { id, phone, status, doNotCall } = view.contact;
    response.set('Cache-Control', 'no-store').json({
      contact: { id, phone: maskPhoneNumber(phone), status, doNotCall },
      campaigns: view.campaigns,
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
