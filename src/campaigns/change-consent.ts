import { CAMPAIGN_BASES } from '../compliance/basis.ts';
import {
  recordsNeeded,
  REFUSED_WITHOUT,
  standingOf,
  type ConsentRules,
  type Standing,
} from '../compliance/consent.ts';
import { finishWaiting } from '../db/campaign-contacts.ts';
import type { Executor } from '../db/client.ts';
import { basisRecordsOf, recordConsents, type NewConsentRecord } from '../db/consents.ts';
import { findOpposition, lockSubject } from '../db/oppositions.ts';
import { OperatorError } from '../errors.ts';
import { reason } from '../reasons.ts';

/** Who is meant: a number and its fingerprint. */
interface Person {
  phone: string;
  subject: string;
}

type Rules = ConsentRules & { contractRequiresConsent: boolean };
type Change = Omit<NewConsentRecord, 'subject' | 'granted'>;

interface ConsentChange {
  /** False: the same was on record already. */
  recorded: boolean;
  standing: Standing;
  /** On the opposition list: not called, whatever is recorded. */
  opposed: boolean;
}

/** Adds to a person's history that they agreed, have a contract, or that their line is a professional's. */
export async function addConsent(
  db: Executor,
  { subject }: Person,
  change: Change,
  { rules, now }: { rules: Rules; now: () => Date },
): Promise<ConsentChange> {
  return db.transaction(async (tx) => {
    await lockSubject(tx, subject);
    const added = await recordConsents(tx, [{ ...change, subject, granted: true }]);
    return {
      recorded: added > 0,
      standing: await standing(tx, subject, rules, now),
      opposed: (await findOpposition(tx, subject)) !== null,
    };
  });
}

/**
 * Adds to a person's history that it ended, and ends their place in every campaign that calls on it: together, under the lock
 * that comes before each dial. A call that goes on is let end, and not made again. Throws an `OperatorError`, and records
 * nothing, where something of a later date would still hold.
 */
export async function withdrawConsent(
  db: Executor,
  { phone, subject }: Person,
  change: Change,
  { rules, now }: { rules: Rules; now: () => Date },
): Promise<ConsentChange & { cancelled: number }> {
  const { basis } = change;
  return db.transaction(async (tx) => {
    await lockSubject(tx, subject);
    const added = await recordConsents(tx, [{ ...change, subject, granted: false }]);
    const stands = await standing(tx, subject, rules, now);
    const after = stands[basis];
    if (after.held) {
      throw new OperatorError(
        'withdrawal_too_early',
        `what is on record of ${after.since.toISOString()} is later than this withdrawal and would still count: ` +
          'leave --date out, or give a later one',
      );
    }
    const bases = CAMPAIGN_BASES.filter((each) => recordsNeeded(each, rules).includes(basis));
    const why = `${REFUSED_WITHOUT[basis]}: ${reason('withdrawn', {})}`;
    return {
      recorded: added > 0,
      standing: stands,
      opposed: (await findOpposition(tx, subject)) !== null,
      cancelled: await finishWaiting(tx, [phone], { bases, reason: why }),
    };
  });
}

/** The moment is asked for after the rows are in: what was recorded just now is not dated in the future. */
async function standing(
  tx: Executor,
  subject: string,
  rules: ConsentRules,
  now: () => Date,
): Promise<Standing> {
  const records = await basisRecordsOf(tx, [subject]);
  return standingOf(records.get(subject) ?? [], rules, now());
}
