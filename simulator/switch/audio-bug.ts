import { randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Header } from '../esl/events.ts';
import type { StreamRateHz } from '../media/clip.ts';
import { toL16 } from '../media/clip.ts';
import { StreamClient } from '../media/stream-client.ts';
import { LINE_RATE_HZ, resample } from '../media/wav.ts';

export type AudioModule = 'mod_audio_stream' | 'mod_audio_fork';
export type Mix = 'mono' | 'mixed' | 'stereo';

export interface AudioBugOptions {
  module: AudioModule;
  url: string;
  mix: Mix;
  rateHz: StreamRateHz;
  metadata: string | null;
  /** Milliseconds of audio per frame: STREAM_BUFFER_SIZE, a multiple of 20. */
  bufferMs: number;
  headers: Record<string, string>;
}

interface AudioBugHost {
  /** Raises a channel event, CUSTOM when `subclass` is given. */
  emit(name: string, leading: readonly Header[], custom?: { subclass: string; body: string }): void;
  /** The module dropped the stream by itself; it may be started again. */
  detached(): void;
  /** mod_audio_fork's killAudio. */
  breakPlayback(): void;
  recordConnected(): void;
}

/** One tick's sound of both sides. */
interface LineFrame {
  callee: (rateHz: StreamRateHz) => Buffer;
  calleeSamples: () => Int16Array;
  /** What is sent to the callee; null while nothing is. */
  sent: Int16Array | null;
}

/** The module says it is connected about one frame after it was told to start. */
const CONNECT_EVENT_MS = 20;

const FORK_EVENTS: Record<string, string> = {
  transcription: 'transcription',
  playAudio: 'play_audio',
  killAudio: 'kill_audio',
  transfer: 'transfer',
  error: 'error',
  json: 'json',
};

/** A media bug of one of the two WebSocket audio modules on one channel. */
export class AudioBug {
  readonly #options: AudioBugOptions;
  readonly #host: AudioBugHost;
  readonly #client: StreamClient;
  readonly #files: string[] = [];
  readonly #startedAtMs = performance.now();
  #pendingFrames: Buffer[] = [];
  #isPaused = false;
  #connectTimer: NodeJS.Timeout | null = null;

  constructor(options: AudioBugOptions, host: AudioBugHost) {
    this.#options = options;
    this.#host = host;
    const isFork = options.module === 'mod_audio_fork';
    this.#client = new StreamClient({
      url: options.url,
      subprotocol: isFork ? 'audio.drachtio.org' : null,
      headers: options.headers,
      metadata: options.metadata,
      metadataAfterFirstFrame: !isFork && Math.random() < 11 / 40,
      onOpen: () => this.#opened(),
      onText: (text) => this.#textReceived(text),
      onServerClosed: (code, reason) => this.#serverClosed(code, reason),
      onFailed: (failure) => this.#failed(failure.code, failure.error),
    });
    this.#host.emit('MEDIA_BUG_START', this.#bugHeaders());
  }

  get module(): AudioModule {
    return this.#options.module;
  }

  setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused;
  }

  sendText(text: string): void {
    this.#client.sendText(text);
  }

  /** Sends this tick's audio. Mixed and stereo need something being sent to the callee, or `fills` set. */
  tick(line: LineFrame, fillsSilence: boolean): void {
    if (this.#isPaused || !this.#client.isOpen) return;
    const { mix } = this.#options;
    if (mix !== 'mono' && line.sent === null && !fillsSilence) return;
    const frame = this.#frame(line);
    const framesPerBundle = this.#options.bufferMs / 20;
    if (framesPerBundle === 1) {
      this.#client.sendAudio(frame);
      return;
    }
    this.#pendingFrames.push(frame);
    if (this.#pendingFrames.length < framesPerBundle) return;
    this.#client.sendAudio(Buffer.concat(this.#pendingFrames));
    this.#pendingFrames = [];
  }

  /** `stop [text]` and the hangup: resolves once the server has taken note, at most 1 s later. */
  async stop(options: { text: string | null }): Promise<void> {
    if (options.text !== null) this.#client.sendText(options.text);
    await this.#client.close(this.module === 'mod_audio_fork' ? '' : 'Normal closure');
    this.#release();
    this.#host.emit('MEDIA_BUG_STOP', this.#bugHeaders());
  }

  /** The whole switch dies. */
  destroy(): void {
    this.#client.destroy();
    this.#release();
  }

  #frame(line: LineFrame): Buffer {
    const { mix, rateHz } = this.#options;
    if (mix === 'mono') return line.callee(rateHz);
    const callee = resample(line.calleeSamples(), LINE_RATE_HZ, rateHz);
    const sent =
      line.sent === null ? new Int16Array(callee.length) : resample(line.sent, LINE_RATE_HZ, rateHz);
    if (mix === 'mixed') {
      return toL16(
        callee.map((sample, index) => Math.max(-32768, Math.min(32767, sample + (sent[index] ?? 0)))),
      );
    }
    const both = new Int16Array(callee.length * 2);
    for (let index = 0; index < callee.length; index++) {
      both[index * 2] = callee[index] ?? 0;
      both[index * 2 + 1] = sent[index] ?? 0;
    }
    return toL16(both);
  }

  #opened(): void {
    this.#host.recordConnected();
    const waitMs = Math.max(0, CONNECT_EVENT_MS - (performance.now() - this.#startedAtMs));
    this.#connectTimer = setTimeout(() => this.#custom('connect', { status: 'connected' }), waitMs);
  }

  #serverClosed(code: number, reason: string): void {
    // A close frame without a code is reported as 1000. The bug stays attached: the next start is refused until stop.
    this.#custom('disconnect', {
      status: 'disconnected',
      message: { code: code === 1005 ? 1000 : code, reason },
    });
  }

  #failed(code: number, error: string): void {
    if (this.module === 'mod_audio_fork') {
      this.#emitCustom(
        code === 1 ? 'disconnect' : 'connect_failed',
        code === 1 ? '' : '{"reason":"Unable to connect"}',
      );
      return;
    }
    this.#custom('error', { status: 'error', message: { code, error } });
    this.#release();
    this.#host.detached();
    this.#host.emit('MEDIA_BUG_STOP', this.#bugHeaders());
  }

  /** The fork's own lifecycle events carry no body. */
  #custom(event: string, body: unknown): void {
    this.#emitCustom(event, this.module === 'mod_audio_fork' ? '' : JSON.stringify(body));
  }

  #emitCustom(event: string, body: string): void {
    this.#host.emit('CUSTOM', [], { subclass: `${this.module}::${event}`, body });
  }

  #textReceived(text: string): void {
    const message = parseMessage(text);
    if (this.module === 'mod_audio_fork') this.#forkMessage(message);
    else this.#streamMessage(text, message);
  }

  #streamMessage(text: string, message: ServerMessage | null): void {
    const { audioDataType, sampleRate, audioData } = message?.data ?? {};
    const isPlayable =
      message?.type === 'streamAudio' && typeof audioData === 'string' && Number(sampleRate) % 8000 === 0;
    if (!isPlayable) {
      this.#emitCustom('json', text);
      return;
    }
    const file = this.#saveAudio(audioData, Number(sampleRate));
    this.#emitCustom('play', JSON.stringify({ audioDataType, sampleRate, file }));
  }

  #forkMessage(message: ServerMessage | null): void {
    const event = message === null ? undefined : FORK_EVENTS[message.type];
    if (message === null || event === undefined) return;
    const { audioContent, ...data } = message.data ?? {};
    if (event === 'kill_audio') this.#host.breakPlayback();
    if (event !== 'play_audio') {
      this.#emitCustom(event, message.data === undefined ? '' : JSON.stringify(data));
    } else if (typeof audioContent === 'string') {
      const file = this.#saveAudio(audioContent, Number(data['sampleRate']));
      this.#emitCustom(event, JSON.stringify({ ...data, file }));
    }
  }

  #saveAudio(base64: string, sampleRate: number): string {
    const file = join(
      tmpdir(),
      `${randomUUID()}_${this.#files.length}.tmp.r${sampleRate === 16000 ? '16' : '8'}`,
    );
    writeFileSync(file, Buffer.from(base64, 'base64'));
    this.#files.push(file);
    return file;
  }

  #bugHeaders(): Header[] {
    return [
      ['Media-Bug-Function', this.module.slice('mod_'.length)],
      ['Media-Bug-Target', 'N/A'],
    ];
  }

  #release(): void {
    if (this.#connectTimer !== null) clearTimeout(this.#connectTimer);
    for (const file of this.#files.splice(0)) rmSync(file, { force: true });
  }
}

interface ServerMessage {
  type: string;
  data?: Record<string, unknown>;
}

function parseMessage(text: string): ServerMessage | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // Text that is not JSON is passed on (stream) or ignored (fork).
    return null;
  }
  if (!isObject(parsed) || typeof parsed['type'] !== 'string') return null;
  return { type: parsed['type'], ...(isObject(parsed['data']) ? { data: parsed['data'] } : {}) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
