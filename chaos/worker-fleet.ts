import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AudioRelay } from './audio-relay.ts';
import { Child, entryPoint, type ChildEnd } from './child.ts';
import { freePort } from './free-port.ts';

interface FleetOptions {
  root: string;
  dataDir: string;
  size: number;
  /** What every worker is configured with; its ports and its log folder come on top. */
  env: Readonly<Record<string, string>>;
  /** A worker that had been at work ended by itself, or ended badly when it was told to. */
  onFailure: (fault: { worker: string; what: string }) => void;
}

/** One worker process. */
interface Worker {
  /** Name of its log folder. */
  name: string;
  child: Child;
  relay: AudioRelay;
  /** As it signs its attempts; null until it is ready. */
  workerId: string | null;
}

/** What a supervisor waits before it starts a worker again that could not start, say because Postgres was away. */
const RESTART_MS = 500;
/** Above WORKER_DRAIN_TIMEOUT. */
const STOP_DEADLINE_MS = 60_000;

/** The call workers, as a supervisor such as systemd keeps them: always `size` of them, whatever becomes of each. */
export class WorkerFleet {
  private readonly running: Worker[] = [];
  /** Ends of workers that were told to stop, and starts that wait. */
  private readonly pending = new Set<Promise<void>>();
  private started = 0;
  private isClosing = false;

  private constructor(private readonly options: FleetOptions) {}

  static async open(options: FleetOptions): Promise<WorkerFleet> {
    const fleet = new WorkerFleet(options);
    for (let count = 0; count < options.size; count += 1) await fleet.start();
    return fleet;
  }

  /** Worker processes started so far. */
  get startedCount(): number {
    return this.started;
  }

  /** kill -9 of a worker at work. Returns its id, null when it was not ready yet; a new one starts after `restartMs`. */
  async kill(pick: number, restartMs: number): Promise<string | null> {
    const worker = this.take(pick);
    if (worker === null) return null;
    await worker.child.kill();
    await worker.relay.close();
    this.later(async () => {
      await delay(restartMs);
      await this.start();
    });
    return worker.workerId;
  }

  /** SIGTERM; a new one starts at once while it drains. */
  async drain(pick: number): Promise<void> {
    const worker = this.take(pick);
    if (worker === null) return;
    this.later(() => this.retire(worker));
    await this.start();
  }

  /** Breaks the audio connections of one worker. */
  cutAudio(pick: number): void {
    this.preferred(pick)?.relay.cut();
  }

  /** Tells all to stop and waits for it. May be called twice. */
  async close(): Promise<void> {
    this.isClosing = true;
    await Promise.all(this.running.splice(0).map((worker) => this.retire(worker)));
    while (this.pending.size > 0) await Promise.all(this.pending);
    // One whose start was under way.
    await Promise.all(this.running.splice(0).map((worker) => this.retire(worker)));
  }

  private async start(): Promise<void> {
    if (this.isClosing) return;
    const { root, dataDir, env } = this.options;
    const name = `worker-${++this.started}`;
    const audioPort = await freePort();
    const relay = await AudioRelay.open(audioPort);
    const worker: Worker = {
      name,
      relay,
      workerId: null,
      child: new Child({
        ...entryPoint(path.join(root, 'src/workers/main.ts'), []),
        env: {
          ...env,
          STREAMING_ASR_HOST: '127.0.0.1',
          STREAMING_ASR_PORT: String(audioPort),
          STREAMING_ASR_PUBLIC_URL: `ws://127.0.0.1:${relay.port}`,
          LOG_DIR: path.join(dataDir, 'logs', name),
        },
        cwd: dataDir,
        onLine: (line) => {
          worker.workerId ??= workerIdIn(line);
        },
        onUnexpectedExit: (end) => this.onUnexpectedExit(worker, end),
      }),
    };
    this.running.push(worker);
  }

  /** One that ends before it is ready could not start: that is said in its log and tried again. */
  private onUnexpectedExit(worker: Worker, end: ChildEnd): void {
    const index = this.running.indexOf(worker);
    if (index !== -1) this.running.splice(index, 1);
    if (worker.workerId !== null || end.code !== 1) {
      this.options.onFailure({ worker: worker.name, what: `ended by itself: ${describe(end)}` });
    }
    this.later(async () => {
      await worker.relay.close();
      await delay(RESTART_MS);
      await this.start();
    });
  }

  private async retire(worker: Worker): Promise<void> {
    const end = await worker.child.stop({ deadlineMs: STOP_DEADLINE_MS });
    await worker.relay.close();
    // Told to stop before it listens to signals, a process just ends.
    const isClean = end.code === 0 || (worker.workerId === null && end.signal === 'SIGTERM');
    if (!isClean)
      this.options.onFailure({ worker: worker.name, what: `did not stop cleanly: ${describe(end)}` });
  }

  /** Takes one out of the fleet. */
  private take(pick: number): Worker | null {
    const worker = this.preferred(pick);
    if (worker === null) return null;
    this.running.splice(this.running.indexOf(worker), 1);
    return worker;
  }

  /** One that is at work if there is one: ending a worker that only starts proves little. */
  private preferred(pick: number): Worker | null {
    const ready = this.running.filter(({ workerId }) => workerId !== null);
    const from = ready.length > 0 ? ready : this.running;
    return from[pick % from.length] ?? null;
  }

  private later(work: () => Promise<void>): void {
    const pending = work().finally(() => this.pending.delete(pending));
    this.pending.add(pending);
  }
}

/** A worker says who it is when it is ready. */
function workerIdIn(line: string): string | null {
  if (!line.includes('"ready to call"')) return null;
  const entry: unknown = JSON.parse(line);
  const hasId = typeof entry === 'object' && entry !== null && 'workerId' in entry;
  return hasId && typeof entry.workerId === 'string' ? entry.workerId : null;
}

function describe({ code, signal, lastErrors }: ChildEnd): string {
  return `${signal ?? `status ${String(code)}`}${lastErrors === '' ? '' : `\n${lastErrors}`}`;
}
