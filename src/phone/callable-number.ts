import { parsePhoneNumberFromString, type PhoneNumberType } from 'libphonenumber-js/max';
import { FRENCH_COUNTRY_CODES } from './numbering-plan.ts';

/** Why a number is never dialled. */
export type ForbiddenNumberReason =
  /** Not E.164 with leading `+`. */
  | 'not_e164'
  /** Emergency and assistance services. */
  | 'emergency'
  | 'short_number'
  /** 08…: free, shared-cost and premium services; abroad, whatever is not an ordinary fixed or mobile line. */
  | 'special_rate'
  /** Satellite and international premium networks. */
  | 'satellite'
  /** Numbers of machines (0700 0–4) and of extended length (0901 0–4). */
  | 'machine'
  /** A country that the operator has not allowed. */
  | 'country_not_allowed'
  /** No line can have it. */
  | 'impossible';

const EMERGENCY: ReadonlySet<string> = new Set([
  ...['15', '17', '18', '110', '112', '114', '115', '116', '119', '191', '196', '197', '911', '999'],
  ...['116000', '116006', '116111', '116117', '116123', '3114', '3919', '3018', '3020'],
]);
const SATELLITE = /^\+(?:870|88[1-3]|979)/;
const ORDINARY_LINES: ReadonlySet<PhoneNumberType> = new Set([
  'FIXED_LINE',
  'MOBILE',
  'FIXED_LINE_OR_MOBILE',
  'VOIP',
  'PERSONAL_NUMBER',
]);

/** Emergency and assistance services by the number people dial, without country code. */
export function isEmergencyNumber(digits: string): boolean {
  return EMERGENCY.has(digits);
}

/**
 * Null when the number is an ordinary line in one of the allowed countries (calling codes without `+`), else the reason
 * why it is never dialled. Asked at import and again right before dialling; whatever it does not understand is refused.
 */
export function forbiddenNumberReason(
  number: string,
  allowedCountryCodes: readonly string[] = FRENCH_COUNTRY_CODES,
): ForbiddenNumberReason | null {
  if (isEmergencyNumber(number)) return 'emergency';
  if (!/^\+[1-9]\d{1,14}$/.test(number)) return 'not_e164';
  if (SATELLITE.test(number)) return 'satellite';
  const code = countryCodeOf(number);
  if (code === null || !allowedCountryCodes.includes(code)) return 'country_not_allowed';
  const national = number.slice(1 + code.length);
  if (isEmergencyNumber(national)) return 'emergency';
  return FRENCH_COUNTRY_CODES.includes(code) ? refuseFrench(code, national) : refuseForeign(number);
}

/** Country codes are a prefix code: at most one of these fits. */
function countryCodeOf(number: string): string | null {
  const french = FRENCH_COUNTRY_CODES.find((code) => number.startsWith(`+${code}`));
  return french ?? parsePhoneNumberFromString(number)?.countryCallingCode ?? null;
}

/** By the numbering plan, not by metadata: that lags behind new blocks and does not know the numbers for fiction. */
function refuseFrench(code: string, national: string): ForbiddenNumberReason | null {
  const isMiquelonFixed = code === '508' && /^[45]\d{5}$/.test(national);
  if (isMiquelonFixed) return null;
  if (national.length < 9) return 'short_number';
  if (national.length > 9 || national.startsWith('0')) return 'impossible';
  if (national.startsWith('8')) return 'special_rate';
  if (code === '33' && /^(?:700|901)[0-4]/.test(national)) return 'machine';
  return null;
}

function refuseForeign(number: string): ForbiddenNumberReason | null {
  const parsed = parsePhoneNumberFromString(number);
  if (parsed?.isPossible() !== true) return 'short_number';
  const type = parsed.getType();
  if (type === undefined) return 'impossible';
  return ORDINARY_LINES.has(type) ? null : 'special_rate';
}
