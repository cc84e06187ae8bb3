import type { enScenarioTools } from './en-scenario-tools.ts';

export const frScenarioTools: typeof enScenarioTools = {
  help: {
    simulate:
      'Parcourt un scénario par réponses écrites : intentions, objections, étapes ; sans appeler personne',
    id: 'scénario (voir : minibot scenario list)',
    graph: 'Dessine un scénario',
    graphFormat: 'mermaid, svg ou text (par défaut : ce que dit le nom du fichier, sinon mermaid)',
    graphOutput: 'fichier à écrire (par défaut : sortie standard)',
    debug: 'Essaie une partie du moteur à la fois',
    debugIntent: 'Dit pour quoi une réponse serait prise, et pourquoi',
    debugObjection: 'Dit quelle objection un texte soulève, et avec quelle certitude',
    debugText: 'ce que dit la personne, entre guillemets',
    debugQuestion: 'ce que le robot avait demandé',
    debugTheme: "thème d'objections, à côté du thème standard (par défaut : standard)",
    answers: 'fichier avec une réponse par ligne, à la place du clavier',
  },

  graph: {
    written: (file) => `Le dessin est dans ${file}`,
    formats: (allowed) => `Donnez : ${allowed}.`,
  },

  debug: {
    intent: 'Intention',
    method: 'Décidée par',
    words: 'Mots',
    question: 'Question',
    noQuestion: 'aucune donnée (--question)',
    likely: 'Modèle local',
    objection: 'La plus proche',
    score: 'Score',
    answer: 'Réponse',
    recording: 'Enregistrement',
    notAnswered: 'aucune : pas assez sûr',
    noObjection: 'Ne soulève aucune objection.',
  },

  simulate: {
    title: (name) => `« ${name} », par écrit`,
    help: 'Répondez comme la personne appelée. Entrée seule ou /silence : ne dit rien. !texte : dit par-dessus le message. /hangup : raccroche.',
    you: '👤',
    intent: (intent, percent, method) => `${intent} (${percent} %, ${method})`,
    objection: (id, percent) => `objection ${id} (${percent} %)`,
    ignored: "dit par-dessus un message qui ne s'interrompt pas : n'est pas pris pour une réponse",
    noBargeIn: "ne s'interrompt pas",
    tooLarge: (file) => `${file} contient plus que tout appel : donnez une réponse par ligne`,
    over: (result, reason) =>
      reason === null ? `📞 Appel terminé : ${result}` : `📞 Appel terminé : ${result} (${reason})`,
    unfinished: "Les réponses sont épuisées ; l'appel continuerait.",
    reasons: {
      'final-step': 'étape finale',
      'no-transition': 'le scénario ne mène plus nulle part',
      'step-limit': "trop d'étapes",
      'opt-out': 'ne veut plus être appelé',
      callback: 'veut être rappelé plus tard',
      'wrong-number': 'faux numéro',
      machine: 'répondeur',
      'prompt-failed': "un message n'a pas pu être joué",
    },
  },
};
