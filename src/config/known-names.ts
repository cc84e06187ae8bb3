import { ALIASES, VARIABLES } from './variables.ts';

/** Every name that is accepted, in order of definition, aliases last. */
export const KNOWN_NAMES: readonly string[] = [
  ...Object.keys(VARIABLES.shape),
  ...ALIASES.map((alias) => alias.name),
];

export function isKnownVariable(name: string): boolean {
  return KNOWN_NAMES.includes(name);
}

const SHORTEST_GUESSED = 6;
const MAX_EDITS = 2;

/** Variables that are none of ours but look as if they were meant to be. */
export function misspellings(names: readonly string[]): { name: string; meant: string }[] {
  return names.flatMap((name) => {
    if (isKnownVariable(name) || name.length < SHORTEST_GUESSED) return [];
    const meant = KNOWN_NAMES.find((known) => isNear(name.toUpperCase(), known));
    return meant === undefined ? [] : [{ name, meant }];
  });
}

function isNear(a: string, b: string): boolean {
  return (
    b.length >= SHORTEST_GUESSED && Math.abs(a.length - b.length) <= MAX_EDITS && edits(a, b) <= MAX_EDITS
  );
}

/** Levenshtein distance. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_cell, index) => index);
  for (const [i, letter] of Array.from(a).entries()) {
    const next = [i + 1];
    for (const [j, other] of Array.from(b).entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
