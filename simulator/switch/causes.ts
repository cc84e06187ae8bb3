/** Q.850 numbers of the cause names that may be given to `uuid_kill` or that a call may end with. */
const Q850: Record<string, number> = {
  NONE: 0, UNALLOCATED_NUMBER: 1, NO_ROUTE_TRANSIT_NET: 2, NO_ROUTE_DESTINATION: 3, CHANNEL_UNACCEPTABLE: 6,
  NORMAL_CLEARING: 16, USER_BUSY: 17, NO_USER_RESPONSE: 18, NO_ANSWER: 19, SUBSCRIBER_ABSENT: 20, CALL_REJECTED: 21,
  NUMBER_CHANGED: 22, EXCHANGE_ROUTING_ERROR: 25, DESTINATION_OUT_OF_ORDER: 27, INVALID_NUMBER_FORMAT: 28,
  NORMAL_UNSPECIFIED: 31, NORMAL_CIRCUIT_CONGESTION: 34, NETWORK_OUT_OF_ORDER: 38, NORMAL_TEMPORARY_FAILURE: 41,
  SWITCH_CONGESTION: 42, REQUESTED_CHAN_UNAVAIL: 44, FACILITY_NOT_SUBSCRIBED: 50, OUTGOING_CALL_BARRED: 52,
  INCOMING_CALL_BARRED: 54, SERVICE_UNAVAILABLE: 63, SERVICE_NOT_IMPLEMENTED: 79, INCOMPATIBLE_DESTINATION: 88,
  MANDATORY_IE_MISSING: 96, RECOVERY_ON_TIMER_EXPIRE: 102, INTERWORKING: 127,
  // Names of FreeSWITCH's own, which it reports with an ordinary Q.850 number (SYSTEM_SHUTDOWN as captured).
  ORIGINATOR_CANCEL: 16, SYSTEM_SHUTDOWN: 16, MANAGER_REQUEST: 16, ALLOTTED_TIMEOUT: 16, MEDIA_TIMEOUT: 16,
}; // prettier-ignore

/** The name itself when it is one, otherwise NORMAL_CLEARING, as `uuid_kill` does. */
export function causeNamed(name: string | undefined): string {
  const upper = name?.toUpperCase() ?? '';
  return upper in Q850 ? upper : 'NORMAL_CLEARING';
}

export function q850Of(cause: string): number {
  return Q850[cause] ?? 16;
}

const REFUSALS: Record<number, { cause: string; phrase: string }> = {
  403: { cause: 'CALL_REJECTED', phrase: 'Forbidden' },
  404: { cause: 'UNALLOCATED_NUMBER', phrase: 'Not Found' },
  408: { cause: 'RECOVERY_ON_TIMER_EXPIRE', phrase: 'Request Timeout' },
  410: { cause: 'NUMBER_CHANGED', phrase: 'Gone' },
  480: { cause: 'NO_USER_RESPONSE', phrase: 'Temporarily Unavailable' },
  484: { cause: 'INVALID_NUMBER_FORMAT', phrase: 'Address Incomplete' },
  486: { cause: 'USER_BUSY', phrase: 'Busy Here' },
  488: { cause: 'INCOMPATIBLE_DESTINATION', phrase: 'Not Acceptable Here' },
  500: { cause: 'NORMAL_TEMPORARY_FAILURE', phrase: 'Server Internal Error' },
  503: { cause: 'NORMAL_TEMPORARY_FAILURE', phrase: 'Service Unavailable' },
  603: { cause: 'CALL_REJECTED', phrase: 'Decline' },
};

/** What a far end's SIP refusal becomes; a Reason header with a Q.850 number decides before the status. */
export function refusalCause(
  sipStatus: number,
  q850Reason: number | null,
): { cause: string; phrase: string } {
  const refusal = REFUSALS[sipStatus] ?? { cause: 'NORMAL_UNSPECIFIED', phrase: 'Refused' };
  const byReason =
    q850Reason === null ? undefined : Object.keys(Q850).find((name) => Q850[name] === q850Reason);
  return byReason === undefined ? refusal : { ...refusal, cause: byReason };
}
