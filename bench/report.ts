import Table from 'cli-table3';
import pc from 'picocolors';
import type { Bar, BenchOutcome, BenchTable } from './benchmark.ts';
import type { Machine } from './machine.ts';

/** Everything that was measured in one run: what `--json` writes. */
export interface BenchReport {
  startedAt: string;
  machine: Machine;
  quick: boolean;
  /** False when a bench did not do what it measures: its figures are worth nothing. */
  isSound: boolean;
  benchmarks: Record<string, Omit<BenchOutcome, 'tables'>>;
}

/** Colours are ours to choose: none where the output is no terminal. */
const PLAIN = {
  style: { head: [], border: [] },
  chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
};

export function printOutcomes(machine: Machine, outcomes: readonly BenchOutcome[]): string {
  const { cpu, cores, memoryGb, node, platform, loadBefore } = machine;
  const bars = outcomes.flatMap((outcome) => outcome.bars);
  const faults = outcomes.flatMap((outcome) => outcome.faults);
  return [
    `${cpu}, ${cores} cores, ${memoryGb} GB, Node ${node}, ${platform}; load before: ${loadBefore}`,
    ...outcomes.flatMap((outcome) => outcome.tables).map(drawTable),
    ...(bars.length === 0 ? [] : [bars.map(drawBar).join('\n')]),
    ...(faults.length === 0
      ? []
      : [pc.red(['These figures are worth nothing:', ...faults.map((fault) => `  ${fault}`)].join('\n'))]),
    '',
  ].join('\n\n');
}

function drawTable({ title, head, rows }: BenchTable): string {
  const table = new Table({ ...PLAIN, head: head.map((text) => pc.bold(text)) });
  table.push(...rows);
  return `${pc.bold(title)}\n${table.toString()}`;
}

function drawBar({ name, limitMs, measuredMs, isMet }: Bar): string {
  const measured = measuredMs === null ? 'not measured' : `${measuredMs} ms`;
  const line = `${isMet ? '✔' : '✘'} ${name}: ${measured}, bar ${limitMs} ms`;
  return isMet ? pc.green(line) : pc.yellow(line);
}
