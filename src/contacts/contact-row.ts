import { z } from 'zod';
import { CONTACT_STATUSES, type ContactStatus } from '../db/schema.ts';
import { forbiddenNumberReason, type ForbiddenNumberReason } from '../phone/callable-number.ts';
import { parsePhoneNumber, type PhoneNumberProblem } from '../phone/parse-phone-number.ts';
import { timeZoneOfNumber } from '../phone/time-zone.ts';
import { readBases, type BasisProblem, type ImportedBasis } from './basis-columns.ts';
import { usualHeader, type ColumnPlan, type ContactField } from './columns.ts';

/** A line of a contact file as it goes into the database. */
export interface ImportedContact {
  /** E.164 with leading `+`. */
  phone: string;
  firstName: string | null;
  lastName: string | null;
  company: string | null;
  email: string | null;
  tags: string[];
  /** IANA zone that the number tells. */
  timeZone: string | null;
  /** The number as the file has it. */
  rawPhone: string;
  /** Absent when the file says nothing. */
  status?: ContactStatus;
  /** What the file says about why this person may be called. */
  bases: ImportedBasis[];
}

export type RejectionReason =
  | PhoneNumberProblem
  | ForbiddenNumberReason
  | BasisProblem
  /** Not written in full, where only such numbers are wanted. */
  | 'guessed'
  | 'too_long'
  | 'too_many_tags'
  | 'too_many_columns'
  | 'unknown_status';

/** What was put right on the way; the contact is imported. */
type RepairNote = 'phone_repaired' | 'email_left_out';

export type ContactRow =
  | { kind: 'contact'; line: number; contact: ImportedContact; notes: RepairNote[] }
  /** The file itself says that this person is not to be called. */
  | { kind: 'opposed'; line: number; phone: string }
  | {
      kind: 'rejected';
      line: number;
      /** Its header; null when the line as a whole is at fault. */
      column: string | null;
      reason: RejectionReason;
      /** What stood there, cut to a readable length. */
      value: string;
      /** The whole line, for a file of rejected rows. */
      record: readonly string[];
    };

export interface RowOptions {
  plan: ColumnPlan;
  columnCount: number;
  addTags: readonly string[];
  allowedCountryCodes: readonly string[];
  /** Refuses a number whose meaning would be a guess, if a good one, rather than completing it. */
  strictNumbers: boolean;
  /** Consents are not dated after it. */
  now: Date;
}

const MAX_FIELD_LENGTH = 200;
const MAX_TAGS = 50;
const MAX_SHOWN_LENGTH = 60;

const STATUS_WORDS: Readonly<Record<string, ContactStatus | 'do_not_call'>> = {
  ...Object.fromEntries(CONTACT_STATUSES.map((status) => [status, status])),
  en_attente: 'pending',
  nouveau: 'pending',
  new: 'pending',
  appele: 'called',
  qualifie: 'qualified',
  pas_interesse: 'not_interested',
  rappel: 'callback',
  a_rappeler: 'callback',
  invalide: 'invalid',
  do_not_call: 'do_not_call',
  dnc: 'do_not_call',
  opt_out: 'do_not_call',
  ne_pas_appeler: 'do_not_call',
  liste_rouge: 'do_not_call',
};

/**
 * Reads one line. A bad phone number rejects it; a bad e-mail address is left out and noted. Of who is not to be called nothing
 * but the number is read, so that no other fault of the line loses their wish.
 */
export function readContactRow(record: readonly string[], line: number, options: RowOptions): ContactRow {
  const reject = (column: string | null, reason: RejectionReason, value: string): ContactRow => ({
    kind: 'rejected',
    line,
    column,
    reason,
    value: clean(value).slice(0, MAX_SHOWN_LENGTH),
    record,
  });
  if (record.length > options.columnCount) {
    return reject(null, 'too_many_columns', record.slice(options.columnCount).join(' '));
  }
  const headerOf = (field: ContactField): string | null => options.plan.get(field)?.header ?? null;
  const rawOf = (field: ContactField): string => record[options.plan.get(field)?.index ?? -1] ?? '';
  const textOf = (field: ContactField): string | null => clean(rawOf(field)) || null;

  const parsed = parsePhoneNumber(rawOf('phone'));
  if (!parsed.ok) return reject(headerOf('phone'), parsed.problem, rawOf('phone'));
  const forbidden = forbiddenNumberReason(parsed.number, options.allowedCountryCodes);
  const statusText = textOf('status');
  const status = statusText === null ? null : (STATUS_WORDS[simplifyStatus(statusText)] ?? 'unknown');
  if (forbidden !== null) return reject(headerOf('phone'), forbidden, rawOf('phone'));
  if (status === 'do_not_call') return { kind: 'opposed', line, phone: parsed.number };
  if (parsed.repaired && options.strictNumbers) return reject(headerOf('phone'), 'guessed', rawOf('phone'));

  for (const field of options.plan.keys()) {
    if (clean(rawOf(field)).length > MAX_FIELD_LENGTH)
      return reject(headerOf(field), 'too_long', rawOf(field));
  }
  const tags = [...new Set([...splitTags(rawOf('tags')), ...options.addTags])];
  if (tags.length > MAX_TAGS) return reject(headerOf('tags'), 'too_many_tags', rawOf('tags'));
  if (status === 'unknown') return reject(headerOf('status'), 'unknown_status', rawOf('status'));

  const basis = readBases(textOf, options.now);
  // The column may be missing altogether: then the message says what it would be called.
  if (!basis.ok)
    return reject(headerOf(basis.field) ?? usualHeader(basis.field), basis.problem, rawOf(basis.field));

  const email = textOf('email');
  const emailIsValid = email !== null && z.email().safeParse(email).success;
  const notes: RepairNote[] = [];
  if (parsed.repaired) notes.push('phone_repaired');
  if (email !== null && !emailIsValid) notes.push('email_left_out');
  return {
    kind: 'contact',
    line,
    notes,
    contact: {
      phone: parsed.number,
      ...nameOf(textOf('firstName'), textOf('lastName'), textOf('fullName')),
      company: textOf('company'),
      email: emailIsValid ? email : null,
      tags,
      timeZone: timeZoneOfNumber(parsed.number),
      rawPhone: clean(rawOf('phone')),
      bases: basis.bases,
      ...(status !== null && { status }),
    },
  };
}

/** Columns of their own win; of a full name, the first word is taken for the first name. */
function nameOf(
  firstName: string | null,
  lastName: string | null,
  fullName: string | null,
): { firstName: string | null; lastName: string | null } {
  if (fullName === null || firstName !== null || lastName !== null) return { firstName, lastName };
  const [first = null, ...rest] = fullName.split(' ');
  return rest.length === 0
    ? { firstName: null, lastName: first }
    : { firstName: first, lastName: rest.join(' ') };
}

function splitTags(text: string): string[] {
  return text
    .split(/[,;|]/)
    .map(clean)
    .filter((tag) => tag !== '');
}

function simplifyStatus(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
}

/** One line of visible text: no control or direction characters, single spaces. */
function clean(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
