import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { listObjectionThemes, loadObjectionThemes } from '../../../../src/call-engine/objections/load.ts';
import {
  createObjectionMatcher,
  findObjection,
  type ObjectionMatcher,
} from '../../../../src/call-engine/objections/match.ts';
import type { ObjectionTheme } from '../../../../src/call-engine/objections/schema.ts';
import { readTsv } from '../../../helpers/tsv.ts';

const SHIPPED = fileURLToPath(new URL('../../../../objections', import.meta.url));
const MIN_SCORE = 0.5;

const names = await listObjectionThemes(SHIPPED);
const themesOf = new Map<string, ObjectionTheme[]>();
const matchers = new Map<string, ObjectionMatcher>();
for (const theme of names) {
  const themes = await loadObjectionThemes({ directory: SHIPPED, theme });
  themesOf.set(theme, themes);
  matchers.set(theme, createObjectionMatcher({ themes, voice: 'julie', minScore: MIN_SCORE }));
}
const rows = await readTsv(new URL('../../../fixtures/objections-dev.tsv', import.meta.url));

const match: ObjectionMatcher = (text) => matchers.get('or')?.(text) ?? null;

/** The guide's formula: 0.7 sequence similarity (of Python's difflib) + 0.3 shared words, on the canonical phrase. */
function guideScore(said: string, known: string): number {
  const words = (text: string): Set<string> => new Set(text.split(' '));
  const [a, b] = [words(said), words(known)];
  const shared = [...a].filter((word) => b.has(word)).length;
  return (
    0.7 * ((2 * matchingCharacters(said, known)) / (said.length + known.length)) +
    (0.3 * shared) / Math.max(a.size, b.size)
  );
}

function matchingCharacters(a: string, b: string): number {
  let best = { at: 0, in: 0, length: 0 };
  for (let i = 0; i < a.length; i += 1) {
    for (let j = 0; j < b.length; j += 1) {
      let length = 0;
      while (i + length < a.length && a[i + length] === b[j + length]) length += 1;
      if (length > best.length) best = { at: i, in: j, length };
    }
  }
  if (best.length === 0) return 0;
  return (
    best.length +
    matchingCharacters(a.slice(0, best.at), b.slice(0, best.in)) +
    matchingCharacters(a.slice(best.at + best.length), b.slice(best.in + best.length))
  );
}

function guideMatch(theme: string, text: string): string | null {
  const scored = (themesOf.get(theme) ?? []).flatMap((group) =>
    group.objections.map(({ id, objection }) => ({
      id: `${group.theme}/${id}`,
      score: guideScore(text, objection.toLowerCase().trim()),
    })),
  );
  const [best] = scored.toSorted((a, b) => b.score - a.score);
  return best !== undefined && best.score >= MIN_SCORE ? best.id : null;
}

describe('on test/fixtures/objections-dev.tsv', () => {
  const results = rows.map((row) => {
    const theme = row['theme'] ?? '';
    const id = row['expected_id'] ?? '';
    return {
      text: row['text'] ?? '',
      theme,
      expected: id === 'none' ? null : id.includes('/') ? id : `${theme}/${id}`,
      found: matchers.get(theme)?.(row['text'] ?? '')?.objectionId ?? null,
    };
  });
  const objections = results.filter(({ expected }) => expected !== null);
  const others = results.filter(({ expected }) => expected === null);
  const right = objections.filter(({ found, expected }) => found === expected);

  it('finds the objection at least 85 times in 100', () => {
    expect(objections.length).toBeGreaterThanOrEqual(150);
    expect(right.length / objections.length).toBeGreaterThanOrEqual(0.85);
  });

  it('finds none where there is none, but for at most 8 in 100', () => {
    expect(others.length).toBeGreaterThanOrEqual(40);
    expect(others.filter(({ found }) => found !== null).length / others.length).toBeLessThanOrEqual(0.08);
  });

  it("beats the guide's formula by far", () => {
    const guide = objections.filter(({ theme, text, expected }) => guideMatch(theme, text) === expected);
    expect(right.length).toBeGreaterThan(guide.length * 1.5);
  });
});

describe('a match', () => {
  it('carries what is to be played', () => {
    expect(match("c'est risqué")).toEqual({
      objectionId: 'or/risky',
      score: 1,
      audioPath: 'julie/objections/or_risky.wav',
      responseText: findObjection(themesOf.get('or') ?? [], 'or/risky')?.response,
    });
  });

  it('is found in every canonical phrase, of the own theme and of the standard one', () => {
    const wrong = names.flatMap((name) =>
      (themesOf.get(name) ?? []).flatMap((group) =>
        group.objections
          .map(({ id, objection }) => ({
            id: `${group.theme}/${id}`,
            found: matchers.get(name)?.(objection)?.objectionId,
          }))
          .filter(({ id, found }) => found !== id)
          // The own theme answers what both hold in the same words.
          .filter(({ found }) => group.theme === name || !(found ?? '').startsWith(`${name}/`)),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it("is the own theme's where both themes say the same", () => {
    expect(match("c'est trop cher")?.objectionId).toBe('or/expensive');
    expect(matchers.get('standard')?.("c'est trop cher")?.objectionId).toBe('standard/too_expensive');
  });

  it.each(names)('answers "are you a robot?" truthfully in %s', (theme) => {
    for (const asked of [
      'vous êtes un robot',
      "c'est une machine qui parle",
      'je parle à une vraie personne',
      "c'est une voix enregistrée",
    ]) {
      expect(matchers.get(theme)?.(asked)?.objectionId).toBe('standard/is_robot');
    }
  });

  it('is nothing for nothing, and bounded for anything', () => {
    expect(match('')).toBeNull();
    expect(match('   …')).toBeNull();
    expect(match('zzz '.repeat(10_000))).toBeNull();
  });

  it('needs the score that is asked for', () => {
    const strict = createObjectionMatcher({
      themes: themesOf.get('or') ?? [],
      voice: 'julie',
      minScore: 0.99,
    });
    expect(match('franchement ça me paraît risqué')).not.toBeNull();
    expect(strict('franchement ça me paraît risqué')).toBeNull();
  });
});

describe('findObjection', () => {
  it('finds by theme and id', () => {
    const themes = themesOf.get('or') ?? [];
    expect(findObjection(themes, 'standard/is_robot')?.audioFile).toBe('standard_is_robot.wav');
    expect(findObjection(themes, 'standard/risky')).toBeNull();
  });
});
