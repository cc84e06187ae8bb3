/**
 * Words of one idea, so that "le fric" is found where a theme says "l'argent": a name, then the folded words that share
 * it. It serves every theme, those of users too; a line goes on as long as it is indented further.
 */
const IDEAS = `
  argent: argent sous fric pognon thune thunes oseille ble economies epargne euros balles centime liquidites
    finances monnaie rond ronds
  cher: cher chere chers cheres onereux couteux ruineux exorbitant exorbitants exorbitante sale salee abuse
    delirant delirants astronomique inabordable surevalue excessif excessifs excessive
  prix: prix tarif tarifs cout coute coutent couter montant somme facture devis addition facturer mensualite
    mensualites cotisation cotisations abonnement abonnements
  payer: payer paie paient payez paye payee payant verser debourser regler
  perdre: perdre perd perds perdu perdue perdent perte pertes paumer paume ruine ruiner volatiliser fondu
    fondre evapore
  gagner: gagner gagne gagnes gain gains benefice benefices profit profits rapporter rapporte rapportent
    rapportera rendement rendements rentable rentabilite performance interet interets dividende dividendes
    amorti amortir rentabiliser rentabilise
  baisser: baisser baisse baissent chuter chute degringoler degringole effondrer effondre effondrement
    ecrouler ecroule plonger plonge devisser devaluer krach crash couler coule redescendre descendre descend
    descendent
  monter: monter monte montent augmenter augmente augmentez augmentent augmentation grimper grimpe grimpent
    flamber flambe exploser explose hausse hausses majorer
  peur: peur crainte crains craindre trouille flippe flipper frousse inquiet inquiete inquieter inquietude
    angoisse mefie mefier mefiant hantise apeure
  risque: risque risquee risques dangereux dangereuse danger hasardeux aleatoire perilleux incertain
    casino loto poker roulette pari parier miser
    incertaine
  comprendre: comprendre comprends comprend compris comprenez piger pige capter capte saisir connaitre
    connais connait connaissance connaisseur cale novice debutant expert specialiste ignorant nul nulle
    depasse largue incompetent profane
  complique: complique compliquee complexe complexes difficile chinois hebreu charabia galere technique
    usine
  arnaque: arnaque arnaques arnaquer arnaqueur arnaqueurs escroquerie escroqueries escroc escrocs escroquer
    voleur voleurs entourloupe embrouille fraude frauduleux magouille magouilles pigeon pigeons pipeau bidon
    enfumage charlatan charlatans margoulin margoulins filou filous truand truands piege ponzi pyramide
    madoff combine combines plumer plume rouler roule truander feinte malhonnete mensonge mensonges mentir
    menteur menteurs
  conjoint: conjoint conjointe femme mari epouse epoux compagne compagnon copine copain moitie concubin
    concubine dulcinee madame monsieur
  famille: enfants enfant fils fille famille frere soeur parents neveu cousin mere pere
  societe: societe boite entreprise compagnie firme structure etablissement organisme startup
  ecrit: mail courrier documentation doc brochure plaquette prospectus catalogue depliant ecrit ecrire
    courriel email texto sms lettre dossier documents papiers
  envoyer: envoyer envoyez envoie envoyiez adresser adressez transmettre transmettez parvenir expedier
    expediez balancez mailer
  robot: robot machine automate ordinateur bot ia automatique enregistrement enregistree enregistre synthese
    vocal repondeur disque bande
  humain: humain humaine reel reelle vivant vraie
  voler: voler vole volee volent vol vols cambrioler cambriole cambriolage cambriolages cambrioleur
    cambrioleurs braquer braquage piquer pique derober agresser agression
  stocker: stocker stocke stockees stockage ranger conserver conserve conservees entreposer entrepose
    entreposees garde garder gardez coffre cacher
  impot: impot impots taxe taxes taxee fiscalite fisc fiscal fiscale fiscaux imposable imposables impose
    imposee imposition taxer csg prelevements defiscaliser declarer declaration declare
  revendre: revendre revends revend revente vendre vends vend vendu vendent ecouler racheter rachetez
    rachete acheteur acheteurs debarrasser
  recuperer: recuperer recupere recupererai retirer retire retirez retrait sortir ressortir debloquer
    reprendre encaisser
  bloque: bloque bloquee bloquer coince coincee immobilise immobiliser indisponible
  livraison: livraison livre livree livrer livrez colis expedition acheminer transporteur livreur recevoir
    recommande coursier
    recois reception poste
  fournisseur: fournisseur prestataire concurrent concurrence concurrents partenaire
  travaux: travaux chantier chantiers ouvriers artisans artisan poussiere bazar
  panne: panne pannes casser casse cassee cassent briser brise grille griller lache lacher depanner reparer
    repare sav garantie
  pirater: pirater pirate pirates piratage piratages hacker hackers hacke hacking cyberattaque cyberattaques
    attaquer
  crypto: crypto cryptos cryptomonnaie cryptomonnaies bitcoin bitcoins ethereum btc token tokens blockchain
    monnaies
  plateforme: plateforme plateformes binance coinbase kraken bitpanda revolut etoro bitstamp ledger wallet
    portefeuille
  panneau: panneau panneaux solaire solaires photovoltaique photovoltaiques
  vieux: vieux vieille vieil age agee ages retraite retraitee octogenaire jeune mort mourir
  occupe: occupe occupee presse pressee deborde debordee debordes surbooke boulot travail taf bosse bosser
    reunion volant conduis conduire route
  moche: moche laid laide vilain vilaine affreux affreuse hideux inesthetique esthetique esthetiquement joli
    jolie beau defigure defigurer denaturer
  logiciel: logiciel logiciels outil outils application appli solution solutions progiciel crm erp
  marque-logiciel: salesforce hubspot sage odoo sap pipedrive zoho teams outlook notion monday cegid
    dynamics sellsy axonaut
  tableur: excel tableur tableurs tableau tableaux fichier fichiers sheets papier cahier calepin agenda calc
  mutuelle: mutuelle mutuelles complementaire complementaires prevoyance
  marque-assurance: axa maif macif maaf groupama mgen allianz gmf matmut mma generali harmonie swisslife
    aviva malakoff mnh lmde
  marque-banque: agricole postale mutuel bnp lcl sg boursorama boursobank fortuneo
  marque-agence: orpi century foncia laforet nestenn
  banque: banque banques banquier banquiere bancaire conseiller conseillere
  livret: livret livrets ldd lep pel matelas
    codevi
  credit: credit credits pret prets emprunt emprunts emprunter endetter endette endettement dette dettes
    financement preter mensualiser surendettement
  proprietaire: proprietaire proprio bailleur proprietaires
  locataire: locataire locataires loue louer location locatif locative loyer loyers
  demenager: demenager demenage demenagement quitter quitte partir mute
  aide: aide aides subvention subventions prime primes maprimerenov
  entretien: entretien entretenir nettoyer nettoyage maintenance laver revision
  ecologie: ecologie ecologique ecolo polluer pollue pollution planete climat rechauffement carbone
    environnement energivore electricite
  toit: toit toiture toits charpente tuiles ardoise tuile
  appartement: appartement appart immeuble copropriete copro syndic etage studio residence balcon
  logement: maison logement logements bien biens maisons immobilier
  malade: malade maladie maladies sante medecin docteur hopital cancer diabete diabetique operation operer
    cardiaque asthme infirmite handicape antecedents avc tension
    medical medicale soins medicaments infarctus
  rembourser: rembourser rembourse remboursee remboursement remboursements indemniser indemnise couvrir
    couvert couverte couvre couvrez
  resilier: resilier resiliation changer changement
  contrat: contrat contrats clause clauses conditions garanties
  signer: signer signe signature
  engager: engager engage engagee engagement lie lies liee lier
  reflechir: reflechir reflechisse reflechis reflechi reflexion penser peser recul murir cogiter
  decider: decider decide decision decisions decideur decisionnaire trancher tranche
  patron: patron patronne directeur direction chef gerant dirigeant responsable hierarchie siege superieur
    pdg boss
  informatique: informatique informaticien informaticiens dsi it developpeurs
  donnees: donnees data infos informations
  heberge: heberge hebergees heberger hebergement serveur serveurs cloud datacenter
  equipe: equipe equipes salaries collaborateurs employes commerciaux vendeurs collegues gars personnel
  former: former formation formations apprendre apprentissage formateur
  essayer: essayer essai tester test demo demonstration pilote
  faillite: faillite bilan fermer ferme fermez coulez disparaitre disparaissez liquidation
  certifie: certifie certificat certificats authentique authenticite poincon vrai vrais contrefacon
    contrefacons faux fausse fausses toc
  agree: agree agrees agrement enregistres inscrits amf orias autorisation autorises licence regules regule
    controles controle psan immatricule declares
  legal: legal legale illegal legalite loi autorise interdit interdite permis droit reglemente
  bouteille: bouteille bouteilles vin vins cru crus caisse caisses millesime bordeaux bourgogne pinard
    chateau chateaux
  boire: boire bois boit bu buvons goutte picoler trinquer
  alcool: alcool alcoolique abstinent musulman religion
  cave: cave caves caviste vigneron cellier
  lingot: lingot lingots piece pieces napoleon napoleons louis krugerrand lingotin lingotins
  confisquer: confisquer confisque confiscation requisitionner requisitionne saisit saisie gouvernement etat
  appeler: appeler appelle appelez appele appels appel telephone demarchage demarcher relancer
  harcelement: harcelement harcele harceles harceler marre saoule gonfle penible penibles assez
  duree: duree annees mois longtemps patienter attendre
  inutile: inutile utilite utile sert servirait besoin necessite usage inutiles utiles servir serve
  bulle: bulle speculation speculative eclater eclate peter crever degonfler
  instable: volatil volatile instable yoyo fluctue varie bouge bougent variations stable stables variation
  bourse: bourse actions action obligations sicav scpi fonds cac
  intemperies: orage orages grele foudre tempete inondation inonde inondee incendie feu
  soins: dentaire dentaires dents dentiste lunettes optique implants prothese protheses auditif hospitalisation kine osteopathe
  pauvrete: smicard smic rsa chomage chomeur fauche decouvert precaire
`;

const IDEA_OF = new Map(
  IDEAS.split(/\n {2}(?! )/).flatMap((line): [string, string][] => {
    const [name = '', words = ''] = line.split(':');
    return words
      .trim()
      .split(/\s+/)
      .map((word) => [word, name.trim()]);
  }),
);

/** The idea that a folded word stands for; null for a word that stands for itself. */
export function ideaOf(word: string): string | null {
  return IDEA_OF.get(word) ?? null;
}
