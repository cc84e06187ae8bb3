const PIECE_LENGTHS = [3, 4, 5] as const;

/** What linear models see of an utterance: words, pairs and triples of words, and pieces of words, which forgive the recogniser. */
export function wordFeatures(words: readonly string[]): Set<string> {
  const framed = ['^', ...words, '$'];
  const features = new Set<string>();
  for (const word of words) {
    features.add(`1 ${word}`);
    for (const piece of piecesOf(`_${word}_`)) features.add(`piece ${piece}`);
  }
  for (let at = 1; at < framed.length; at += 1) {
    features.add(`2 ${framed.slice(at - 1, at + 1).join(' ')}`);
    if (at > 1) features.add(`3 ${framed.slice(at - 2, at + 1).join(' ')}`);
  }
  return features;
}

/** A feature's bucket (FNV-1a over UTF-16 code units); `buckets` is a power of two. A few features share one. */
export function bucketOf(feature: string, buckets: number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < feature.length; at += 1) {
    hash = Math.imul(hash ^ feature.charCodeAt(at), 0x01000193);
  }
  return (hash ^ (hash >>> 15)) & (buckets - 1);
}

function piecesOf(word: string): string[] {
  return PIECE_LENGTHS.flatMap((length) =>
    Array.from({ length: Math.max(0, word.length - length + 1) }, (_, at) => word.slice(at, at + length)),
  );
}
