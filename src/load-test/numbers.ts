/** Who answers on the simulator: conversations, because what ends at once is no load. */
const PERSONAS = ['refuses', 'says-yes', 'interrupts', 'objects-then-accepts', 'asks-a-question'] as const;

/** +33 6 39 98 50 00 to 99 99: reserved for fiction, nobody's. */
const FIRST = 5000;
const COUNT = 5000;

/** The number of the n-th call: no two calls at once share one. */
export function numberOfCall(index: number): string {
  return `+3363998${FIRST + (index % COUNT)}`;
}

/** Everybody who can be called. */
export function population(): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: COUNT }, (_, index) => [
      numberOfCall(index),
      PERSONAS[index % PERSONAS.length] ?? PERSONAS[0],
    ]),
  );
}
