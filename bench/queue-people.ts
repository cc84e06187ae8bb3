import type { Gate } from '../src/campaigns/gate.ts';
import type { ContactInput } from '../src/db/contacts.ts';

/**
 * Numbers of the queue's bench. Nothing is dialled: there is no switch, and the database is the bench's own. The numbers
 * reserved for fiction are too few for 100,000 people, so those who only wait in a queue have numbers of country code 999,
 * which is assigned to nobody and which the gate refuses.
 */
const NOBODY = '+999';
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

/** Asks the real gate, and lets who is to wait into the queue all the same. Its other answers hold. */
export function lettingNobodyWait(gate: Gate): Gate {
  return {
    refusalAtEnqueue: (contact) => {
      const refusal = gate.refusalAtEnqueue(contact);
      return contact.phone.startsWith(NOBODY) ? null : refusal;
    },
    mayCallNow: (item, now) => gate.mayCallNow(item, now),
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
