import type { Command } from 'commander';
import type { ScenarioGraphOptions } from '../commands/scenario-graph.ts';
import type { ScenarioSimulateOptions } from '../commands/scenario-simulate.ts';
import type { Shell } from '../command-context.ts';
import { optionValues } from '../option-values.ts';
import type { CommonOptions } from '../run-command.ts';
import { withCommonOptions, type Run, type With } from './declare.ts';

export function declareScenarioCommands(program: Command, shell: Shell, run: Run): void {
  const { help } = shell.messages;
  const scenario = program.command('scenario').description(help.scenario.description);
  withCommonOptions(scenario.command('list').description(help.scenario.list), shell).action(
    async (options: CommonOptions) => {
      const { runScenarioList } = await import('../commands/scenario-list.ts');
      await run(options, runScenarioList);
    },
  );
  withCommonOptions(scenario.command('validate').description(help.scenario.validate), shell)
    .argument('[id...]', help.scenario.ids)
    .action(async (ids: string[], options: CommonOptions) => {
      const { runScenarioValidate } = await import('../commands/scenario-validate.ts');
      await run(options, (context) => runScenarioValidate(context, ids));
    });
  const { help: tools } = shell.messages.scenarioTools;
  withCommonOptions(scenario.command('graph').description(tools.graph), shell)
    .argument('<id>', tools.id)
    .option('--format <format>', tools.graphFormat, optionValues(shell.messages).graphFormat)
    .option('-o, --output <file>', tools.graphOutput)
    .action(async (id: string, options: With<ScenarioGraphOptions>) => {
      const { runScenarioGraph } = await import('../commands/scenario-graph.ts');
      await run(options, (context) => runScenarioGraph(context, id, options));
    });
  withCommonOptions(scenario.command('simulate').description(tools.simulate), shell)
    .argument('<id>', tools.id)
    .option('--answers <file>', tools.answers)
    .action(async (id: string, options: With<ScenarioSimulateOptions>) => {
      const { runScenarioSimulate } = await import('../commands/scenario-simulate.ts');
      await run(options, (context) => runScenarioSimulate(context, id, options));
    });
}
