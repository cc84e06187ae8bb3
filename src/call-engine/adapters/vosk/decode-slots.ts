interface Waiting {
  isUrgent: () => boolean;
  start: () => void;
}

/**
 * How many decodings run at once in this process. They share libuv's thread pool with file and name-server work, which
 * must not wait behind a hundred calls' speech. Who is urgent by the time a slot is free goes first, else first come,
 * first served.
 */
export class DecodeSlots {
  private free: number;
  private readonly waiting: Waiting[] = [];

  constructor(slots: number) {
    this.free = slots;
  }

  /** Runs `work` as soon as a slot is free. */
  async run<T>(work: () => Promise<T>, isUrgent: () => boolean): Promise<T> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((start) => this.waiting.push({ isUrgent, start }));
    try {
      return await work();
    } finally {
      this.passOn();
    }
  }

  private passOn(): void {
    const urgent = this.waiting.findIndex(({ isUrgent }) => isUrgent());
    const [next] = this.waiting.splice(Math.max(0, urgent), 1);
    if (next === undefined) this.free += 1;
    else next.start();
  }
}
