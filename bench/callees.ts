/** A callee of the bench, and what a call to them must come to. */
export interface Callee {
  /** File of `bench/personas`. */
  persona: 'interrupts' | 'answers' | 'declines';
  result: string;
  /** Turns in which the prompt must give way. */
  bargeIns: number;
}

export const INTERRUPTS: Callee = { persona: 'interrupts', result: 'success', bargeIns: 2 };
export const ANSWERS: Callee = { persona: 'answers', result: 'success', bargeIns: 0 };
export const DECLINES: Callee = { persona: 'declines', result: 'not_interested', bargeIns: 1 };

const CALLEES = [INTERRUPTS, ANSWERS, DECLINES];
/** Lines: calls at once. */
export const MAX_LINES = 100;

/** A number of its own for each callee on each line, all reserved for fiction (+33 6 39 98 xx xx). */
export function numberOf({ persona }: Callee, line: number): string {
  const block = CALLEES.findIndex((callee) => callee.persona === persona);
  return `+3363998${5 + block}${String(line).padStart(3, '0')}`;
}

/** Everybody who can be called. */
export function population(): Record<string, string> {
  return Object.fromEntries(
    CALLEES.flatMap((callee) =>
      Array.from({ length: MAX_LINES }, (_, line) => [numberOf(callee, line), callee.persona]),
    ),
  );
}
