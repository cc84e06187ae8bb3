/** Whoever has not renewed a call's line for so long is dead: the call is taken over. Until then a callee hears silence. */
export const LINE_LEASE_MS = 15_000;
/** What the gate said may be acted on for so long: it leaves room for ringing, so that a moment more does no harm. */
export const DECISION_HOLDS_MS = 2_000;
