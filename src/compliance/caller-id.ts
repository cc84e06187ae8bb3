/** How the number shown to the person called is checked. `declared`: also the gateway's own, and any range. */
export const CALLER_ID_CHECKS = ['strict', 'declared'] as const;
export type CallerIdCheck = (typeof CALLER_ID_CHECKS)[number];

export interface CallerIdFacts {
  /** E.164; null: the gateway's own, whatever that is. */
  shown: string | null;
  /** Numbers that the operator declared as theirs (`ALLOWED_CALLER_IDS`). */
  declared: readonly string[];
  check: CallerIdCheck;
}

export type CallerIdProblem =
  /** Nothing says which number people would see. */
  | 'none_set'
  | 'not_declared'
  /** A range that French operators may not let automated systems show. */
  | 'range_not_for_automated_calls';

/**
 * Numbering plan (Arcep decision 2018-0881 as amended by 2022-1583), §2.3.2 f: "numéros polyvalents vérifiés", national
 * prefixes after the zero. The overseas ones stand behind the country code of their territory.
 */
const VERIFIED_MAINLAND = /^\+33(?:16[23]|27[01]|37[78]|42[45]|56[89]|94[89])\d{6}$/;
const VERIFIED_OVERSEAS = /^\+(?:5909475|5949476|5969477|262947[89])\d{5}$/;

export function isForAutomatedCalls(number: string): boolean {
  return VERIFIED_MAINLAND.test(number) || VERIFIED_OVERSEAS.test(number);
}

/** Null: this number may be shown. */
export function callerIdProblem({ shown, declared, check }: CallerIdFacts): CallerIdProblem | null {
  if (shown === null) return check === 'strict' ? 'none_set' : null;
  if (!declared.includes(shown)) return 'not_declared';
  return check === 'strict' && !isForAutomatedCalls(shown) ? 'range_not_for_automated_calls' : null;
}
