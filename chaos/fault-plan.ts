import { between, seededRandom, weighted, type Random } from './random.ts';

/** One thing that goes wrong. Times are milliseconds; `worker` picks one of those that run, by its remainder. */
export type Fault =
  /** kill -9; another worker starts after `restartMs`. */
  | { kind: 'kill-worker'; worker: number; restartMs: number }
  /** SIGTERM: it drains while another one starts. */
  | { kind: 'drain-worker'; worker: number }
  /** Redis goes away and comes back with what its append-only file holds. */
  | { kind: 'restart-redis'; how: 'shutdown' | 'kill'; downMs: number }
  /** Redis comes back empty, as after a failover to a replica that knew nothing yet. */
  | { kind: 'wipe-redis' }
  /** Postgres ends every connection, politely or as in a crash, and starts again. */
  | { kind: 'restart-postgres'; how: 'fast' | 'immediate' }
  /** The switch cuts its event socket's clients off; calls go on. */
  | { kind: 'drop-esl' }
  /** The switch dies with all its calls and comes back. */
  | { kind: 'crash-switch'; restartMs: number }
  /** The TCP connections that carry one worker's audio break. */
  | { kind: 'cut-audio'; worker: number }
  /** The trunk fails: the network ends every call. */
  | { kind: 'lose-calls' }
  /** The switch refuses calls beyond a few for a while. */
  | { kind: 'fill-switch'; sessions: number; forMs: number };

export type FaultKind = Fault['kind'];

export interface PlannedFault {
  /** It comes when the switch has been asked for so many calls … */
  afterOriginates: number;
  /** … and so long after that, so that it meets calls in every state. */
  delayMs: number;
  fault: Fault;
}

const WEIGHTS = {
  'kill-worker': 30,
  'drain-worker': 10,
  'restart-redis': 12,
  'wipe-redis': 4,
  'restart-postgres': 12,
  'drop-esl': 10,
  'crash-switch': 8,
  'cut-audio': 8,
  'lose-calls': 5,
  'fill-switch': 5,
} as const satisfies Record<FaultKind, number>;

const CALLS_PER_FAULT = 25;
const LEAST_FAULTS = 4;
const MAX_DELAY_MS = 600;

/**
 * The faults of a campaign of `calls` contacts, in order. Counted in calls, not in seconds, so that a slow machine gets
 * the same ones. The same seed gives the same plan; the first is always a kill -9.
 */
export function planFaults(calls: number, seed: number): PlannedFault[] {
  const random = seededRandom(seed ^ 0x5eed);
  const count = Math.max(LEAST_FAULTS, Math.round(calls / CALLS_PER_FAULT));
  const spacing = (calls * 0.9) / count;
  return Array.from({ length: count }, (_, index) => ({
    afterOriginates: Math.max(1, Math.round((index + 0.2 + random() * 0.8) * spacing)),
    delayMs: between(random, 0, MAX_DELAY_MS),
    fault: index === 0 ? killWorker(random) : inventFault(random),
  }));
}

function inventFault(random: Random): Fault {
  const kind = weighted(random, WEIGHTS);
  switch (kind) {
    case 'kill-worker':
      return killWorker(random);
    case 'drain-worker':
    case 'cut-audio':
      return { kind, worker: between(random, 0, 999) };
    case 'restart-redis':
      return { kind, how: random() < 0.5 ? 'shutdown' : 'kill', downMs: between(random, 0, 2500) };
    case 'restart-postgres':
      return { kind, how: random() < 0.5 ? 'fast' : 'immediate' };
    case 'wipe-redis':
    case 'drop-esl':
    case 'lose-calls':
      return { kind };
    case 'crash-switch':
      return { kind, restartMs: between(random, 100, 3000) };
    case 'fill-switch':
      return { kind, sessions: between(random, 0, 5), forMs: between(random, 300, 1500) };
  }
}

function killWorker(random: Random): Fault {
  return { kind: 'kill-worker', worker: between(random, 0, 999), restartMs: between(random, 0, 2000) };
}
