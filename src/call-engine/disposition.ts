import type { LegEnd } from './events.ts';
import type { ScenarioEnding } from './scenario/machine.ts';

/** Why a call ended, as the session saw it first. */
export type EndReason =
  | 'scenario'
  | 'answering-machine'
  | 'hangup'
  | 'not-answered'
  | 'max-duration'
  | 'audio-lost'
  | 'link-lost'
  | 'cancelled'
  | 'internal-error';

export interface CallEnding {
  reason: EndReason;
  /** Where the scenario ended the call; null when something else did. */
  scenario: ScenarioEnding | null;
  leg: LegEnd;
}

export interface Disposition {
  /** Published result, e.g. `success`, `busy`, `hangup`. */
  result: string;
  /**
   * Whether this was an attempt to reach the person. False only when the fault was ours or the network's and nobody's
   * phone rang: such an attempt is made again without being counted.
   */
  counted: boolean;
}

/** Turns the way a call ended into its result. The only place that decides it. */
export function dispositionFor(ending: CallEnding): Disposition {
  const { leg } = ending;
  const reachedPhone = leg.answered || leg.rang;
  switch (ending.reason) {
    case 'scenario': {
      // A prompt cannot be played on a leg that the callee has just left.
      const calleeLeft = ending.scenario?.reason === 'prompt-failed' && leg.endedBy === 'callee';
      return { result: calleeLeft ? 'hangup' : (ending.scenario?.result ?? 'failed'), counted: true };
    }
    case 'answering-machine':
      return { result: 'answering_machine', counted: true };
    case 'hangup':
      return { result: 'hangup', counted: true };
    case 'not-answered': {
      const result = leg.unanswered ?? 'failed';
      return { result, counted: reachedPhone || (result !== 'congestion' && result !== 'failed') };
    }
    case 'max-duration':
    case 'link-lost':
    case 'cancelled':
      return { result: 'interrupted', counted: reachedPhone };
    case 'audio-lost':
    case 'internal-error':
      return { result: 'failed', counted: reachedPhone };
  }
}
