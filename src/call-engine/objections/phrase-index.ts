import type { PhraseFeatures } from './phrase-features.ts';
import type { Slices } from './slices.ts';

/** How much each kind of evidence counts in the likeness of two phrases; chosen on `test/fixtures/objections-dev.tsv`. */
const WEIGHTS = { stems: 0.5, pairs: 0.15, pieces: 0.35 } as const;
/** Cosine treats both phrases alike; coverage asks how much of the known phrase was said, whatever was said besides. */
const COVERAGE_SHARE = 0.3;
/** "Ça m'intéresse" and "ça m'intéresse pas" share their words, not their meaning. */
const NEGATION_MISMATCH = 0.85;

type Kind = keyof typeof WEIGHTS;

const KINDS: readonly Kind[] = ['stems', 'pairs', 'pieces'];

interface Posting {
  phrase: number;
  weight: number;
}

interface IndexedKind {
  postings: Map<string, Posting[]>;
  rarity: Map<string, number>;
  /** Rarity of what no known phrase holds. */
  unseenRarity: number;
  /** Sum of squared weights of each phrase. */
  squares: number[];
}

/**
 * Finds how alike an utterance is to each of a fixed list of phrases: word stems, pairs of neighbouring words and pieces
 * of words (character n-grams, which forgive the recogniser), each weighted by how rare it is over all phrases.
 */
export class PhraseIndex {
  private constructor(
    private readonly kinds: Record<Kind, IndexedKind>,
    private readonly negated: readonly boolean[],
  ) {}

  static async of(features: readonly PhraseFeatures[], slices: Slices): Promise<PhraseIndex> {
    const kindOf = (kind: Kind): Promise<IndexedKind> =>
      indexKind(
        features.map((phrase) => phrase[kind]),
        slices,
      );
    const kinds = {
      stems: await kindOf('stems'),
      pairs: await kindOf('pairs'),
      pieces: await kindOf('pieces'),
    };
    return new PhraseIndex(
      kinds,
      features.map(({ isNegated }) => isNegated),
    );
  }

  /** Likeness 0–1 to each phrase, in the order given. */
  likeness(said: PhraseFeatures): Float64Array {
    const total = new Float64Array(this.negated.length);
    for (const kind of KINDS) addLikeness(total, this.kinds[kind], said[kind], WEIGHTS[kind]);
    return total.map((value, phrase) =>
      this.negated[phrase] === said.isNegated ? value : value * NEGATION_MISMATCH,
    );
  }
}

function addLikeness(total: Float64Array, kind: IndexedKind, said: ReadonlySet<string>, share: number): void {
  const dot = new Float64Array(total.length);
  const covered = new Float64Array(total.length);
  let saidSquare = 0;
  for (const feature of said) {
    const weight = kind.rarity.get(feature) ?? kind.unseenRarity;
    saidSquare += weight * weight;
    for (const posting of kind.postings.get(feature) ?? []) {
      dot[posting.phrase] = (dot[posting.phrase] ?? 0) + weight * posting.weight;
      covered[posting.phrase] = (covered[posting.phrase] ?? 0) + posting.weight * posting.weight;
    }
  }
  if (saidSquare === 0) return;
  for (let phrase = 0; phrase < total.length; phrase += 1) {
    const square = kind.squares[phrase] ?? 0;
    const product = dot[phrase] ?? 0;
    if (square === 0 || product === 0) continue;
    const cosine = product / Math.sqrt(saidSquare * square);
    const coverage = (covered[phrase] ?? 0) / square;
    total[phrase] =
      (total[phrase] ?? 0) + share * ((1 - COVERAGE_SHARE) * cosine + COVERAGE_SHARE * coverage);
  }
}

async function indexKind(phrases: readonly ReadonlySet<string>[], slices: Slices): Promise<IndexedKind> {
  const holders = new Map<string, number>();
  for (const features of phrases) {
    for (const feature of features) holders.set(feature, (holders.get(feature) ?? 0) + 1);
    if (slices.isDue) await slices.next();
  }
  const rarityOf = (held: number): number => Math.log((phrases.length + 1) / (held + 0.5));
  const rarity = new Map<string, number>();
  for (const [feature, held] of holders) {
    rarity.set(feature, rarityOf(held));
    if (slices.isDue) await slices.next();
  }
  const postings = new Map<string, Posting[]>();
  const squares: number[] = [];
  for (const [phrase, features] of phrases.entries()) {
    let square = 0;
    for (const feature of features) {
      const weight = rarity.get(feature) ?? 0;
      square += weight * weight;
      const known = postings.get(feature);
      if (known === undefined) postings.set(feature, [{ phrase, weight }]);
      else known.push({ phrase, weight });
    }
    squares.push(square);
    if (slices.isDue) await slices.next();
  }
  return { postings, rarity, unseenRarity: rarityOf(1), squares };
}
