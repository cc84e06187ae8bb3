import type { ComponentName } from '../../doctor/components.ts';
import { FINDINGS } from '../../doctor/findings.ts';

const components: Record<ComponentName, string> = {
  node: 'Node',
  configuration: 'Configuration',
  clock: 'Clock',
  disk: 'Disk',
  postgres: 'PostgreSQL',
  redis: 'Redis',
  freeswitch: 'FreeSWITCH',
  streaming: 'Audio stream',
  vosk: 'Vosk',
  ollama: 'Ollama',
  scenarios: 'Scenarios',
  audio: 'Recordings',
};

/** Every text of a finding, by its name. */
export type FindingTexts = {
  [Code in keyof typeof FINDINGS]: (typeof FINDINGS)[Code] extends { mend: string }
    ? { found: string; mend: string }
    : { found: string };
};
const findings: FindingTexts = FINDINGS;

export const enOperations = {
  help: {
    doctor:
      'Check everything that calls need, and say how to mend it. Exit status: 0 well, 1 failed, 3 warnings',
    components: (names: string) => `only these: ${names}`,
    originate: 'also place a call that reaches nobody, and see whether its audio arrives',
    timeout: 'seconds that each check may take',
  },

  doctor: {
    progress: 'Checking',
    separator: '; ',
    components,
    countOk: (count: number) => `${count} well`,
    countWarnings: (count: number) => (count === 1 ? '1 with a warning' : `${count} with warnings`),
    countFailed: (count: number) => `${count} failed`,
    countSkipped: (count: number) => `${count} not checked`,
    summary: (counts: string, seconds: string) => `${counts}, in ${seconds} s`,
  },

  findings,
};
