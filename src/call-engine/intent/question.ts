import { spokenWords, PhraseBook } from './phrase-book.ts';

/**
 * What a bare answer to the question means. `yes-goes-on`: yes is consent (or no question is known). `yes-refuses`: "est-ce
 * que je vous dérange ?": no is consent. `negative`: "vous n'êtes pas intéressé ?": no stays no, yes is unclear.
 * `open`: "quel jour ?": a fact is the answer.
 */
export type QuestionKind = 'yes-goes-on' | 'yes-refuses' | 'negative' | 'open';

export interface QuestionAsked {
  kind: QuestionKind;
  /** It offers or asks for a day, an hour or an amount. */
  asksFact: boolean;
}

const KINDS = new PhraseBook<'yes-refuses' | 'open'>();
for (const pattern of [
  '(je|ça|on|cela|mon appel) (vous|te) (dérange|gêne|ennuie|embête|importune)',
  '(vous|te) (dérange|déranger|gêne|ennuie|embête|importune)',
  '(vous|te) (dérange|dérangerait|gênerait|ennuierait) (de|que|si)',
  '(tombe|appelle) (mal|au mauvais moment|à un mauvais moment|trop tard)',
  '(vous êtes|êtes-vous|seriez-vous|vous seriez) (occupé|occupée|pressé|pressée|en réunion|au travail|en train)',
  '(un|des) (inconvénient|inconvénients|objection|objections)',
  '(vous opposez-vous|vous vous opposez|opposé|opposée)',
  "(j'arrête|je m'arrête|nous en restions|en rester|restions|je vous laisse|je raccroche|nous arrêtions) (là|)",
  '(plus|pas) (être|que nous vous|recevoir) (appelé|appelée|appelions|rappelé|contacté|nos appels)',
  '(supprime|retire|efface) votre numéro',
]) {
  KINDS.add(pattern, 'yes-refuses');
}
for (const pattern of [
  "(quel|quelle|quels|quelles|combien|comment|quand|pourquoi|où|qui|lequel|laquelle|qu'est-ce|que préférez-vous|à partir de quand)",
]) {
  KINDS.add(pattern, 'open');
}

const FACT_WORDS = new Set(
  'quel quelle quels quelles quand combien heure jour date moment lundi mardi mercredi jeudi vendredi samedi dimanche demain matin soir semaine rendez disponible creneau montant somme age'.split(
    ' ',
  ),
);

/** "Vous n'êtes pas …", "n'avez-vous plus …", "seriez-vous pas …". */
const NEGATED = /(?:(?:^|[\s-])n(?:e\s|['\u2019]).*\s|-vous )(?:pas|plus|jamais)(?:[\s,?]|$)/iu;

/** Reads a prompt's text: its last question is what the callee answers. Null before the first prompt. */
export function readQuestion(prompt: string | null): QuestionAsked {
  const asked = lastQuestion(prompt ?? '');
  const words = spokenWords(asked);
  const found = KINDS.find(words).map(({ value }) => value);
  const kind: QuestionKind = found.includes('yes-refuses')
    ? 'yes-refuses'
    : found.includes('open')
      ? 'open'
      : NEGATED.test(asked)
        ? 'negative'
        : 'yes-goes-on';
  return { kind, asksFact: words.some((word) => FACT_WORDS.has(word)) };
}

/** The last sentence that ends in a question mark; the last sentence where none does. */
function lastQuestion(prompt: string): string {
  const sentences = prompt.slice(-600).match(/[^.!?…]+[.!?…]*/gu) ?? [];
  return sentences.findLast((sentence) => sentence.includes('?')) ?? sentences.at(-1) ?? '';
}
