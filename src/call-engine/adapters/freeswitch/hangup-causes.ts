import type { UnansweredOutcome } from '../../events.ts';

/** FreeSWITCH cause names of calls that were never answered. Source: `switch_channel.c`, `sofia_glue.c` (1.10). */
const OUTCOME_BY_CAUSE: Readonly<Record<string, UnansweredOutcome>> = {
  NO_ANSWER: 'no_answer',
  NO_USER_RESPONSE: 'no_answer',
  SUBSCRIBER_ABSENT: 'no_answer',
  ALLOTTED_TIMEOUT: 'no_answer',
  NO_PICKUP: 'no_answer',
  ORIGINATOR_CANCEL: 'no_answer',
  USER_BUSY: 'busy',
  BUSY_EVERYWHERE: 'busy',
  DECLINE: 'rejected',
  UNWANTED: 'rejected',
  REJECT_ALL: 'rejected',
  INCOMING_CALL_BARRED: 'rejected',
  UNALLOCATED_NUMBER: 'invalid_number',
  NO_ROUTE_TRANSIT_NET: 'invalid_number',
  NO_ROUTE_DESTINATION: 'invalid_number',
  NUMBER_CHANGED: 'invalid_number',
  INVALID_NUMBER_FORMAT: 'invalid_number',
  DOES_NOT_EXIST_ANYWHERE: 'invalid_number',
  INVALID_URL: 'invalid_number',
  NORMAL_CIRCUIT_CONGESTION: 'congestion',
  SWITCH_CONGESTION: 'congestion',
  NORMAL_TEMPORARY_FAILURE: 'congestion',
  NETWORK_OUT_OF_ORDER: 'congestion',
  REQUESTED_CHAN_UNAVAIL: 'congestion',
  GATEWAY_DOWN: 'congestion',
  RECOVERY_ON_TIMER_EXPIRE: 'timeout',
  PROGRESS_TIMEOUT: 'timeout',
  MEDIA_TIMEOUT: 'timeout',
};

/** SIP statuses of CALL_REJECTED that come from the person or their device; 401, 402, 403 and 407 are the trunk's. */
const REJECTED_BY_CALLEE = new Set([603, 607, 608]);

/**
 * What an unanswered call's cause means. NO_ANSWER without any ringing is a gateway that never replied
 * (`timeout`): the two look alike but for the missing CHANNEL_PROGRESS.
 */
export function unansweredOutcomeFor(facts: {
  hangupCause: string;
  sipStatus: number | null;
  rang: boolean;
}): UnansweredOutcome {
  if (facts.hangupCause === 'CALL_REJECTED') {
    return facts.sipStatus !== null && REJECTED_BY_CALLEE.has(facts.sipStatus) ? 'rejected' : 'failed';
  }
  if (facts.hangupCause === 'NO_ANSWER' && !facts.rang) return 'timeout';
  return OUTCOME_BY_CAUSE[facts.hangupCause] ?? 'failed';
}
