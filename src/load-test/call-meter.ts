import type { CallLegEvent } from '../call-engine/events.ts';
import type { SpeechRecognizer, Telephony } from '../call-engine/ports.ts';
import { MinibotError } from '../errors.ts';

const FRAME_MS = 20;
/** A stream's last frame may be this late without one being missing. */
const JITTER_MS = 100;

/** What went through the ports while calls were made. */
export interface CallCounts {
  /** Answered calls at once, at most. */
  peakCalls: number;
  frames: number;
  /** Frames that a call's stream was short of, given how long it went on. */
  missingFrames: number;
  /** Longest time between two frames of one call. */
  largestGapMs: number;
  /** Utterances of which the recogniser dropped audio because it fell behind. */
  overloadedUtterances: number;
  /** Other failures of the recogniser. */
  recognitionFaults: number;
  /** Commands that the switch refused. */
  refusedCommands: number;
}

interface Stream {
  firstAtMs: number;
  lastAtMs: number;
  frames: number;
}

/** Counts at the ports, between the session and the adapters: neither knows of it. */
export class CallMeter {
  private counts = noCounts();
  private answered = new Set<string>();
  private streams = new Map<string, Stream>();

  /** What was counted since the last time; counting starts anew. */
  take(): CallCounts {
    const { counts } = this;
    this.counts = noCounts();
    return counts;
  }

  watchTelephony(telephony: Telephony): Telephony {
    return {
      originate: (request) =>
        telephony.originate({
          ...request,
          onEvent: (event) => {
            this.note(request.channelUuid, event);
            request.onEvent(event);
          },
        }),
      listChannels: () => telephony.listChannels(),
      channelExists: (channelUuid) => telephony.channelExists(channelUuid),
      hangUpChannel: (channelUuid) => telephony.hangUpChannel(channelUuid),
      ready: (options) => telephony.ready(options),
      isReady: () => telephony.isReady(),
      probeAudio: () => telephony.probeAudio(),
      close: () => telephony.close(),
    };
  }

  watchRecognizer(recognizer: SpeechRecognizer): SpeechRecognizer {
    return {
      open: (options) =>
        recognizer.open({
          ...options,
          onError: (error) => {
            if (error instanceof MinibotError && error.code === 'ASR_OVERLOADED')
              this.counts.overloadedUtterances += 1;
            else this.counts.recognitionFaults += 1;
            options.onError(error);
          },
        }),
      close: () => recognizer.close(),
    };
  }

  private note(callId: string, event: CallLegEvent): void {
    switch (event.type) {
      case 'audio-frame':
        this.noteFrame(callId, event.atMs);
        return;
      case 'leg-answered':
        this.answered.add(callId);
        this.counts.peakCalls = Math.max(this.counts.peakCalls, this.answered.size);
        return;
      case 'command-failed':
        this.counts.refusedCommands += 1;
        return;
      case 'leg-ended':
        this.answered.delete(callId);
        this.noteStreamEnd(callId);
        return;
      default:
        return;
    }
  }

  private noteFrame(callId: string, atMs: number): void {
    this.counts.frames += 1;
    const stream = this.streams.get(callId);
    if (stream === undefined) {
      this.streams.set(callId, { firstAtMs: atMs, lastAtMs: atMs, frames: 1 });
      return;
    }
    this.counts.largestGapMs = Math.max(this.counts.largestGapMs, Math.round(atMs - stream.lastAtMs));
    stream.lastAtMs = atMs;
    stream.frames += 1;
  }

  private noteStreamEnd(callId: string): void {
    const stream = this.streams.get(callId);
    if (stream === undefined) return;
    this.streams.delete(callId);
    const expected = Math.floor((stream.lastAtMs - stream.firstAtMs - JITTER_MS) / FRAME_MS) + 1;
    this.counts.missingFrames += Math.max(0, expected - stream.frames);
  }
}

function noCounts(): CallCounts {
  return {
    peakCalls: 0,
    frames: 0,
    missingFrames: 0,
    largestGapMs: 0,
    overloadedUtterances: 0,
    recognitionFaults: 0,
    refusedCommands: 0,
  };
}
