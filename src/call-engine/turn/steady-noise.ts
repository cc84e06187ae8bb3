export interface SteadyNoiseOptions {
  /** Sound that has lasted so long … */
  afterMs: number;
  /** … with fewer words than this a second is not somebody speaking to us. */
  wordsPerSecond: number;
}

/** Music, a ringing telephone, voices in the background: sound that goes on and hardly makes words. */
export function isSteadyNoise(
  { afterMs, wordsPerSecond }: SteadyNoiseOptions,
  { speechMs, text }: { speechMs: number; text: string },
): boolean {
  return speechMs >= afterMs && wordCount(text) * 1000 < wordsPerSecond * speechMs;
}

function wordCount(text: string): number {
  return text === '' ? 0 : text.split(' ').length;
}
