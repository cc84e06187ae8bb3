import type { AnticipatedIntent, IntentClassifier, IntentRequest, IntentVerdict } from '../ports.ts';
import { spokenWords } from './phrase-book.ts';

export interface EarlyIntentOptions {
  /** Words that have not changed for this much audio are worth asking about. */
  stableMs: number;
  /** Beginnings in one turn, at most. */
  maxPerTurn: number;
}

/**
 * Has a turn understood while its end is still being waited for. One per call: it watches the words of the open turn,
 * begins once they have stood still, and drops what it began when they change. Only the final words are answered for.
 */
export class EarlyIntent {
  private text = '';
  private stableForMs = 0;
  private hasAsked = false;
  private begun = 0;
  private running: { request: IntentRequest; anticipated: AnticipatedIntent } | null = null;

  constructor(
    private readonly classifier: Pick<IntentClassifier, 'classify' | 'anticipate'>,
    private readonly options: EarlyIntentOptions,
  ) {}

  /** After `frameMs` more of an open turn; `request.text` are its words so far. */
  hear(request: IntentRequest, frameMs: number): void {
    if (request.text !== this.text) {
      this.drop();
      this.text = request.text;
      this.stableForMs = 0;
      this.hasAsked = false;
      return;
    }
    this.stableForMs += frameMs;
    if (this.hasAsked || this.text === '' || this.stableForMs < this.options.stableMs) return;
    this.hasAsked = true;
    if (this.begun >= this.options.maxPerTurn) return;
    const anticipated = this.classifier.anticipate(request);
    if (anticipated === null) return;
    this.begun += 1;
    this.running = { request, anticipated };
  }

  /** The verdict on the final words: what was begun where it was begun on these, else from the start. */
  classify(request: IntentRequest): Promise<IntentVerdict> {
    const { running } = this;
    const isSame =
      running !== null &&
      running.request.question === request.question &&
      wordsOf(running.request) === wordsOf(request);
    if (isSame) this.running = null;
    this.forget();
    return isSame ? running.anticipated.verdict() : this.classifier.classify(request);
  }

  /** The turn is over or was none. */
  forget(): void {
    this.drop();
    this.text = '';
    this.stableForMs = 0;
    this.hasAsked = false;
    this.begun = 0;
  }

  private drop(): void {
    this.running?.anticipated.cancel();
    this.running = null;
  }
}

function wordsOf({ text }: IntentRequest): string {
  return spokenWords(text).join(' ');
}
