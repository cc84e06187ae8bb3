import { OperatorError } from '../errors.ts';
import { parsePhoneNumber } from '../phone/parse-phone-number.ts';
import type { Messages } from './language.ts';

/** A phone number as people write it, in E.164. Throws an `OperatorError` that says what is wrong with it. */
export function phoneArgument(text: string, { contact, importContacts }: Messages): string {
  const parsed = parsePhoneNumber(text);
  if (parsed.ok) return parsed.number;
  throw new OperatorError(
    'phone_invalid',
    contact.notAPhone(text, importContacts.rejections[parsed.problem]),
  );
}
