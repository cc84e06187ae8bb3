import { PhraseIndex } from './phrase-index.ts';
import type { Objection, ObjectionTheme } from './schema.ts';

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

export interface ObjectionMatcherOptions {
  /** The scenario's own theme first, then the standard one. */
  themes: readonly ObjectionTheme[];
  /** Folder of the voice that speaks the answers. */
  voice: string;
  /** Below this nothing fits (`OBJECTION_MIN_SCORE`, 0–1). */
  minScore: number;
}

/** The objection that a text raises; null when none fits. */
export type ObjectionMatcher = (text: string) => ObjectionMatch | null;

/** What the first theme's phrases are worth more than the same words in a later theme. */
const OWN_THEME_BONUS = 0.12;
/** Share of the second-best phrasing: two ways of saying it that both fit are better evidence than one. */
const SECOND_SHARE = 0.3;
/** Spreads the scores so that the published default of `OBJECTION_MIN_SCORE`, 0.5, lies where fitting begins. */
const SCORE_EXPONENT = 0.8;

interface Candidate {
  objectionId: string;
  objection: Objection;
  bonus: number;
}

/**
 * Reads the themes once; matching is then pure and takes well under 2 ms. Every phrasing of every objection is compared
 * with what was said; an objection is as good as its best phrasings.
 */
export function createObjectionMatcher(options: ObjectionMatcherOptions): ObjectionMatcher {
  const candidates = options.themes.flatMap((theme, order) =>
    theme.objections.map((objection): Candidate => ({
      objectionId: `${theme.theme}/${objection.id}`,
      objection,
      bonus: order === 0 && options.themes.length > 1 ? OWN_THEME_BONUS : 0,
    })),
  );
  const phrases = candidates.flatMap((candidate) =>
    phrasesOf(candidate.objection).map((text) => ({ text, candidate })),
  );
  const index = new PhraseIndex(phrases.map(({ text }) => text));

  return (text) => {
    const likeness = index.likeness(text);
    const best = new Map<Candidate, { first: number; second: number }>();
    for (const [at, { candidate }] of phrases.entries()) {
      const value = likeness[at] ?? 0;
      const known = best.get(candidate) ?? { first: 0, second: 0 };
      if (value > known.first) best.set(candidate, { first: value, second: known.first });
      else if (value > known.second) best.set(candidate, { ...known, second: value });
    }
    let match: { candidate: Candidate; score: number } | null = null;
    for (const [candidate, { first, second }] of best) {
      const likely = first + SECOND_SHARE * second * (1 - first) + candidate.bonus * first;
      const score = Math.min(1, likely) ** SCORE_EXPONENT;
      if (match === null || score > match.score) match = { candidate, score };
    }
    return match === null || match.score < options.minScore
      ? null
      : matchOf(match.candidate, match.score, options.voice);
  };
}

/** The objection `<theme>/<id>`; null where no theme holds it. */
export function findObjection(themes: readonly ObjectionTheme[], objectionId: string): Objection | null {
  for (const { theme, objections } of themes) {
    const found = objections.find(({ id }) => `${theme}/${id}` === objectionId);
    if (found !== undefined) return found;
  }
  return null;
}

function phrasesOf(objection: Objection): string[] {
  return [objection.objection, ...objection.phrasings];
}

function matchOf({ objectionId, objection }: Candidate, score: number, voice: string): ObjectionMatch {
  return {
    objectionId,
    score,
    audioPath: `${voice}/objections/${objection.audioFile}`,
    responseText: objection.response,
  };
}
