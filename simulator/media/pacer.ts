/** One frame of telephone audio lasts this long. */
const FRAME_MS = 20;

/**
 * The one timer behind all audio: ticks every 20 ms without drift. When the event loop was late, the missed ticks
 * follow at once, as a switch's frames come in a burst.
 */
export class Pacer {
  readonly #onTick: () => void;
  #timer: NodeJS.Timeout | null = null;
  #nextAtMs = 0;

  constructor(onTick: () => void) {
    this.#onTick = onTick;
  }

  start(): void {
    if (this.#timer !== null) return;
    this.#nextAtMs = performance.now() + FRAME_MS;
    this.#schedule();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #schedule(): void {
    this.#timer = setTimeout(() => this.#run(), Math.max(0, this.#nextAtMs - performance.now()));
  }

  #run(): void {
    const nowMs = performance.now();
    // setTimeout may fire up to 1 ms early; a tick half a millisecond early is on time.
    while (this.#timer !== null && this.#nextAtMs <= nowMs + 0.5) {
      this.#nextAtMs += FRAME_MS;
      this.#onTick();
    }
    if (this.#timer !== null) this.#schedule();
  }
}
