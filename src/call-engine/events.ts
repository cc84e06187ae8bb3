/**
 * What a call leg reports to the one session that owns it. Adapters translate their wire into these and never
 * touch session state. `atMs` is monotonic milliseconds (`performance.now()`) at which the adapter learnt of it.
 */
export type CallLegEvent =
  | { type: 'leg-created'; atMs: number }
  | { type: 'leg-ringing'; atMs: number }
  | { type: 'leg-answered'; atMs: number }
  | { type: 'audio-started'; atMs: number; sampleRateHz: number }
  /** One frame (20 ms unless the switch bundles) of the callee's voice, 16-bit mono. The receiver owns the array. */
  | { type: 'audio-frame'; atMs: number; samples: Int16Array }
  | { type: 'audio-lost'; atMs: number; reason: string }
  | { type: 'playback-started'; atMs: number; playbackId: string }
  | { type: 'playback-paused'; atMs: number; playbackId: string }
  | { type: 'playback-resumed'; atMs: number; playbackId: string }
  | {
      type: 'playback-finished';
      atMs: number;
      playbackId: string;
      /** `completed`: to its end. `stopped`: by our order. `hangup`: the leg ended first. `failed`: not playable. */
      outcome: PlaybackOutcome;
      /** How much of the file was sent, where the switch says so. */
      playedMs: number | null;
    }
  /** The switch writes the call into this file from now on. */
  | { type: 'recording-started'; atMs: number; path: string }
  /** The switch writes no file, or could not write all of it. */
  | { type: 'recording-failed'; atMs: number; problem: string }
  | { type: 'digit-received'; atMs: number; digit: string }
  | { type: 'command-failed'; atMs: number; command: string; detail: string }
  | ({ type: 'leg-ended'; atMs: number } & LegEnd);

export type PlaybackOutcome = 'completed' | 'stopped' | 'hangup' | 'failed';

/** How a leg ended, in the switch's words (`hangupCause`) and facts from which the disposition is decided. */
export interface LegEnd {
  /** FreeSWITCH/Q.850 cause name, e.g. `USER_BUSY`; `LINK_LOST` when the switch can no longer be asked. */
  hangupCause: string;
  sipStatus: number | null;
  /**
   * What the cause means for a call that was never answered; null when it was answered. Each adapter has its own
   * table (FreeSWITCH and Asterisk map the same SIP status differently).
   */
  unanswered: UnansweredOutcome | null;
  /** The callee was heard ringing (180/183), or may have been: the order to dial went out and nobody heard what came of it. */
  rang: boolean;
  answered: boolean;
  endedBy: 'callee' | 'us' | 'network' | null;
}

/** Why nobody answered. */
export type UnansweredOutcome =
  /** It rang out, or the handset is off. */
  | 'no_answer'
  | 'busy'
  | 'rejected'
  | 'invalid_number'
  /** The network had no circuit: nobody was disturbed. */
  | 'congestion'
  /** The gateway never answered: no ringing within the deadline. */
  | 'timeout'
  /** Our side or the trunk is at fault: switch down, gateway unknown, credit, policy. */
  | 'failed';
