import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { Child } from '../demo/child-process.ts';
import type { Closers } from '../src/closers.ts';
import { withDeadline } from '../src/deadline.ts';
import type { SwitchAddress } from './settings.ts';
import { recordLine, type RecordLine } from './switch-record.ts';

const READY_DEADLINE_MS = 30_000;

const readyLine = z.object({
  event: z.literal('ready'),
  eslPort: z.number(),
  password: z.string(),
  pid: z.number(),
});

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
  const { root, dir, numbers, maxCalls } = options;
  const population = path.join(dir, 'population.json');
  const record = path.join(dir, 'switch-record.jsonl');
  await writeFile(population, JSON.stringify({ numbers }));
  let onReady: (line: z.infer<typeof readyLine>) => void = () => undefined;
  const ready = new Promise<z.infer<typeof readyLine>>((resolve) => {
    onReady = resolve;
  });
  const child = new Child({
    name: 'the simulator',
    entry: path.join(root, 'simulator/main.ts'),
    args: [
      ...['--esl-port', '0', '--json-ready', '--control', '--record', record],
      ...['--population', population, '--personas', path.join(root, 'bench/personas')],
      ...['--unknown-numbers', 'not-found', '--max-sessions', String(maxCalls)],
    ],
    env: {},
    cwd: dir,
    onLine: (line) => {
      const message = readyLine.safeParse(JSON.parse(line));
      if (message.success) onReady(message.data);
    },
    onUnexpectedExit: options.onUnexpectedExit,
  });
  closers.add('simulator', () => child.stop());
  const { pid, ...address } = await withDeadline(ready, READY_DEADLINE_MS, 'the start of the simulator');
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
