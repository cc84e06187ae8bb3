import { z } from 'zod';
import { CONTACT_STATUSES, type ContactStatus } from '../db/schema.ts';
import { forbiddenNumberReason, type ForbiddenNumberReason } from '../phone/callable-number.ts';
import { parsePhoneNumber, type PhoneNumberProblem } from '../phone/parse-phone-number.ts';
import { timeZoneOfNumber } from '../phone/time-zone.ts';
import { readBases, type BasisProblem, type ImportedBasis } from './basis-columns.ts';
import { clean, spreadsheetProblemOf, unprotected, type SpreadsheetProblem } from './cell-text.ts';
import { usualHeader, type ColumnPlan, type ContactField } from './columns.ts';
import type { TableRow } from './contact-table.ts';
import { departmentOfPostalCode, readDepartment, type Departments } from './region.ts';

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
  | SpreadsheetProblem
  /** Not written in full, where only such numbers are wanted. */
  | 'guessed'
  | 'too_long'
  | 'too_many_tags'
  | 'too_many_columns'
  | 'unknown_status'
  /** A filter of the workbook hides the row: nobody can have meant to call whom they do not see. */
  | 'hidden_row'
  /** It has no postal code or département, where only some regions are wanted. */
  | 'no_region';

/** What was put right on the way; the contact is imported. */
type RepairNote = 'phone_repaired' | 'email_left_out';

export type ContactRow =
  | { kind: 'contact'; line: number; contact: ImportedContact; notes: RepairNote[] }
  /** The file itself says that this person is not to be called. */
  | { kind: 'opposed'; line: number; phone: string }
  /** Of another region than is wanted. */
  | { kind: 'elsewhere'; line: number }
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
  /** Only contacts of these; null: of everywhere. */
  departments: Departments | null;
  /** Consents are not dated after it. */
  now: Date;
}

const EMAIL = z.email();
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
export function readContactRow(row: TableRow, options: RowOptions): ContactRow {
  const { cells, line } = row;
  const reject = (column: string | null, reason: RejectionReason, value: string): ContactRow => ({
    kind: 'rejected',
    line,
    column,
    reason,
    value: clean(value).slice(0, MAX_SHOWN_LENGTH),
    record: cells,
  });
  const { plan } = options;
  if (cells.length > options.columnCount) {
    return reject(null, 'too_many_columns', cells.slice(options.columnCount).join(' '));
  }
  const rawOf = (field: ContactField): string => {
    const column = plan.get(field);
    return column === undefined ? '' : unprotected(cells[column.index] ?? '');
  };
  const textOf = (field: ContactField): string | null => clean(rawOf(field)) || null;
  // The column may be missing altogether: then the message says what it would be called.
  const rejectField = (field: ContactField, reason: RejectionReason): ContactRow =>
    reject(plan.get(field)?.header ?? usualHeader(field), reason, rawOf(field));

  const statusText = textOf('status');
  const status = statusText === null ? null : (STATUS_WORDS[simplifyStatus(statusText)] ?? 'unknown');
  const number = readNumber(rawOf('phone'), options);
  if (status === 'do_not_call' && number.ok) return { kind: 'opposed', line, phone: number.phone };
  if (options.departments !== null && status !== 'do_not_call') {
    const department = departmentOf(textOf('postalCode'), textOf('department'));
    if (department === null)
      return rejectField(plan.has('postalCode') ? 'postalCode' : 'department', 'no_region');
    if (!options.departments.has(department)) return { kind: 'elsewhere', line };
  }
  if (!number.ok) return rejectField('phone', number.reason);
  if (row.isHidden) return reject(null, 'hidden_row', number.phone);
  if (number.repaired && options.strictNumbers) return rejectField('phone', 'guessed');

  const faulty = findFaultyCell(plan, textOf);
  if (faulty !== null) return rejectField(faulty.field, faulty.reason);
  const tags = [...new Set([...splitTags(rawOf('tags')), ...options.addTags])];
  if (tags.length > MAX_TAGS) return rejectField('tags', 'too_many_tags');
  if (status === 'unknown' || status === 'do_not_call') return rejectField('status', 'unknown_status');

  const basis = readBases(textOf, options.now);
  if (!basis.ok) return rejectField(basis.field, basis.problem);

  const email = textOf('email');
  const emailIsValid = email !== null && EMAIL.safeParse(email).success;
  const notes: RepairNote[] = [];
  if (number.repaired) notes.push('phone_repaired');
  if (email !== null && !emailIsValid) notes.push('email_left_out');
  return {
    kind: 'contact',
    line,
    notes,
    contact: {
      phone: number.phone,
      ...nameOf(textOf('firstName'), textOf('lastName'), textOf('fullName')),
      company: textOf('company'),
      email: emailIsValid ? email : null,
      tags,
      timeZone: timeZoneOfNumber(number.phone),
      rawPhone: clean(rawOf('phone')),
      bases: basis.bases,
      ...(status !== null && { status }),
    },
  };
}

type ReadNumber = { ok: true; phone: string; repaired: boolean } | { ok: false; reason: RejectionReason };

/** A number that may be called, as far as a number alone tells. */
function readNumber(raw: string, { allowedCountryCodes }: RowOptions): ReadNumber {
  const broken = spreadsheetProblemOf(raw.trim());
  if (broken !== null) return { ok: false, reason: broken };
  const parsed = parsePhoneNumber(raw);
  if (!parsed.ok) return { ok: false, reason: parsed.problem };
  const forbidden = forbiddenNumberReason(parsed.number, allowedCountryCodes);
  return forbidden === null
    ? { ok: true, phone: parsed.number, repaired: parsed.repaired }
    : { ok: false, reason: forbidden };
}

/** The postal code says more exactly where somebody lives than a column that was made from it. */
function departmentOf(postalCode: string | null, department: string | null): string | null {
  const byCode = postalCode === null ? null : departmentOfPostalCode(postalCode);
  return byCode ?? (department === null ? null : readDepartment(department));
}

function findFaultyCell(
  plan: ColumnPlan,
  textOf: (field: ContactField) => string | null,
): { field: ContactField; reason: RejectionReason } | null {
  for (const field of plan.keys()) {
    const text = textOf(field) ?? '';
    if (text.length > MAX_FIELD_LENGTH) return { field, reason: 'too_long' };
    const broken = spreadsheetProblemOf(text);
    if (broken !== null) return { field, reason: broken };
  }
  return null;
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
