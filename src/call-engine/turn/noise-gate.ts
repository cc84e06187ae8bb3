export interface NoiseGateOptions {
  /** A voiced frame must be this much louder than the line's noise. */
  aboveFloorDb: number;
  /** Quieter than this is never speech. */
  minimumDbfs: number;
  /** What was learnt to be noise is let through again above this: nobody is made deaf to a person who speaks up. */
  learntMaximumDbfs: number;
}

/** How fast the noise floor follows a line that gets louder, in dB per frame; it follows a quieter one at once. */
const FLOOR_RISE_DB = 0.05;
/** How fast a learnt level is forgotten: 1 dB a second. */
const FORGET_DB = 0.02;
/** Single frames of a sound stand out from its mean by about this much. */
const LEARNT_MARGIN_DB = 8;
const INITIAL_FLOOR_DBFS = -60;
const LOWEST_DBFS = -90;

/**
 * Level check beside the voice activity detector: tracks the noise floor and lets through what stands out from it.
 * Keeps line noise and the far echo of our own prompt from counting as speech.
 */
export class NoiseGate {
  private floorDbfs = INITIAL_FLOOR_DBFS;
  private noiseDbfs = LOWEST_DBFS;
  private echoDbfs = LOWEST_DBFS;

  constructor(private readonly options: NoiseGateOptions) {}

  /** The quietest that the line is, dBFS. */
  get floor(): number {
    return this.floorDbfs;
  }

  /** `overPrompt`: a prompt is audible, and its echo may be. */
  passes(levelDbfs: number, overPrompt: boolean): boolean {
    const open =
      levelDbfs >= this.options.minimumDbfs &&
      levelDbfs >= this.floorDbfs + this.options.aboveFloorDb &&
      levelDbfs >= this.noiseDbfs &&
      (!overPrompt || levelDbfs >= this.echoDbfs);
    this.floorDbfs =
      levelDbfs < this.floorDbfs ? levelDbfs : Math.min(this.floorDbfs + FLOOR_RISE_DB, levelDbfs);
    this.floorDbfs = Math.max(this.floorDbfs, LOWEST_DBFS);
    this.noiseDbfs = Math.max(this.noiseDbfs - FORGET_DB, LOWEST_DBFS);
    if (overPrompt) this.echoDbfs = Math.max(this.echoDbfs - FORGET_DB, LOWEST_DBFS);
    return open;
  }

  /** A sound of this mean level turned out to be no speech: for some time its like does not pass. */
  learnNoise(levelDbfs: number): void {
    this.noiseDbfs = Math.max(this.noiseDbfs, this.bounded(levelDbfs));
  }

  /** The same, for sound that is there because a prompt is: over prompts its like does not pass. */
  learnEcho(levelDbfs: number): void {
    this.echoDbfs = Math.max(this.echoDbfs, this.bounded(levelDbfs));
  }

  private bounded(levelDbfs: number): number {
    return Math.min(levelDbfs + LEARNT_MARGIN_DB, this.options.learntMaximumDbfs);
  }
}
