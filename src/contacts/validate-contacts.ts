import type { Fingerprint } from '../compliance/fingerprint.ts';
import type { Executor } from '../db/client.ts';
import {
  correctPhone,
  countContacts,
  mergeContact,
  pageContactNumbers,
  putAside,
  type StoredContact,
} from '../db/contact-upkeep.ts';
import { findContactByPhone } from '../db/contacts.ts';
import { timeZoneOfNumber } from '../phone/time-zone.ts';
import { judgeStoredNumber, type StoredNumber } from './stored-number.ts';

export interface ValidateContactsRequest {
  /** Put numbers into the form that they should have. */
  formatFrench: boolean;
  /** Join contacts whose numbers turn out to be the same. */
  dedupe: boolean;
  /** Remove contacts whose number is never dialled. */
  cleanInvalid: boolean;
  /** Say what would be done, and change nothing. */
  dryRun: boolean;
  /** Calling codes without `+` of the countries that may be called. */
  allowedCountryCodes: readonly string[];
  /** Contacts looked at at a time. */
  batchSize: number;
  onProgress: (progress: { done: number; total: number }) => void;
  onFinding: (finding: Finding) => void;
  signal: AbortSignal;
}

type Invalid = Extract<StoredNumber, { kind: 'invalid' }>;

/** `left`: nothing was asked for. `busy`: a call goes on, or somebody else has changed the contact meanwhile. */
type Treatment = 'left' | 'done' | 'busy';

/** Something wrong with one contact, and what was done about it. */
export type Finding = StoredContact & { treatment: Treatment } & (
    | { kind: 'misformed'; correct: string }
    /** Another contact has the number already that is meant. */
    | { kind: 'duplicate'; correct: string; of: number }
    | { kind: 'invalid'; reason: Invalid['reason'] }
  );

export interface ValidationReport {
  total: number;
  fine: number;
  misformed: number;
  duplicates: number;
  invalid: number;
  /** What was done, or would be. */
  corrected: number;
  merged: number;
  cleaned: number;
  /** Left for now, because a call went on. */
  busy: number;
  /** The first `MAX_FINDINGS`. */
  findings: Finding[];
}

const MAX_FINDINGS = 1000;

/**
 * Looks every contact's number through by today's rules, those marked `invalid` aside, and mends what it is asked to mend. Safe to be stopped between
 * contacts and run again. In a dry run, two wrong forms of one number that nobody has count as two corrections.
 */
export async function validateContacts(
  db: Executor,
  fingerprint: Fingerprint,
  request: ValidateContactsRequest,
): Promise<ValidationReport> {
  const report: ValidationReport = {
    ...{ total: await countContacts(db), fine: 0, misformed: 0, duplicates: 0, invalid: 0 },
    ...{ corrected: 0, merged: 0, cleaned: 0, busy: 0, findings: [] },
  };
  const { batchSize: batch, signal } = request;
  let done = 0;
  for (let afterId = 0; ;) {
    signal.throwIfAborted();
    const page = await pageContactNumbers(db, { afterId, batch });
    const last = page.at(-1);
    if (last === undefined) return report;
    for (const finding of await lookThrough(db, fingerprint, page, request)) {
      count(report, finding);
      request.onFinding(finding);
    }
    afterId = last.id;
    done += page.length;
    report.fine = done - report.misformed - report.duplicates - report.invalid;
    request.onProgress({ done, total: Math.max(report.total, done) });
  }
}

async function lookThrough(
  db: Executor,
  fingerprint: Fingerprint,
  page: readonly StoredContact[],
  request: ValidateContactsRequest,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const contact of page) {
    const judged = judgeStoredNumber(contact.phone, request.allowedCountryCodes);
    if (judged.kind === 'fine') continue;
    request.signal.throwIfAborted();
    findings.push(
      judged.kind === 'invalid'
        ? { ...contact, ...judged, treatment: await clean(db, contact, judged, request) }
        : await mend(db, fingerprint, contact, judged.correct, request),
    );
  }
  return findings;
}

async function clean(
  db: Executor,
  contact: StoredContact,
  { reason }: Invalid,
  { cleanInvalid, dryRun }: ValidateContactsRequest,
): Promise<Treatment> {
  if (!cleanInvalid) return 'left';
  if (!dryRun) await putAside(db, [contact], reason);
  return 'done';
}

async function mend(
  db: Executor,
  fingerprint: Fingerprint,
  contact: StoredContact,
  correct: string,
  { formatFrench, dedupe, dryRun }: ValidateContactsRequest,
): Promise<Finding> {
  const other = await findContactByPhone(db, correct);
  if (other === null) {
    const finding = { ...contact, kind: 'misformed' as const, correct };
    if (!formatFrench || dryRun) return { ...finding, treatment: formatFrench ? 'done' : 'left' };
    const change = { correct, timeZone: timeZoneOfNumber(correct) };
    return { ...finding, treatment: treatmentOf(await correctPhone(db, contact, change, fingerprint)) };
  }
  const finding = { ...contact, kind: 'duplicate' as const, correct, of: other.id };
  if (!dedupe || dryRun) return { ...finding, treatment: dedupe ? 'done' : 'left' };
  const outcome = await mergeContact(db, contact, { id: other.id, phone: correct }, fingerprint);
  return { ...finding, treatment: treatmentOf(outcome) };
}

function treatmentOf(outcome: Awaited<ReturnType<typeof correctPhone>>): Treatment {
  return outcome === 'done' ? 'done' : 'busy';
}

function count(report: ValidationReport, finding: Finding): void {
  const isDone = finding.treatment === 'done' ? 1 : 0;
  if (finding.treatment === 'busy') report.busy += 1;
  if (finding.kind === 'misformed') {
    report.misformed += 1;
    report.corrected += isDone;
  } else if (finding.kind === 'duplicate') {
    report.duplicates += 1;
    report.merged += isDone;
  } else {
    report.invalid += 1;
    report.cleaned += isDone;
  }
  if (report.findings.length < MAX_FINDINGS) report.findings.push(finding);
}
