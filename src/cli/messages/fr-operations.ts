import type { enOperations } from './en-operations.ts';
import { frFindings } from './fr-findings.ts';

export const frOperations: typeof enOperations = {
  help: {
    doctor:
      'Vérifie tout ce dont les appels ont besoin, et dit comment réparer. Code de sortie : 0 bien, 1 échec, 3 avertissements',
    components: (names) => `seulement ceux-ci : ${names}`,
    originate: 'passe aussi un appel qui ne joint personne, et regarde si son audio arrive',
    timeout: 'secondes que chaque vérification peut prendre',
    loadTest:
      "Tient des conversations avec des numéros de fiction et les mesure : sur le commutateur configuré, ou sur le simulateur s'il n'y en a pas",
    concurrent: 'appels à la fois (par défaut : 5)',
    duration:
      'secondes pendant lesquelles des appels commencent (par défaut : 30) ; ceux en cours se terminent ensuite',
    scenario: 'scénario des appels (par défaut : vente_or_investissement)',
    simulator: 'appelle sur le simulateur même si un commutateur est configuré',
    completion:
      'Écrit un script qui complète commandes et options dans bash : eval "$(npx minibot completion)"',
    confirm: "aussi sur le commutateur d'une autre machine, ou pendant que des appels y sont en cours",
  },

  doctor: {
    progress: 'Vérification',
    separator: ' ; ',
    components: {
      node: 'Node',
      configuration: 'Configuration',
      clock: 'Horloge',
      disk: 'Disque',
      postgres: 'PostgreSQL',
      redis: 'Redis',
      freeswitch: 'FreeSWITCH',
      streaming: 'Flux audio',
      vosk: 'Vosk',
      ollama: 'Ollama',
      scenarios: 'Scénarios',
      audio: 'Enregistrements',
    },
    countOk: (count) => (count === 1 ? '1 va bien' : `${count} vont bien`),
    countWarnings: (count) => `${count} avec avertissement`,
    countFailed: (count) => `${count} en échec`,
    countSkipped: (count) => (count === 1 ? '1 non vérifié' : `${count} non vérifiés`),
    summary: (counts, seconds) => `${counts}, en ${seconds} s`,
  },

  load: {
    starting: 'Démarrage',
    progress: (inFlight, made, failed) => `${inFlight} à la fois, ${made} passés, ${failed} échoués`,
    ending: 'les derniers appels se terminent',
    title: (concurrent, seconds, target) =>
      `${concurrent} ${concurrent === '1' ? 'appel' : 'appels'} à la fois pendant ${seconds} s, ${target}`,
    targets: {
      simulator: (where) => `sur le simulateur (${where})`,
      switch: (where) => `sur le commutateur ${where}`,
    },
    scenario: 'Scénario',
    calls: 'Appels',
    callsOf: (made, answered, failed) => `${made} passés, ${answered} décrochés, ${failed} échoués`,
    peak: 'Au plus à la fois',
    results: 'Résultats',
    failures: 'Échecs',
    cut: 'Raccrochés à la fin',
    loop: "Retard de la boucle d'événements",
    loopOf: (p50, p95, p99, max) => `p50 ${p50} ms, p95 ${p95} ms, p99 ${p99} ms, au plus ${max} ms`,
    cpu: 'Processeur',
    cpuOf: (worker, simulator) =>
      `${worker} % d'un cœur${simulator === null ? '' : `, le simulateur ${simulator} %`}`,
    memory: 'Mémoire',
    memoryOf: (megabytes) => `${megabytes} Mo au plus`,
    audio: 'Audio',
    audioOf: (frames, missing, cut) => `${frames} trames, ${missing} manquantes ; ${cut} paroles coupées`,
  },

  findings: frFindings,
};
