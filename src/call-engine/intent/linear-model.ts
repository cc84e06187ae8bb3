/** Weights as the training scripts write them: one signed byte each, times `step`, in base64. */
export interface PackedWeights {
  step: number;
  weights: string;
}

/**
 * A multinomial linear model over hashed features: row-major, feature bucket, then class. Throws where the weights were
 * made for other features or classes; `trainedBy` is the command that makes them anew.
 */
export class LinearModel {
  private readonly weights: Int8Array;
  private readonly step: number;

  constructor(
    packed: PackedWeights,
    private readonly shape: { buckets: number; classes: number; trainedBy: string },
  ) {
    const bytes = Buffer.from(packed.weights, 'base64');
    if (bytes.length !== shape.buckets * shape.classes) {
      throw new Error(`the trained weights do not fit the features: run ${shape.trainedBy}`);
    }
    this.weights = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    this.step = packed.step;
  }

  /** The logarithm of each class's probability. `buckets`: those of the features that are there, at least one. */
  logProbabilities(buckets: readonly number[]): number[] {
    const { classes } = this.shape;
    const scale = this.step / Math.sqrt(buckets.length);
    const logits = Array.from({ length: classes }, (_, c) =>
      buckets.reduce((sum, bucket) => sum + (this.weights[bucket * classes + c] ?? 0) * scale, 0),
    );
    const top = Math.max(...logits);
    const total = top + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - top), 0));
    return logits.map((logit) => logit - total);
  }

  /** What one feature adds to its class before all are set against each other; for explanations. */
  weightOf(bucket: number, classNumber: number): number {
    return (this.weights[bucket * this.shape.classes + classNumber] ?? 0) * this.step;
  }
}
