import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long the event loop may be held at a time, in ms: a call's audio is due every 20 ms. */
const LONGEST_SLICE_MS = 3;

/** Long work on the event loop of calls in flight, cut into slices between which they get their turn. */
export class Slices {
  private begun = performance.now();

  constructor(private readonly signal?: AbortSignal) {}

  /** To be asked after every small step; then `next` is to be awaited. */
  get isDue(): boolean {
    return performance.now() - this.begun >= LONGEST_SLICE_MS;
  }

  /** Rejects with the signal's reason once nobody wants the work any more. */
  async next(): Promise<void> {
    await nextTurn();
    this.signal?.throwIfAborted();
    this.begun = performance.now();
  }
}
