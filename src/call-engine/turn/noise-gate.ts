export interface NoiseGateOptions {
  /** A voiced frame must be this much louder than the line's noise. */
  aboveFloorDb: number;
  /** Quieter than this is never speech. */
  minimumDbfs: number;
}

/** How fast the noise floor follows a line that gets louder, in dB per frame; it follows a quieter one at once. */
const FLOOR_RISE_DB = 0.05;
const INITIAL_FLOOR_DBFS = -60;

/**
 * Level check beside the voice activity detector: tracks the noise floor and lets through what stands out from it.
 * Keeps line noise and the far echo of our own prompt from counting as speech.
 */
export class NoiseGate {
  private floorDbfs = INITIAL_FLOOR_DBFS;

  constructor(private readonly options: NoiseGateOptions) {}

  passes(levelDbfs: number): boolean {
    const open =
      levelDbfs >= this.options.minimumDbfs && levelDbfs >= this.floorDbfs + this.options.aboveFloorDb;
    this.floorDbfs =
      levelDbfs < this.floorDbfs ? levelDbfs : Math.min(this.floorDbfs + FLOOR_RISE_DB, levelDbfs);
    this.floorDbfs = Math.max(this.floorDbfs, -90);
    return open;
  }
}
