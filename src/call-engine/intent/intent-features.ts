import { ideaOf } from '../objections/ideas.ts';
import { stem } from '../objections/stem.ts';
import { INTENTS, type Intent } from './intents.ts';
import { lexicalScores } from './lexical-scores.ts';
import type { QuestionAsked } from './question.ts';
import { soundOf } from './sound.ts';
import { bucketOf, wordFeatures } from './text-features.ts';

export const FEATURE_BUCKETS = 131_072;

/** Words at the beginning whose meaning depends on the question. */
const ANSWER_WORDS = 3;
/** Up to this many words an utterance can be no more than an answer to the question. */
const BARE_ANSWER_WORDS = 3;
/** By how much one intent's phrases outdo the next's, at most. */
const MOST_MARGIN = 4;

/** Words at the beginning of a question that tell what it asks for ("avez vous", "puis je"). */
const HEAD_WORDS = 2;
/** Words that carry the subject begin alike in all their forms. */
const STEM_LETTERS = 5;
const LEAST_CONTENT_LETTERS = 3;
const NEGATIONS = new Set('pas plus jamais rien non aucun aucune personne ni sans'.split(' '));
const YES = new Set('oui ouais ok si volontiers accord'.split(' '));
const NO = new Set('non nan'.split(' '));
const SUBJECTS = ['je', 'on', 'vous', 'il', 'elle'] as const;
/** Words that say nothing of the subject of a question. */
const FUNCTION_WORDS = new Set(
  'les des aux que qui nous vous ils elle une est suis avez pas non oui bien ca pour sur dans avec par votre vos mon mes notre nos quel quelle quand comment'.split(
    ' ',
  ),
);

/** Words that stand for their kind: any day is as good as another. */
const KINDS = new Map(
  Object.entries({
    DAY: 'lundi mardi mercredi jeudi vendredi samedi dimanche',
    NUMBER:
      'un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt trente quarante cinquante soixante cent mille',
    PART: 'matin midi soir soiree apres journee',
    SPAN: 'heure heures minute minutes seconde secondes instant moment jour jours semaine semaines mois an ans annee',
    DATE: 'janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre rentree noel fetes vacances',
    KIN: 'femme mari epouse epoux conjoint conjointe compagne compagnon fils fille mere pere maman papa frere soeur voisin voisine enfants',
    CHARGE: 'patron chef responsable directeur directrice gerant comptable associe banquier conseiller',
    PERSON:
      'monsieur madame mademoiselle martin dupont durand leroy bernard moreau claire sophie julien marie paul kevin',
  }).flatMap(([kind, words]) => words.split(' ').map((word) => [word, kind] as const)),
);

/**
 * What the trained model sees of an utterance, as bucket numbers: `wordFeatures` of the words and of their kinds, how
 * they sound, the ideas that they stand for, what the phrases of the lexicon say, the first words together with the kind of
 * question, the length.
 * `words` from `spokenWords`.
 */
export function intentFeatures(words: readonly string[], question: QuestionAsked): number[] {
  const asked = `${question.kind}${question.asksFact ? '+fact' : ''}${question.asksState ? '+state' : ''}${question.asksName ? '+name' : ''}`;
  const features = wordFeatures(words);
  features.add(`asked ${asked}`);
  features.add(`length ${Math.min(words.length, 8)}`);
  addAnswer(features, asked, words);
  const kinds = words.map((word) => KINDS.get(word) ?? word);
  addSequence(features, '', kinds);
  addAnswer(features, asked, kinds);
  addAnswer(features, `head ${question.words.slice(0, HEAD_WORDS).join(' ')}`, kinds);
  addPolarity(features, asked, words, question);
  for (const trait of traitsOf(question)) {
    if (trait === asked) continue;
    addAnswer(features, trait, kinds);
    addPolarity(features, trait, words, question);
  }
  addSequence(features, 'sound ', words.map(soundOf));
  addSequence(
    features,
    'idea ',
    words.map((word) => ideaOf(word) ?? KINDS.get(word) ?? stem(word)),
  );
  addLexical(features, asked, lexicalScores(words, question));
  return [...features].map((feature) => bucketOf(feature, FEATURE_BUCKETS));
}

/** Each of the traits of a question by itself: few questions that are learnt have all of them alike. */
function traitsOf({ kind, asksFact, asksState, asksName, words }: QuestionAsked): string[] {
  return [
    `kind ${kind}`,
    ...(asksFact ? ['fact'] : []),
    ...(asksState ? ['state'] : []),
    ...(asksName ? ['name'] : []),
    words.length === 0 ? 'nothing' : 'something',
  ];
}

/** The first words, and the whole where it is short, as answers to the question. */
function addAnswer(features: Set<string>, asked: string, words: readonly string[]): void {
  for (const word of words.slice(0, ANSWER_WORDS)) features.add(`${asked} ${word}`);
  if (words.length <= BARE_ANSWER_WORDS) features.add(`${asked} = ${words.join(' ')}`);
}

/** Yes and no, how often it is negated, who is spoken of, and whether the question's own words come back. */
function addPolarity(
  features: Set<string>,
  asked: string,
  words: readonly string[],
  question: QuestionAsked,
): void {
  const ofQuestion = new Set(question.words.filter(isContent).map(stemOf));
  const repeated = Math.min(
    2,
    words.filter((word) => isContent(word) && ofQuestion.has(stemOf(word))).length,
  );
  const negations = Math.min(2, words.filter((word) => NEGATIONS.has(word)).length);
  const yes = words.some((word) => YES.has(word));
  const no = words.some((word) => NO.has(word));
  const subjects = SUBJECTS.filter((subject) => words.includes(subject)).join(' ');
  for (const feature of [
    `repeats ${repeated} ${negations}`,
    `repeats ${repeated} ${negations} ${yes} ${no}`,
    `polarity ${words.length > BARE_ANSWER_WORDS} ${negations} ${yes} ${no}`,
    `subject ${subjects} ${negations > 0}`,
  ]) {
    features.add(feature);
    features.add(`${asked} ${feature}`);
  }
}

function isContent(word: string): boolean {
  return word.length >= LEAST_CONTENT_LETTERS && !FUNCTION_WORDS.has(word);
}

function stemOf(word: string): string {
  return soundOf(word).slice(0, STEM_LETTERS);
}

/** Words, pairs and triples. */
function addSequence(features: Set<string>, prefix: string, words: readonly string[]): void {
  const framed = ['^', ...words, '$'];
  for (const word of words) features.add(`${prefix}1 ${word}`);
  for (let at = 1; at < framed.length; at += 1) {
    features.add(`${prefix}2 ${framed.slice(at - 1, at + 1).join(' ')}`);
    if (at > 1 && prefix === '') features.add(`3 ${framed.slice(at - 2, at + 1).join(' ')}`);
  }
}

/** Scores as steps, so that a linear model can weigh them as it weighs words. */
function addLexical(features: Set<string>, asked: string, scores: Readonly<Record<Intent, number>>): void {
  for (const intent of INTENTS) {
    for (let level = 0; level <= Math.round(scores[intent]); level += 1) {
      features.add(`phrases ${intent} ${level}`);
    }
  }
  const [best, next] = [...INTENTS].sort((a, b) => scores[b] - scores[a]);
  if (best === undefined || next === undefined) return;
  const margin = Math.min(MOST_MARGIN, Math.round(scores[best] - scores[next]));
  for (let level = 0; level <= margin; level += 1) features.add(`phrases lead ${best} ${level}`);
  features.add(`phrases order ${best} ${next}`);
  features.add(`${asked} phrases order ${best} ${next}`);
  features.add(`${asked} phrases lead ${best} ${margin}`);
}
