import type { CampaignBasis } from './basis.ts';

/** What is recorded of a person: that they agreed, that they have a contract, that their line is a professional's. */
export const RECORDED_BASES = ['consent', 'contract', 'professional'] as const;
export type RecordedBasis = (typeof RECORDED_BASES)[number];

/** What the gate calls it when the record is missing or counts no more. */
export const REFUSED_WITHOUT = {
  consent: 'no_consent',
  contract: 'no_contract',
  professional: 'not_professional',
} as const satisfies Record<RecordedBasis, string>;

/** One change, as the append-only history has it. */
export interface BasisRecord {
  id: number;
  basis: RecordedBasis;
  /** False: it ended. */
  granted: boolean;
  /** When it was given or ended. */
  actedAt: Date;
  expiresAt: Date | null;
}

export type BasisStanding =
  | { held: true; since: Date; until: Date | null }
  | { held: false; why: 'never given' | 'withdrawn' | 'expired' | 'dated in the future' };

/** Where a person stands now. */
export type Standing = Readonly<Record<RecordedBasis, BasisStanding>>;

/** What must be on record of each person whom a campaign calls on this basis. */
export function recordsNeeded(
  basis: CampaignBasis,
  { contractRequiresConsent }: { contractRequiresConsent: boolean },
): readonly RecordedBasis[] {
  switch (basis) {
    case 'consent':
      return ['consent'];
    case 'contract':
      return contractRequiresConsent ? ['contract', 'consent'] : ['contract'];
    case 'professional':
      return ['professional'];
    case 'non-commercial':
      return [];
  }
}

export interface ConsentRules {
  /** A consent counts for so long, unless it says that it ends sooner. */
  consentValidityDays: number;
}

const DAY_MS = 86_400_000;

/**
 * Where a person stands after these changes. The latest act counts, not the latest entry: an old consent that is imported
 * again after its withdrawal does not bring it back. Of two acts of one moment, the one that ends counts.
 */
export function standingOf(records: readonly BasisRecord[], rules: ConsentRules, now: Date): Standing {
  return {
    consent: standingIn('consent', records, rules, now),
    contract: standingIn('contract', records, rules, now),
    professional: standingIn('professional', records, rules, now),
  };
}

function standingIn(
  basis: RecordedBasis,
  records: readonly BasisRecord[],
  rules: ConsentRules,
  now: Date,
): BasisStanding {
  const latest = records
    .filter((record) => record.basis === basis)
    .reduce<BasisRecord | null>((best, each) => (best === null || isLater(each, best) ? each : best), null);
  if (latest === null) return { held: false, why: 'never given' };
  if (!latest.granted) return { held: false, why: 'withdrawn' };
  if (!(latest.actedAt <= now)) return { held: false, why: 'dated in the future' };
  const until = endOf(latest, rules);
  if (until !== null && !(now < until)) return { held: false, why: 'expired' };
  return { held: true, since: latest.actedAt, until };
}

function isLater(a: BasisRecord, b: BasisRecord): boolean {
  const difference = a.actedAt.getTime() - b.actedAt.getTime();
  if (difference !== 0) return difference > 0;
  return a.granted === b.granted ? a.id > b.id : !a.granted;
}

function endOf({ basis, actedAt, expiresAt }: BasisRecord, rules: ConsentRules): Date | null {
  if (basis !== 'consent') return expiresAt;
  const validUntil = actedAt.getTime() + rules.consentValidityDays * DAY_MS;
  return new Date(Math.min(validUntil, expiresAt?.getTime() ?? Number.POSITIVE_INFINITY));
}
