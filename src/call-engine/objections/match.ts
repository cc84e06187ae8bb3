/** The objection that an utterance was taken for. */
export interface ObjectionMatch {
  /** `<theme>/<id>`, e.g. `or/risky`. */
  objectionId: string;
  /** 0–1. */
  score: number;
  /** Recorded answer, relative to the sounds directory. */
  audioPath: string;
  /** What the recording says. */
  responseText: string;
}
