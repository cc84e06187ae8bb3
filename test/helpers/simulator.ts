import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** tsx has to compile the simulator first; on a busy machine that takes a while. */
const START_DEADLINE_MS = 30_000;
const STOP_DEADLINE_MS = 5000;

export type SimulatorRecordEntry = { type: string; atMs: number; uuid?: string; number?: string } & Record<
  string,
  unknown
>;

interface SimulatorStart {
  /** Number (E.164) → persona; without it the shipped population. */
  numbers?: Record<string, string>;
  gateway?: string;
  /** Further command-line options. */
  args?: string[];
}

/** The simulator as a process of its own on a free port. */
export class SimulatorProcess {
  readonly host: string;
  readonly port: number;
  readonly password: string;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: ChildLines;
  readonly #dir: string;

  private constructor(
    child: ChildProcessWithoutNullStreams,
    lines: ChildLines,
    dir: string,
    ready: Record<string, unknown>,
  ) {
    this.#child = child;
    this.#lines = lines;
    this.#dir = dir;
    this.host = String(ready['eslHost']);
    this.port = Number(ready['eslPort']);
    this.password = String(ready['password']);
  }

  /** Resolves once it is ready; rejects with what it wrote to its error output when it is not. */
  static async start(options: SimulatorStart = {}): Promise<SimulatorProcess> {
    const dir = mkdtempSync(join(tmpdir(), 'simulator-'));
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', join(ROOT, 'simulator/main.ts'), ...commandLine(options, dir)],
      {
        cwd: ROOT,
      },
    );
    const lines = readLines(child);
    try {
      return new SimulatorProcess(child, lines, dir, await lines.next('ready', START_DEADLINE_MS));
    } catch (error) {
      await stop(child, dir);
      throw error;
    }
  }

  /** What happened so far, as the simulator itself saw it. */
  record(): SimulatorRecordEntry[] {
    return readFileSync(recordFile(this.#dir), 'utf8')
      .split('\n')
      .filter((line) => line.endsWith('}'))
      .map((line) => JSON.parse(line) as SimulatorRecordEntry); // Written by the simulator's own CallRecord.
  }

  /** Gives an order (`drop`, `crash 500`, `lose-calls`, `max-sessions 3`); resolves when it was taken. */
  async order(line: string): Promise<void> {
    this.#child.stdin.write(`${line}\n`);
    const answer = await this.#lines.next('order', STOP_DEADLINE_MS);
    if (answer['ok'] !== true) throw new Error(`the simulator does not know the order "${line}"`);
  }

  /** It hangs: the system takes in for it what arrives, and it reads that when it goes on. */
  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child.kill('SIGCONT');
  }

  /** Stops the process and removes its files. May be called twice. */
  async close(): Promise<void> {
    await stop(this.#child, this.#dir);
  }
}

interface ChildLines {
  /** The next line of this kind; rejects when the child ends instead. */
  next(event: string, deadlineMs: number): Promise<Record<string, unknown>>;
}

function commandLine(options: SimulatorStart, dir: string): string[] {
  const args = ['--esl-port', '0', '--json-ready', '--control', '--record', recordFile(dir)];
  if (options.gateway !== undefined) args.push('--gateway', options.gateway);
  if (options.numbers !== undefined) {
    const population = join(dir, 'population.json');
    writeFileSync(population, JSON.stringify({ numbers: options.numbers }));
    args.push('--population', population);
  }
  return [...args, ...(options.args ?? [])];
}

function recordFile(dir: string): string {
  return join(dir, 'record.jsonl');
}

/** The end of its control line asks it to stop; then it is made to. */
async function stop(child: ChildProcessWithoutNullStreams, dir: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.stdin.end();
    const force = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
    await exited;
    clearTimeout(force);
  }
  rmSync(dir, { recursive: true, force: true });
}

/** Reads the child's JSON lines. */
function readLines(child: ChildProcessWithoutNullStreams): ChildLines {
  const received: Record<string, unknown>[] = [];
  let errors = '';
  let wake: () => void = () => undefined;
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  child.once('exit', () => wake());
  // The simulator may be gone when it is told to stop: its exit says so.
  child.stdin.on('error', () => wake());
  createInterface({ input: child.stdout }).on('line', (line) => {
    received.push(JSON.parse(line) as Record<string, unknown>); // Written by the simulator itself, one object per line.
    wake();
  });
  return {
    async next(event, deadlineMs) {
      const deadline = AbortSignal.timeout(deadlineMs);
      for (;;) {
        const at = received.findIndex((each) => each['event'] === event);
        const [found] = at === -1 ? [] : received.splice(at, 1);
        if (found !== undefined) return found;
        if (child.exitCode !== null) throw new Error(`the simulator ended with ${child.exitCode}: ${errors}`);
        if (deadline.aborted)
          throw new Error(`no "${event}" from the simulator within ${deadlineMs} ms: ${errors}`);
        await new Promise<void>((resolve) => {
          wake = resolve;
          deadline.addEventListener('abort', () => resolve(), { once: true });
        });
      }
    },
  };
}
