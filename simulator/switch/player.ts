import { randomUUID } from 'node:crypto';

import type { Header } from '../esl/events.ts';
import { FRAME_SAMPLES, LINE_RATE_HZ } from '../media/wav.ts';
import { parseVariables } from './words.ts';

/** The channel's thread looks at its orders once per frame: nothing is taken up sooner than this. */
const TAKE_UP_MS = 14;
/** uuid_broadcast lets five frames pass before its application starts. */
const LEAD_FRAMES = 5;
/** Playing reads this many samples ahead; `variable_playback_ms` counts them after a break. */
const READ_AHEAD_SAMPLES = 8192;

/** How the rest of the call sees prompts: what the callee hears, and what the record keeps. */
interface PromptListener {
  promptStarted(prompt: Prompt): void;
  /** A frame further; not called while paused. */
  promptAdvanced(prompt: Prompt): void;
  promptPaused(prompt: Prompt, isPaused: boolean): void;
  promptEnded(prompt: Prompt, outcome: 'done' | 'break' | 'hangup'): void;
}

export interface Prompt {
  /** As given in the command, with its `{…}` prefix. */
  argument: string;
  /** Without the prefix. */
  path: string;
  positionMs: number;
  durationMs: number;
}

interface Order {
  application: string;
  argument: string;
  /** Comes back as Application-UUID. */
  eventUuid: string | undefined;
  /** Whether later orders wait for this one; without it they run inside it. */
  isLocked: boolean;
  source: 'broadcast' | 'sendmsg' | 'originate';
}

interface QueuedOrder extends Order {
  atMs: number;
}

interface Playing {
  order: Order;
  applicationUuid: string;
  parameters: readonly Header[];
  samples: Int16Array;
  position: number;
  isPaused: boolean;
  /** `uuid_fileman stop`: silent, but it goes on holding the channel until a break or the hangup. */
  isHalted: boolean;
  breakAtMs: number | null;
  prompt: Prompt;
}

interface PlayerHost {
  /** Raises a channel event with these headers after the channel's own. */
  emit(name: string, trailing: readonly Header[]): void;
  setVariables(variables: Record<string, string | null>): void;
  load(path: string): Int16Array | null;
  /** Carries out an application other than playback. */
  run(application: string, argument: string): void;
  /** An originate's `&playback(…)` has come to its end. */
  originatedApplicationEnded(): void;
  listener: PromptListener;
}

/** The channel's queue of applications and the prompt that is playing; nothing happens but on `tick`. */
export class Player {
  readonly #host: PlayerHost;
  readonly #queue: QueuedOrder[] = [];
  readonly #stack: Playing[] = [];
  #leading: { order: Order; frames: number } | null = null;
  /** Frames to wait before the next queued order, after a break or an end. */
  #afterBreak = false;
  #lastResponse: string | null = null;

  constructor(host: PlayerHost) {
    this.#host = host;
  }

  /** Application-Response of the last playback: also what the closing park reports. */
  get lastResponse(): string {
    return this.#lastResponse ?? '_none_';
  }

  get isPlaying(): boolean {
    return this.#stack.length > 0;
  }

  enqueue(order: Order): void {
    this.#queue.push({ ...order, atMs: performance.now() });
  }

  /**
   * `uuid_break`: ends what is playing; with `all` also drops orders that were not taken up yet. An order in its lead
   * frames is not touched: the application clears the break when it starts.
   */
  break(all: boolean): void {
    if (all) this.#queue.length = 0;
    const current = this.#stack.at(-1);
    if (current !== undefined) current.breakAtMs ??= performance.now();
  }

  /** `uuid_fileman` verbs; returns false for one it does not know. */
  control(verb: string): boolean {
    const current = this.#stack.at(-1);
    const seek = /^seek:([+-]?)(\d+)$/.exec(verb);
    if (!/^(pause|stop|restart|seek:[+-]?\d+)$/.test(verb)) return false;
    if (current === undefined) return true;
    if (verb === 'pause') {
      current.isPaused = !current.isPaused;
      this.#host.listener.promptPaused(current.prompt, current.isPaused);
    }
    if (verb === 'stop') current.isHalted = true;
    if (verb === 'restart') current.position = 0;
    if (seek !== null) {
      const samples = (Number(seek[2]) * LINE_RATE_HZ) / 1000;
      const base = seek[1] === '' ? 0 : current.position;
      current.position = clamp(seek[1] === '-' ? base - samples : base + samples, current.samples.length);
    }
    return true;
  }

  /** One frame further. */
  tick(): void {
    const nowMs = performance.now();
    const current = this.#stack.at(-1);
    if (current !== undefined) this.#advance(current, nowMs);
    this.#takeUp(nowMs);
  }

  /** The frame being sent to the callee, 8 kHz; null when nothing is. Shared: do not write to it. */
  frame(): Int16Array | null {
    const current = this.#stack.at(-1);
    if (current === undefined || current.isPaused || current.isHalted) return null;
    const start = Math.max(0, current.position - FRAME_SAMPLES);
    const frame = current.samples.subarray(start, start + FRAME_SAMPLES);
    return frame.length === FRAME_SAMPLES ? frame : null;
  }

  /** The call is over: everything ends, the queue is forgotten. */
  hangUp(response: 'FILE PLAYED' | 'PLAYBACK ERROR'): void {
    this.#queue.length = 0;
    this.#leading = null;
    for (let current = this.#stack.pop(); current !== undefined; current = this.#stack.pop()) {
      this.#stopped(current, 'done', response);
      this.#host.listener.promptEnded(current.prompt, 'hangup');
    }
  }

  #advance(current: Playing, nowMs: number): void {
    if (current.breakAtMs !== null && nowMs - current.breakAtMs >= TAKE_UP_MS) {
      this.#end(current, 'break');
    } else if (!current.isPaused && !current.isHalted) {
      current.position += FRAME_SAMPLES;
      current.prompt.positionMs = toMs(Math.min(current.position, current.samples.length));
      if (current.position >= current.samples.length + FRAME_SAMPLES) this.#end(current, 'done');
      else this.#host.listener.promptAdvanced(current.prompt);
    }
  }

  #end(current: Playing, status: 'done' | 'break'): void {
    this.#stack.pop();
    this.#afterBreak = status === 'break';
    this.#stopped(current, status, 'FILE PLAYED');
    this.#host.listener.promptEnded(current.prompt, status);
    if (current.order.source === 'originate') this.#host.originatedApplicationEnded();
  }

  #takeUp(nowMs: number): void {
    if (this.#leading !== null) {
      if (--this.#leading.frames > 0) return;
      const { order } = this.#leading;
      this.#leading = null;
      this.#start(order);
      return;
    }
    const next = this.#queue[0];
    const current = this.#stack.at(-1);
    if (next === undefined || nowMs - next.atMs < TAKE_UP_MS || current?.order.isLocked === true) return;
    this.#queue.shift();
    const afterBreak = this.#afterBreak;
    this.#afterBreak = false;
    if (next.source === 'broadcast') {
      const isFresh = nowMs - next.atMs < 3 * TAKE_UP_MS;
      this.#leading = { order: next, frames: LEAD_FRAMES + (isFresh ? 1 : 0) + (afterBreak ? 3 : 0) };
    } else {
      this.#start(next);
    }
  }

  #start(order: Order): void {
    const applicationUuid = order.eventUuid ?? randomUUID();
    const { path, parameters } = splitPrefix(order.argument);
    this.#host.setVariables({
      current_application: order.application,
      current_application_data: order.argument,
      current_application_response: null,
    });
    this.#host.emit('CHANNEL_EXECUTE', applicationHeaders(order, applicationUuid, null));
    if (order.application !== 'playback') {
      this.#host.emit('CHANNEL_EXECUTE_COMPLETE', applicationHeaders(order, applicationUuid, '_none_'));
      this.#host.run(order.application, order.argument);
      return;
    }
    const samples = this.#host.load(path);
    if (samples === null) {
      this.#complete(order, applicationUuid, 'FILE NOT FOUND');
      return;
    }
    const prompt = { argument: order.argument, path, positionMs: 0, durationMs: toMs(samples.length) };
    this.#stack.push({
      order,
      applicationUuid,
      parameters,
      samples,
      position: 0,
      isPaused: false,
      isHalted: false,
      breakAtMs: null,
      prompt,
    });
    this.#host.emit('PLAYBACK_START', [['Playback-File-Path', order.argument], ...parameters]);
    this.#host.listener.promptStarted(prompt);
  }

  #stopped(current: Playing, status: 'done' | 'break', response: string): void {
    const total = current.samples.length;
    const position = Math.min(current.position, total);
    const readAhead = (Math.floor(position / READ_AHEAD_SAMPLES) + 2) * READ_AHEAD_SAMPLES;
    const read = status === 'break' ? Math.min(total, readAhead) : position;
    this.#host.setVariables({
      playback_last_offset_pos: String(position),
      playback_seconds: String(Math.floor(read / LINE_RATE_HZ)),
      playback_ms: String(toMs(read)),
      playback_samples: String(read),
    });
    this.#host.emit('PLAYBACK_STOP', [
      ['Playback-File-Path', current.order.argument],
      ...current.parameters,
      ['Playback-Status', status],
    ]);
    this.#complete(current.order, current.applicationUuid, response);
  }

  #complete(order: Order, applicationUuid: string, response: string): void {
    this.#lastResponse = response;
    this.#host.setVariables({ current_application_response: response });
    this.#host.emit('CHANNEL_EXECUTE_COMPLETE', applicationHeaders(order, applicationUuid, response));
  }
}

function applicationHeaders(order: Order, applicationUuid: string, response: string | null): Header[] {
  return [
    ['Application', order.application],
    ...(order.argument === '' ? [] : [['Application-Data', order.argument] as const]),
    ...(response === null ? [] : [['Application-Response', response] as const]),
    ['Application-UUID', applicationUuid],
  ];
}

/** `{a=1,b=2}/path`: the parameters come back as headers of both PLAYBACK events. */
function splitPrefix(argument: string): { path: string; parameters: readonly Header[] } {
  const match = /^\{([^}]*)\}(.*)$/.exec(argument);
  return match === null
    ? { path: argument, parameters: [] }
    : { path: match[2] ?? '', parameters: [...parseVariables(match[1] ?? '')] };
}

function toMs(samples: number): number {
  return Math.floor((samples * 1000) / LINE_RATE_HZ);
}

function clamp(position: number, max: number): number {
  return Math.min(Math.max(0, position), max);
}
