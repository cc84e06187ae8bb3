import { InvalidArgumentError, type Command } from 'commander';
import type { ScenarioGraphOptions } from '../commands/scenario-graph.ts';
import type { ScenarioSimulateOptions } from '../commands/scenario-simulate.ts';
import type { CreateScenarioOptions } from '../create-scenario/plan-options.ts';
import type { Shell } from '../command-context.ts';
import { optionValues } from '../option-values.ts';
import type { CommonOptions } from '../run-command.ts';
import { withCommonOptions, type Run, type With } from './declare.ts';

export function declareScenarioCommands(program: Command, shell: Shell, run: Run): void {
  declareCreateScenario(program, shell, run);
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

/** As the schema of scenarios has it, which is not loaded for help. */
const MAX_ANSWER_S = 15;

function declareCreateScenario(program: Command, shell: Shell, run: Run): void {
  const { help, invalid } = shell.messages.createScenario;
  const values = optionValues(shell.messages);
  const question = (text: string, before: CreateScenarioOptions['question']) => {
    const [, step = '', said = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
    if (step.trim() === '' || said.trim() === '') throw new InvalidArgumentError(invalid.question);
    return [...before, { step: step.trim(), text: said.trim() }];
  };
  withCommonOptions(program.command('create-scenario').description(help.description), shell)
    .option('--name <text>', help.name, values.text)
    .option('--description <text>', help.text)
    .option('--voice <name>', help.voice, values.text)
    .option('--question <step=text>', help.question, question, [])
    .option('--determinant <steps>', help.determinant, values.list)
    .option('--caller <name>', help.caller, values.text)
    .option('--disclosure <text>', help.disclosure, values.text)
    .option('--recording-notice', help.recordingNotice)
    .option('--theme <name>', help.theme, values.text)
    .option('--max-autonomous-turns <n>', help.turns, values.wholeNumber(0, 5))
    .option('--timeout <seconds>', help.timeout, values.wholeNumber(1, MAX_ANSWER_S))
    .option('--no-barge-in', help.bargeIn)
    .option('--retry <how>', help.retry, values.retry)
    .option('--voicemail <text>', help.voicemail, values.text)
    .option('--from-json <file>', help.fromJson)
    .option('--id <name>', help.id, values.text)
    .option('--force', help.force, false)
    .option('--dry-run', help.dryRun, false)
    .action(async (options: With<CreateScenarioOptions>) => {
      const { runCreateScenario } = await import('../commands/create-scenario.ts');
      await run(options, (context) => runCreateScenario(context, options));
    });
}
