const CHUNK_BYTES = 2 ** 20;
const FIRST_PLACES = 1024;
/** Numbers that say where a text is: its chunk, where it begins there, how many bytes it has. */
const PLACE = 3;

/**
 * Texts by their number, kept as UTF-8 one after the other: as many strings would take three times the memory, and the
 * collector's time.
 */
export class TextTable {
  private readonly chunks: Buffer[] = [];
  private used = 0;
  private places = new Uint32Array(FIRST_PLACES * PLACE);
  private count = 0;

  add(text: string): void {
    const bytes = Buffer.byteLength(text);
    if (this.chunks.length === 0 || this.used + bytes > CHUNK_BYTES) {
      this.chunks.push(Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, bytes)));
      this.used = 0;
    }
    if ((this.count + 1) * PLACE > this.places.length) {
      const larger = new Uint32Array(this.places.length * 2);
      larger.set(this.places);
      this.places = larger;
    }
    this.chunks.at(-1)?.write(text, this.used);
    this.places.set([this.chunks.length - 1, this.used, bytes], this.count * PLACE);
    this.used += bytes;
    this.count += 1;
  }

  /** Undefined where there is no such text. */
  at(number: number): string | undefined {
    if (!Number.isInteger(number) || number < 0 || number >= this.count) return undefined;
    const [chunk = 0, start = 0, bytes = 0] = this.places.subarray(number * PLACE, (number + 1) * PLACE);
    return this.chunks[chunk]?.toString('utf8', start, start + bytes);
  }
}
