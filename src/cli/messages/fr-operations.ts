import type { enOperations } from './en-operations.ts';
import { frFindings } from './fr-findings.ts';

export const frOperations: typeof enOperations = {
  help: {
    doctor:
      'Vérifie tout ce dont les appels ont besoin, et dit comment réparer. Code de sortie : 0 bien, 1 échec, 3 avertissements',
    components: (names) => `seulement ceux-ci : ${names}`,
    originate: 'passe aussi un appel qui ne joint personne, et regarde si son audio arrive',
    timeout: 'secondes que chaque vérification peut prendre',
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

  findings: frFindings,
};
