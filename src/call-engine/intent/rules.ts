import type { Intent } from './intents.ts';
import { PhraseBook } from './phrase-book.ts';
import type { QuestionAsked } from './question.ts';

/** What the rules decide. `exempt` marks what sounds like one of them and is not. */
type RuleIntent = Extract<Intent, 'opt_out' | 'wrong_number' | 'machine' | 'question'>;

/** In this order: the wish not to be called stands above everything said besides. */
const PRECEDENCE: readonly RuleIntent[] = ['opt_out', 'machine', 'wrong_number', 'question'];

const CALLED = '(appelez|rappelez|contactez|recontactez|téléphonez|dérangez|embêtez|sollicitez|harcelez)';
const CALL =
  '(appeler|rappeler|contacter|recontacter|téléphoner|déranger|embêter|solliciter|harceler|démarcher)';
const LIST =
  '(votre|vos|la|cette|de votre|de vos) (liste|listes|fichier|fichiers|base|bases|base de données|registre|annuaire)';
const LATER =
  "(avant|le matin|le soir|le midi|l'après-midi|le week-end|le dimanche|le samedi|à cette heure|à midi|pendant|trop tôt|trop tard|aujourd'hui|maintenant|ce soir|demain|au travail|au bureau|en journée|la journée|en semaine|à midi|quand)";

const OPT_OUT = [
  `(ne|n') (me |m'|nous |)${CALLED} (plus|pas|jamais|plus jamais)`,
  `(me |m'|nous |)${CALLED} (plus|plus jamais) jamais`,
  `(plus|plus jamais) (me |m'|nous |)${CALL}`,
  `(de |à |)(ne |)(pas|plus) (me |m'|nous |)${CALL}`,
  `(arrêtez|cessez|arrête|stop|évitez) (de|d') (me |m'|nous |)${CALL}`,
  `(plus|pas) (être|qu'on m'|qu'on me|que vous m'|que vous me|que l'on m'|que l'on me) (appelé|appelée|rappelé|rappelée|contacté|contactée|dérangé|dérangée|démarché|démarchée|sollicité|sollicitée|appelle|rappelle|contacte|dérange|embête|appeliez|rappeliez|contactiez|dérangiez)`,
  `plus (de|d'|aucun|recevoir d'|recevoir de|recevoir) (vos |tes |)(appel|appels|coups de fil|démarchage|coup de fil)`,
  `plus entendre parler de vous`,
  `plus vous entendre`,
  `(retirez|enlevez|supprimez|effacez|rayez|radiez|sortez|virez|ôtez|retirer|enlever|supprimer|effacer|rayer|désinscrire)(-moi|-nous| moi| mon numéro| mon nom| mes coordonnées| mon contact| mes données| ce numéro| mon téléphone| le numéro) (de |)${LIST}`,
  `(retirez|enlevez|supprimez|effacez|rayez|radiez|supprimer|effacer|retirer|enlever|supprimiez|effaciez|retiriez|enleviez) (mon numéro|mon nom|mes coordonnées|mes données|mon contact|ce numéro|mes informations)`,
  `(rayez|radiez|désinscrivez|désabonnez|retirez|enlevez|supprimez|effacez)(-moi|-nous)`,
  `(être|me) (retiré|retirée|désinscrire|désinscrit|supprimé|supprimée|effacé|rayé|rayée|enlevé|enlevée) (de |)${LIST}`,
  `(laissez|laisse|foutez|fichez|lâchez|fous)(-moi|-nous) (tranquille|tranquilles|la paix|en paix)`,
  `(laissez|lâchez) (moi|nous) (tranquille|tranquilles|la paix|en paix)`,
  `lâchez(-moi| moi) (les baskets|la grappe)`,
  `(c'est|ça devient|ça s'appelle) (du|de l') (harcèlement|acharnement)`,
  `(inscrit|inscrite|inscrits) (sur|à|au|dans) (bloctel|la liste rouge|liste rouge|la liste d'opposition|robinson)`,
  `(je suis|on est|suis) (sur|à) (bloctel|la liste d'opposition)`,
  `(porter|dépose|déposer|vais porter|porte) plainte`,
  `(je vais|je vous) (vous signaler|signale|signaler) (à la cnil|bloctel|aux autorités)`,
  `(droit|mon droit) (d'opposition|à l'oubli)`,
  `(je m'oppose|je m'y oppose|m'opposer) (à|au|aux|à ce que)`,
  `(désinscrivez|désinscription|désabonnez|désabonnement)`,
  `(pas la peine|inutile|ça sert à rien|c'est pas la peine|ne sert à rien) (de|d') (me |m'|nous |)(rappeler|appeler|recontacter|téléphoner)`,
  `(stop|stop stop|stop arrêtez|arrêtez|ça suffit|ça suffit maintenant|arrêtez maintenant|arrêtez ça|arrêtez tout)`,
  `oubliez (mon numéro|moi|-moi|nous)`,
  `perdez mon numéro`,
  `(interdis|défends|interdit|défend) (de|d'|que) (vous |)(me |m'|nous |)${CALL}`,
  `(arrêter|arrêtiez|cesser|cessiez|arrêtez|arrête) (de|d') (me |m'|nous |)${CALL}`,
  `plus (jamais |)(avoir |)(de vos|de|vos|aucune) nouvelles`,
  `(plus|jamais|plus jamais) ${CALLED} (ici|ce numéro|à ce numéro|chez moi|chez nous)`,
  `${CALLED} (plus|plus jamais) (ici|ce numéro|à ce numéro|chez moi|chez nous)`,
  `(plus|jamais|plus jamais) (vous |)(me |m'|nous )${CALLED}`,
  `(me |m'|nous )(supprimer|retirer|enlever|effacer|rayer|désinscrire|radier) (de |)${LIST}`,
  `(ne |)(me |m'|nous |)(appelé|rappelé|contacté|dérangé|appel|rappel) (plus|plus jamais)`,
  `(ne |)(me |m'|nous )${CALL} (plus|plus jamais)`,
  `(que |qu'on |que personne |que plus personne )(ne |)(me |m'|nous )(appelle|rappelle|recontacte|contacte|dérange|embête|appel) (plus|pas|plus jamais)`,
  `que vous (ne |)(me |m'|nous )(appeliez|rappeliez|contactiez|recontactiez|dérangiez|harceliez) (plus|pas|plus jamais)`,
  `(veux|veut|voulons|souhaite|désire|envie) (pas|plus|plus jamais) (être |d'être )(appeler|rappeler|contacter|déranger|démarcher|recontacté|recontactée|harcelé|harcelée)`,
  `(veux|veut|voulons|souhaite|désire|envie) (pas|plus|plus jamais) (qu'on |que vous |que l'on |que quelqu'un )(me |m'|nous )(appel|recontacte|recontactiez|contactiez|démarche|harcèle|dérange)`,
  `pas envie (d'être|qu'on me|qu'on m'|que vous me|que vous m') (rappelé|rappelée|appelé|rappelle|appelle|recontacté|rappeliez|appeliez)`,
  `(plus|refuse|pas|aucun|contre|opposé|opposée) (de |tout |le |à tout |)démarchage`,
  `(opposé|opposée|opposition) au démarchage`,
  `(refuse|refuse absolument) (d'être|toute|tout) (démarché|démarchée|appelé|appelée|sollicité|sollicitation|appel commercial)`,
  `(plus|assez) (d'|aucun |de vos |jamais d'|jamais de vos |de ces )(appels|appel|coups de fil)`,
  `plus jamais (vous |t'|)(entendre|entendre parler)`,
  `plus (jamais |)(entendre|avoir) (votre voix|affaire à vous|parler de votre (société|entreprise|boîte))`,
  `plus rien recevoir de vous`,
  `(arrêtez|arrête|cessez|cesse|stop|marre de|assez de|marre avec|ras le bol de|basta) (avec |aux |à |au |)(vos|tes|ces|les|votre|le|) (appels|appel|coups de fil|harcèlement|démarchage)`,
  `(dernière fois|dernier appel) que (vous |tu |j'|)(me |m'|nous |)(appelez|rappelez|dérangez|accepte|appelles)`,
  `(blacklistez|black-listez|désinscrire|désabonner)(-moi|-nous| moi|)`,
  `(liste noire|liste rouge|liste d'opposition|mon opposition|liste des indésirables)`,
  `(bloctel|bloc tel|bloque tel|bloctels)`,
  `(être|soit|suis pas|veux pas être|voudrais être|souhaite être) (retiré|retirée|supprimé|supprimée|effacé|effacée|enlevé|enlevée|rayé|rayée|désinscrit|désinscrite) (de|des|du|d'|)`,
  `(souhaite|demande à|veux|voudrais|aimerais) être (retiré|retirée|supprimé|supprimée|effacé|effacée|désinscrit|désinscrite|rayé|rayée)`,
  `(demande|exige|veux) (l'effacement|la suppression|le retrait) (de|d') (mes données|mon numéro|mes coordonnées|mon nom)`,
  `(retiriez|supprimiez|effaciez|enleviez|rayiez|désinscriviez)`,
  `(retirez|enlevez|supprimez|effacez|virez|rayez|jetez|détruisez|bloquez|oubliez|oublier|perdez) (notre|toutes mes|tout|ce|mon|mes|mes propres) (numéro|numéros|données|coordonnées|contact|téléphone|ce que vous avez)`,
  `(gardez|garde|conservez|gardiez|conserve|stockez) (pas|plus) (mon numéro|mes données|mes coordonnées|mes informations)`,
  `que vous (gardiez|conserviez|ayez|utilisiez) (mon numéro|mes données|mes coordonnées)`,
  `pas être dans (vos|votre|vos propres) (fichiers|fichier|base|listes|liste)`,
  `(sortir|disparaître|sortez-moi) (de|d') (votre|vos) (fichier|fichiers|liste|listes|base)`,
  `pas (le droit|l'autorisation|la permission|mon autorisation|mon accord|mon consentement) (de|d'|pour|à) (me |m'|nous |)(${CALL}|utiliser mes données|utiliser mon numéro|garder mon numéro)`,
  `(jamais|pas) (vous |)(ai |)(autorisé|autorisée|autorise|consenti|donné mon accord|donné mon consentement|donné l'autorisation) (ces appels|à|pour|d'être|que vous)`,
  `(retire|donne pas|refuse) mon consentement`,
  `vous (me |nous |)harcelez`,
  `(harcèlement|arcèlement|harcellement)`,
  `(bloque|bloquer|signaler|signale|dénoncer|bloquez) (votre|ce|mon|vos|le) (numéro|numéros)`,
  `(je vous|vous) (bloque|bloquer|dénoncer|dénonce|signale|attaquer en justice)`,
  `(saisir|appeler|prévenir|alerter|contacter|appelle|préviens) (la cnil|la police|la gendarmerie|bloctel|la répression des fraudes|mon avocat|un avocat)`,
  `mon avocat va`,
  `porter pleinte`,
  `(laissez|laisse) (-la|-le|-les|ma mère|mon père|mes parents|mon mari|ma femme|les gens|la|le) (tranquille|tranquilles|en paix)`,
  `(foutez|fichez|laissez|laisser|foutre|lait ses)(-moi|-nous| moi| nous) (la paie|la pais|tranquil|dormir en paix|respirer)`,
  `(foutez|fous)(-moi|) le camp`,
  `(cherchez|essayez|tentez) (plus|pas) (à|de) (me |)(joindre|m'appeler|me rappeler|rappeler|recontacter)`,
  `(n'appeler|n'appelé|lâche-moi|lâche moi|ne mappelez|mappelez) (plus|les baskets|la grappe)`,
  `(autorise|autorisons) pas (ces appels|à m'appeler|à nous appeler)`,
  `(comment|je veux|pour) (je |)me (désinscris|désinscrire|désabonne|désabonner)`,
  `dégage et (ne |)rappelle pas`,
  `vous m'oubliez`,
  `pouvez (m'oublier|oublier mon numéro)`,
  `(va|allez) (vous |)arrêter (d'appeler|de m'appeler|oui|de nous appeler)`,
];

/** "Ne m'appelez pas avant midi" asks for another hour, "arrêtez de me dire ça" for nothing. */
const NOT_OPT_OUT = [
  `(ne |)(me |m'|nous |)${CALLED} pas ${LATER}`,
  `${CALLED} plus (tard|tôt|longtemps|souvent)`,
  `(arrêtez|arrête)(-vous|-toi| là| ici| de parler| de crier| votre cinéma| vos bêtises| de rigoler| de plaisanter)`,
  `(vous pouvez|pouvez-vous|je vous) (me |m')(rappeler|appeler|contacter)`,
  `(c'est|ce n'est) pas (du|de l') (harcèlement|acharnement)`,
  `(je veux|je voudrais|j'aimerais|souhaite) (pas |)(vous|t') (déranger|embêter)`,
  `je (ne |)veux pas vous (déranger|embêter|rappeler)`,
  `(vous |tu |ça |il |cela )(ne |)(me |m'|nous |)(dérangez|embêtez|sollicitez|déranges|dérange) (pas|plus|jamais)`,
  `(vous pouvez|pouvez-vous|tu peux|pourriez-vous|vous pourriez|vous voulez) pas (me |m'|nous |)${CALL}`,
  `(vous |)(n'|)arrêtez pas (de|d')`,
  `${CALL} plus (tard|tôt|longtemps|souvent|vite|loin)`,
  `(appelé|rappelé|contacté|appel|rappel|appelle|rappelle|recontacte|contacte|appelles|rappelles|appeliez|rappeliez|contactiez|recontactiez) plus (tard|tôt|souvent|vite)`,
  `arrête (pas|jamais|plus) (de|d')`,
  `(pas|plus|aucunement) (être |)(rappelé|rappelée|appelé|appelée|contacté|recontacté) par (un|une|le|votre|quelqu'un)`,
  `vous (ne |)(me |)(rappelez|appelez|téléphonez|contactez) pas (plus|à un|demain|ce soir|lundi|la semaine)`,
  `pourquoi vous (ne |)(me |)(rappelez|appelez)`,
  `souhaité ne pas être`,
  `(enlevez|enlever|retirez|retirer) (de|d') (l'argent|mon compte)`,
  `(utilise|prends|avec|bien|large|largement|amplement|comme ça|excel) ça suffit`,
  `ça suffit (pour|à|largement|amplement|comme|bien)`,
  `(oui |)(stop|arrêtez) là`,
  `${CALLED} pas (le bon|la bonne|au bon|chez|les bons)`,
];

const MACHINE = [
  `(vous êtes|vous êtes bien|bienvenue|vous êtes en communication) (sur|avec|à) (la|le|ma|mon|sa|son) (messagerie|répondeur|boîte vocale|boite vocale)`,
  `(vous êtes|vous êtes bien|bienvenue) sur (le portable|le téléphone|le mobile|la ligne) (de|du)`,
  `(vous êtes|vous êtes bien) (chez|au|sur) … (laissez|merci de laisser|je ne suis pas)`,
  `(répondeur|messagerie|boîte vocale) (de|du|d'|vocale) …`,
  `(laissez|laisser|laissez-moi|laissez-nous|me laisser|déposer|enregistrer|enregistrez) (un|votre|votre petit|un petit) (message|message vocal)`,
  `(laissez|laisser|laissez-moi) (un message|votre message|votre nom|vos coordonnées) (après|et)`,
  `(après|au) (le |)(bip|bip sonore|signal sonore|top sonore|signal|tonalité)`,
  `(votre correspondant|la personne que vous (appelez|demandez|essayez|tentez|avez)|le correspondant que vous|l'abonné que vous|le numéro que vous)`,
  `(n'est pas|plus) (attribué|en service actuellement|en service)`,
  `(tapez|appuyez sur|faites le|composez le|tapez sur) (un|deux|trois|quatre|cinq|six|sept|huit|neuf|zéro|étoile|dièse|la touche|une touche|n'importe quelle touche|1|2|3|4|5|6|7|8|9|0)`,
  `(nos bureaux|nos horaires|notre cabinet|nos services|notre accueil|notre standard) (sont|est) (actuellement |)(fermés|fermé|ouverts|ouvert)`,
  `nous vous rappellerons (dès que possible|au plus vite|dans les meilleurs délais)`,
  `(un conseiller va|un opérateur va|nous allons) (vous répondre|prendre votre appel|donner suite à votre appel)`,
  `(veuillez|merci de) (patienter|rappeler ultérieurement|renouveler votre appel|rester en ligne|ne pas quitter)`,
  `(votre appel est|tous nos conseillers sont|toutes nos lignes sont)`,
  `messagerie (de votre correspondant |)(est |)pleine`,
  `(filtrage d'appels|enregistrez votre nom|dites votre nom et|dire votre nom et la raison|la personne que vous appelez utilise)`,
  `(ne peut|ne peux) (pas |)(vous |)(répondre|prendre votre appel) (pour le moment|pour l'instant|actuellement) (laissez|merci|veuillez)`,
];

/** A person who speaks about a message or a voicemail. */
const NOT_MACHINE = [
  `(c'est|vous êtes|je parle à|on dirait|je suis tombé sur|j'ai) (un|votre|le|mon) (répondeur|messagerie)`,
  `(vous pouvez|pouvez-vous|tu peux|vous auriez pu|vous n'avez qu'à|j'ai écouté|j'ai eu|pourriez-vous) (me |m'|)(laisser|écouter|eu) (un|votre|le) message`,
  `(je vous|j'ai|je vais vous|je peux) (laissé|laisse|laisser) (un|votre) message`,
];

const WRONG_NUMBER = [
  `(vous vous trompez|vous vous êtes trompé|vous vous êtes trompée|vous devez vous tromper|vous avez dû vous tromper|tu te trompes|vous vous êtes trompés) (de (numéro|personne|nom|monsieur|madame|destinataire)|)`,
  `(vous avez|vous avez fait|vous faites|c'est|vous avez composé) (un|le|au) (faux|mauvais) (numéro)`,
  `(faux|mauvais) numéro`,
  `(c'est pas|ce n'est pas|vous n'avez pas|vous avez pas|c'est plus|ce n'est plus) (le bon|son|le|le même|sa|le bon) (numéro|téléphone|portable|ligne)`,
  `erreur de (numéro|destinataire|personne)`,
  `(c'est|il y a|vous faites|ce doit être|y a) (une |)erreur (sur la personne|de votre part|vous|je ne connais|je connais|ici)`,
  `(il n'y a|il y a|y a|y'a|nous n'avons|on n'a|on a) (pas|aucun|aucune|plus) (de|d') … (ici|à ce numéro|chez nous|à cette adresse|dans cette maison|dans la société)`,
  `(il n'y a|il y a|y a) (personne|aucun|pas quelqu'un) (de ce nom|qui s'appelle|du nom de|à ce nom)`,
  `(personne|aucun monsieur|aucune dame) (de ce nom|qui s'appelle|ne s'appelle)`,
  `(je suis|c'est|ce n'est) pas (monsieur|madame|mademoiselle|m\\.|mme) …`,
  `(je ne suis|je suis|c'est|ce n'est) pas (la personne que vous|celui que vous|celle que vous|le monsieur que vous|cette personne|la bonne personne du tout)`,
  `(je ne|je|on ne|on) (connais|connaît) (pas|personne|aucun|aucune) (ce monsieur|cette dame|cette personne|de ce nom|de monsieur|de madame|ce nom|cette personne-là)`,
  `(il|elle|ils) (n'habite|habite|n'habitent|habitent|ne vit|vit|ne travaille|travaille|n'est|est) plus (ici|là|chez nous|à cette adresse|avec nous|dans la société|dans l'entreprise)`,
  `(il|elle) (a|nous a) (déménagé|quitté la société|quitté l'entreprise|changé de numéro|décédé)`,
  `(il|elle|mon mari|ma femme|mon père|ma mère) (est|est mort|est décédé|est décédée) (décédé|décédée|mort|morte)`,
  `(j'ai|on a) (récupéré|repris|hérité de) (ce|son) numéro`,
  `(ce|son) numéro (est|n'est) (plus|maintenant) (le sien|à moi|attribué à moi)`,
  `(vous êtes|vous êtes tombé|vous tombez) (chez|à) (un|le|la) (particulier|mauvaise adresse|mauvais numéro)`,
];

/** "On vous a déjà dit… vous vous trompez" as a quarrel about facts. */
const NOT_WRONG_NUMBER = [
  `pas (de|d') (soleil|problème|souci|place|jardin|toit|toiture|chauffage|gaz|réseau|internet|travaux|argent|budget|enfants|animaux|responsable|décideur|cave|alcool|vin|panneaux|chaudière|crédit)`,
  `vous vous trompez (sur|si|en|quand|complètement si)`,
];

const PERSON =
  '(robot|machine|automate|ordinateur|ia|bot|enregistrement|répondeur|disque|bande|logiciel|intelligence artificielle|vraie personne|humain|être humain|vrai humain|personne réelle|voix enregistrée|voix automatique|voix de synthèse|message enregistré|appel automatique|système automatique|serveur vocal)';

const ROBOT_QUESTION = [
  `(vous êtes|êtes-vous|tu es|t'es|c'est|est-ce|serait-ce|vous seriez|vous seriez pas|vous n'êtes pas|vous êtes pas|ce serait pas|c'est pas|c'est encore|ce n'est pas) (bien |)(un|une|de l'|des) ${PERSON}`,
  `(je parle|on parle|je parle là|je discute|j'ai affaire) (à|avec) (un|une|de l') ${PERSON}`,
  `(c'est|vous êtes) (quelqu'un|une personne) (de réel|de vrai|de vivant|réelle|en vrai)`,
  `(il y a|y a) (quelqu'un|une personne) (de réel|de vivant|de vrai|réelle|en vrai|derrière)`,
  `(c'est|vous êtes) (automatique|automatisé|enregistré|pré-enregistré|préenregistré)`,
  `(c'est|ça c'est) une voix (enregistrée|automatique|de synthèse|artificielle)`,
  `(parler|parle) à (quelqu'un|une personne) (de réel|de vrai|réelle|en vrai)`,
  `(vous êtes|êtes-vous|t'es|tu es|est-ce que vous êtes|vous êtes bien|vous êtes vraiment|vous n'êtes pas|seriez-vous) (réel|réelle|humain|humaine|vivant|vivante|un vrai|une vraie|une vraie dame|une vraie femme|un vrai monsieur|une personne|vraiment quelqu'un|un programme|une appli|synthétique|artificielle)`,
  `(parler|parlez|cause|causer|discuter|affaire|dialogue|converse) (à|avec) (un|une|de l') ${PERSON}`,
  `suis-je en train de parler à`,
  `(robot|humain|machine|personne|vrai|automate|ordinateur) ou (un |une |bien un |bien une |)(robot|humain|machine|personne|vraie personne|pas|automate|ordinateur|répondeur)`,
  `(c'est|est-ce|c'est pas) (une |votre vraie |une vraie |encore une |)(voix de robot|voix artificielle|voix synthétique|vraie voix|voix d'ordinateur|voix métallique)`,
  `c'est (siri|alexa|chat gpt|chatgpt|google|cortana)`,
  `(l'intelligence artificielle|une intelligence artificielle|une ia|un robot|une machine|un ordinateur) qui (me |)(parle|appelle)`,
  `(y a|y a-t-il|il y a) (bien |)(un humain|une vraie personne|un être humain|quelqu'un derrière)`,
  `(cet appel|l'appel|c'est) (est |)(un |)(appel |truc |message |)(automatique|automatisé|robotisé)`,
  `c'est (pas |)(quelqu'un|une personne) de réel`,
  `vous existez (vraiment|pour de vrai|réellement)`,
  `c'est un (rebot|robots|roi beau|robo)`,
  `(je parle|vous êtes|ses|sait) (à |)un (robot|rebot|robots|robo)`,
];

/** "Je ne parle pas aux robots" says more than it asks; it is weighed, not ruled. */
const NOT_ROBOT_QUESTION = [
  `(je ne parle|je parle|on parle|je discute|je ne discute) pas (à|aux|avec|avec des|à des|avec un|à un|à une) (un |une |)(robots|robot|machines|machine|répondeurs|répondeur)`,
  `je suis (pas |)(un|une) ${PERSON}`,
  `(préfère|préférerais|veux|voudrais|souhaite|aimerais|exige) (plutôt |)(parler|discuter|avoir affaire|un contact) (à|avec) (un|une) ${PERSON}`,
  `(parler|discuter|discute|parle) (pas|jamais) (à|avec|aux) (un |une |des |)${PERSON}`,
];

const BOOKS = new Map<RuleIntent, { says: PhraseBook<true>; exempts: PhraseBook<true> }>([
  ['opt_out', { says: bookOf(OPT_OUT), exempts: bookOf(NOT_OPT_OUT) }],
  ['machine', { says: bookOf(MACHINE), exempts: bookOf(NOT_MACHINE) }],
  ['wrong_number', { says: bookOf(WRONG_NUMBER), exempts: bookOf(NOT_WRONG_NUMBER) }],
  ['question', { says: bookOf(ROBOT_QUESTION), exempts: bookOf(NOT_ROBOT_QUESTION) }],
]);

/** "Voulez-vous ne plus être appelé ?": any of these says yes to it. */
const YES = bookOf([
  "(oui|ouais|d'accord|ok|volontiers|absolument|exactement|évidemment|effectivement|carrément|bien sûr|tout à fait|avec plaisir|s'il vous plaît|je (veux bien|préfère|le souhaite|le veux)|c'est ça|c'est mieux|ce serait (bien|mieux))",
]);
const NO = new Set(['non', 'pas', 'jamais', 'aucun', 'aucune', 'si', 'mais']);

/**
 * Decides where law or safety wants certainty, whatever else was said: the wish not to be called, also as a yes to the
 * question whether one wishes that, a machine's greeting, a wrong number, "are you a robot?". Null where none of these
 * was said. `words` from `spokenWords`.
 */
export function decideByRule(words: readonly string[], asked: QuestionAsked): RuleIntent | null {
  for (const intent of PRECEDENCE) {
    const books = BOOKS.get(intent);
    if (books !== undefined && isSaid(words, books.says, books.exempts)) return intent;
  }
  const isAgreed = YES.find(words).length > 0 && !words.some((word) => NO.has(word));
  return asked.kind === 'yes-opts-out' && isAgreed ? 'opt_out' : null;
}

/** True when a phrase is said outside every exempting phrase. */
function isSaid(words: readonly string[], says: PhraseBook<true>, exempts: PhraseBook<true>): boolean {
  const found = says.find(words);
  if (found.length === 0) return false;
  const exempted = exempts.find(words);
  return found.some(({ from, to }) => !exempted.some((range) => range.from < to && from < range.to));
}

function bookOf(patterns: readonly string[]): PhraseBook<true> {
  const book = new PhraseBook<true>();
  for (const pattern of patterns) book.add(pattern, true);
  return book;
}
