import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const ENTRY = fileURLToPath(new URL('../../src/workers/main.ts', import.meta.url));
const TSX = import.meta.resolve('tsx');

/** A call worker as it is deployed: a process with an environment and a folder. `kill()` it at the latest. */
export class WorkerProcess {
  private readonly child: ChildProcess;
  private readonly exited: Promise<unknown>;
  private text = '';

  /** `cwd` is where it looks for `.env`. */
  constructor(options: { env: Readonly<Record<string, string>>; cwd: string }) {
    // Settings of a real installation on this machine are no business of the test's.
    const { PATH = '', HOME = '' } = process.env;
    this.child = spawn(process.execPath, ['--import', TSX, ENTRY], {
      cwd: options.cwd,
      env: { PATH, HOME, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.exited = once(this.child, 'close');
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.text += chunk.toString()));
    }
  }

  /** Everything that it wrote, standard and error output together. */
  get output(): string {
    return this.text;
  }

  /** Lines meant for the operator: log entries from `level` on, and what is no log entry. */
  complaints(): string[] {
    return this.text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (line.startsWith('{') ? (JSON.parse(line) as { level: string; msg: string }) : line))
      .filter((entry) => typeof entry === 'string' || ['error', 'fatal'].includes(entry.level))
      .map((entry) => (typeof entry === 'string' ? entry : entry.msg));
  }

  /** Its exit status once it has ended; null when a signal ended it. */
  async status(): Promise<number | null> {
    await this.exited;
    return this.child.exitCode;
  }

  /** SIGTERM: asks it to drain. */
  terminate(): void {
    this.child.kill('SIGTERM');
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }
}
