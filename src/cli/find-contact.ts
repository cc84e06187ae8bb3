import type { Executor } from '../db/client.ts';
import { findContact, findContactByPhone } from '../db/contacts.ts';
import type { Contact } from '../db/schema.ts';
import { OperatorError } from '../errors.ts';
import type { Messages } from './language.ts';
import { phoneArgument } from './phone-argument.ts';

/** Numbers of contacts are shorter than phone numbers, and do not begin with 0. */
const CONTACT_ID = /^[1-9]\d{0,7}$/;

/** By the contact's number or a phone number, as an operator writes them. Throws an `OperatorError` that says what is wrong. */
export async function findContactBy(db: Executor, who: string, messages: Messages): Promise<Contact> {
  const { contact } = messages;
  if (CONTACT_ID.test(who)) {
    const found = await findContact(db, Number(who));
    if (found !== null) return found;
    throw new OperatorError('contact_unknown', contact.unknownId(Number(who)));
  }
  const phone = phoneArgument(who, messages);
  const found = await findContactByPhone(db, phone);
  if (found !== null) return found;
  throw new OperatorError('contact_unknown', contact.unknownPhone(phone));
}
