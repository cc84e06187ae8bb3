import type { PackedWeights } from '../src/call-engine/intent/linear-model.ts';

/** Training of `LinearModel`s. Deterministic: the same data and seed, the same weights. */

export interface Example {
  buckets: number[];
  /** Number of its class. */
  label: number;
  weight: number;
}

export interface TrainingOptions {
  buckets: number;
  classes: number;
  epochs: number;
  learningRate: number;
  /** Shrinks every weight that is touched. */
  decay: number;
}

/** Reproducible chance. */
export interface Chance {
  /** From 0 to 1. */
  next: () => number;
  pick: <T>(items: readonly T[]) => T;
  shuffled: <T>(items: readonly T[]) => T[];
}

/** Multinomial logistic regression by AdaGrad. */
export function trainLinear(
  examples: readonly Example[],
  options: TrainingOptions,
  chance: Chance,
): Float64Array {
  const { buckets: rows, classes } = options;
  const weights = new Float64Array(rows * classes);
  const squares = new Float64Array(weights.length).fill(1e-2);
  for (let epoch = 0; epoch < options.epochs; epoch += 1) {
    for (const { buckets, label, weight } of chance.shuffled(examples)) {
      const scale = 1 / Math.sqrt(buckets.length);
      const logits = new Float64Array(classes);
      for (const bucket of buckets) {
        for (let c = 0; c < classes; c += 1)
          logits[c] = (logits[c] ?? 0) + (weights[bucket * classes + c] ?? 0) * scale;
      }
      const top = Math.max(...logits);
      const powers = logits.map((logit) => Math.exp(logit - top));
      const total = powers.reduce((sum, power) => sum + power, 0);
      for (const bucket of buckets) {
        for (let c = 0; c < classes; c += 1) {
          const at = bucket * classes + c;
          const value = weights[at] ?? 0;
          const error = (powers[c] ?? 0) / total - (c === label ? 1 : 0);
          const gradient = weight * error * scale + options.decay * value;
          const square = (squares[at] ?? 0) + gradient * gradient;
          squares[at] = square;
          weights[at] = value - (options.learningRate * gradient) / Math.sqrt(square);
        }
      }
    }
  }
  return weights;
}

/** One signed byte a weight. */
export function packWeights(weights: Float64Array): PackedWeights {
  const largest = weights.reduce((top, weight) => Math.max(top, Math.abs(weight)), 0);
  const step = largest / 127;
  return {
    step,
    weights: Buffer.from(Int8Array.from(weights, (weight) => Math.round(weight / step)).buffer).toString(
      'base64',
    ),
  };
}

/** Mulberry32: the same seed, the same numbers. */
export function chanceOf(seed: number): Chance {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    pick: (items) => {
      const item = items[Math.floor(next() * items.length)];
      if (item === undefined) throw new Error('there is nothing to pick from');
      return item;
    },
    shuffled: (items) =>
      items
        .map((item) => ({ item, order: next() }))
        .sort((a, b) => a.order - b.order)
        .map(({ item }) => item),
  };
}
