const SHOWN_AT_START = 7;
const SHOWN_AT_END = 2;
const SHORTEST_SHOWN_BOTH_ENDS = 11;
const HIDDEN = '••••';

/** A phone number as it may appear in a log: `+33199000012` → `+331990••••12`. Short numbers show three characters. */
export function maskPhoneNumber(number: string): string {
  if (number.length < SHORTEST_SHOWN_BOTH_ENDS) return number.slice(0, 3) + HIDDEN;
  return number.slice(0, SHOWN_AT_START) + HIDDEN + number.slice(-SHOWN_AT_END);
}
