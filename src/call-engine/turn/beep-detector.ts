export interface BeepDetectorOptions {
  sampleRateHz: number;
  frameMs: number;
  /** Length of a steady tone that counts as a beep. */
  minMs: number;
  maxMs: number;
}

const LOWEST_HZ = 350;
const HIGHEST_HZ = 2100;
const STEP_HZ = 50;
/** Share of a frame's energy that its strongest bin must hold for the frame to be a pure tone. */
const TONE_SHARE = 0.8;
const MINIMUM_MEAN_SQUARE = (32768 * 10 ** (-35 / 20)) ** 2;

/**
 * Finds the single tone after a machine's greeting: one dominant frequency (Goertzel bins from 350 to 2100 Hz), steady
 * to one bin, for `minMs` to `maxMs`, then gone. Pairs (DTMF) and speech have no dominant bin.
 */
export class BeepDetector {
  private readonly coefficients: number[];
  private toneBin: number | null = null;
  private toneMs = 0;

  constructor(private readonly options: BeepDetectorOptions) {
    this.coefficients = [];
    for (let hz = LOWEST_HZ; hz <= HIGHEST_HZ; hz += STEP_HZ) {
      this.coefficients.push(2 * Math.cos((2 * Math.PI * hz) / options.sampleRateHz));
    }
  }

  /** Takes one frame; true on the frame right after a beep has ended. */
  advance(frame: Int16Array): boolean {
    const bin = this.dominantBin(frame);
    const isSameTone = bin !== null && (this.toneBin === null || Math.abs(bin - this.toneBin) <= 1);
    if (isSameTone) {
      this.toneBin = bin;
      this.toneMs += this.options.frameMs;
      return false;
    }
    const beepEnded = bin === null && this.toneMs >= this.options.minMs && this.toneMs <= this.options.maxMs;
    this.toneBin = bin;
    this.toneMs = bin === null ? 0 : this.options.frameMs;
    return beepEnded;
  }

  private dominantBin(frame: Int16Array): number | null {
    let energy = 0;
    for (const sample of frame) energy += sample * sample;
    if (energy < MINIMUM_MEAN_SQUARE * frame.length) return null;
    let strongest = 0;
    let strongestBin = 0;
    for (const [bin, coefficient] of this.coefficients.entries()) {
      let previous = 0;
      let beforePrevious = 0;
      for (const sample of frame) {
        const next = sample + coefficient * previous - beforePrevious;
        beforePrevious = previous;
        previous = next;
      }
      const power =
        previous * previous + beforePrevious * beforePrevious - coefficient * previous * beforePrevious;
      if (power > strongest) {
        strongest = power;
        strongestBin = bin;
      }
    }
    // A pure tone of energy E over N samples has power E·N/2 in its bin.
    return strongest >= TONE_SHARE * energy * (frame.length / 2) ? strongestBin : null;
  }
}
