import type { PhraseFeatures } from './phrase-features.ts';
import type { Slices } from './slices.ts';

/** A phrase and the number of what it means. */
export interface LabelledPhrase {
  features: PhraseFeatures;
  label: number;
}

/** Chosen by cross-validation on `test/corpus/objections-dev.tsv`. */
const EPOCHS = 5;
const LEARNING_RATE = 0.1;
/** Length of every phrase's vector: how sure the model may become of a phrase it knows. */
const VECTOR_LENGTH = 4;
/** AdaGrad's first squared gradient. */
const FIRST_SQUARE = 1e-2;
/** Classes less probable than this learn nothing from a phrase of another: it saves most of the time. */
const NEGLIGIBLE = 5e-3;
/** So many phrases make a class that needs no help. */
const FULL_CLASS = 30;
const LARGEST_CLASS_WEIGHT = 8;
/** What is no objection is the last class; an answer to something that nobody said costs more than none. */
const NONE_WEIGHT = 2;
/** Phrases of one meaning stand together in a file: learning takes them from all over it. */
const GOLDEN_SECTION = 0.618;

interface Vector {
  features: Int32Array;
  values: Float64Array;
}

interface Example extends Vector {
  label: number;
  weight: number;
}

/**
 * A multinomial linear model over the features of phrases, weighted by rarity. It is learnt where it is used, from the
 * phrases of one scenario's themes, so that a theme of the user's own works like one that ships. The same phrases in the
 * same order make the same model.
 */
export class PhraseClassifier {
  private readonly weights: Float32Array;

  private constructor(
    private readonly numbers: ReadonlyMap<string, number>,
    private readonly rarity: readonly number[],
    private readonly classes: number,
  ) {
    this.weights = new Float32Array(numbers.size * classes);
  }

  /** Takes some tenths of a second of CPU for a thousand phrases, in slices. */
  static async learn(
    phrases: readonly LabelledPhrase[],
    classes: number,
    slices: Slices,
  ): Promise<PhraseClassifier> {
    const holders = new Map<string, number>();
    for (const { features } of phrases) {
      for (const name of namesOf(features)) holders.set(name, (holders.get(name) ?? 0) + 1);
      if (slices.isDue) await slices.next();
    }
    const numbers = new Map<string, number>();
    const rarity: number[] = [];
    for (const [name, held] of holders) {
      numbers.set(name, numbers.size);
      rarity.push(Math.log((phrases.length + 1) / (held + 0.5)));
      if (slices.isDue) await slices.next();
    }
    const classifier = new PhraseClassifier(numbers, rarity, classes);
    await classifier.fit(phrases, slices);
    return classifier;
  }

  /** Of each class, in the order of the labels; they add up to 1. */
  probabilities(features: PhraseFeatures): Float64Array {
    return this.probabilitiesOf(this.vectorOf(features));
  }

  private async fit(phrases: readonly LabelledPhrase[], slices: Slices): Promise<void> {
    const squares = new Float32Array(this.weights.length).fill(FIRST_SQUARE);
    const weightOf = classWeights(phrases, this.classes);
    const examples: Example[] = [];
    for (const { features, label } of phrases) {
      examples.push({ ...this.vectorOf(features), label, weight: weightOf[label] ?? 1 });
      if (slices.isDue) await slices.next();
    }
    for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
      for (const at of scattered(examples.length, epoch)) {
        const example = examples[at];
        if (example !== undefined) this.step(example, squares);
        if (slices.isDue) await slices.next();
      }
    }
  }

  private step({ features, values, label, weight: counts }: Example, squares: Float32Array): void {
    const probabilities = this.probabilitiesOf({ features, values });
    for (let c = 0; c < this.classes; c += 1) {
      const error = (probabilities[c] ?? 0) - (c === label ? 1 : 0);
      if (Math.abs(error) < NEGLIGIBLE) continue;
      for (let at = 0; at < features.length; at += 1) {
        const weight = (features[at] ?? 0) * this.classes + c;
        const gradient = counts * error * (values[at] ?? 0);
        const square = (squares[weight] ?? 0) + gradient * gradient;
        squares[weight] = square;
        this.weights[weight] = (this.weights[weight] ?? 0) - (LEARNING_RATE * gradient) / Math.sqrt(square);
      }
    }
  }

  private probabilitiesOf({ features, values }: Vector): Float64Array {
    const logits = new Float64Array(this.classes);
    for (let at = 0; at < features.length; at += 1) {
      const from = (features[at] ?? 0) * this.classes;
      const value = values[at] ?? 0;
      for (let c = 0; c < this.classes; c += 1)
        logits[c] = (logits[c] ?? 0) + (this.weights[from + c] ?? 0) * value;
    }
    const top = Math.max(...logits);
    const powers = logits.map((logit) => Math.exp(logit - top));
    const total = powers.reduce((sum, power) => sum + power, 0);
    return powers.map((power) => power / total);
  }

  /** Features that no phrase has are left out. */
  private vectorOf(phrase: PhraseFeatures): Vector {
    const features = Int32Array.from(namesOf(phrase).flatMap((name) => this.numbers.get(name) ?? []));
    const values = Float64Array.from(features, (feature) => this.rarity[feature] ?? 0);
    const length = Math.hypot(...values);
    return { features, values: values.map((value) => (value * VECTOR_LENGTH) / (length || 1)) };
  }
}

function namesOf({ stems, pairs, pieces, traits }: PhraseFeatures): string[] {
  const named = (kind: string, names: ReadonlySet<string>) => [...names].map((name) => `${kind} ${name}`);
  return [...named('1', stems), ...named('2', pairs), ...named('piece', pieces), ...named('trait', traits)];
}

/** What is said in few ways counts more a phrase: an objection must not lose for having been written down briefly. */
function classWeights(phrases: readonly LabelledPhrase[], classes: number): number[] {
  const sizes = new Array<number>(classes).fill(0);
  for (const { label } of phrases) sizes[label] = (sizes[label] ?? 0) + 1;
  return sizes.map((size, c) => {
    if (size === 0) return 1;
    if (c === classes - 1) return NONE_WEIGHT;
    return Math.min(LARGEST_CLASS_WEIGHT, Math.max(1, FULL_CLASS / size));
  });
}

/** Every position once, far from its neighbour; from another start in each epoch. */
function* scattered(length: number, epoch: number): Generator<number> {
  let stride = Math.max(1, Math.round(length * GOLDEN_SECTION));
  while (greatestCommonDivisor(stride, length) > 1) stride += 1;
  for (let step = 0; step < length; step += 1) yield ((step + 1) * stride + epoch) % length;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
