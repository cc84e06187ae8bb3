import { endianness } from 'node:os';

const FRAME_MS = 20;

const IS_BIG_ENDIAN = endianness() === 'BE';

/**
 * Cuts the messages of a stream (L16 little endian, any length) into frames of 20 ms. What does not fill a frame waits
 * for the next message. An odd last byte is half a sample: it is dropped and counted, for carried over it would shift
 * every later sample by a byte, which is loud noise.
 */
export class FrameSplitter {
  oddMessages = 0;
  private readonly frameBytes: number;
  private frame: Uint8Array<ArrayBuffer>;
  private filled = 0;

  constructor(sampleRateHz: number) {
    this.frameBytes = ((sampleRateHz * FRAME_MS) / 1000) * Int16Array.BYTES_PER_ELEMENT;
    this.frame = new Uint8Array(this.frameBytes);
  }

  /** Calls back for each full frame. The receiver owns the array: it is never touched again. */
  push(message: Uint8Array, onFrame: (samples: Int16Array) => void): void {
    let { length } = message;
    if (length % 2 !== 0) {
      this.oddMessages += 1;
      length -= 1;
    }
    let read = 0;
    while (read < length) {
      const count = Math.min(this.frameBytes - this.filled, length - read);
      this.frame.set(message.subarray(read, read + count), this.filled);
      read += count;
      this.filled += count;
      if (this.filled < this.frameBytes) return;
      const { buffer } = this.frame;
      this.frame = new Uint8Array(this.frameBytes);
      this.filled = 0;
      if (IS_BIG_ENDIAN) Buffer.from(buffer).swap16();
      onFrame(new Int16Array(buffer));
    }
  }
}
