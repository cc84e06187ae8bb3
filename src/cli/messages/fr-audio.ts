import type { enAudio } from './en-audio.ts';

export const frAudio: typeof enAudio = {
  help: {
    voice: "voix : le nom d'un dossier de AUDIO_DIR",
    setupAudio:
      "Prépare les enregistrements d'une voix pour le téléphone et les met là où FreeSWITCH les joue",
    volumeAdjust: 'dB en plus du niveau normal de −18 dBFS (par défaut : AUDIO_VOLUME_ADJUST)',
    backgroundReduction:
      'dB dont le bruit de fond est abaissé, de 0 à −60 (par défaut : AUDIO_BACKGROUND_REDUCTION)',
    dryRun: 'fait tout, sauf écrire dans FREESWITCH_SOUNDS_DIR',
    verbose: 'affiche aussi les niveaux des sources et les réglages',
    draftVoice:
      "Fait dire par une machine ce qu'un scénario joue et que personne n'a enregistré, pour répéter",
    draftScenario: 'scénario dont il faut les messages (voir : minibot scenario list)',
    draftTheme: "thème d'objections à la place de celui du scénario",
    piperModel: "fichier de modèle de Piper, qui parle à la place d'espeak-ng",
    draftDryRun: "dit ce qui serait prononcé ; n'écrit rien",
  },

  decibels: (min, max) => `Donnez des décibels, un nombre de ${min} à ${max}.`,

  voiceName: (voice) =>
    `« ${voice} » n'est pas un nom de voix : donnez le nom d'un dossier de AUDIO_DIR (lettres, chiffres, _ et -)`,

  setup: {
    title: 'MiniBotPanel Audio Setup',
    voice: (voice) => `Voix : ${voice}`,
    source: (directory) => `Source : ${directory}`,
    target: (directory) => `Cible : ${directory}`,
    settings: (level, adjustment, background) =>
      `Niveau : RMS ${level} dBFS (−18 ${adjustment}), crêtes à −3 au plus ; fond : ${background} dB`,
    progress: 'Préparation',
    group: (folder) => `Traitement : ${folder}/`,
    line: (name, seconds, peak, rms) => `${name} (${seconds} s) → Crête : ${peak} dB, RMS : ${rms} dB`,
    before: (peak, rms, noise) => `source : crête ${peak} dB, RMS ${rms} dB, bruit ${noise} dB`,
    unchanged: 'inchangé',
    draft: 'brouillon',
    failed: (name, reason) => `${name} : ${reason}`,
    problems: {
      missing: "n'existe pas",
      'symbolic-link': "est un lien symbolique : mettez-y l'enregistrement lui-même",
      'no-file': "n'est pas un fichier ordinaire",
      empty: 'est vide (0 octet) : enregistrez-le de nouveau',
      'too-large': 'dépasse 500 Mo : exportez-le en MP3 ou FLAC, ou coupez-le',
      'bad-name':
        'ne peut pas être nommé dans un scénario : renommez-le avec lettres, chiffres, _ - et . seulement',
      'two-sources': 'existe en deux formats : gardez-en un',
      'no-audio': "ne se lit pas comme de l'audio : exportez-le de nouveau en WAV ou MP3",
      'too-long': 'dure plus de 5 minutes : coupez-le, un message dure de 5 à 30 secondes',
      silent: 'est silencieux : enregistrez-le de nouveau',
      peaks: 'a des crêtes qui ne restent pas sous −3 dBFS : enregistrez-le plus régulièrement',
    },
    clipped: (places) => `la source sature à ${places} endroits : enregistrez moins fort`,
    long: (seconds) => `dure ${seconds} s : on n'écoute plus après 30`,
    short: (seconds) => `ne dure que ${seconds} s : est-il coupé ?`,
    silenceBefore: (seconds) =>
      `${seconds} s de silence avant le premier mot : coupez-les, sinon on répond trop tôt`,
    silenceAfter: (seconds) =>
      `${seconds} s de silence après le dernier mot : coupez-les, sinon la réponse paraît lente`,
    levelMissed: (wanted) =>
      `n'atteint pas ${wanted} dBFS sans distorsion : baissez --volume-adjust, ou enregistrez plus régulièrement`,
    nothing: (directory) =>
      `il n'y a aucun enregistrement dans ${directory} : mettez des fichiers WAV, MP3, M4A, FLAC, OGG ou AAC dans ses dossiers base et objections`,
    processed: (count) => `${count} fichiers traités`,
    unchangedCount: (count) => `dont ${count} inchangés depuis la dernière fois`,
    failedCount: (count) => `${count} fichiers inutilisables`,
    total: (duration) => `Durée totale : ${duration}`,
    drafts: (count) =>
      `dont ${count} brouillons dits par une machine : enregistrez-les avant d'appeler des personnes`,
    copied: 'Tous les fichiers sont copiés vers FreeSWITCH avec les bonnes permissions',
    wouldCopy: "Essai terminé : rien n'a été écrit",
    complete: (scenario) => `Scénario ${scenario} : tous les enregistrements sont là`,
    incomplete: (scenario, missing, all, names) =>
      `scénario ${scenario} : il manque ${missing} enregistrements sur ${all} : ${names}`,
    more: (count) => `et ${count} autres`,
    draftHint: (voice, scenario) =>
      `Pour répéter avant de les enregistrer : minibot draft-voice ${voice} --scenario ${scenario}`,
    unread: (scenario) =>
      `le scénario ${scenario} est illisible ; voir : minibot scenario validate ${scenario}`,
  },

  drafts: {
    progress: 'Synthèse',
    otherVoice: (scenario, its, voice) =>
      `le scénario ${scenario} ne joue rien de la voix ${voice} : il parle avec ${its}`,
    noEspeak:
      "espeak-ng n'est pas dans PATH : installez-le (apt-get install espeak-ng), ou donnez --piper-model FICHIER et installez Piper",
    noPiper: "piper n'est pas dans PATH : installez-le, ou omettez --piper-model pour utiliser espeak-ng",
    noText: (audioPath) =>
      `${audioPath} : le scénario ne dit pas ce qu'il dit ; donnez un "text" à son étape`,
    summary: (drafted, recorded, program) =>
      `${drafted} brouillons par ${program} ; ${recorded} enregistrements laissés tels quels`,
    stillDrafts: (count, total, example) =>
      `${count} enregistrements sur ${total} sont des brouillons dits par une machine, par ex. ${example} : enregistrez-les avant d'appeler des personnes`,
    peopleWillHear: (count, total, example) =>
      `des personnes vont entendre une voix de machine : ${count} enregistrements sur ${total} sont des brouillons, par ex. ${example}. Enregistrez-les, puis lancez minibot setup-audio`,
    next: (voice) => `Ensuite : minibot setup-audio ${voice}. Enregistrez-les avant d'appeler des personnes.`,
  },
};
