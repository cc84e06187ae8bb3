import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface ChildOptions {
  command: string;
  args: readonly string[];
  /** Its whole environment, but for where programs are. */
  env: Readonly<Record<string, string>>;
  cwd: string;
  /** Sees every line of standard output. */
  onLine: (line: string) => void;
  /** Told when it ends although nobody here ended it. */
  onUnexpectedExit: (end: ChildEnd) => void;
}

export interface ChildEnd {
  /** Null when a signal ended it. */
  code: number | null;
  signal: NodeJS.Signals | null;
  /** The last it said on standard error. */
  lastErrors: string;
}

const TSX = import.meta.resolve('tsx');
const KEPT_ERROR_LINES = 20;

/** The command line that runs one of the project's entry points. */
export function entryPoint(file: string, args: readonly string[]): { command: string; args: string[] } {
  return { command: process.execPath, args: ['--import', TSX, file, ...args] };
}

/** A process to be ended in more ways than one. None outlives this process. */
export class Child {
  readonly exited: Promise<ChildEnd>;
  private readonly process: ChildProcess;
  private isEnding = false;
  private readonly lastErrors: string[] = [];

  constructor(options: ChildOptions) {
    const { PATH = '', HOME = '', LANG = '' } = process.env;
    const child = spawn(options.command, options.args, {
      cwd: options.cwd,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { PATH, HOME, LANG, ...options.env },
    });
    this.process = child;
    createInterface({ input: child.stdout }).on('line', options.onLine);
    createInterface({ input: child.stderr }).on('line', (line) => {
      this.lastErrors.push(line);
      if (this.lastErrors.length > KEPT_ERROR_LINES) this.lastErrors.shift();
    });
    // An order written to a process that is just dying: its end is told below.
    child.stdin.on('error', () => undefined);
    const killWithUs = (): void => void child.kill('SIGKILL');
    process.once('exit', killWithUs);
    this.exited = Promise.race([
      once(child, 'close').then(([code, signal]: unknown[]) => this.endOf(code, signal)),
      once(child, 'error').then(([error]: unknown[]) => {
        this.lastErrors.push(String(error));
        return this.endOf(null, null);
      }),
    ]);
    void this.exited.then((end) => {
      process.off('exit', killWithUs);
      if (!this.isEnding) options.onUnexpectedExit(end);
    });
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  /** Writes a line to its standard input. */
  send(line: string): void {
    this.process.stdin?.write(`${line}\n`);
  }

  /** kill -9; resolves when it is gone. */
  async kill(): Promise<ChildEnd> {
    this.isEnding = true;
    this.process.kill('SIGKILL');
    return this.exited;
  }

  /** SIGTERM, and SIGKILL if it has not ended by the deadline. May be called twice. */
  async stop({ deadlineMs }: { deadlineMs: number }): Promise<ChildEnd> {
    this.isEnding = true;
    this.process.kill('SIGTERM');
    const force = setTimeout(() => this.process.kill('SIGKILL'), deadlineMs);
    try {
      return await this.exited;
    } finally {
      clearTimeout(force);
    }
  }

  private endOf(code: unknown, signal: unknown): ChildEnd {
    return {
      code: typeof code === 'number' ? code : null,
      signal: typeof signal === 'string' ? (signal as NodeJS.Signals) : null,
      lastErrors: this.lastErrors.join('\n'),
    };
  }
}
