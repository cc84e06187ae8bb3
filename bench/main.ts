import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Argument, Command } from 'commander';
import { OperatorError } from '../src/errors.ts';
import type { Benchmark, BenchOutcome } from './benchmark.ts';
import { calls } from './calls.ts';
import { exporting } from './exporting.ts';
import { frameCost } from './frame-cost.ts';
import { importing } from './importing.ts';
import { describeMachine } from './machine.ts';
import { queue } from './queue.ts';
import { recognition } from './recognition.ts';
import { printOutcomes, type BenchReport } from './report.ts';
import { watching } from './watching.ts';

/** In the order in which they run. */
const BENCHMARKS: readonly Benchmark[] = [
  frameCost,
  recognition,
  calls,
  queue,
  exporting,
  watching,
  importing,
];

interface CliOptions {
  json?: string;
  quick: boolean;
}

const program = new Command('bench')
  .description('Measures how fast MiniBotPanel is on this machine, with the speech model that ships.')
  .addArgument(
    new Argument('[names...]', 'what to measure; everything without a name').choices(
      BENCHMARKS.map(({ name }) => name),
    ),
  )
  .option('--json <file>', 'write the figures to a file instead of after the tables')
  .option('--quick', 'a short run that shows that it works, not how fast', false)
  .parse();

const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort(new OperatorError('interrupted', 'interrupted')));
process.exitCode = await main(program.args, program.opts<CliOptions>());

/** 0 when the figures are sound, whether or not they meet their bars; 1 when they are worth nothing. */
async function main(names: string[], options: CliOptions): Promise<number> {
  const chosen = BENCHMARKS.filter(({ name }) => names.length === 0 || names.includes(name));
  const startedAt = new Date().toISOString();
  const machine = describeMachine();
  const outcomes: [string, BenchOutcome][] = [];
  try {
    for (const benchmark of chosen) outcomes.push([benchmark.name, await benchmark.run(contextOf(options))]);
  } catch (error) {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    return interrupted.signal.aborted ? 130 : 1;
  }

  const isSound = outcomes.every(([, { faults }]) => faults.length === 0);
  const report: BenchReport = {
    startedAt,
    machine,
    quick: options.quick,
    isSound,
    benchmarks: Object.fromEntries(
      outcomes.map(([name, { figures, bars, faults }]) => [name, { figures, bars, faults }]),
    ),
  };
  const json = `${JSON.stringify(report, null, 2)}\n`;
  process.stdout.write(
    `\n${printOutcomes(
      machine,
      outcomes.map(([, outcome]) => outcome),
    )}`,
  );
  if (options.json === undefined) process.stdout.write(json);
  else await writeFile(options.json, json);
  return isSound ? 0 : 1;
}

function contextOf({ quick }: CliOptions) {
  return {
    root: path.join(import.meta.dirname, '..'),
    quick,
    onProgress: (line: string) => void process.stderr.write(`${line} …\n`),
    signal: interrupted.signal,
  };
}
