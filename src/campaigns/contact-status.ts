import type { ContactStatus } from '../db/schema.ts';

/** Results that say where a person stands now. */
const STATUS_BY_RESULT: Partial<Record<string, ContactStatus>> = {
  success: 'qualified',
  not_interested: 'not_interested',
  opt_out: 'not_interested',
  callback: 'callback',
  wrong_number: 'invalid',
  invalid_number: 'invalid',
};

/**
 * Where a person stands for the team after an attempt. An attempt that was not one to reach them changes nothing, and one
 * that came to nothing does not undo what an earlier one found out. Pure.
 */
export function contactStatusAfter(
  status: ContactStatus,
  attempt: { result: string; counted: boolean; optOut: boolean },
): ContactStatus {
  if (attempt.optOut) return 'not_interested';
  if (!attempt.counted) return status;
  return STATUS_BY_RESULT[attempt.result] ?? (status === 'pending' ? 'called' : status);
}
