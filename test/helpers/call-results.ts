import type { CallResult } from '../../src/call-engine/call-session.ts';

/** What a call comes to unless the test says otherwise. */
export const SUCCESS: CallResult = {
  result: 'success',
  endReason: 'scenario',
  counted: true,
  hangupCause: 'NORMAL_CLEARING',
  sipStatus: 200,
  answered: true,
  rang: true,
  amd: null,
  messageLeft: null,
  steps: ['hello'],
  turns: [],
  transcript: [],
  audioArrived: true,
  durationMs: 1000,
  optOut: false,
  disclosure: null,
  recordingPath: null,
};

export const BUSY: CallResult = {
  ...SUCCESS,
  result: 'busy',
  endReason: 'not-answered',
  hangupCause: 'USER_BUSY',
  sipStatus: 486,
  answered: false,
  audioArrived: null,
  durationMs: null,
};

/** The gateway took no call. */
export const REFUSED: CallResult = {
  ...BUSY,
  result: 'congestion',
  counted: false,
  hangupCause: 'GATEWAY_DOWN',
  sipStatus: null,
  rang: false,
};
