import type { Gate } from '../src/campaigns/gate.ts';
import type { ContactInput } from '../src/db/contacts.ts';

/**
 * Numbers of the queue's bench. Nothing is dialled: there is no switch, and the database is the bench's own. The numbers
 * reserved for fiction are too few for 100,000 people, so those who only wait in a queue have numbers of country code 999,
 * which is assigned to nobody and which the gate refuses.
 */
const NOBODY = '+999';
/** Of a list in the bench's own database. */
export const BENCH_OPPOSITION_KEY = '0123456789abcdef'.repeat(4);
const FICTION = ['+3319900', '+3363998'];
const PER_BLOCK = 10_000;

/** Who only waits: the nth. */
export function waitingPerson(n: number): ContactInput {
  return person(`${NOBODY}${String(n).padStart(9, '0')}`);
}

/** Who is called by a telephony that ends at once: the nth, of 20,000. The real gate lets them through. */
export function calledPerson(n: number): ContactInput {
  return person(`${FICTION[Math.floor(n / PER_BLOCK)]}${String(n % PER_BLOCK).padStart(4, '0')}`);
}

/** Asks the real gate, and has those whom it would refuse wait in the queue all the same. Its other answers hold. */
export function keepingThemWaiting(gate: Gate): Gate {
  return {
    ...gate,
    review: async (campaign, candidates, now) => {
      const verdicts = await gate.review(campaign, candidates, now);
      return verdicts.map((verdict, n) =>
        candidates[n]?.phone.startsWith(NOBODY) === true
          ? { decision: 'wait', until: now, reason: 'bench: only waits' }
          : verdict,
      );
    },
  };
}

function person(phone: string): ContactInput {
  return {
    phone,
    firstName: 'Camille',
    lastName: null,
    company: null,
    email: null,
    tags: [],
    timeZone: null,
    rawPhone: null,
  };
}
