import type { Command } from 'commander';
import type { BenchmarkStreamingOptions } from '../commands/benchmark-streaming.ts';
import type { Shell } from '../command-context.ts';
import { optionValues } from '../option-values.ts';
import { DEFAULT_SCENARIO, SCENARIO_OPTION, withCommonOptions, type Run, type With } from './declare.ts';

const DEFAULT_BENCHMARK_CALLS = 100;
const MAX_BENCHMARK_CALLS = 10_000;
const DEFAULT_BENCHMARK_S = 30;
const MAX_BENCHMARK_S = 3600;

export function declareCallCommands(program: Command, shell: Shell, run: Run): void {
  const { help } = shell.messages;
  const call = program.command('call').description(help.call.description);
  withCommonOptions(call.command('show').description(help.call.show), shell)
    .argument('<id>', help.call.id)
    .option('--transcript', help.call.transcript, false)
    .action(async (id: string, options: With<{ transcript: boolean }>) => {
      const { runCallShow } = await import('../commands/call-show.ts');
      await run(options, (context) => runCallShow(context, id, options));
    });
  withCommonOptions(program.command('purge').description(help.purge.description), shell)
    .option('--dry-run', help.purge.dryRun, false)
    .action(async (options: With<{ dryRun: boolean }>) => {
      const { runPurge } = await import('../commands/purge.ts');
      await run(options, (context) => runPurge(context, options));
    });
  declareBenchmark(program, shell, run);
}

function declareBenchmark(program: Command, shell: Shell, run: Run): void {
  const { benchmarkStreaming: texts } = shell.messages.help;
  const { help: operations } = shell.messages.operations;
  const values = optionValues(shell.messages);
  withCommonOptions(program.command('benchmark-streaming').description(texts.description), shell)
    .option('--campaign <id>', texts.campaign, values.campaignId)
    .option(
      '--last <number>',
      texts.last,
      values.wholeNumber(1, MAX_BENCHMARK_CALLS),
      DEFAULT_BENCHMARK_CALLS,
    )
    .option('--simulator', texts.simulator, false)
    .option('--switch', texts.switch, false)
    .option(
      '--duration <seconds>',
      operations.duration,
      values.wholeNumber(1, MAX_BENCHMARK_S),
      DEFAULT_BENCHMARK_S,
    )
    .option(SCENARIO_OPTION, operations.scenario, DEFAULT_SCENARIO)
    .option('--yes-this-is-my-switch', operations.confirm, false)
    .action(async (options: With<BenchmarkStreamingOptions>) => {
      const { runBenchmarkStreaming } = await import('../commands/benchmark-streaming.ts');
      await run(options, (context) => runBenchmarkStreaming(context, options));
    });
}
