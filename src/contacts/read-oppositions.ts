import { parsePhoneNumber, type PhoneNumberProblem } from '../phone/parse-phone-number.ts';
import { planColumns, simplify } from './columns.ts';
import type { ContactTable } from './contact-table.ts';

/** One line of a list of people who are not to be called. */
export type OppositionRow =
  | { kind: 'number'; line: number; phone: string; reason: string | null }
  /** From an export of this list: the number is not known. */
  | { kind: 'fingerprint'; line: number; subject: string; reason: string | null }
  | { kind: 'rejected'; line: number; value: string; problem: PhoneNumberProblem };

const FINGERPRINT = /^[0-9a-f]{64}$/;
const FINGERPRINT_HEADERS = ['fingerprint', 'empreinte', 'subject'];
const REASON_HEADERS = ['reason', 'motif', 'raison'];
const MAX_REASON = 200;

interface Plan {
  phone: number;
  fingerprint: number;
  reason: number;
}

/**
 * Reads a file of numbers (or of fingerprints, as an export has them), with column names or, where there is but one
 * number a line, without. Emergency and other special numbers are rejected: nobody opposes with them.
 */
export async function* readOppositions(table: ContactTable): AsyncGenerator<OppositionRow> {
  let plan: Plan | null = null;
  for await (const page of table.pages()) {
    for (const { cells, line } of page) {
      if (plan === null) {
        const numberAt = cells.findIndex((cell) => parsePhoneNumber(cell).ok);
        plan = numberAt === -1 ? planOf(cells) : { phone: numberAt, fingerprint: -1, reason: -1 };
        if (numberAt === -1) continue;
      }
      yield readRow(cells, line, plan);
    }
  }
}

function planOf(headers: readonly string[]): Plan {
  const simple = headers.map(simplify);
  const at = (names: readonly string[]): number => simple.findIndex((name) => names.includes(name));
  const fingerprint = at(FINGERPRINT_HEADERS);
  const phone = fingerprint === -1 ? (planColumns(headers, {}).get('phone')?.index ?? -1) : -1;
  return { phone, fingerprint, reason: at(REASON_HEADERS) };
}

function readRow(record: readonly string[], line: number, plan: Plan): OppositionRow {
  const reason = (record[plan.reason] ?? '').trim().slice(0, MAX_REASON) || null;
  const subject = (record[plan.fingerprint] ?? '').trim().toLowerCase();
  if (FINGERPRINT.test(subject)) return { kind: 'fingerprint', line, subject, reason };
  const value = record[plan.phone] ?? record[plan.fingerprint] ?? '';
  const parsed = parsePhoneNumber(value);
  return parsed.ok
    ? { kind: 'number', line, phone: parsed.number, reason }
    : { kind: 'rejected', line, value: value.slice(0, 60), problem: parsed.problem };
}
