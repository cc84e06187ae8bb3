import { DateTime } from 'luxon';

/** How a style shows numbers, as far as it changes what is read. */
export type NumberFormat = { kind: 'plain' } | { kind: 'date' } | { kind: 'padded'; minDigits: number };

export const PLAIN: NumberFormat = { kind: 'plain' };
const DATE: NumberFormat = { kind: 'date' };
/** The formats that have a number and no code, of all languages. */
const BUILT_IN_DATES = [
  [14, 22],
  [27, 36],
  [45, 47],
  [50, 58],
] as const;
/** Texts in quotes, after a backslash or an underscore, and conditions, colours and languages in brackets. */
const LITERALS = /"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g;
const DAY_MS = 86_400_000;
/** Days from 1 January 1900 or 1904; Excel believes in a 29 February 1900. */
const EPOCH_1900_MS = Date.UTC(1899, 11, 30);
const EPOCH_1904_MS = Date.UTC(1904, 0, 1);

/** A cell's format by its number and, where the workbook defines it, its code: `0#" "##" "##" "##" "##`. */
export function numberFormat(id: number, code: string | null): NumberFormat {
  if (code === null) return BUILT_IN_DATES.some(([from, to]) => id >= from && id <= to) ? DATE : PLAIN;
  const [positive = ''] = code.replace(LITERALS, '').split(';');
  if (/^general$/i.test(positive.trim())) return PLAIN;
  if (/[dmyhs]/i.test(positive)) return DATE;
  const places = positive.replace(/[\s.-]/g, '');
  const firstZero = places.indexOf('0');
  if (!/^[0#]+$/.test(places) || firstZero === -1 || positive.includes('0.')) return PLAIN;
  return { kind: 'padded', minDigits: places.length - firstZero };
}

/** A number as the cell shows it: whole numbers in full, dates as `2026-09-12` or `2026-09-12 14:30:00`. */
export function showNumber(written: string, format: NumberFormat, is1904: boolean): string {
  const value = Number(written);
  if (written.trim() === '' || !Number.isFinite(value)) return written;
  if (format.kind === 'date') return showDate(value, is1904) ?? written;
  // With a comma, so that no point is taken for one between the digits of a phone number.
  if (!Number.isSafeInteger(value)) return written.replace('.', ',');
  const digits = String(value);
  return format.kind === 'padded' && value >= 0 ? digits.padStart(format.minDigits, '0') : digits;
}

function showDate(days: number, is1904: boolean): string | null {
  const ms = Math.round((days * DAY_MS) / 1000) * 1000 + (is1904 ? EPOCH_1904_MS : EPOCH_1900_MS);
  const moment = DateTime.fromMillis(ms, { zone: 'utc' });
  if (!moment.isValid || days < 1 || moment.year > 9999) return null;
  return moment.toFormat(ms % DAY_MS === 0 ? 'yyyy-MM-dd' : 'yyyy-MM-dd HH:mm:ss');
}
