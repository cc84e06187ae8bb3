/** Taps on either side of a new sample. Enough to keep the images of the telephone band (to 3400 Hz) 40 dB down. */
const HALF_TAPS = 20;

/** Half-band interpolation filter: a sinc under a Blackman window, at the points between two samples, summing to 1. */
const TAPS = (() => {
  const taps = Float64Array.from({ length: 2 * HALF_TAPS }, (_, i) => {
    const distance = i - HALF_TAPS + 0.5;
    const phase = (Math.PI * distance) / HALF_TAPS;
    const window = 0.42 + 0.5 * Math.cos(phase) + 0.08 * Math.cos(2 * phase);
    return (Math.sin(Math.PI * distance) / (Math.PI * distance)) * window;
  });
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return taps.map((tap) => tap / sum);
})();

/**
 * Doubles the sample rate of a stream of 16-bit samples (telephone audio for a wide-band speech model). Keeps its state
 * from one stretch to the next; late by `HALF_TAPS` input samples (2.5 ms at 8 kHz).
 */
export class Upsampler {
  private history = new Int16Array(2 * HALF_TAPS);

  /** Returns twice as many samples as it is given. */
  process(samples: Int16Array): Int16Array {
    const input = new Int16Array(this.history.length + samples.length);
    input.set(this.history);
    input.set(samples, this.history.length);
    const output = new Int16Array(2 * samples.length);
    for (let i = 0; i < samples.length; i++) {
      // The window that ends with input sample i: its centre lies between its two middle samples.
      const start = i + 1;
      let between = 0;
      for (let tap = 0; tap < TAPS.length; tap++) between += (TAPS[tap] ?? 0) * (input[start + tap] ?? 0);
      output[2 * i] = input[start + HALF_TAPS - 1] ?? 0;
      output[2 * i + 1] = Math.max(-32768, Math.min(32767, Math.round(between)));
    }
    this.history = input.slice(input.length - this.history.length);
    return output;
  }

  /** Forgets the past: the next sample starts a new stretch of sound. */
  reset(): void {
    this.history.fill(0);
  }
}
