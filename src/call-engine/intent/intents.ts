/** What an utterance can mean. The first six are the guides'; the last four have built-in transitions. */
export const INTENTS = [
  'affirm',
  'deny',
  'question',
  'objection',
  'silence',
  'not_understood',
  'opt_out',
  'callback',
  'wrong_number',
  'machine',
] as const;

export type Intent = (typeof INTENTS)[number];
