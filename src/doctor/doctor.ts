import pino from 'pino';
import { ConfigError, loadConfig, type Config, type Environment } from '../config.ts';
import { OperatorError } from '../errors.ts';
import type { Check } from './check.ts';
import { CHECKS, COMPONENTS, type ComponentName } from './components.ts';
import { finding, type Finding, type Level } from './findings.ts';

export interface DoctorOptions {
  environment: Environment;
  components: readonly ComponentName[];
  /** What each check may take. */
  deadlineMs: number;
  /** Also places a call that reaches nobody. */
  originate: boolean;
  signal: AbortSignal;
  /** Told after every check that is done. */
  onProgress: (done: number, all: number) => void;
  /** Another one for tests. */
  checks?: Readonly<Record<ComponentName, Check>>;
}

export interface ComponentReport {
  component: ComponentName;
  /** The worst of its findings. */
  level: Level;
  durationMs: number;
  findings: readonly Finding[];
}

export interface DoctorReport {
  /** `failed` where something keeps calls from being made, `warning` where something should be looked at. */
  level: 'ok' | 'warning' | 'failed';
  components: readonly ComponentReport[];
}

/** A check is told to stop at its deadline; one that does not listen is left behind after so much more. */
const STOP_GRACE_MS = 1000;
/** Of a check's time: who does not answer is named then, before the check is given up. */
const SHARE_OF_QUESTION = 0.8;
const WORST_FIRST: readonly Level[] = ['failed', 'warning', 'ok', 'skipped'];
const MAX_SHOWN = 600;

/**
 * Checks the components side by side. Resolves in the time that one check may take, whatever they meet; rejects only as
 * `signal` says.
 */
export async function runDoctor(options: DoctorOptions): Promise<DoctorReport> {
  const { environment, signal, onProgress } = options;
  signal.throwIfAborted();
  const config = readConfig(environment);
  const chosen = COMPONENTS.filter((name) => options.components.includes(name));
  let done = 0;
  const components = await Promise.all(
    chosen.map(async (component) => {
      const report = await reportOf(component, config, options);
      done += 1;
      onProgress(done, chosen.length);
      return report;
    }),
  );
  signal.throwIfAborted();
  const worst = worstOf(components.map(({ level }) => level));
  return { level: worst === 'skipped' ? 'ok' : worst, components };
}

async function reportOf(
  component: ComponentName,
  config: Config | readonly string[],
  options: DoctorOptions,
): Promise<ComponentReport> {
  const startedMs = performance.now();
  const findings =
    'instance' in config ? await look(component, config, options) : unconfigured(component, config);
  return {
    component,
    level: worstOf(findings.map(({ level }) => level)),
    durationMs: Math.round(performance.now() - startedMs),
    findings,
  };
}

/** Without a configuration nobody knows where to look. */
function unconfigured(component: ComponentName, faults: readonly string[]): Finding[] {
  if (component !== 'configuration') return [finding('unknown_configuration', {})];
  return faults.map((fault) => finding('configuration_fault', { fault }));
}

/** What the check found; a check that fails, breaks down or does not end is a finding too. */
async function look(component: ComponentName, config: Config, options: DoctorOptions): Promise<Finding[]> {
  const { environment, originate, deadlineMs, signal, checks = CHECKS } = options;
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), deadlineMs);
  let leaveBehind: NodeJS.Timeout | undefined;
  const stopped = new Promise<Finding[]>((resolve) => {
    const tooLate = (): void => resolve([timedOut(deadlineMs)]);
    AbortSignal.any([timeout.signal, signal]).addEventListener('abort', () => {
      leaveBehind = setTimeout(tooLate, STOP_GRACE_MS);
    });
  });
  const context = {
    config,
    environment,
    originate,
    deadlineMs: deadlineMs * SHARE_OF_QUESTION,
    signal: AbortSignal.any([timeout.signal, signal]),
    now: () => new Date(),
    nowMs: () => performance.now(),
    logger: pino({ level: 'silent' }),
  };
  try {
    // Called in a promise: a check that throws at once is one that rejects.
    const running = Promise.resolve().then(() => checks[component](context));
    return await Promise.race([running, stopped]);
  } catch (error) {
    return [timeout.signal.aborted ? timedOut(deadlineMs) : faultFound(error)];
  } finally {
    clearTimeout(timer);
    clearTimeout(leaveBehind);
  }
}

function timedOut(deadlineMs: number): Finding {
  return finding('timed_out', { seconds: deadlineMs / 1000 });
}

function faultFound(error: unknown): Finding {
  const message = (error instanceof Error ? error.message : String(error)).slice(0, MAX_SHOWN);
  return error instanceof OperatorError ? finding('fault', { message }) : finding('broke_down', { message });
}

function worstOf(levels: readonly Level[]): Level {
  return WORST_FIRST.find((level) => levels.includes(level)) ?? 'ok';
}

/** The configuration, or what is wrong with it. */
function readConfig(environment: Environment): Config | readonly string[] {
  try {
    return loadConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}
