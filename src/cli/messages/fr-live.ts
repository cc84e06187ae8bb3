import type { enLive } from './en-live.ts';

export const frLive: typeof enLive = {
  monitor: {
    help: {
      description:
        'Suit une campagne : avancement, résultats, appels en cours, latences ; des touches la mettent en pause',
      campaign: 'numéro ou nom de la campagne (par défaut : celle qui est en cours)',
      campaignId: 'numéro de la campagne, comme en v3',
      refresh: 'secondes entre deux lectures de la base (par défaut : 5)',
      showLiveCalls: "affiche les appels en cours, avec l'étape et la durée",
      exportCsv:
        'ajoute aussi les chiffres à ce fichier CSV, une ligne par lecture (par défaut : campaign-<id>.csv)',
      once: 'affiche une fois et se termine',
      json: 'affiche les chiffres, un objet JSON par lecture',
      examples: `
Exemples :
  minibot monitor-campaign 1 --refresh 5 --show-live-calls
  minibot monitor-campaign "Or janvier" --export-csv chiffres.csv
  minibot monitor-campaign 1 --json --once | jq .outlook

Touches : p p pause, r r reprise (deux fois), l appels en cours, q ou Ctrl+C quitter. Dans un tube, une ligne par
changement. Code de sortie : 0 la campagne est finie, ou q ; 1 campagne inconnue, ou base de données en défaut ;
2 erreur dans la ligne de commande ; 130, 143, 129 arrêté par SIGINT, SIGTERM, SIGHUP. Voir docs/monitoring.md.`,
    },
    refresh: (max) => `Donnez des secondes, de 1 à ${max}.`,
    noneUnderWay:
      "aucune campagne n'est en cours : donnez un numéro ou un nom (voir : minibot campaign list)",
    severalUnderWay: (campaigns) => `plusieurs campagnes sont en cours, choisissez : ${campaigns}`,
    bothGiven: 'donnez la campagne une fois : son numéro ou son nom, ou --campaign-id',
    csvUnwritable: (file) => `impossible d'écrire ${file} : vérifiez le dossier et ses droits`,
    csvOther: (file) => `${file} contient autre chose : choisissez un autre fichier`,
    title: (id, name) => `MiniBotPanel – Suivi de campagne (${id}) ${name}`,
    briefTitle: (id, name) => `MiniBotPanel (${id}) ${name}`,
    statusLine: (status, duration, updated) => `État : ${status} | Durée : ${duration} | Relevé : ${updated}`,
    progress: 'Avancement',
    callStats: 'Appels',
    results: 'Résultats',
    latencies: 'Latences, p95 des derniers appels / cible',
    liveCalls: (active) => `Appels en cours (${active})`,
    noLiveCalls: 'aucun appel maintenant',
    moreCalls: (count) => `… et ${count} de plus`,
    moreResults: (count) => `… ${count} de plus`,
    noResults: "personne n'est encore terminé",
    calls: 'Appels passés',
    active: 'En cours',
    completed: 'Contacts finis',
    failed: 'Échoués',
    averageDuration: 'Durée moyenne',
    rate: 'Rythme',
    perHour: (calls) => `${calls} appels/h`,
    finish: 'Fini vers',
    retries: 'Rappels prévus',
    retriesNext: (planned, next) => `${planned} (${next})`,
    refused: (reason) => `non appelé : ${reason}`,
    greeting: 'accueil',
    obstacles: {
      draft: (launch) => `Pas encore lancée : ${launch}`,
      paused: "En pause : personne d'autre n'est appelé",
      held_back: (reason) => `Personne ne peut être appelé : ${reason}`,
      window_shut: (until) => `Hors des heures d'appel jusqu'au ${until}`,
      lines_full: (waiting) => `Toutes les lignes du commutateur sont prises : ${waiting} appels attendent`,
      between_tries: (until) => `Tous ceux qui restent attendent un rappel prévu, le prochain le ${until}`,
      quiet: (since) =>
        `Des contacts attendent et personne n'est appelé depuis ${since} : un worker tourne-t-il (minibot worker) ?`,
    },
    databaseAway: (since) =>
      `La base de données ne répond plus depuis ${since} : ces chiffres sont anciens ; nouvel essai en cours`,
    steering: { pause: 'Mise en pause …', resume: 'Reprise …' },
    steered: {
      pause: 'En pause ; les appels en cours se terminent normalement',
      resume: 'De nouveau en cours',
    },
    steerFailed: (why) => `Cela n'a pas marché : ${why}`,
    confirmPause: 'Encore p pour mettre en pause ; les appels en cours se terminent normalement',
    confirmResume: 'Encore r pour reprendre : des gens sont appelés aussitôt',
    keys: { pause: 'pause', resume: 'reprise', liveCalls: 'appels en cours', quit: 'quitter' },
    ended: (id, status) => `La campagne ${id} est ${status}.`,
    csvWritten: (file) => `Les chiffres sont dans ${file}`,
    plain: (done, active, rate) => `${done} finis, ${active} en cours, ${rate}`,
  },
  testCall: {
    help: {
      description:
        'Appelle un numéro pour essayer un scénario, avec le suivi en direct ; un appel comme les autres, jamais répété',
      phone: 'numéro à appeler : un de TEST_NUMBERS, ou un numéro de fiction',
      scenario: 'scénario de l’appel (voir : minibot scenario list)',
      yes: 'ne demande pas confirmation',
      json: 'affiche chaque événement, un objet JSON par ligne',
      audioPort: 'port où le son de cet appel est reçu (par défaut : un port libre)',
      audioUrl:
        'ws://hôte:port où FreeSWITCH atteint ce port (par défaut : l’hôte de STREAMING_ASR_PUBLIC_URL)',
      examples: `
Exemples :
  minibot test-call 0199000001 --scenario vente_or_investissement
  minibot test-call "+33 1 99 00 00 01" --scenario vente_or_investissement --yes --json > trace.jsonl

Code de sortie : 0 l'appel a été passé, quel que soit son résultat ; 1 il ne l'a pas été, ou a échoué ; 2 erreur dans
la ligne de commande ; 130 Ctrl+C (l'appel est d'abord raccroché). Voir docs/monitoring.md.`,
    },
    confirm: (phone, scenario) => `Appeler ${phone} maintenant avec le scénario « ${scenario} » ? [o/N]`,
    notConfirmed: "personne n'a été appelé : confirmez, ou donnez --yes",
    audioUrl: 'Donnez ws://hôte:port, sans chemin.',
    refused: (phone, reason, until) =>
      until === null
        ? `${phone} n'est pas appelé : ${reason}`
        : `${phone} n'est pas appelé avant le ${until} : ${reason}`,
    advice: {
      not_a_test_number:
        'ajoutez le numéro à TEST_NUMBERS quand la personne a accepté ces appels (inutile pour les numéros de fiction)',
      opposed: 'la personne peut le faire retirer de la liste : minibot opposition remove NUMÉRO',
      caller_id_not_allowed: 'réglez CALLER_ID et ALLOWED_CALLER_IDS',
      forbidden_number: "aucun réglage n'y change rien",
      outside_hours: "CALL_WINDOW vaut aussi pour les appels d'essai",
      holiday: "CALL_HOLIDAYS vaut aussi pour les appels d'essai",
    },
    lineBusy: (lines) =>
      `personne n'a été appelé : toutes les lignes du commutateur sont prises (SWITCH_MAX_CALLS=${lines}) ; réessayez plus tard, ou mettez une campagne en pause`,
    numberBusy: (phone) =>
      `personne n'a été appelé : un autre appel vers ${phone} est en cours, ou le bon moment est passé ; réessayez`,
    audioMissing: (why) =>
      `personne n'a été appelé : ${why}. Pour cet appel seulement : --audio-port et --audio-url`,
    lost: (id) => `l'appel a échoué, ou un worker l'a repris : voir minibot call show ${id}`,
    quoted: (text) => `« ${text} »`,
    opening: 'Chargement de la reconnaissance, connexion à FreeSWITCH, essai du son …',
    waitingForLine: 'Toutes les lignes du commutateur sont prises : attente …',
    dialling: (phone, scenario) => `Appel de ${phone} (scénario ${scenario})`,
    callId: (id) => `Appel ${id}`,
    created: 'Le commutateur a le canal',
    ringing: 'Ça sonne',
    answered: 'Décroché',
    amd: (result, reason, after) => `AMD : ${result} (${reason}) après ${after}`,
    step: (step) => `Étape : ${step}`,
    promptStarted: (text) => `▶ « ${text} »`,
    promptEnded: (heard) => `■ joué en entier, ${heard}`,
    promptCut: (heard) => `■ coupé après ${heard}`,
    partial: (text) => `… ${text}`,
    heard: (text, confidence) => `« ${text} » (confiance ${confidence})`,
    heardNothing: "des paroles qui n'ont pas été comprises",
    turn: (number, intent, confidence, method) =>
      `Tour ${number} : ${intent} ${confidence}, décidé par ${method}`,
    objection: (id) => `objection ${id}`,
    bargeIn: 'barge-in',
    nextStep: (step) => `→ ${step}`,
    latencies: (number, figures) => `Tour ${number} : ${figures}`,
    messageLeft: (played, completed) =>
      completed ? `Message laissé en entier, ${played}` : `Message laissé en partie, ${played}`,
    recording: (path) => `Enregistrement dans ${path}`,
    recordingFailed: (problem) => `Non enregistré, ou pas en entier : ${problem}`,
    hangingUp: 'On raccroche …',
    result: 'Résultat',
    endedBecause: 'Fin',
    endReasons: {
      scenario: 'le scénario est arrivé à sa fin',
      'answering-machine': 'un répondeur',
      hangup: 'la personne a raccroché',
      'not-answered': "personne n'a répondu",
      'max-duration': 'plus long que MAX_CALL_DURATION',
      'audio-lost': "le son n'arrivait plus de FreeSWITCH",
      'link-lost': 'la connexion à FreeSWITCH a été perdue',
      cancelled: 'raccroché par nous',
      'internal-error': 'une erreur du programme : voir le journal',
    },
    cause: 'Cause',
    duration: 'Durée',
    steps: 'Étapes',
    latencyTargets: 'Latences',
    optOut: (phone) =>
      `${phone} a demandé à ne plus être appelé et figure maintenant sur la liste d'opposition. Pour essayer encore : minibot opposition remove ${phone}`,
    more: (id) => `Chaque tour : minibot call show ${id} --transcript`,
  },
};
