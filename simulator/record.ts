import { closeSync, openSync, writeSync } from 'node:fs';

import { SimulatorError } from './errors.ts';

/** One thing that happened, as a JSON line: `{"atMs":…,"type":…,"uuid":…,…}`; `atMs` is epoch milliseconds. */
type RecordEntry = { type: string } & Record<string, unknown>;

/** The simulator's own account of what happened, independent of what the callers' side believes. */
export class CallRecord {
  #file: number | null;
  readonly #counts = new Map<string, number>();

  /** `path` null keeps no file. Throws a SimulatorError when the file cannot be made. */
  constructor(path: string | null) {
    try {
      this.#file = path === null ? null : openSync(path, 'w');
    } catch (error) {
      throw new SimulatorError('record-not-writable', `cannot write the record to ${String(path)}`, {
        cause: error,
      });
    }
  }

  write(entry: RecordEntry): void {
    if (this.#file === null) return;
    const atMs = Math.round((performance.timeOrigin + performance.now()) * 10) / 10;
    writeSync(this.#file, `${JSON.stringify({ atMs, ...entry })}\n`);
  }

  count(name: string): void {
    this.#counts.set(name, this.countOf(name) + 1);
  }

  countOf(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }
}
