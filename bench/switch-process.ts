import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Closers } from '../src/closers.ts';
import { startSimulatedSwitch } from '../src/load-test/simulated-switch.ts';
import type { SwitchAddress } from './settings.ts';
import { recordLine, type RecordLine } from './switch-record.ts';

interface SwitchProcessOptions {
  root: string;
  /** An empty folder for its files. */
  dir: string;
  /** Number (E.164) → persona of `bench/personas`. */
  numbers: Readonly<Record<string, string>>;
  maxCalls: number;
  /** Told when it ends although nobody stopped it. */
  onUnexpectedExit: (error: Error) => void;
}

/** The simulator as a process of its own, with the bench's own callees. */
export interface SwitchProcess {
  readonly address: SwitchAddress;
  readonly pid: number;
  /** What happened on the switch so far, by its own account. */
  record(): Promise<RecordLine[]>;
}

/** Resolves once it is ready; `closers` stops it. */
export async function startSwitch(options: SwitchProcessOptions, closers: Closers): Promise<SwitchProcess> {
  const { root, ...ours } = options;
  const record = path.join(options.dir, 'switch-record.jsonl');
  const { pid, ...address } = await startSimulatedSwitch(
    {
      ...ours,
      personas: path.join(root, 'bench/personas'),
      gateway: 'mygateway',
      record,
      environment: process.env,
    },
    closers,
  );
  return {
    address,
    pid,
    record: async () => {
      const lines = (await readFile(record, 'utf8')).split('\n');
      // The last line may be half written.
      return lines.slice(0, -1).map((line) => recordLine.parse(JSON.parse(line)));
    },
  };
}
