import { MinibotError } from '../src/errors.ts';
import { seededRandom, weighted } from './random.ts';

/** Somebody to be called. */
export interface Person {
  /** E.164, reserved for fiction. */
  phone: string;
  /** File in `fixtures/personas`, without `.json`. */
  persona: string;
}

/** How often each persona appears. Those that ring out take five seconds an attempt and stay rare. */
const PERSONAS = {
  'hears-it-out': 34,
  'answers-at-once': 12,
  'hangs-up-soon': 14,
  busy: 8,
  'busy-then-answers': 9,
  'rings-then-busy': 5,
  rejects: 6,
  'no-answer': 2,
  'no-answer-then-answers': 4,
  'congested-then-answers': 3,
  'invalid-number': 3,
} as const;

/** Ranges that the French numbering plan keeps for fiction. */
const FICTION_PREFIXES = ['+3363998', '+3319900'] as const;
const NUMBERS_PER_PREFIX = 10_000;

/** The people of a campaign. The same seed gives the same people. */
export function inventPeople(count: number, seed: number): Person[] {
  if (count > FICTION_PREFIXES.length * NUMBERS_PER_PREFIX) {
    throw new MinibotError('chaos_too_many_calls', `there are not ${count} numbers reserved for fiction`);
  }
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, index) => ({
    phone: fictionNumber(index),
    persona: weighted(random, PERSONAS),
  }));
}

function fictionNumber(index: number): string {
  const prefix = FICTION_PREFIXES[index < NUMBERS_PER_PREFIX ? 0 : 1];
  return `${prefix}${String(index % NUMBERS_PER_PREFIX).padStart(4, '0')}`;
}
