import type { ObjectionTheme } from '../src/call-engine/objections/schema.ts';

/**
 * What the guide of the predecessor does, to compare with: 0.7 sequence similarity (of Python's difflib) + 0.3 shared
 * words, on the canonical phrase of each objection. The `<theme>/<id>` of the best; null below `minScore`.
 */
export function guideMatch(themes: readonly ObjectionTheme[], text: string, minScore: number): string | null {
  let best: { id: string; score: number } | null = null;
  for (const { theme, objections } of themes) {
    for (const { id, objection } of objections) {
      const score = guideScore(text, objection.toLowerCase().trim());
      if (score > (best?.score ?? 0)) best = { id: `${theme}/${id}`, score };
    }
  }
  return best !== null && best.score >= minScore ? best.id : null;
}

function guideScore(said: string, known: string): number {
  const words = (text: string): Set<string> => new Set(text.split(' '));
  const [a, b] = [words(said), words(known)];
  const shared = [...a].filter((word) => b.has(word)).length;
  return (
    0.7 * ((2 * matchingCharacters(said, known)) / (said.length + known.length)) +
    (0.3 * shared) / Math.max(a.size, b.size)
  );
}

/** Characters in the longest common block, and so on to both sides of it. */
function matchingCharacters(a: string, b: string): number {
  const { atA, atB, length } = longestBlock(a, b);
  if (length === 0) return 0;
  return (
    length +
    matchingCharacters(a.slice(0, atA), b.slice(0, atB)) +
    matchingCharacters(a.slice(atA + length), b.slice(atB + length))
  );
}

/** The first of the longest blocks. */
function longestBlock(a: string, b: string): { atA: number; atB: number; length: number } {
  let best = { atA: 0, atB: 0, length: 0 };
  let previous = new Uint16Array(b.length + 1);
  for (let i = 0; i < a.length; i += 1) {
    const current = new Uint16Array(b.length + 1);
    for (let j = 0; j < b.length; j += 1) {
      if (a[i] !== b[j]) continue;
      const length = (previous[j] ?? 0) + 1;
      current[j + 1] = length;
      if (length > best.length) best = { atA: i - length + 1, atB: j - length + 1, length };
    }
    previous = current;
  }
  return best;
}
