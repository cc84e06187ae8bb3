import { createHash } from 'node:crypto';
import { frenchWords } from '../intent/normalize.ts';
import { PhraseClassifier } from './phrase-classifier.ts';
import { phraseFeatures, type PhraseFeatures } from './phrase-features.ts';
import { PhraseIndex } from './phrase-index.ts';
import type { Objection, ObjectionTheme } from './schema.ts';
import { Slices } from './slices.ts';

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
  /** Objections of those themes that cannot be answered, because nobody recorded an answer: they are recognised as nothing. */
  unanswered?: ReadonlySet<Objection>;
  /** Folder of the voice that speaks the answers. */
  voice: string;
  /** Below this nothing fits (`OBJECTION_MIN_SCORE`, 0–1). */
  minScore: number;
}

/** The objection that a text raises; null when none fits. */
export type ObjectionMatcher = (text: string) => ObjectionMatch | null;

/** Decides between a theme's own objection and a standard one that fit equally. */
const OWN_THEME_BONUS = 0.03;
/** Share of the second-best phrasing: two ways of saying it that both fit are better evidence than one. */
const SECOND_SHARE = 0.3;
/** Share of the classifier's probability in the score, beside the resemblance to known phrasings. */
const PROBABILITY_SHARE = 0.7;
/** How far resemblance to what is no objection takes a score down. */
const NONE_DOUBT = 0.5;
/** Spreads the scores so that the published default of `OBJECTION_MIN_SCORE`, 0.5, lies where fitting begins. */
const SCORE_EXPONENT = 0.6;
/** Sets of themes that a learner remembers, some ten megabytes each. */
const MOST_LEARNT = 16;

interface Candidate {
  objectionId: string;
  objection: Objection;
  bonus: number;
}

interface Phrase {
  text: string;
  /** Number of its candidate; that after the last means nothing. */
  label: number;
}

/** What was learnt of phrases that mean one of some candidates, whatever these are called and answer. */
interface LearntPhrases {
  classifier: PhraseClassifier;
  index: PhraseIndex;
  verbatim: ReadonlyMap<string, number>;
}

/**
 * Learns themes, and the same ones once for all scenarios that hold them: half a second of CPU or more, in slices of some
 * milliseconds, so that calls go on meanwhile. Matching is then pure and takes well under 2 ms. What was said is an
 * objection as far as the classifier thinks it probable and a known phrasing resembles it, and less as far as it resembles
 * what is none. A phrase that stands in a theme word for word means what it means there.
 */
export class ObjectionLearner {
  private readonly learnt = new Map<string, Promise<LearntPhrases>>();
  private readonly closed = new AbortController();

  /** Rejects when the learner is closed meanwhile. */
  async matcher(options: ObjectionMatcherOptions): Promise<ObjectionMatcher> {
    const candidates = candidatesOf(options);
    const phrases = phrasesOf(options.themes, candidates);
    return matcherOf(options, candidates, phrases, await this.learn(phrases, candidates.length));
  }

  /** Learning that has begun ends after its current slice. */
  close(): void {
    this.closed.abort(new Error('the objection learner is closed'));
    this.learnt.clear();
  }

  private learn(phrases: readonly Phrase[], candidates: number): Promise<LearntPhrases> {
    this.closed.signal.throwIfAborted();
    const key = createHash('sha256')
      .update(JSON.stringify([candidates, phrases.map(({ text, label }) => [text, label])]))
      .digest('hex');
    const learning =
      this.learnt.get(key) ?? learnPhrases(phrases, candidates, new Slices(this.closed.signal));
    // Last in the order: what was asked for longest ago is forgotten first.
    this.learnt.delete(key);
    this.learnt.set(key, learning);
    for (const oldest of [...this.learnt.keys()].slice(0, -MOST_LEARNT)) this.learnt.delete(oldest);
    return learning;
  }
}

async function learnPhrases(
  phrases: readonly Phrase[],
  candidates: number,
  slices: Slices,
): Promise<LearntPhrases> {
  const features: PhraseFeatures[] = [];
  for (const { text } of phrases) {
    features.push(phraseFeatures(text));
    if (slices.isDue) await slices.next();
  }
  const index = await PhraseIndex.of(features, slices);
  const classifier = await PhraseClassifier.learn(
    features.map((known, at) => ({ features: known, label: phrases[at]?.label ?? candidates })),
    candidates + 1,
    slices,
  );
  const verbatim = new Map<string, number>();
  for (const { text, label } of phrases) {
    const key = keyOf(text);
    if (!verbatim.has(key)) verbatim.set(key, label);
    if (slices.isDue) await slices.next();
  }
  return { classifier, index, verbatim };
}

function matcherOf(
  options: ObjectionMatcherOptions,
  candidates: readonly Candidate[],
  phrases: readonly Phrase[],
  { classifier, index, verbatim }: LearntPhrases,
): ObjectionMatcher {
  return (text) => {
    const key = keyOf(text);
    if (key === '') return null;
    const known = verbatim.get(key);
    if (known !== undefined) return matchOf(candidates[known], 1, options);
    const said = phraseFeatures(text);
    const probabilities = classifier.probabilities(said);
    const resemblances = resemblancesOf(index.likeness(said), phrases, candidates.length);
    const belief = 1 - NONE_DOUBT * (resemblances[candidates.length] ?? 0);
    let best: { candidate: Candidate | undefined; score: number } = { candidate: undefined, score: 0 };
    for (const [label, candidate] of candidates.entries()) {
      const fit =
        PROBABILITY_SHARE * (probabilities[label] ?? 0) +
        (1 - PROBABILITY_SHARE) * (resemblances[label] ?? 0);
      const score = Math.min(1, fit * belief * (1 + candidate.bonus)) ** SCORE_EXPONENT;
      if (score > best.score) best = { candidate, score };
    }
    return matchOf(best.candidate, best.score, options);
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

/** What can be answered: an own objection takes the place of the standard ones that it answers. */
function candidatesOf({ themes, unanswered }: ObjectionMatcherOptions): Candidate[] {
  const [own] = themes;
  return themes.flatMap((theme) =>
    theme.objections
      .filter((objection) => unanswered?.has(objection) !== true)
      .filter(
        ({ id }) =>
          theme === own || !standingFor(own, id).some((objection) => unanswered?.has(objection) !== true),
      )
      .map((objection) => ({
        objectionId: `${theme.theme}/${objection.id}`,
        objection,
        bonus: theme === own && themes.length > 1 ? OWN_THEME_BONUS : 0,
      })),
  );
}

function phrasesOf(themes: readonly ObjectionTheme[], candidates: readonly Candidate[]): Phrase[] {
  const labels = new Map(candidates.map(({ objection }, label) => [objection, label]));
  const [own, ...others] = themes;
  const labelOf = (theme: ObjectionTheme, objection: Objection): number => {
    const answers =
      theme === own
        ? [
            objection,
            ...others.flatMap(({ objections }) => objections.filter(({ id }) => standsFor(objection, id))),
          ]
        : [...standingFor(own, objection.id), objection];
    const answered = answers.find((answer) => labels.has(answer));
    return (answered === undefined ? undefined : labels.get(answered)) ?? candidates.length;
  };
  return themes.flatMap((theme) => [
    ...theme.objections.flatMap((objection) => {
      const label = labelOf(theme, objection);
      return [objection.objection, ...objection.phrasings].map((text) => ({ text, label }));
    }),
    ...theme.none.map((text) => ({ text, label: candidates.length })),
  ]);
}

function standingFor(own: ObjectionTheme | undefined, standardId: string): Objection[] {
  return (own?.objections ?? []).filter((objection) => standsFor(objection, standardId));
}

/** Whether an objection of the scenario's own theme answers the standard one of this id. */
function standsFor({ id, insteadOf }: Objection, standardId: string): boolean {
  return id === standardId || insteadOf.includes(standardId);
}

/** How much the best phrasings of each candidate resemble what was said, 0–1. */
function resemblancesOf(
  likeness: Float64Array,
  phrases: readonly Phrase[],
  candidates: number,
): Float64Array {
  const first = new Float64Array(candidates + 1);
  const second = new Float64Array(candidates + 1);
  for (const [at, { label }] of phrases.entries()) {
    const value = likeness[at] ?? 0;
    const best = first[label] ?? 0;
    if (value > best) {
      first[label] = value;
      second[label] = best;
    } else if (value > (second[label] ?? 0)) second[label] = value;
  }
  return first.map((value, label) => value + SECOND_SHARE * (second[label] ?? 0) * (1 - value));
}

function keyOf(text: string): string {
  return frenchWords(text).join(' ');
}

/** Null for what means nothing or is not sure enough. */
function matchOf(
  candidate: Candidate | undefined,
  score: number,
  { voice, minScore }: ObjectionMatcherOptions,
): ObjectionMatch | null {
  if (candidate === undefined || score < minScore) return null;
  return {
    objectionId: candidate.objectionId,
    score,
    audioPath: `${voice}/objections/${candidate.objection.audioFile}`,
    responseText: candidate.objection.response,
  };
}
