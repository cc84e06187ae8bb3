import { INTENTS, type Intent } from './intents.ts';
import { LEXICON, type Evidence } from './lexicon.ts';
import type { PhraseMatch } from './phrase-book.ts';
import type { QuestionAsked } from './question.ts';

/** How evidence is weighed. All are factors on, or additions to, the weights of `lexicon.ts`. */
const WEIGHING = {
  /** A second phrase for the same intent adds little: they are not independent. */
  repeated: 0.3,
  /** "Non, c'est trop cher": the reason says more than the no before it. */
  bareAnswerBesideReason: 0.3,
  /** "Oui mais …", "c'est gentil mais …": what follows is meant. */
  beforeBut: 0.45,
  /** A refusal and a yes in one breath: the refusal counts in full, the yes less. */
  yesBesideRefusal: 0.6,
  /** "Oui" to a negated question. */
  yesToNegative: 0.3,
  /** "Il est bien où il est": a question word that neither opens nor ends what is said. */
  questionWordInside: 0.5,
  /** A negation that belongs to no known phrase hints at a refusal. */
  strayNegation: 2,
  /** No phrase speaks for this intent. */
  nothingSaid: -1.2,
  /** Nothing known was said: the score of `not_understood`. */
  nothingKnown: 1.2,
  /** Each word that no phrase explains, up to `mostUnexplained`. */
  unexplainedWord: 0.3,
  mostUnexplained: 8,
} as const;

/** A phrase weaker than this is no reason. */
const LEAST_REASON = 2;
const CLAUSE_OPENERS = new Set(['mais', 'et', 'ou', 'alors', 'donc']);
const NEGATORS = new Set(['pas', 'jamais', 'aucun', 'aucune']);

/**
 * How strongly the known phrases of an utterance speak for each intent: every phrase with its weight, bare answers turned
 * round where the question asks for it. `words` from `spokenWords`.
 */
export function lexicalScores(words: readonly string[], question: QuestionAsked): Record<Intent, number> {
  const matches = LEXICON.find(words);
  const evidence = weighed(matches, words, question);
  const explained = matches.reduce((sum, { from, to }) => sum + to - from, 0);
  const unexplained = Math.min(words.length - explained, WEIGHING.mostUnexplained);

  const scores = emptyScores();
  for (const intent of INTENTS) {
    const items = evidence.filter((item) => item.intent === intent);
    scores[intent] = items.length === 0 ? WEIGHING.nothingSaid : combined(items);
  }
  scores.not_understood = Math.max(
    scores.not_understood,
    WEIGHING.nothingKnown + WEIGHING.unexplainedWord * unexplained,
  );
  return scores;
}

/** The strongest phrase in full, the others in part. */
function combined(items: readonly Pick<Evidence, 'weight'>[]): number {
  const weights = items.map(({ weight }) => weight).sort((a, b) => b - a);
  return weights.reduce((sum, weight, rank) => sum + (rank === 0 ? weight : weight * WEIGHING.repeated), 0);
}

interface Weighed extends Evidence {
  from: number;
}

function weighed(
  matches: readonly PhraseMatch<Evidence>[],
  words: readonly string[],
  question: QuestionAsked,
): Weighed[] {
  const taken = new Set(matches.flatMap(({ from, to }) => range(from, to)));
  const firstMeaningful = matches.find(({ value }) => value.role !== 'filler')?.from ?? 0;
  const turned = matches
    .filter(({ value }) => value.role !== 'filler')
    .filter(({ value, from }) => value.role !== 'opening' || from === firstMeaningful)
    .filter(({ value }) => value.role !== 'alone' || matches.length === 1)
    .filter(({ value }) => value.role !== 'fact' || value.intent !== 'affirm' || question.asksFact)
    .map((match): Weighed => {
      const negated = isNegated(match, words, taken) ? negate(match.value) : match.value;
      const turned = { ...turnedBy(question, negated), from: match.from };
      return isInside(match, matches, words) ? scaled(turned, WEIGHING.questionWordInside) : turned;
    });
  const but = words.lastIndexOf('mais');
  const stray = words.findIndex((word, at) => NEGATORS.has(word) && !taken.has(at));
  if (stray !== -1) {
    turned.push({ intent: 'deny', weight: WEIGHING.strayNegation, role: 'plain', from: stray });
  }
  return beforeBut(besideReasons(turned, but), but);
}

/** A question word with something said on both sides of it, in the same clause. */
function isInside(
  { value, from, to }: PhraseMatch<Evidence>,
  matches: readonly PhraseMatch<Evidence>[],
  words: readonly string[],
): boolean {
  if (value.role !== 'interrogative' || to === words.length || CLAUSE_OPENERS.has(words[from - 1] ?? '')) {
    return false;
  }
  const before = matches.filter((match) => match.to <= from);
  const explained = before.reduce((sum, match) => sum + match.to - match.from, 0);
  return explained < from || before.some((match) => match.value.role !== 'filler' && !isBare(match.value));
}

/** What a bare answer means after this question. */
function turnedBy({ kind, asksFact }: QuestionAsked, evidence: Evidence): Evidence {
  if (evidence.role === 'yes' && kind === 'yes-opts-out') return { ...evidence, intent: 'opt_out' };
  if (evidence.role === 'yes' && kind === 'yes-calls-back') return { ...evidence, intent: 'callback' };
  if (evidence.role === 'no' && kind === 'yes-calls-back') return { ...evidence, intent: 'affirm' };
  if (evidence.role === 'no' && kind === 'yes-opts-out') return { ...evidence, intent: 'affirm' };
  if (evidence.role === 'yes' && kind === 'yes-refuses') return { ...evidence, intent: 'deny' };
  if (evidence.role === 'no' && kind === 'yes-refuses') return { ...evidence, intent: 'affirm' };
  if (evidence.role === 'contradiction' && kind === 'yes-refuses') return { ...evidence, intent: 'deny' };
  if (evidence.role === 'fact' && asksFact) return { ...evidence, intent: 'affirm' };
  if (evidence.role === 'yes' && kind === 'negative') {
    return { ...evidence, weight: evidence.weight * WEIGHING.yesToNegative };
  }
  return evidence;
}

/** "Je veux bien … pas": a negation beside the phrase that no phrase explains. */
function isNegated(
  match: PhraseMatch<Evidence>,
  words: readonly string[],
  taken: ReadonlySet<number>,
): boolean {
  if (match.value.intent !== 'affirm' || match.value.role === 'fact') return false;
  return [match.from - 1, match.to, match.to + 1].some(
    (at) => !taken.has(at) && NEGATORS.has(words[at] ?? ''),
  );
}

function negate(evidence: Evidence): Evidence {
  return { ...evidence, intent: 'deny', role: 'plain' };
}

/** A bare yes or no gives way to what is said with it, and a yes to a refusal; a no after "mais" stands. */
function besideReasons(evidence: readonly Weighed[], but: number): Weighed[] {
  const reasons = evidence.filter((item) => item.role === 'plain' && item.weight >= LEAST_REASON);
  const isRefused = evidence.some(({ intent }) => intent === 'deny');
  return evidence.map((item) => {
    const givesWay = reasons.some(({ intent }) => intent !== item.intent && intent !== 'affirm');
    const isLastWord = item.role === 'no' && but > 0 && item.from > but;
    if (isBare(item) && givesWay && !isLastWord) return scaled(item, WEIGHING.bareAnswerBesideReason);
    if (item.intent === 'affirm' && isRefused) return scaled(item, WEIGHING.yesBesideRefusal);
    return item;
  });
}

function beforeBut(evidence: readonly Weighed[], but: number): Weighed[] {
  const isFollowed = evidence.some(({ from }) => from > but);
  return but <= 0 || !isFollowed
    ? [...evidence]
    : evidence.map((item) => (item.from < but ? scaled(item, WEIGHING.beforeBut) : item));
}

function isBare({ role }: Evidence): boolean {
  return role === 'yes' || role === 'no';
}

function scaled(item: Weighed, factor: number): Weighed {
  return { ...item, weight: item.weight * factor };
}

function emptyScores(): Record<Intent, number> {
  return {
    affirm: 0,
    deny: 0,
    question: 0,
    objection: 0,
    silence: 0,
    not_understood: 0,
    opt_out: 0,
    callback: 0,
    wrong_number: 0,
    machine: 0,
  };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
