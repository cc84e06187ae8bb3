import { setImmediate as nextTurnOfTheLoop } from 'node:timers/promises';
import { levelDbfs } from '../call-engine/audio/level.ts';
import type { VoiceActivityDetector } from '../call-engine/ports.ts';
import type { TurnEnd } from '../call-engine/turn/endpointing.ts';
import type { ExpectedAnswer } from '../call-engine/turn/expected-answer.ts';
import { Listener, type HeardTurn, type ListenerOptions } from '../call-engine/turn/listener.ts';
import type { SettlingRecognizer, SettlingStream } from './settling-recognizer.ts';
import { framesOf, type Sound } from './sound-file.ts';

/** One frame as the listener took it. */
export interface FrameHeard {
  levelDbfs: number;
  /** Level of the line's noise then. */
  floorDbfs: number;
  /** Speech, said the detector, and it stood out from the noise. */
  isVoiced: boolean;
}

/** A stretch of speech without a longer pause. Times are audio milliseconds. */
export interface Utterance {
  startMs: number;
  endMs: number;
  levelDbfs: number;
}

/** What somebody said until they were done. Times are audio milliseconds. */
export interface TurnHeard {
  number: number;
  startMs: number;
  endMs: number;
  /** When it was decided that it was over. */
  decidedMs: number;
  endedBy: TurnEnd;
  text: string;
  confidence: number;
}

export interface Heard {
  frameMs: number;
  frames: FrameHeard[];
  utterances: Utterance[];
  turns: TurnHeard[];
}

/** Decoding may take what it takes: time is the audio's. */
const UNHURRIED_MS = 600_000;

/**
 * Hears a sound with the listener of calls, then silence until the last turn is over. A frame is given when everything that
 * the one before set off has been dealt with, so that words are known when they would be on a machine that keeps up.
 */
export async function hearTurns(
  deps: { vad: VoiceActivityDetector; recognizer: SettlingRecognizer; options: ListenerOptions },
  sound: Sound,
  options: { expected: ExpectedAnswer; signal: AbortSignal; onProgress?: (heardMs: number) => void },
): Promise<Heard> {
  const { signal, expected, onProgress } = options;
  const { frameMs } = deps.options.speech;
  const streams: SettlingStream[] = [];
  const failures: Error[] = [];
  let heardMs = 0;
  const listener = new Listener(
    {
      vad: deps.vad,
      recognizer: {
        open: (streamOptions) => {
          const stream = deps.recognizer.open(streamOptions);
          streams.push(stream);
          return stream;
        },
        close: () => Promise.resolve(),
      },
      sampleRateHz: sound.sampleRateHz,
      nowMs: () => heardMs,
      onError: (error) => failures.push(error),
    },
    { ...deps.options, transcriptDeadlineMs: UNHURRIED_MS },
  );
  listener.expectAnswer(expected);
  const frames: FrameHeard[] = [];
  const utterances = new UtteranceLog(listener);
  const turns: HeardTurn[] = [];
  const { maxSilenceMs } = deps.options.endpointing;
  const soundFrames = Math.ceil(sound.durationMs / frameMs);
  try {
    for (const frame of framesOf(sound, maxSilenceMs + deps.options.speech.startWindowMs + frameMs)) {
      signal.throwIfAborted();
      if (frames.length >= soundFrames && !listener.isInTurn) break;
      heardMs += frameMs;
      const turn = listener.hear(frame, heardMs);
      frames.push({
        levelDbfs: levelDbfs(frame),
        floorDbfs: listener.noiseFloorDbfs,
        isVoiced: listener.isVoiced,
      });
      if (turn !== null) turns.push(turn);
      utterances.look();
      for (const stream of streams) await stream.settled();
      await nextTurnOfTheLoop();
      if (failures[0] !== undefined) throw failures[0];
      onProgress?.(heardMs);
    }
    return { frameMs, frames, utterances: utterances.all, turns: await Promise.all(turns.map(described)) };
  } finally {
    await listener.close();
  }
}

async function described(turn: HeardTurn): Promise<TurnHeard> {
  const { text, confidence } = await turn.transcript;
  return {
    number: turn.number,
    startMs: turn.speechStartedAtMs,
    endMs: turn.speechEndedAtMs,
    decidedMs: turn.turnEndedAtMs,
    endedBy: turn.endedBy,
    text,
    confidence,
  };
}

/** Notes the speech segments of a listener, looked at after each frame. */
class UtteranceLog {
  readonly all: Utterance[] = [];
  private isOpen = false;

  constructor(private readonly listener: Listener) {}

  look(): void {
    const { isSpeaking, lastVoicedMs, speechMs, speechLevelDbfs } = this.listener;
    const now: Utterance = {
      startMs: lastVoicedMs - speechMs,
      endMs: lastVoicedMs,
      levelDbfs: speechLevelDbfs,
    };
    if (isSpeaking && !this.isOpen) this.all.push(now);
    else if (isSpeaking || this.isOpen) this.all[this.all.length - 1] = now;
    this.isOpen = isSpeaking;
  }
}
