import { IANAZone } from 'luxon';
import { forbiddenNumberReason } from '../phone/callable-number.ts';
import { isReservedForFiction } from '../phone/numbering-plan.ts';
import { timeZoneOfNumber } from '../phone/time-zone.ts';
import { reason } from '../reasons.ts';
import { CAMPAIGN_BASES, type CampaignBasis } from './basis.ts';
import { callerIdProblem, type CallerIdFacts } from './caller-id.ts';
import { closedBecause, nextOpeningFor, type CallingWindow } from './calling-window.ts';
import { recordsNeeded, REFUSED_WITHOUT, type Standing } from './consent.ts';

/** Why a person is not called now. */
type RefusalReason =
  | 'forbidden_number'
  /** Asked not to be called again. */
  | 'opposed'
  /** The campaign calls on consent, and there is none, none any more, or none yet. */
  | 'no_consent'
  | 'no_contract'
  | 'not_professional'
  /** This campaign has tried often enough. */
  | 'attempts_exhausted'
  /** The number that would be shown is not the operator's, or may not be shown by automated systems. */
  | 'caller_id_not_allowed'
  /** The person said no a short while ago, in whatever campaign. */
  | 'refused_recently'
  /** Tried too often within 30 days, over all campaigns. */
  | 'attempts_per_30_days'
  | 'holiday'
  | 'outside_hours'
  /** The number does not tell where its owner lives, nor does the contact. */
  | 'time_zone_unknown'
  /** A call to try the system, to somebody who has not agreed to such calls. */
  | 'not_a_test_number'
  /** A fact is missing or makes no sense; nobody is called on a guess. */
  | 'facts_unusable';

/** The right to dial one number now, showing one caller ID. Only the gate makes one. */
class Clearance {
  /** Nothing that merely looks like a clearance is one. */
  protected readonly isFromGate = true;

  constructor(
    /** E.164 with leading `+`. */
    readonly phone: string,
    /** E.164; null for the gateway's own. */
    readonly callerId: string | null,
  ) {}
}

export type { Clearance };

type GateVerdict =
  | { allowed: true; clearance: Clearance }
  | {
      allowed: false;
      reason: RefusalReason;
      /** When to ask again, within the calling window; null: not in this campaign. */
      retryAt: Date | null;
      /** For the operator; names no person. */
      detail: string;
    };

/** Everything that is known about one person and one campaign at the moment of the question. */
export interface GateFacts {
  /** E.164 with leading `+`. */
  contactPhone: string;
  /** The contact's own IANA zone; null: taken from the number. */
  timeZone: string | null;
  /** On the opposition list. */
  opposed: boolean;
  /** Why the campaign may call people at all. */
  basis: CampaignBasis;
  standing: Standing;
  /** A running contract alone does not do: calls by machines need consent as well (CPCE L34-5). */
  contractRequiresConsent: boolean;
  callerId: CallerIdFacts;
  /** Calling codes without `+`. */
  allowedCountryCodes: readonly string[];
  window: CallingWindow;
  now: Date;
  /** The phone may ring this long: it must stop before the window shuts. */
  ringTimeoutMs: number;
  attempts: AttemptFacts;
  /**
   * Lets numbers reserved for fiction through at any hour, without consent, under any caller ID and however often they were
   * tried lately (demo and tests): nobody has them. Holds for no other number, and never for the opposition list nor the
   * campaign's own attempts.
   */
  exemptFictionNumbers: boolean;
  /**
   * For a call to try the system: the numbers of those who agreed to such calls, any number of times and whatever they answer.
   * Nobody else is called then; opposition, hours and caller ID are looked at all the same. Null for a campaign's call.
   */
  testNumbers: readonly string[] | null;
}

export interface AttemptFacts {
  /** Counted attempts of this campaign at this person. */
  countedInCampaign: number;
  maxInCampaign: number;
  /** Start of every counted attempt at this person over all campaigns, at least of the last 30 days; in any order. */
  recentAt: readonly Date[];
  maxPer30Days: number;
  lastRefusalAt: Date | null;
  /** How long a refusal is respected. */
  refusalPauseDays: number;
}

const DAY_MS = 86_400_000;
const ROLLING_DAYS = 30;
/** What the operator can mend is looked at again after this. */
const OPERATOR_RECHECK_MS = 10 * 60_000;

interface Obstacle {
  reason: RefusalReason;
  detail: string;
  /** From when on it is gone; null: never. */
  until: Date | null;
}

/**
 * May this person be called now? Asked when a job is made and again right before dialling. Pure; fails closed: what is
 * missing, contradictory or not understood is a no.
 */
export function mayCall(facts: GateFacts): GateVerdict {
  const unusable = unusableFact(facts);
  if (unusable !== null) return refuse({ reason: 'facts_unusable', detail: unusable, until: null }, null);
  const lasting = lastingObstacle(facts);
  if (lasting !== null) return refuse(lasting, null);
  if (facts.exemptFictionNumbers && isReservedForFiction(facts.contactPhone)) return allow(facts);
  const unfounded =
    facts.testNumbers === null ? withoutBasis(facts) : notATestNumber(facts, facts.testNumbers);
  if (unfounded !== null) return refuse(unfounded, null);
  return mendable(facts) ?? passing(facts);
}

/** What no waiting cures. */
function lastingObstacle({
  contactPhone,
  allowedCountryCodes,
  opposed,
  attempts,
}: GateFacts): Obstacle | null {
  const forbidden = forbiddenNumberReason(contactPhone, allowedCountryCodes);
  if (forbidden !== null) return { reason: 'forbidden_number', detail: forbidden, until: null };
  if (opposed) return { reason: 'opposed', detail: reason('opposed', {}), until: null };
  const { countedInCampaign, maxInCampaign } = attempts;
  if (countedInCampaign < maxInCampaign) return null;
  const detail = reason('campaign_attempts_made', { made: countedInCampaign, most: maxInCampaign });
  return { reason: 'attempts_exhausted', detail, until: null };
}

/** What the campaign claims of everybody must be true of this person. */
function withoutBasis(facts: GateFacts): Obstacle | null {
  for (const needed of recordsNeeded(facts.basis, facts)) {
    const standing = facts.standing[needed];
    if (!standing.held) return { reason: REFUSED_WITHOUT[needed], detail: standing.why, until: null };
  }
  return null;
}

function notATestNumber({ contactPhone }: GateFacts, testNumbers: readonly string[]): Obstacle | null {
  if (testNumbers.includes(contactPhone)) return null;
  return { reason: 'not_a_test_number', detail: reason('no_test_number', {}), until: null };
}

/** What the operator can put right: the contact waits for it. */
function mendable(facts: GateFacts): GateVerdict | null {
  const problem = callerIdProblem(facts.callerId);
  if (problem === null) return null;
  const retryAt = new Date(facts.now.getTime() + OPERATOR_RECHECK_MS);
  return refuse({ reason: 'caller_id_not_allowed', detail: problem, until: null }, retryAt);
}

/** What time cures: pauses between calls, then days and hours. */
function passing(facts: GateFacts): GateVerdict {
  const { window, now } = facts;
  const zone = facts.timeZone ?? timeZoneOfNumber(facts.contactPhone);
  if (zone === null && window.enabled && window.timeZone === 'contact') {
    const detail = reason('zone_unknown', {});
    return refuse({ reason: 'time_zone_unknown', detail, until: null }, null);
  }
  // Without a zone of their own, only the campaign's fixed zone or none at all is looked at.
  const contactZone = zone ?? 'UTC';
  const pauses =
    facts.testNumbers === null
      ? [afterRefusal(facts), afterAttempts(facts)].filter((pause) => pause !== null)
      : [];
  const [first] = pauses;
  if (first !== undefined) {
    const until = new Date(Math.max(...pauses.map((pause) => pause.until.getTime())));
    return refuse(first, nextOpeningFor(window, until, contactZone, facts.ringTimeoutMs));
  }
  const ringsUntil = new Date(now.getTime() + facts.ringTimeoutMs);
  const closed = closedBecause(window, now, contactZone) ?? closedBecause(window, ringsUntil, contactZone);
  if (closed === null) return allow(facts);
  const clock = window.timeZone === 'contact' ? contactZone : window.timeZone;
  const detail = reason('window_shut', { zone: clock });
  const retryAt = nextOpeningFor(window, now, contactZone, facts.ringTimeoutMs);
  return refuse({ reason: closed, detail, until: null }, retryAt);
}

function afterRefusal({ attempts, now }: GateFacts): (Obstacle & { until: Date }) | null {
  if (attempts.lastRefusalAt === null) return null;
  const until = new Date(attempts.lastRefusalAt.getTime() + attempts.refusalPauseDays * DAY_MS);
  if (until <= now) return null;
  const detail = reason('refused_within', { days: attempts.refusalPauseDays });
  return { reason: 'refused_recently', detail, until };
}

function afterAttempts({ attempts, now }: GateFacts): (Obstacle & { until: Date }) | null {
  const ends = attempts.recentAt
    .map((at) => at.getTime() + ROLLING_DAYS * DAY_MS)
    .filter((end) => end > now.getTime())
    .sort((a, b) => a - b);
  // When the one at this place has passed out of the 30 days, there is room for one more.
  const excess = ends.length - attempts.maxPer30Days;
  if (excess < 0) return null;
  const detail = reason('attempts_within', {
    made: ends.length,
    days: ROLLING_DAYS,
    most: attempts.maxPer30Days,
  });
  return { reason: 'attempts_per_30_days', detail, until: new Date(ends[excess] ?? Number.NaN) };
}

/** Leave to dial a number that nobody has, for trying the engine without a campaign; null for any other number. */
export function clearanceForFiction(number: string): Clearance | null {
  return isReservedForFiction(number) ? new Clearance(number, null) : null;
}

function allow({ contactPhone, callerId }: GateFacts): GateVerdict {
  return { allowed: true, clearance: new Clearance(contactPhone, callerId.shown) };
}

function refuse({ reason, detail }: Obstacle, retryAt: Date | null): GateVerdict {
  return { allowed: false, reason, retryAt, detail };
}

function unusableFact({ basis, now, timeZone, ringTimeoutMs, attempts }: GateFacts): string | null {
  const isCount = (value: number): boolean => Number.isInteger(value) && value >= 0;
  const isMoment = (date: Date): boolean => !Number.isNaN(date.getTime());
  if (!CAMPAIGN_BASES.includes(basis)) return 'the basis of the campaign is unknown';
  if (!isMoment(now)) return 'the present moment is no date';
  if (timeZone !== null && !IANAZone.isValidZone(timeZone))
    return `the contact's time zone ${timeZone} is unknown`;
  if (!(ringTimeoutMs >= 0)) return 'the ring timeout is no duration';
  if (!isCount(attempts.countedInCampaign)) return 'the number of attempts in this campaign is no count';
  if (!isCount(attempts.maxInCampaign)) return 'the most attempts per campaign is no count';
  if (!isCount(attempts.maxPer30Days) || attempts.maxPer30Days === 0) {
    return 'the most attempts per 30 days is no count of at least 1';
  }
  if (!(attempts.refusalPauseDays >= 0)) return 'the pause after a refusal is no duration';
  if (!attempts.recentAt.every(isMoment)) return 'the moment of an attempt is no date';
  if (attempts.lastRefusalAt !== null && !isMoment(attempts.lastRefusalAt))
    return 'the last refusal is no date';
  return null;
}
