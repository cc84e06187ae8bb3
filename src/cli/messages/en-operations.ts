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
    loadTest:
      'Hold conversations with numbers of fiction and measure them: on the configured switch, or on the simulator where none is configured',
    concurrent: 'calls at once (default: 5)',
    duration: 'seconds in which calls are begun (default: 30); those in flight then end',
    scenario: 'scenario of the calls (default: vente_or_investissement)',
    simulator: 'call on the simulator even though a switch is configured',
    completion:
      'Print a script that completes commands and options in bash: eval "$(npx minibot completion)"',
    confirm: 'also on a switch of another machine, or while calls are under way on it',
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

  load: {
    starting: 'Starting',
    progress: (inFlight: string, made: string, failed: string) =>
      `${inFlight} at once, ${made} made, ${failed} failed`,
    ending: 'the last calls end',
    title: (concurrent: string, seconds: string, target: string) =>
      `${concurrent} ${concurrent === '1' ? 'call' : 'calls'} at once for ${seconds} s, ${target}`,
    targets: {
      simulator: (where: string) => `on the simulator (${where})`,
      switch: (where: string) => `on the switch at ${where}`,
    },
    scenario: 'Scenario',
    calls: 'Calls',
    callsOf: (made: string, answered: string, failed: string) =>
      `${made} made, ${answered} answered, ${failed} failed`,
    peak: 'At once at most',
    results: 'Results',
    failures: 'Failures',
    cut: 'Hung up at the end',
    loop: 'Event loop late',
    loopOf: (p50: string, p95: string, p99: string, max: string) =>
      `p50 ${p50} ms, p95 ${p95} ms, p99 ${p99} ms, at most ${max} ms`,
    cpu: 'CPU',
    cpuOf: (worker: string, simulator: string | null) =>
      `${worker} % of a core${simulator === null ? '' : `, the simulator ${simulator} %`}`,
    memory: 'Memory',
    memoryOf: (megabytes: string) => `${megabytes} MB at most`,
    audio: 'Audio',
    audioOf: (frames: string, missing: string, cut: string) =>
      `${frames} frames, ${missing} missing; ${cut} utterances cut`,
  },

  findings,
};
