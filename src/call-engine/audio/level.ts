const FULL_SCALE = 32768;
/** What digital silence counts as. */
const SILENCE_DBFS = -96;

/** RMS level of 16-bit samples relative to full scale, in dBFS (≤ 0); `SILENCE_DBFS` for nothing but zeros. */
export function levelDbfs(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  if (sum === 0) return SILENCE_DBFS;
  return Math.max(SILENCE_DBFS, 10 * Math.log10(sum / samples.length / (FULL_SCALE * FULL_SCALE)));
}
