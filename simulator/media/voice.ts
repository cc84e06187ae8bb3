import type { Clip, StreamRateHz } from './clip.ts';
import { LINE_NOISE } from './clip.ts';
import { FRAME_SAMPLES } from './wav.ts';

/** What the callee's microphone sends, frame by frame: queued clips, line noise between them. */
export class Voice {
  readonly #queue: { clip: Clip; loops: boolean }[] = [];
  readonly #onSpoken: (clip: Clip, phase: 'start' | 'end') => void;
  #current: { clip: Clip; loops: boolean } | null = null;
  #frame = 0;
  #noiseFrame = 0;

  constructor(onSpoken: (clip: Clip, phase: 'start' | 'end') => void) {
    this.#onSpoken = onSpoken;
  }

  get isSpeaking(): boolean {
    return this.#current !== null || this.#queue.length > 0;
  }

  say(clip: Clip, options: { loops: boolean }): void {
    this.#queue.push({ clip, ...options });
  }

  /** One frame further; called once per tick, before anybody asks for `frame`. */
  advance(): void {
    this.#noiseFrame = (this.#noiseFrame + 1) % LINE_NOISE.frameCount;
    if (this.#current !== null) this.#next(this.#current);
    if (this.#current === null) {
      this.#current = this.#queue.shift() ?? null;
      this.#frame = 0;
      if (this.#current !== null) this.#onSpoken(this.#current.clip, 'start');
    }
  }

  /** The current frame, L16 little endian. The buffer is shared: do not write to it. */
  frame(rateHz: StreamRateHz): Buffer {
    const { clip, index } = this.#position();
    const frame = clip.frames(rateHz)[index];
    if (frame === undefined) throw new RangeError(`no frame ${index} in ${clip.name}`);
    return frame;
  }

  /** The current frame at the line's rate. Shared: do not write to it. */
  samples(): Int16Array {
    const { clip, index } = this.#position();
    return clip.samples.subarray(index * FRAME_SAMPLES, (index + 1) * FRAME_SAMPLES);
  }

  #position(): { clip: Clip; index: number } {
    return this.#current === null
      ? { clip: LINE_NOISE, index: this.#noiseFrame }
      : { clip: this.#current.clip, index: this.#frame };
  }

  #next(current: { clip: Clip; loops: boolean }): void {
    this.#frame++;
    if (this.#frame < current.clip.frameCount) return;
    this.#frame = 0;
    if (current.loops) return;
    this.#current = null;
    this.#onSpoken(current.clip, 'end');
  }
}
