import type { LegEnd } from '../../events.ts';
import type { HeaderReader } from './esl-event.ts';
import { unansweredOutcomeFor } from './hangup-causes.ts';

/** What the leg itself saw before its end. */
export interface LegHistory {
  rang: boolean;
  answered: boolean;
}

/** The switch can no longer be asked, or no longer has the channel and nobody heard why. */
export const LINK_LOST = 'LINK_LOST';
/** The switch did not take the order to dial. */
export const ORIGINATE_REFUSED = 'ORIGINATE_REFUSED';

const NEVER = '0';
/** Refusals that a person or their device gives; the others come from the network. */
const GIVEN_BY_CALLEE = new Set([486, 600, 603, 607, 608]);

/** From the headers of CHANNEL_HANGUP_COMPLETE or CHANNEL_DESTROY; null when they name no cause. */
export function endFromChannel(header: HeaderReader, history: LegHistory): LegEnd | null {
  const hangupCause = header('Hangup-Cause');
  if (hangupCause === null) return null;
  const sipStatus = sipStatusOf(header);
  return endOf({
    hangupCause,
    sipStatus,
    answered: history.answered || happened(header('Caller-Channel-Answered-Time')),
    rang:
      history.rang ||
      happened(header('Caller-Channel-Progress-Time')) ||
      happened(header('Caller-Channel-Progress-Media-Time')),
    endedBy: endedByOf(header('variable_sip_hangup_disposition'), sipStatus),
  });
}

/** An end of which only the cause is known. */
export function endFromCause(hangupCause: string, history: LegHistory, endedBy: LegEnd['endedBy']): LegEnd {
  return endOf({ hangupCause, sipStatus: null, endedBy, ...history });
}

/** The cause in a failed originate's result; null when it names none. */
export function causeOfJob(result: string): string | null {
  return /^-ERR ([A-Z][A-Z0-9_]*)\s*$/.exec(result)?.[1] ?? null;
}

/** Times of a channel are microseconds, `0` for never. */
export function happened(time: string | null): boolean {
  return time !== null && time !== '' && time !== NEVER;
}

function endOf(facts: Omit<LegEnd, 'unanswered'>): LegEnd {
  return { ...facts, unanswered: facts.answered ? null : unansweredOutcomeFor(facts) };
}

function sipStatusOf(header: HeaderReader): number | null {
  const status = Number(header('variable_sip_term_status') ?? Number.NaN);
  return Number.isInteger(status) && status >= 100 && status <= 699 ? status : null;
}

function endedByOf(disposition: string | null, sipStatus: number | null): LegEnd['endedBy'] {
  switch (disposition) {
    case 'recv_bye':
    case 'recv_cancel':
      return 'callee';
    case 'send_bye':
    case 'send_cancel':
    case 'send_refuse':
      return 'us';
    case 'recv_refuse':
      return sipStatus !== null && GIVEN_BY_CALLEE.has(sipStatus) ? 'callee' : 'network';
    default:
      return null;
  }
}
