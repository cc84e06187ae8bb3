import { PhraseBook, spokenWords } from './phrase-book.ts';

/**
 * What a bare answer to the question means. `yes-goes-on`: yes is consent (or no question is known). `yes-refuses`: "est-ce
 * que je vous dérange ?": no is consent. `yes-opts-out`: "voulez-vous ne plus être appelé ?": yes is the wish itself, no is
 * consent. `yes-calls-back`: "voulez-vous que je rappelle plus tard ?": yes asks for that, no is consent. `negative`: "vous n'êtes pas intéressé ?": no stays no, yes is unclear. `open`: "quel jour ?": a fact is the
 * answer.
 */
export type QuestionKind =
  'yes-goes-on' | 'yes-refuses' | 'yes-opts-out' | 'yes-calls-back' | 'negative' | 'open';

export interface QuestionAsked {
  kind: QuestionKind;
  /** It offers or asks for a day, an hour or an amount. */
  asksFact: boolean;
  /** It asks how things are ("avez-vous une alarme ?"), not what is wanted: a plain statement answers it. */
  asksState: boolean;
}

/** In this order: "préférez-vous ne plus être appelé ?" is about stopping, whatever else it is. */
const PRECEDENCE = ['yes-opts-out', 'yes-calls-back', 'yes-refuses', 'yes-goes-on', 'open'] as const;

const CALLED =
  '(appelé|appelée|rappelé|rappelée|contacté|contactée|recontacté|dérangé|dérangée|démarché|sollicité)';
const NUMBER =
  '(votre numéro|vos coordonnées|votre nom|vos données|vous|de notre liste|de nos listes|de nos fichiers|de la liste)';

const KINDS = new PhraseBook<(typeof PRECEDENCE)[number]>();
for (const pattern of [
  `plus (jamais |)(être|que nous vous|qu'on vous|recevoir) (${CALLED}|appelions|appelle|nos appels|d'appels|rappelle)`,
  `(supprime|supprimer|supprimions|retire|retirer|retirions|efface|effacer|effacions|enlève|enlever|enlevions|raye|rayer) ${NUMBER}`,
  `être (retiré|retirée|supprimé|supprimée|effacé|enlevé|rayé|désinscrit) (de|des)`,
  `(cesse|cesser|cessions|arrête|arrêter|arrêtions) (de|d') vous (appeler|contacter|rappeler|recontacter|démarcher|solliciter)`,
  '(vous désinscrire|vous désinscrive|vous retire|vous retirer|vous désabonner)',
]) {
  KINDS.add(pattern, 'yes-opts-out');
}
for (const pattern of [
  "(vous rappelle|vous rappeler|vous rappelions|je rappelle|rappeler|qu'on rappelle|nous rappelions|vous recontacte|repasser|rappelle) (plus tard|à un autre|un autre|à un meilleur|une autre|quand vous serez|ultérieurement|dans une heure|ce soir|en soirée)",
  '(reporter|remettre|remettions) (cet appel|ça|à plus tard|à un autre)',
]) {
  KINDS.add(pattern, 'yes-calls-back');
}
for (const pattern of [
  '(je|ça|on|cela|mon appel|cet appel) (vous|te) (dérange|gêne|ennuie|embête|importune)',
  '(vous|te) (dérange|déranger|gêne|ennuie|embête|importune|gêner)',
  '(vous|te) (dérange|dérangerait|gênerait|ennuierait|embêterait) (de|que|si|)',
  '(gêne|dérange|ennuie)-t-(il|elle|on)',
  '(tombe|appelle|tombons|tombé) (mal|au mauvais moment|à un mauvais moment|trop tard|trop tôt)',
  '(vous êtes|êtes-vous|seriez-vous|vous seriez) (occupé|occupée|pressé|pressée|en réunion|au travail|en train|à table|au volant)',
  "(l'heure|le moment) est (mal choisi|mal choisie|mauvais|mauvaise|trop)",
  '(mauvais moment|mauvaise heure|mauvais jour)',
  '(tombe|tombons|dérange) pas (trop |) mal',
  '(seriez|êtes|serez) (pas |)contre',
  '(un|des|aucun|une) (inconvénient|inconvénients|objection|objections)',
  '(pose|poserait) (t-il|problème|un problème|un souci)',
  '(vous opposez-vous|vous vous opposez|opposé|opposée)',
  "(j'arrête|je m'arrête|nous en restions|en rester|restions|je vous laisse|je raccroche|nous arrêtions|qu'on arrête|qu'on s'arrête|qu'on en reste) (là|)",
  "(arrêter|raccrocher|mettre fin|mettions fin|stopper|interrompre|s'arrête là|on arrête|laisser tranquille|terminer là)",
  "préférez-vous (ne pas|que je ne|qu'on ne)",
]) {
  KINDS.add(pattern, 'yes-refuses');
}
KINDS.add('que diriez-vous', 'yes-goes-on');
for (const pattern of [
  "(quel|quelle|quels|quelles|combien|comment|quand|où|lequel|laquelle|qu'est-ce|pourquoi|à qui|de qui|avec qui|chez qui)",
  '(que|qui) (pensez|préférez|faites|voulez|souhaitez|voyez|savez|est-ce|vous a|êtes)',
  '(plutôt|préférez-vous|vous préférez|être appelé) (le matin|le soir|en semaine|lundi|mardi|mercredi|jeudi|vendredi|le week-end)',
]) {
  KINDS.add(pattern, 'open');
}

/** Words of a question that a day, an hour or an amount answers. */
const FACT_WORDS = new Set(
  'quel quelle quels quelles quand combien heure heures week jour date lundi mardi mercredi jeudi vendredi samedi dimanche demain matin soir semaine rendez creneau montant somme age'.split(
    ' ',
  ),
);

/** "Vous n'êtes pas …", "n'avez-vous plus …", "vous êtes pas …", but not "avez-vous plus de cinquante ans". */
const NEGATED =
  /(?:^|[\s,-])(?:n(?:e\s|['\u2019]).*\s|.*-vous |vous \S+ )(?:pas|plus(?! de\b| d['\u2019])|jamais)(?:[\s,?]|$)/iu;

/** How a question begins that lost its mark. */
const BEGINS_LIKE_QUESTION =
  /^\s*(?:est-ce|puis-je|dois-je|quel|combien|comment|quand|où|qu'est-ce|à quelle?|(?:je|ça|cela) (?:ne )?vous|[\p{L}'\u2019]+-(?:vous|je|on|il|elle|ce)\b)/iu;

/** What offers, asks leave or asks for time: its answer is what the callee wants. */
const OFFERS =
  /voul|souhait|pouv|pourr|puis-je|peux|accept|désire|aimer|préf|intéress|minute|instant|moment|\btemps|dérang|convien|ça vous va|d['\u2019]accord|continu|\btente|rendez-vous|disponible|libre|rappel|arrêt|participer/iu;
/** "On continue ou on s'arrête ?" */
const CHOICE = /(?:continue|arrête)\S*,? ou /iu;
const ABOUT_YOU = /\b(?:vous|votre|vos)\b/iu;

/** Reads a prompt's text: its last question is what the callee answers. Null before the first prompt. */
export function readQuestion(prompt: string | null): QuestionAsked {
  const { sentence, isQuestion } = lastAsked(prompt ?? '');
  const words = spokenWords(sentence);
  const found = new Set(KINDS.find(words).map(({ value }) => value));
  const named = PRECEDENCE.find((kind) => found.has(kind));
  return {
    kind: CHOICE.test(sentence) ? 'open' : kindOf(isQuestion ? named : undefined, sentence),
    asksFact: isQuestion && words.some((word) => FACT_WORDS.has(word)),
    asksState: isQuestion && ABOUT_YOU.test(sentence) && !OFFERS.test(sentence),
  };
}

function kindOf(named: QuestionKind | undefined, sentence: string): QuestionKind {
  if (named !== undefined) return named;
  return NEGATED.test(sentence) ? 'negative' : 'yes-goes-on';
}

/** The last sentence that ends in a question mark; the last sentence where none does. */
function lastAsked(prompt: string): { sentence: string; isQuestion: boolean } {
  const sentences = prompt.slice(-600).match(/[^.!?…]+[.!?…]*/gu) ?? [];
  const question = sentences.findLast((sentence) => sentence.includes('?'));
  const sentence = question ?? sentences.at(-1) ?? '';
  return { sentence, isQuestion: question !== undefined || BEGINS_LIKE_QUESTION.test(sentence) };
}
