import type { CallLegEvent, PlaybackOutcome } from '../../src/call-engine/events.ts';
import type { CallLeg, OriginateRequest, Telephony } from '../../src/call-engine/ports.ts';
import { FRAME_MS, FRAME_SAMPLES, RATE_HZ, type Sound } from './sounds.ts';

/** From an order to what it does, as with a switch on the same network: the way there and the frame that is under way. */
const ORDER_MS = 40;

export interface PlaybackRecord {
  audioPath: string;
  orderedAtMs: number;
  startedAtMs: number | null;
  /** When it fell silent and went on, with its position. */
  pauses: {
    atMs: number;
    positionMs: number;
    resumedAtMs: number | null;
    resumedPositionMs: number | null;
  }[];
  finished: { atMs: number; outcome: PlaybackOutcome; positionMs: number } | null;
}

interface Playback {
  id: string;
  record: PlaybackRecord;
  sound: Sound;
  position: number;
  isPaused: boolean;
}

/**
 * A switch with one answered call whose clock is the audio: `advance` plays 20 ms. Every order takes `ORDER_MS` to be
 * carried out.
 */
export class ScriptedSwitch implements Pick<Telephony, 'originate'> {
  readonly playbacks: PlaybackRecord[] = [];
  nowMs = 0;
  hasEnded = false;
  private readonly due: { atMs: number; act: () => void }[] = [];
  private playing: Playback | null = null;
  private request: OriginateRequest | null = null;

  constructor(private readonly soundOf: (audioPath: string) => Sound) {}

  originate(request: OriginateRequest): CallLeg {
    this.request = request;
    return {
      channelUuid: request.channelUuid,
      startAudio: () => this.tell({ type: 'audio-started', sampleRateHz: RATE_HZ }),
      play: ({ playbackId, audioPath }) => this.play(playbackId, audioPath),
      pausePlayback: (id) => this.order(id, (playback) => this.pause(playback)),
      resumePlayback: (id) => this.order(id, (playback) => this.resume(playback)),
      stopPlayback: (id) => this.order(id, (playback) => this.finish(playback, 'stopped')),
      startRecording: () => undefined,
      hangUp: () => this.end(),
      close: () => {
        this.end();
        return Promise.resolve();
      },
    };
  }

  answer(): void {
    this.tell({ type: 'leg-answered' });
  }

  /** Plays 20 ms; returns what the callee is given to hear, and says where the prompt stands afterwards. */
  advance(): Sound {
    this.nowMs += FRAME_MS;
    const heard = new Float32Array(FRAME_SAMPLES);
    const { playing } = this;
    if (playing !== null && !playing.isPaused) {
      heard.set(playing.sound.subarray(playing.position, playing.position + FRAME_SAMPLES));
      playing.position += FRAME_SAMPLES;
      if (playing.position >= playing.sound.length) this.finish(playing, 'completed');
    }
    while (this.due[0] !== undefined && this.due[0].atMs <= this.nowMs) this.due.shift()?.act();
    return heard;
  }

  /** The callee's side of the same 20 ms. */
  hear(samples: Int16Array): void {
    this.tell({ type: 'audio-frame', samples });
  }

  /** How much of the prompt that plays, or stands still, was heard; null when there is none. */
  get promptPositionMs(): number | null {
    return this.playing === null ? null : (this.playing.position * 1000) / RATE_HZ;
  }

  private play(id: string, audioPath: string): void {
    const record: PlaybackRecord = {
      audioPath,
      orderedAtMs: this.nowMs,
      startedAtMs: null,
      pauses: [],
      finished: null,
    };
    this.playbacks.push(record);
    this.later(() => {
      record.startedAtMs = this.nowMs;
      this.playing = { id, record, sound: this.soundOf(audioPath), position: 0, isPaused: false };
      this.tell({ type: 'playback-started', playbackId: id });
    });
  }

  private order(id: string, act: (playback: Playback) => void): void {
    this.later(() => {
      if (this.playing?.id === id) act(this.playing);
    });
  }

  private pause(playback: Playback): void {
    playback.isPaused = true;
    playback.record.pauses.push({
      atMs: this.nowMs,
      positionMs: (playback.position * 1000) / RATE_HZ,
      resumedAtMs: null,
      resumedPositionMs: null,
    });
    this.tell({ type: 'playback-paused', playbackId: playback.id });
  }

  private resume(playback: Playback): void {
    playback.isPaused = false;
    const pause = playback.record.pauses.at(-1);
    if (pause !== undefined) {
      pause.resumedAtMs = this.nowMs;
      pause.resumedPositionMs = (playback.position * 1000) / RATE_HZ;
    }
    this.tell({ type: 'playback-resumed', playbackId: playback.id });
  }

  private finish(playback: Playback, outcome: PlaybackOutcome): void {
    const positionMs = (playback.position * 1000) / RATE_HZ;
    playback.record.finished = { atMs: this.nowMs, outcome, positionMs };
    this.playing = null;
    this.tell({ type: 'playback-finished', playbackId: playback.id, outcome, playedMs: positionMs });
  }

  private end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.tell({
      type: 'leg-ended',
      hangupCause: 'NORMAL_CLEARING',
      sipStatus: 200,
      unanswered: null,
      rang: true,
      answered: true,
      endedBy: 'us',
    });
  }

  private later(act: () => void): void {
    this.due.push({ atMs: this.nowMs + ORDER_MS, act });
  }

  private tell(happening: Happening): void {
    this.request?.onEvent({ ...happening, atMs: this.nowMs });
  }
}

type Happening = CallLegEvent extends infer Event
  ? Event extends CallLegEvent
    ? Omit<Event, 'atMs'>
    : never
  : never;
