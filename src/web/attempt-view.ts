import type { Call } from '../db/schema.ts';

/** One attempt as an operator sees it, in the HTTP interface and on the queue board. Times are ISO 8601 in JSON. */
export function attemptView(call: Call) {
  return {
    callId: call.id,
    attempt: call.attempt,
    status: call.status,
    startedAt: call.startedAt,
    answeredAt: call.answeredAt,
    endedAt: call.endedAt,
    worker: call.workerId,
    outcome: call.result,
    endReason: call.endReason,
    hangupCause: call.hangupCause,
    sipStatus: call.sipStatus,
    /** False: a fault of ours or the network's, made again. Null until it ended. */
    counted: call.counted,
    /** Answer to end; null when nobody answered. */
    durationMs: call.durationMs,
  };
}
