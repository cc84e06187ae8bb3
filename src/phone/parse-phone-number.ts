import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { isEmergencyNumber } from './callable-number.ts';
import { fromFrenchNational } from './numbering-plan.ts';

export type PhoneNumberProblem =
  | 'empty'
  /** Letters or signs that no phone number has. */
  | 'not_a_number'
  /** A spreadsheet has rounded it (`3,36E+10`, or what came of that, `33600000000`): the digits are lost. */
  | 'rounded_by_spreadsheet'
  /** 15, 112, 3114 …: services that must not be called by a machine. */
  | 'emergency'
  /** 3xxx, 10xx, 118xxx and whatever else is too short. */
  | 'short_number'
  | 'too_many_digits'
  /** Its country has no numbers of this form. */
  | 'impossible';

type ParsedPhoneNumber =
  | {
      ok: true;
      /** E.164 with leading `+`. */
      number: string;
      /** It was not written correctly and what was meant is a guess, if a good one: worth a look. */
      repaired: boolean;
    }
  | { ok: false; problem: PhoneNumberProblem };

/** Longer input is no phone number, whatever it holds. */
const MAX_INPUT_LENGTH = 40;
const SEPARATORS = /[\s./()\u00ad\u200b-\u200f\u2010-\u2015\u202a-\u202e\u2060\u2212\ufeff-]/g;
/** A bare number as spreadsheets store them, with no more digits than `3,3612E+10` keeps: it may be somebody else's. */
const ROUNDED = /^[1-9]\d{2,5}0{6,}$/;
const OVERSEAS_CODES = '262|590|594|596';

/**
 * Reads a phone number as people and spreadsheets write it, French where nothing else is said: `06 12…`, `+33 (0)6…`,
 * `0033…`, `33…`, national numbers of the territories overseas, and `6 12…` whose zero a spreadsheet has eaten.
 */
export function parsePhoneNumber(raw: string): ParsedPhoneNumber {
  if (raw.length > MAX_INPUT_LENGTH) return { ok: false, problem: 'not_a_number' };
  const text = raw
    .normalize('NFKC')
    .trim()
    // Excel's mark for text, and RFC 3966's scheme.
    .replace(/^(?:'|tel:)/i, '');
  if (text === '') return { ok: false, problem: 'empty' };
  if (/^\d+(?:[.,]\d+)?E\+?\d+$/i.test(text)) return { ok: false, problem: 'rounded_by_spreadsheet' };
  // A number that a program took for a decimal: 33612345678.0
  const decimal = /^(\d{9,13})[.,]0$/.exec(text)?.[1];
  const digits = (decimal ?? text).replace(SEPARATORS, '');
  if (!/^\+?\d+$/.test(digits)) return { ok: false, problem: 'not_a_number' };
  const read = toInternational(digits);
  return 'problem' in read ? { ok: false, problem: read.problem } : check(read, decimal !== undefined);
}

interface Candidate {
  number: string;
  repaired: boolean;
}

function toInternational(digits: string): Candidate | { problem: PhoneNumberProblem } {
  if (isEmergencyNumber(digits)) return { problem: 'emergency' };
  if (digits.startsWith('+')) return fromInternational(digits);
  if (digits.startsWith('00')) return fromInternational(`+${digits.slice(2)}`);
  if (/^0[1-9]\d{8}$/.test(digits)) return national(digits.slice(1), false);
  if (ROUNDED.test(digits)) return { problem: 'rounded_by_spreadsheet' };
  if (/^[1-79]\d{8}$/.test(digits)) return national(digits, true);
  if (/^33[1-9]\d{8}$/.test(digits)) return fromInternational(`+${digits}`);
  if (new RegExp(`^(?:${OVERSEAS_CODES})[5-9]\\d{8}$|^262262\\d{6}$|^262269\\d{6}$`).test(digits)) {
    return fromInternational(`+${digits}`);
  }
  if (digits.length < 9) return { problem: 'short_number' };
  return { problem: digits.length > 10 ? 'too_many_digits' : 'impossible' };
}

function fromInternational(number: string): Candidate | { problem: PhoneNumberProblem } {
  // +33 (0)6…: the zero is for those who dial from within France.
  const withoutZero = number.replace(new RegExp(`^\\+(33|${OVERSEAS_CODES})0(\\d{9})$`), '+$1$2');
  const mainland = /^\+33([1-9]\d{8})$/.exec(withoutZero)?.[1];
  if (mainland === undefined) return { number: withoutZero, repaired: false };
  const meant = national(mainland, false);
  // +33 692…: a number of La Réunion under the wrong country code.
  return { number: meant.number, repaired: meant.number !== withoutZero };
}

function national(digits: string, repaired: boolean): Candidate {
  return { number: fromFrenchNational(digits, isKnownToMetadata), repaired };
}

function isKnownToMetadata(number: string): boolean {
  return parsePhoneNumberFromString(number)?.isValid() ?? false;
}

function check({ number, repaired }: Candidate, wasDecimal: boolean): ParsedPhoneNumber {
  const significant = /^\+33(\d*)$/.exec(number)?.[1];
  if (significant !== undefined) {
    if (isEmergencyNumber(significant)) return { ok: false, problem: 'emergency' };
    if (significant.length < 9) return { ok: false, problem: 'short_number' };
    if (significant.length > 9) return { ok: false, problem: 'too_many_digits' };
    if (significant.startsWith('0')) return { ok: false, problem: 'impossible' };
  } else if (!(parsePhoneNumberFromString(number)?.isPossible() ?? false)) {
    return { ok: false, problem: 'impossible' };
  }
  return { ok: true, number, repaired: repaired || wasDecimal };
}
