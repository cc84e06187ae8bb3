import { forbiddenNumberReason, type ForbiddenNumberReason } from '../phone/callable-number.ts';
import { parsePhoneNumber, type PhoneNumberProblem } from '../phone/parse-phone-number.ts';

/** What is to be said of a number that is in the database already. */
export type StoredNumber =
  | { kind: 'fine' }
  /** A number overseas under the mainland's code, a zero too many: what it stands for is certain. */
  | { kind: 'misformed'; correct: string }
  /** Never dialled, whatever is done about it. */
  | { kind: 'invalid'; reason: PhoneNumberProblem | ForbiddenNumberReason };

export function judgeStoredNumber(phone: string, allowedCountryCodes: readonly string[]): StoredNumber {
  const parsed = parsePhoneNumber(phone);
  if (!parsed.ok) return { kind: 'invalid', reason: parsed.problem };
  const forbidden = forbiddenNumberReason(parsed.number, allowedCountryCodes);
  if (forbidden !== null) return { kind: 'invalid', reason: forbidden };
  return parsed.number === phone ? { kind: 'fine' } : { kind: 'misformed', correct: parsed.number };
}
