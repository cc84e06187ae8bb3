import type { Transcript } from '../ports.ts';

/** What was understood of a turn. */
export type SpokenWords = Pick<Transcript, 'text' | 'confidence' | 'hasUnknownWords'>;

interface Stretch {
  /** What was recognised of it so far. */
  text: string;
  /** Null while it is being decoded. */
  transcript: Transcript | null;
  settled: Promise<void>;
}

/**
 * The words of one turn: stretches of speech, each decoded to the end as soon as the callee pauses, and what is
 * recognised so far of the one being spoken.
 */
export class TurnWords {
  private readonly stretches: Stretch[] = [];
  private partial = '';
  private current = '';
  private isOpen = false;
  private lastSettledAtMs = 0;

  constructor(private readonly nowMs: () => number) {}

  /** Everything recognised so far, in order. */
  get text(): string {
    return this.current;
  }

  /** A stretch is being spoken: the recogniser is fed. */
  get isInStretch(): boolean {
    return this.isOpen;
  }

  /** Something is being spoken that was not decoded to the end, or its decoding is under way. */
  get isUnsettled(): boolean {
    return this.isOpen || this.stretches.some(({ transcript }) => transcript === null);
  }

  /** What has been decoded to the end; null when nothing has. */
  get decoded(): SpokenWords | null {
    const known = this.stretches.flatMap(({ transcript }) => transcript ?? []);
    return known.length === 0 ? null : joined(known);
  }

  beginStretch(): void {
    this.isOpen = true;
  }

  /** What is recognised so far of the stretch being spoken. */
  setPartial(text: string): void {
    if (!this.isOpen) return;
    this.partial = text;
    this.refresh();
  }

  /** The stretch is over; `transcript`, which must not reject, tells what it was. */
  endStretch(transcript: Promise<Transcript>): void {
    const stretch: Stretch = { text: this.partial, transcript: null, settled: Promise.resolve() };
    stretch.settled = transcript.then((known) => {
      stretch.transcript = known;
      stretch.text = known.text;
      this.lastSettledAtMs = this.nowMs();
      this.refresh();
    });
    this.stretches.push(stretch);
    this.partial = '';
    this.isOpen = false;
    this.refresh();
  }

  /** All that was said and when it was known. Resolves once every stretch is decoded; never rejects. */
  async whole(): Promise<Transcript & { atMs: number }> {
    await Promise.all(this.stretches.map(({ settled }) => settled));
    const words = joined(this.stretches.flatMap(({ transcript }) => transcript ?? []));
    return { ...words, atMs: this.lastSettledAtMs };
  }

  private refresh(): void {
    const texts = [...this.stretches.map(({ text }) => text), this.partial];
    this.current = texts.filter((text) => text !== '').join(' ');
  }
}

/** One after the other; a word counts as much as any other in the confidence. */
function joined(parts: readonly Transcript[]): Transcript {
  const spoken = parts.filter(({ text }) => text !== '');
  const weights = spoken.map(({ text }) => text.split(' ').length);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const weighed = spoken.reduce((sum, { confidence }, index) => sum + confidence * (weights[index] ?? 0), 0);
  return {
    text: spoken.map(({ text }) => text).join(' '),
    confidence: total === 0 ? 0 : weighed / total,
    words: spoken.flatMap(({ words }) => words),
    hasUnknownWords: parts.some(({ hasUnknownWords }) => hasUnknownWords),
  };
}
