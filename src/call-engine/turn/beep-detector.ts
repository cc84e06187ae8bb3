export interface BeepDetectorOptions {
  sampleRateHz: number;
  frameMs: number;
  /** Length of a steady tone that counts as a beep. */
  minMs: number;
  maxMs: number;
}

/** What a machine sounds: the single tone after a greeting, or a fax's answer. */
export type MachineTone = 'beep' | 'fax';

const LOWEST_HZ = 350;
const HIGHEST_HZ = 2100;
const STEP_HZ = 50;
/** Share of a frame's energy that its strongest bin must hold for the frame to be a pure tone. */
const TONE_SHARE = 0.8;
/** A fax answers with 2100 Hz for 2.6 to 4 s. */
const LOWEST_FAX_HZ = 2050;
const FAX_MS = 1000;
const MINIMUM_MEAN_SQUARE = (32768 * 10 ** (-35 / 20)) ** 2;

/**
 * Finds the single tone after a machine's greeting: one dominant frequency (Goertzel bins from 350 to 2100 Hz), steady
 * to one bin, for `minMs` to `maxMs`, then gone; and the long one of a fax. Pairs (DTMF) and speech have no dominant bin,
 * ringing is longer.
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

  /** Takes one frame; tells a beep on the frame right after its end, a fax once it is certain. */
  advance(frame: Int16Array): MachineTone | null {
    const bin = this.dominantBin(frame);
    const before = { bin: this.toneBin, ms: this.toneMs };
    const isSameTone = bin !== null && (before.bin === null || Math.abs(bin - before.bin) <= 1);
    this.toneBin = bin;
    this.toneMs = bin === null ? 0 : (isSameTone ? before.ms : 0) + this.options.frameMs;
    if (isSameTone) return this.isFaxNow(bin, before.ms) ? 'fax' : null;
    return bin === null && this.wasBeep(before) ? 'beep' : null;
  }

  private isFaxNow(bin: number, msBefore: number): boolean {
    return hertzOf(bin) >= LOWEST_FAX_HZ && msBefore < FAX_MS && this.toneMs >= FAX_MS;
  }

  private wasBeep({ bin, ms }: { bin: number | null; ms: number }): boolean {
    return bin !== null && ms >= this.options.minMs && ms <= this.options.maxMs;
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

function hertzOf(bin: number): number {
  return LOWEST_HZ + bin * STEP_HZ;
}
