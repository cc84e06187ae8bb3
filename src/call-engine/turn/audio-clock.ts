/** Frames of one window of arrivals: 5 s. Clocks drift apart, and frames that are lost shift what comes after them. */
const WINDOW_FRAMES = 250;

/**
 * Lays a call's audio time on the monotonic clock: when was the sound of this moment there to be heard? Goes by the
 * frames of the last seconds that came soonest after they were spoken. Frames held up in a socket or behind a busy event
 * loop came late, not their sound: measured from here, such a stall shows in every latency.
 */
export class AudioClock {
  private audioMs = 0;
  private framesInWindow = 0;
  private soonest = Number.POSITIVE_INFINITY;
  private soonestBefore = Number.POSITIVE_INFINITY;

  /** Audio time heard so far. */
  get nowMs(): number {
    return this.audioMs;
  }

  /** A frame of `frameMs` arrived whole at the monotonic time `atMs`. */
  advance(frameMs: number, atMs: number): void {
    this.audioMs += frameMs;
    if (this.framesInWindow === WINDOW_FRAMES) {
      this.soonestBefore = this.soonest;
      this.soonest = Number.POSITIVE_INFINITY;
      this.framesInWindow = 0;
    }
    this.framesInWindow += 1;
    this.soonest = Math.min(this.soonest, atMs - this.audioMs);
  }

  /** Monotonic time at which the sound of audio time `audioMs` was there to be heard. Only after a first frame. */
  atMs(audioMs: number): number {
    return audioMs + Math.min(this.soonest, this.soonestBefore);
  }
}
