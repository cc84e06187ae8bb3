import type { enCreateScenario } from './en-create-scenario.ts';

export const frCreateScenario: typeof enCreateScenario = {
  help: {
    description: "Crée un scénario : demande ce qu'il lui faut, ou le prend dans les options",
    name: 'nom du scénario',
    text: 'à quoi il sert',
    voice: 'voix qui parle : un dossier de AUDIO_DIR',
    theme: "thème d'objections en plus du thème standard (par défaut : standard)",
    turns: 'objections traitées par appel, de 0 à 5 (par défaut : 3)',
    timeout: "secondes d'attente d'une réponse, de 1 à 15 (par défaut : LISTEN_TIMEOUT)",
    bargeIn: 'les messages ne cèdent pas à qui parle par-dessus',
    retry:
      'comment une question est reposée : own (par un enregistrement à elle), same (le même) ou none (par défaut : own)',
    question: "une question : étape=texte, dans l'ordre ; à donner une fois pour chacune",
    determinant: "questions dont un refus termine l'appel, séparées par des virgules",
    caller: 'pour qui on appelle, par ex. "GoldInvest" : dit en premier, avec ce qu\'exige la loi',
    disclosure: 'la même chose en vos propres mots',
    recordingNotice: 'on dit aux personnes que les appels sont enregistrés',
    voicemail: 'message laissé sur un répondeur (par défaut : raccrocher)',
    fromJson: 'les réponses à toutes les questions en JSON, dans un fichier ou - (docs/scenarios.md)',
    id: 'nom du fichier, sans .json (par défaut : tiré du nom)',
    force: 'remplace un scénario de ce nom',
    dryRun: "montre ce qui serait écrit ; n'écrit rien",
  },

  title: 'Créateur de scénario – MiniBotPanel',
  keys: "Entrée : suite · Échap : retour · Ctrl+C : arrêt, rien n'est écrit",
  yes: 'Oui',
  no: 'Non',
  cancelled: "abandonné ; rien n'a été écrit",

  name: 'Nom du scénario',
  description: 'À quoi sert-il ? (peut rester vide)',
  voice: 'Voix (dossiers de AUDIO_DIR)',
  recordings: (count) => `${count} enregistrements`,
  otherVoice: 'une autre voix, pas encore enregistrée',
  newVoice: 'Nom de la nouvelle voix : lettres, chiffres, _ et -',
  count: (max) => `Combien de questions pose-t-il ? (de 1 à ${max})`,

  step: (number, all) => `Question ${number} sur ${all} : nom de son étape`,
  recording: (step) => `${step} : fichier audio`,
  notRecorded: 'pas encore enregistré',
  transcribing: (file) => `Écoute de ${file}`,
  knownFrom: (scenario) => `Texte d'après le scénario ${scenario}`,
  transcribed: (percent) => `Transcription par Vosk (sûre à ${percent} %) : corrigez-la`,
  words: (step) => `${step} : ce qu'il dit (avec {{first_name}}, {{company}} … au besoin)`,
  kind: (step) => `${step} : type de question`,
  normal: 'Normale : un refus passe à la question suivante',
  determinant: "Déterminante : un refus termine l'appel",

  retry: 'Silence, ou réponse pas comprise : comment la question est-elle reposée ?',
  retries: {
    own: "en d'autres mots, enregistrés pour cela (retry_….wav)",
    same: 'par le même enregistrement',
    none: 'pas du tout',
  },
  retryWords: (step) => `${step}, reposée : ce qu'on dit`,
  theme: "Thématique d'objections (en plus des objections standard)",
  themeOf: (title, count) => `${title} (${count} objections)`,
  bargeIn: (grace) =>
    `Peut-on interrompre les messages ? (pas pendant leurs ${grace} premières s : BARGE_IN_GRACE_PERIOD)`,
  timeout: "Secondes d'attente d'une réponse",
  turns: "Combien d'objections sont traitées par appel, au plus ?",
  turnsOf: (turns) =>
    ['0 : aucune', '1', '2', '3 : recommandé', '4', '5 : le maximum'][turns] ?? String(turns),

  isRecorded: 'Ces appels seront-ils enregistrés ? On le dit alors aux personnes.',
  caller: 'Pour qui appelle-t-on ? (une entreprise ; il faut le dire)',
  opening: (what) => `Dit en premier (disclosure.wav). Il faut dire ${what.join(', ')}`,
  mustSay: {
    automated: "que c'est une machine qui appelle (« ceci est un appel automatisé »)",
    caller: 'pour qui (« ici … », « de la part de … »)',
    opposition: "comment s'y opposer (« vous pouvez demander à ne plus être appelé »)",
    recording: "que l'appel est enregistré (« cet appel est enregistré »)",
  },
  optOut: 'Dit à qui ne veut plus être appelé (opt_out.wav)',
  success: 'Au revoir après un succès (bye.wav)',
  refusal: 'Au revoir après un refus (bye_not_interested.wav)',
  onMachine: 'Un répondeur répond',
  hangUp: 'raccrocher',
  leaveMessage: 'laisser un message après le bip',
  message: 'Ce que dit le message (voicemail.wav)',

  ways: 'Où mènent les réponses',
  whichChange: 'Changer où mènent les réponses ? Espace coche une question ; Entrée seule garde tout',
  transition: (step, intent) => `${step} : « ${intent} » mène à`,

  id: 'Sauvegarder sous (nom de fichier sans .json)',
  summary: 'Résumé',
  unusable: 'Ceci ne peut pas servir',
  save: (id) => `Sauvegarder dans ${id}.json ?`,
  mend: 'Corrigez-le',
  goBack: 'Retour, pour changer quelque chose',

  summaryOf: {
    name: 'Nom',
    voice: 'Voix',
    steps: 'Étapes',
    stepsOf: (all, questions, others) => `${all} (${questions} questions + ${others} auxiliaires)`,
    objections: 'Objections',
    noObjections: 'aucune traitée',
    bargeIn: 'Barge-in',
  },

  invalid: {
    name: 'Donnez un nom de 1 à 200 caractères.',
    text: '2000 caractères au plus.',
    spoken: 'Écrivez ce qui est dit, en 2000 caractères au plus.',
    voice: 'Lettres, chiffres, _ et -, sans espaces ni accents.',
    count: (max) => `Donnez un nombre de 1 à ${max}.`,
    step: 'Une lettre, puis lettres, chiffres, _ ou -.',
    stepTwice: "Une autre question s'appelle ainsi.",
    stepMade: "Ce nom sert à une étape créée d'office : choisissez-en un autre.",
    timeout: (max) => `Donnez des secondes, de 1 à ${max}.`,
    caller: 'Dites qui appelle, en 100 caractères au plus.',
    untold: (what) => `On ne dit pas ${what.join(', ')}.`,
    id: 'Lettres, chiffres, _ et -.',
    taken: 'Il existe un scénario de ce nom : choisissez-en un autre (--force le remplace).',
    question: 'Donnez étape=texte, par ex. --question "hello=Avez-vous deux minutes ?".',
  },

  noTerminal:
    "create-scenario pose ses questions dans un terminal, et il n'y en a pas. Donnez les réponses en options : " +
    'au moins --name, --question ÉTAPE=TEXTE (une fois pour chacune) et --caller NOM, ou --from-json FICHIER ; voir --help',
  withoutQuestions: 'donnez au moins une --question ÉTAPE=TEXTE, ou "questions" dans le JSON',
  untold: (what) =>
    `il faut dire aux personnes ${what.join(', ')} avant de leur demander quoi que ce soit : donnez --caller NOM ou --disclosure TEXTE, ou dites-le dans la première question`,
  badPlan: (faults) => `cela ne fait pas un scénario : ${faults.join(' ; ')}`,
  noQuestion: (step) => `--determinant nomme ${step}, qui n'est pas une question`,
  unknownTheme: (theme, known) => `il n'y a pas de thème d'objections ${theme} ; il y a : ${known}`,
  badJson: (file, why) => `${file} n'est pas du JSON valable : ${why}`,
  noText: (file) => `${file} n'est pas un fichier de texte : donnez les réponses en JSON (docs/scenarios.md)`,
  jsonTooLarge: (file) => `${file} dépasse un mégaoctet : est-ce le bon fichier ?`,
  taken: (file) => `${file} existe déjà : choisissez un autre --id, ou donnez --force pour le remplacer`,
  badId: (id) =>
    id === ''
      ? 'ce nom ne donne pas de nom de fichier : donnez --id'
      : `« ${id} » n'est pas un nom de fichier pour un scénario : lettres, chiffres, _ et -`,

  saidOtherwise: (audioPath, scenario, text) =>
    `${audioPath} dit « ${text} » dans le scénario ${scenario} : enregistrez-en un autre, ou donnez les mots qu'il dit`,

  saved: (file) => `✅ Scénario sauvegardé : ${file}`,
  wouldSave: (file) => `Essai : ${file} serait écrit`,
  complete: 'Tous les enregistrements sont là.',
  unprepared: (count, voice) =>
    `${count} enregistrements ne sont pas encore préparés pour le téléphone : minibot setup-audio ${voice}`,
  unrecorded: (count, all, names) => `${count} enregistrements sur ${all} n'existent pas encore : ${names}`,
  draftThem: (voice, id) =>
    `Enregistrez-les dans AUDIO_DIR/${voice}, ou faites-les dire par une machine en attendant : minibot draft-voice ${voice} --scenario ${id}`,
  rehearse: (id) => `Pour le répéter par écrit : minibot scenario simulate ${id}`,
};
