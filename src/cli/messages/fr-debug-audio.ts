import type { enDebugAudio } from './en-debug-audio.ts';

export const frDebugAudio: typeof enDebugAudio = {
  help: {
    vad: 'Montre ce qui, dans un son, compte comme parole et où finissent les tours, comme dans un appel',
    asr: "Montre ce que la reconnaissance des appels comprend d'un son, à mesure qu'elle l'entend",
    file: 'fichier audio : WAV, MP3, M4A, FLAC, OGG ou AAC',
    channel:
      "left ou right d'un fichier stéréo ; d'un appel enregistré, left est la personne, right le robot",
    telephone: "le fait d'abord passer par une ligne téléphonique : 300 à 3400 Hz, µ-law",
    question: 'ce que le robot avait demandé : la pause qui termine un tour en dépend',
  },

  progress: 'Écoute',
  unusable: (file, problem) => `${file} ${problem}`,
  deaf: "Il n'y a pas de modèle de parole (VOSK_MODEL_PATH) : les pauses sont jugées sans les mots.",
  synthetic: 'Le modèle livré ne connaît que des voix de synthèse : il ne comprend pas les personnes.',

  titles: { time: '', level: 'niveau', voiced: 'voisé', speech: 'parole', turn: 'tour' },
  legend:
    "niveau : −60 à 0 dBFS · voisé : part des trames · tour : numéro, parole ═, pause jusqu'à sa fin ─┤",

  sound: 'Son',
  soundOf: (seconds, kiloHertz) => `${seconds} s, entendu à ${kiloHertz} kHz`,
  throughTelephone: 'par une ligne téléphonique',
  detector: 'Détecteur',
  detectorOf: (mode, voiced, window, stop) =>
    `VAD_MODE ${mode} ; commence après ${voiced} ms voisées sur ${window}, finit après ${stop} ms non voisées`,
  gate: 'Seuil de bruit',
  gateOf: (above, minimum) => `${above} dB au-dessus du bruit, au moins ${minimum} dBFS`,
  floor: 'Bruit',
  floorOf: (low, high) => `${low} à ${high} dBFS`,
  frames: 'Trames',
  framesOf: (voiced, all, seconds) => `${voiced} voisées sur ${all} (${seconds} s)`,
  question: 'Question',
  questionOf: { closed: 'fermée : oui ou non', open: 'ouverte : un fait ou une raison' },
  utterances: (count) => `Énoncés : ${count}`,
  noSpeech: "Rien n'y compte comme parole.",
  start: 'De',
  end: 'À',
  length: 'Durée',
  levelOf: 'Niveau',
  turns: (count) => `Tours : ${count}`,
  number: 'Tour',
  over: 'Fini à',
  pause: 'Pause',
  rule: 'En raison de',
  rules: {
    'short-answer': 'réponse courte complète',
    sentence: 'phrase qui se suffit',
    open: 'réponse à une question ouverte',
    'bare-answer': 'simple oui ou non à une question ouverte',
    unclear: 'rien de compris',
    unfinished: 'phrase inachevée (SILENCE_THRESHOLD)',
    'longest-turn': 'tour le plus long atteint',
  },
  words: 'Mots',

  partials: 'Pendant la parole',
  at: 'À',
  heard: 'Entendu',
  final: 'Final',
  nothing: '(rien de compris)',
  confidence: 'Confiance',
  word: 'Mot',
  unknownWords: 'Une partie est hors du vocabulaire.',
  speed: 'Vitesse',
  speedOf: (factor, decoding) => `facteur temps réel ${factor} (${decoding} s de décodage)`,
};
