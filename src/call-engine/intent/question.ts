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
  /** It asks whether the right person was reached. */
  asksName: boolean;
  /** Of the question, from `spokenWords`; none where nothing was asked. */
  words: readonly string[];
}

/** In this order: "préférez-vous ne plus être appelé ?" is about stopping, whatever else it is. */
const PRECEDENCE = ['yes-opts-out', 'yes-calls-back', 'yes-refuses', 'yes-goes-on', 'open'] as const;

const CALLED =
  '(appelé|appelée|rappelé|rappelée|contacté|contactée|recontacté|dérangé|dérangée|démarché|sollicité)';
const NUMBER =
  '(votre numéro|vos coordonnées|votre nom|vos données|vous|de notre liste|de nos listes|de nos fichiers|de la liste)';

/** One book a kind: the phrases of two kinds may overlap. */
const KINDS: Readonly<Record<(typeof PRECEDENCE)[number], PhraseBook<true>>> = {
  'yes-opts-out': new PhraseBook(),
  'yes-calls-back': new PhraseBook(),
  'yes-refuses': new PhraseBook(),
  'yes-goes-on': new PhraseBook(),
  open: new PhraseBook(),
};
for (const pattern of [
  `plus (jamais |)(être|que nous vous|qu'on vous|recevoir) (${CALLED}|appelions|appelle|nos appels|d'appels|rappelle)`,
  `(supprime|supprimer|supprimions|retire|retirer|retirions|efface|effacer|effacions|enlève|enlever|enlevions|raye|rayer) ${NUMBER}`,
  `être (retiré|retirée|supprimé|supprimée|effacé|enlevé|rayé|désinscrit) (de|des)`,
  `(cesse|cesser|cessions|arrête|arrêter|arrêtions) (de|d') vous (appeler|contacter|rappeler|recontacter|démarcher|solliciter)`,
  '(vous désinscrire|vous désinscrive|vous retire|vous retirer|vous désabonner)',
  "(inscrit|inscrite|inscrire|inscrive|inscrivions|mettre|mettions) (sur|dans|à) (notre|la|une) liste (d'opposition|rouge|noire|d'exclusion|des refus)",
  'plus (jamais |)(recevoir|vous relancer|vous rappeler|vous appeler|vous recontacter|vous contacter|vous déranger|être relancé|être relancée|être dérangé|être dérangée|être appelé|être appelée)',
  "pas (être |)(appelé|rappelé|contacté|dérangé|démarché|sollicité|relancé|appelée|rappelée|contactée|dérangée|démarchée|sollicitée|relancée) (à l'avenir|à nouveau|de nouveau)",
  "(que je|que nous|que l'on|qu'on|que) (vous |)(oublie|oubliions|oublier)",
  "(souhaitez-vous|voulez-vous|désirez-vous|préférez-vous|faut-il|vous voulez|vous souhaitez|vous préférez|aimeriez-vous) (que j'arrête|que je m'arrête|que nous arrêtions|que l'on arrête|qu'on arrête)",
  "(faire |exercer |)(valoir |)(votre|un) (droit d'opposition|opposition)",
  `(arrêter|arrêtions|arrête|cesser|cessions|cesse) (nos|mes|les|ces|tous les|tout|toutes les) (appels|contacts|relances|contact|relance)`,
]) {
  KINDS['yes-opts-out'].add(pattern, true);
}
for (const pattern of [
  "(vous rappelle|vous rappeler|vous rappelions|je rappelle|rappeler|qu'on rappelle|nous rappelions|vous recontacte|repasser|rappelle) (plus tard|à un autre|un autre|à un meilleur|une autre|quand vous serez|ultérieurement|dans une heure|ce soir|en soirée)",
  '(reporter|remettre|remettions) (cet appel|ça|à plus tard|à un autre)',
  '(voulez-vous|souhaitez-vous|préférez-vous|désirez-vous|aimeriez-vous|faut-il|vous voulez|vous préférez|vous souhaitez|serait-il mieux|vaudrait-il mieux|vaut-il mieux|réfléchir et) (que je|que nous) (vous |)(rappelle|rappelions|recontacte|recontactions|retéléphone)',
  '(vaut-il mieux|vaudrait-il mieux|est-il mieux de|serait-il préférable de) (vous |)(rappeler|appeler|joindre|recontacter|contacter)',
  "(convenions|convienne|convenir|reprenne|reprenions) (d'un autre|à un autre|demain|plus tard|un autre)",
  '(rappelle|rappelions|rappeler|recontacte|recontactions|reparle|reparler|reparlions) (plus tard|une autre fois|un autre jour|à un autre moment|dans un moment|la semaine prochaine)',
]) {
  KINDS['yes-calls-back'].add(pattern, true);
}
for (const pattern of [
  '(je|ça|on|cela|mon appel|cet appel) (vous|te) (dérange|gêne|ennuie|embête|importune)',
  '(vous|te) (dérange|déranger|gêne|ennuie|embête|importune|gêner)',
  '(vous|te) (dérange|dérangerait|gênerait|ennuierait|embêterait) (de|que|si|)',
  '(gêne|dérange|ennuie)-t-(il|elle|on)',
  '(tombe|appelle|tombons|tombé) (mal|au mauvais moment|à un mauvais moment|trop tard|trop tôt)',
  '(vous êtes|êtes-vous|seriez-vous|vous seriez) (très |)(occupé|occupée|pressé|pressée|débordé|débordée|en réunion|en pleine réunion|en rendez-vous|au travail|en train|à table|au volant|sur la route)',
  "(l'heure|le moment) est (mal choisi|mal choisie|mauvais|mauvaise|trop)",
  '(mauvais moment|mauvaise heure|mauvais jour)',
  '(tombe|tombons|dérange) pas (trop |) mal',
  '(seriez|êtes|serez) (pas |)contre',
  '(un|des|aucun|une) (inconvénient|inconvénients|objection|objections)',
  '(pose|poserait|posera) (t-il|il|elle|) (problème|un problème|un souci|souci|une difficulté)',
  '(pose|poserait)-t-il',
  '(vous opposez-vous|vous vous opposez|opposé|opposée)',
  "(j'arrête|je m'arrête|nous en restions|en rester|restions|je vous laisse|je raccroche|nous arrêtions|qu'on arrête|qu'on s'arrête|qu'on en reste|j'en reste) (là|)",
  "(mettre un terme|mettions un terme|qu'on abandonne|nous abandonnions|j'abandonne)",
  "(dois-je|faut-il|voulez-vous|souhaitez-vous|préférez-vous) (annuler|que j'annule|qu'on annule)",
  "(arrêter|raccrocher|mettre fin|mettions fin|stopper|interrompre|s'arrête là|on arrête|laisser tranquille|terminer là)",
  '(seriez-vous|êtes-vous|vous seriez|vous êtes|vous serez) (pas |vraiment |)(contre|dérangé|dérangée|gêné|gênée|opposé|opposée|contrarié|contrariée|fâché|fâchée|embêté|embêtée)',
  '(vous|te) (contrarie|contrarier|contrarierait|fâche|agace|irrite|prends trop de temps|prend trop de temps|retarde|retarderait)',
  '(vous avez|avez-vous|auriez-vous|vous auriez) (rien|quelque chose|quoi que ce soit) contre',
  '(vous refusez|refusez-vous|vous renoncez|renoncez-vous|vous déclinez|déclinez-vous|souhaitez-vous refuser|voulez-vous refuser|préférez-vous refuser|souhaitez-vous renoncer)',
  '(êtes-vous|vous êtes|en êtes-vous) (bien |)(sûr|sûre|certain|certaine) de (ne |)(pas|plus|rien)',
  "(c'est|est-ce|serait-ce) (bien |donc |)(votre dernier mot|un non|un refus|non|définitif)",
  '(vous|te) (prends|prend|retiens|retient|réveille|surprends|surprend|coupe|interromps|interrompt|empêche|gêne|dérange|fait peur|effraie|inquiète|déplaît) (pas|)',
  '(inutile|inutiles|gênant|dérangeant|ennuyeux|pénible|impossible|problématique|prématuré|superflu|sans intérêt|trop tard|trop tôt|trop cher|trop long|trop compliqué)',
  '(un|des|le moindre|une|quelques|encore un|encore des) (doute|doutes|frein|freins|hésitation|hésitations|réticence|réticences|empêchement|regret|regrets) (avant|sur|à|)',
  "(avez-vous|vous avez|auriez-vous|vous auriez) (encore |)(une|des|d'autres|quelques) (question|questions)",
  '(regrettez-vous|vous regrettez|hésitez-vous|vous hésitez|craignez-vous|vous craignez)',
  '(renoncer|abandonner|laisser tomber|passer votre tour)',
  '(clore|clôturer|classer|fermer|supprimer) (votre|le|ce) dossier',
]) {
  KINDS['yes-refuses'].add(pattern, true);
}
for (const pattern of [
  'que diriez-vous',
  "(puis-je|je peux|pouvons-nous|pourrais-je|est-ce que je peux|est-ce que je pourrais|permettez-vous que|me permettez-vous de|permettez-moi de|acceptez-vous que|accepteriez-vous de|acceptez-vous de|vous voulez bien|voulez-vous bien|êtes-vous d'accord pour|seriez-vous d'accord pour)",
]) {
  KINDS['yes-goes-on'].add(pattern, true);
}
for (const pattern of [
  "(quel|quelle|quels|quelles|combien|comment|quand|où|lequel|laquelle|qu'est-ce|pourquoi|à qui|de qui|avec qui|chez qui)",
  '(que|qui) (pensez|préférez|faites|voulez|souhaitez|voyez|savez|est-ce|vous a|êtes|cherchez|attendez|recherchez|en pensez|utilisez|proposez|désirez|aimeriez|est votre|est le|gère|décide)',
  '(plutôt|préférez-vous|vous préférez|être appelé) (le matin|le soir|en semaine|lundi|mardi|mercredi|jeudi|vendredi|le week-end)',
]) {
  KINDS.open.add(pattern, true);
}

/** Words of a question that a day, an hour or an amount answers. */
const FACT_WORDS = new Set(
  'quel quelle quels quelles quand combien heure heures week jour date lundi mardi mercredi jeudi vendredi samedi dimanche demain matin soir semaine rendez creneau montant somme age'.split(
    ' ',
  ),
);

/** "Vous n'êtes pas …", "n'avez-vous plus …", "vous êtes pas …", but not "avez-vous plus de cinquante ans". */
const NEGATED =
  /(?:^|[\s,-])(?:n(?:e\s|['\u2019]).*\s|.*-vous |vous \S+ )(?:pas|plus(?! de\b| d['\u2019])|jamais|rien(?=\s*\?))(?:[\s,?]|$)/iu;

/** "… ne plus être appelé", "… ne vous appelions plus", where "plus" is not "plus tard". */
const NO_MORE_CALLS =
  /\bne plus (?:jamais )?(?:vous |te |être |recevoir )?(?:d['\u2019]|de |nos |vos )?(?:r?appel|(?:re)?contact|sollicit|démarch|dérang|relanc)|\bne (?:vous |te |t['\u2019])(?:r?appel|(?:re)?contact|sollicit|démarch|dérang|relanc)\p{L}+ (?:plus|jamais)(?! tard| tôt)|\bvoulez plus être (?:r?appel|(?:re)?contact|sollicit|démarch|dérang)|oppos\p{L}* à (?:nos|ces|tout|mes|d['\u2019]autres) (?:appel|relance|contact)|liste (?:d['\u2019]opposition|rouge|noire|d['\u2019]exclusion|des personnes à ne plus)/iu;
/** "Voulez-vous que je rappelle demain ?": not an adviser's call. */
const CALL_AGAIN =
  /(?:voulez|souhaitez|préférez|désirez|aimeriez)[- ]vous (?:que (?:je|nous|l['\u2019]on)|qu['\u2019]on) (?:vous )?r(?:appel|econtact|etéléphon|epren|epass|éessa|etent|eparl|evoi)\p{L}* .*(?:tard|demain|soir|soirée|autre|semaine|heure|lundi|mardi|mercredi|jeudi|vendredi|samedi|matin|midi|mois|jour)|vous (?:préférez|voulez|souhaitez) que (?:je|nous) (?:vous )?r(?:appel|econtact|etéléphon|epass|éessa|etent)/iu;
/** "Préférez-vous ne pas répondre ?": yes refuses. */
const RATHER_NOT =
  /préfér\p{L}+[- ]vous (?:ne (?:pas|rien)|que (?:je|nous) ne|qu['\u2019]on ne)|vous préfér\p{L}+ ne (?:pas|rien)/iu;
/** "Donc vous n'êtes pas intéressé." is asked without a mark. */
const DENIES_OF_YOU = /^\W*(?:donc |alors |si je comprends bien,? )?(?:vous|ça|cela) n/iu;
/** "… c'est bien ça ?" asks whether it is so, negated or not. */
const ASKS_WHETHER_SO =
  /(?:c['\u2019]est|est-ce) (?:bien )?(?:exact|ça|cela|juste|correct|vrai)\s*\?|(?:vous (?:me )?confirmez|nous sommes d['\u2019]accord|on est d['\u2019]accord)\s*\?/iu;

/** "… d'accord, n'est-ce pas ?" denies nothing. */
const TAG = /[\s,]*\b(?:n['\u2019]est-ce pas|pas vrai|non)\s*(?=\?|$)/iu;

/** How a question begins that lost its mark. */
const BEGINS_LIKE_QUESTION =
  /^\s*(?:est-ce|puis-je|dois-je|quel|combien|comment|quand|où|qu'est-ce|à quelle?|(?:je|ça|cela) (?:ne )?vous|[\p{L}'\u2019]+-(?:vous|je|on|il|elle|ce)\b)/iu;

/** What offers, asks leave or asks for time: its answer is what the callee wants. */
const OFFERS =
  /voul|souhait|pouv|pourr|puis-je|peux|accept|désire|aimer|préf|intéress|minute|instant|moment|\btemps|dérang|convien|ça vous va|d['\u2019]accord|continu|\btente|rendez-vous|disponible|libre|rappel|arrêt|participer/iu;
/** "C'est oui ou c'est non ?" */
const YES_OR_NO = /\boui,? ou (?:bien |plutôt |c['\u2019]est |)*non\b/iu;
/** "Je parle bien à …", "c'est bien l'entreprise …": who answers no is somebody else. */
const ABOUT_NAME =
  /(?:[sS]uis-je bien|[êÊ]tes-vous bien|(?:[jJ]e suis|parlé|parle|adresse|[eE]st-ce|[cC]['\u2019]est) bien (?:à|au|aux|avec|chez|le|la|monsieur|madame|mme|mademoiselle)(?=\s)|bien l['\u2019]|(?:[vV]ous êtes (?:bien )?|[êÊ]tes-vous )(?:monsieur|madame|mademoiselle|\p{Lu})|[cC]['\u2019]est (?:bien )?vous|joindre (?:monsieur|madame|mademoiselle|\p{Lu}))/u;
/** "Qu'est-ce qui vous retient ?", "quel serait l'inconvénient ?": open, whatever they are about. */
const BEGINS_OPEN =
  /(?:^|[,:])\s*(?:(?:et|alors|donc|mais|sinon|à|de|en|pour|depuis) )?(?:quel(?:le)?s?|combien|comment|quand|où|pourquoi|lequel|laquelle|qu['\u2019]est-ce)(?=\s)/iu;
/** "On continue ou on s'arrête ?" */
const CHOICE = /(?:continue|arrête)\S*,? ou /iu;
const ABOUT_YOU = /\b(?:vous|votre|vos)\b/iu;

/** Reads a prompt's text: its last question is what the callee answers. Null before the first prompt. */
export function readQuestion(prompt: string | null): QuestionAsked {
  const { sentence, isQuestion } = lastAsked(prompt ?? '');
  const words = spokenWords(sentence);
  const named = PRECEDENCE.find((kind) => KINDS[kind].find(words).length > 0);
  return {
    kind: kindOf(isQuestion ? named : undefined, sentence, isQuestion),
    asksFact: isQuestion && words.some((word) => FACT_WORDS.has(word)),
    asksName: isQuestion && ABOUT_NAME.test(sentence),
    words: isQuestion ? words : [],
    asksState: isQuestion && ABOUT_YOU.test(sentence) && !OFFERS.test(sentence),
  };
}

function kindOf(named: QuestionKind | undefined, sentence: string, isQuestion: boolean): QuestionKind {
  if (YES_OR_NO.test(sentence)) return 'yes-goes-on';
  if (isQuestion && NO_MORE_CALLS.test(sentence)) return 'yes-opts-out';
  if (isQuestion && CALL_AGAIN.test(sentence)) return 'yes-calls-back';
  if (RATHER_NOT.test(sentence)) return 'yes-refuses';
  const isTurned = named === 'yes-refuses' || named === 'yes-goes-on';
  if (CHOICE.test(sentence) || (isTurned && BEGINS_OPEN.test(sentence))) return 'open';
  if (named !== undefined) return named;
  if (ASKS_WHETHER_SO.test(sentence)) return 'yes-goes-on';
  const mayAsk = isQuestion || DENIES_OF_YOU.test(sentence);
  return mayAsk && NEGATED.test(sentence.replace(TAG, '')) ? 'negative' : 'yes-goes-on';
}

/** The last sentence that ends in a question mark; the last sentence where none does. */
function lastAsked(prompt: string): { sentence: string; isQuestion: boolean } {
  const sentences = prompt.slice(-600).match(/[^.!?…]+[.!?…]*/gu) ?? [];
  const question = sentences.findLast((sentence) => sentence.includes('?'));
  const sentence = question ?? sentences.at(-1) ?? '';
  return { sentence, isQuestion: question !== undefined || BEGINS_LIKE_QUESTION.test(sentence) };
}
