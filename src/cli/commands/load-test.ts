import type { LoadReport } from '../../load-test/report.ts';
import type { CommandContext } from '../command-context.ts';
import { formatDecimal, formatNumber } from '../format.ts';
import { latencyFigures, printLatencies, type LatencyFigures } from '../latencies.ts';
import { makeLoad, type LoadOptions, type MadeLoad } from '../make-load.ts';
import { EXIT } from '../run-command.ts';

/** Holds many conversations at once and measures them. Exit status 1 when one could not be made or broke, or none was answered. */
export async function runLoadTestCommand(context: CommandContext, options: LoadOptions): Promise<number> {
  const made = await makeLoad(context, options);
  const { report, config } = made;
  const latencies = latencyFigures(report.latencies, config.latencyTargets);
  if (context.json) context.terminal.printJson(jsonOf(made, options, latencies));
  else print(context, made, options, latencies);
  context.signal.throwIfAborted();
  return report.calls.failed === 0 && report.calls.answered > 0 ? EXIT.ok : EXIT.failed;
}

function jsonOf({ kind, where, report }: MadeLoad, options: LoadOptions, latencies: LatencyFigures[]) {
  const { concurrent, seconds, calls, failures, counts, load } = report;
  return {
    target: kind,
    where,
    scenario: options.scenario,
    concurrent,
    seconds,
    calls,
    failures,
    turns: report.latencies.length,
    latencies,
    audio: counts,
    ...load,
  };
}

function print(
  context: CommandContext,
  { kind, where, report }: MadeLoad,
  options: LoadOptions,
  latencies: LatencyFigures[],
): void {
  const { messages, terminal } = context;
  const { load: texts } = messages.operations;
  const number = (value: number): string => formatNumber(value, messages);
  const { calls, counts, failures } = report;
  terminal.printHeading(
    texts.title(number(report.concurrent), number(report.seconds), texts.targets[kind](where)),
  );
  const listed = (counted: Readonly<Record<string, number>>): string =>
    Object.entries(counted)
      .map(([name, count]) => `${name} ${number(count)}`)
      .join(', ');
  terminal.printFacts([
    [texts.scenario, options.scenario],
    [texts.calls, texts.callsOf(number(calls.made), number(calls.answered), number(calls.failed))],
    [texts.peak, number(counts.peakCalls)],
    [texts.results, calls.made === 0 ? null : listed(calls.byResult)],
    [texts.failures, calls.failed === 0 ? null : listed(failures)],
    [texts.cut, calls.cut === 0 ? null : number(calls.cut)],
    ...machineFacts(context, report),
  ]);
  if (report.latencies.length === 0) return;
  terminal.print();
  printLatencies(context, latencies);
  terminal.print();
  terminal.print(messages.benchmark.meaning);
}

function machineFacts({ messages }: CommandContext, report: LoadReport): [string, string | null][] {
  const { load: texts } = messages.operations;
  const { counts, load, seconds } = report;
  const decimal = (value: number): string => formatDecimal(value, messages);
  const { p50, p95, p99, max } = load.eventLoopDelayMs;
  const { worker, simulator } = load.cpuSeconds;
  const cores = (cpuSeconds: number): string =>
    formatNumber(Math.round((cpuSeconds / Math.max(seconds, 1)) * 100), messages);
  return [
    [texts.loop, texts.loopOf(decimal(p50), decimal(p95), decimal(p99), decimal(max))],
    [texts.cpu, texts.cpuOf(cores(worker), simulator === null ? null : cores(simulator))],
    [texts.memory, texts.memoryOf(formatNumber(load.memoryPeakMb, messages))],
    [
      texts.audio,
      texts.audioOf(
        formatNumber(counts.frames, messages),
        formatNumber(counts.missingFrames, messages),
        formatNumber(counts.overloadedUtterances, messages),
      ),
    ],
  ];
}
