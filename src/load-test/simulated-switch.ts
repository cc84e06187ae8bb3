import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { Child } from '../child-process.ts';
import type { Closers } from '../closers.ts';
import type { Environment } from '../config.ts';
import { withDeadline } from '../deadline.ts';
import { OperatorError } from '../errors.ts';

/** tsx has to compile it; on a busy machine that takes a while. */
const READY_DEADLINE_MS = 30_000;
const ENTRY = path.join(import.meta.dirname, '../../simulator/main.ts');

const readyLine = z.object({
  event: z.literal('ready'),
  eslPort: z.number(),
  password: z.string(),
  pid: z.number(),
});

export interface SimulatedSwitchOptions {
  /** An empty folder for its files. */
  dir: string;
  /** Number (E.164) → persona. */
  numbers: Readonly<Record<string, string>>;
  /** Folder of personas; null for those that come with it. */
  personas: string | null;
  maxCalls: number;
  gateway: string;
  /** Where it writes down what happens; null: nowhere. */
  record: string | null;
  /** Where programs are. */
  environment: Environment;
  /** Told when it ends although nobody stopped it. */
  onUnexpectedExit: (error: Error) => void;
}

export interface SimulatedSwitch {
  eslPort: number;
  password: string;
  pid: number;
}

/** Starts the simulator as a process of its own, reached by the wire only; `closers` stops it. */
export async function startSimulatedSwitch(
  options: SimulatedSwitchOptions,
  closers: Closers,
): Promise<SimulatedSwitch> {
  if (!existsSync(ENTRY)) {
    throw new OperatorError('simulator_missing', `the simulator is not there (${ENTRY}): take a whole clone`);
  }
  const { dir, numbers, personas, maxCalls, gateway, record } = options;
  const population = path.join(dir, 'population.json');
  await writeFile(population, JSON.stringify({ numbers }));
  let onReady: (line: z.infer<typeof readyLine>) => void = () => undefined;
  const ready = new Promise<z.infer<typeof readyLine>>((resolve) => {
    onReady = resolve;
  });
  const child = new Child({
    name: 'the simulator',
    entry: ENTRY,
    args: [
      ...['--esl-port', '0', '--json-ready', '--control', '--gateway', gateway],
      ...['--population', population, '--unknown-numbers', 'not-found', '--max-sessions', String(maxCalls)],
      ...(personas === null ? [] : ['--personas', personas]),
      ...(record === null ? [] : ['--record', record]),
    ],
    env: { PATH: options.environment['PATH'], HOME: options.environment['HOME'] },
    cwd: dir,
    onLine: (line) => {
      const message = readyLine.safeParse(JSON.parse(line));
      if (message.success) onReady(message.data);
    },
    onUnexpectedExit: options.onUnexpectedExit,
  });
  closers.add('simulator', () => child.stop());
  return withDeadline(ready, READY_DEADLINE_MS, 'the start of the simulator');
}
