import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Environment } from './config.ts';
import { MinibotError } from './errors.ts';

export interface ChildOptions {
  name: string;
  /** A TypeScript file. */
  entry: string;
  args: readonly string[];
  /** Its whole environment. */
  env: Environment;
  cwd: string;
  /** Sees every line of standard output. */
  onLine: (line: string) => void;
  /** Told when it ends although nobody stopped it. */
  onUnexpectedExit: (error: Error) => void;
}

const TSX = import.meta.resolve('tsx');
const STOP_DEADLINE_MS = 15_000;

/** A process of ours started beside this one, with its output read line by line. */
export class Child {
  private readonly process: ChildProcess;
  private readonly exited: Promise<void>;
  private readonly lastErrors: string[] = [];
  private isStopping = false;

  constructor(options: ChildOptions) {
    this.process = spawn(process.execPath, ['--import', TSX, options.entry, ...options.args], {
      cwd: options.cwd,
      // Its standard input ends with this process: whoever listens to it does not outlive us.
      stdio: ['pipe', 'pipe', 'pipe'],
      env: options.env,
    });
    if (this.process.stdout === null || this.process.stderr === null)
      throw new Error('no pipes to the child');
    createInterface({ input: this.process.stdout }).on('line', options.onLine);
    createInterface({ input: this.process.stderr }).on('line', (line) => {
      this.lastErrors.push(line);
      if (this.lastErrors.length > 20) this.lastErrors.shift();
    });
    this.exited = new Promise((resolve) => {
      this.process.once('close', (code, signal) => {
        resolve();
        if (this.isStopping) return;
        const detail = this.lastErrors.join('\n');
        options.onUnexpectedExit(
          new MinibotError('child_ended', `${options.name} ended (${String(signal ?? code)})\n${detail}`),
        );
      });
    });
  }

  /** Asks it to stop, then kills it. May be called twice. */
  async stop(): Promise<void> {
    this.isStopping = true;
    this.process.kill('SIGTERM');
    const force = setTimeout(() => this.process.kill('SIGKILL'), STOP_DEADLINE_MS);
    await this.exited;
    clearTimeout(force);
  }
}
