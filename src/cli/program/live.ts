import type { Command } from 'commander';
import type { MonitorOptions } from '../commands/monitor-campaign.ts';
import type { TestCallOptions } from '../commands/test-call.ts';
import type { Shell } from '../command-context.ts';
import { optionValues } from '../option-values.ts';
import { SCENARIO_OPTION, type Run, type With } from './declare.ts';

const DEFAULT_REFRESH_MS = 5000;
const MAX_PORT = 65_535;

/** What is watched while it happens. */
export function declareLiveCommands(program: Command, shell: Shell, run: Run): void {
  declareMonitor(program, shell, run);
  declareTestCall(program, shell, run);
}

function declareMonitor(program: Command, shell: Shell, run: Run): void {
  const { help: texts } = shell.messages.live.monitor;
  const values = optionValues(shell.messages);
  program
    .command('monitor-campaign')
    .description(texts.description)
    .argument('[campaign]', texts.campaign, values.text)
    .option('--campaign-id <id>', texts.campaignId, values.campaignId)
    .option('--refresh <seconds>', texts.refresh, values.refreshMs, DEFAULT_REFRESH_MS)
    .option('--show-live-calls', texts.showLiveCalls, false)
    .option('--export-csv [file]', texts.exportCsv)
    .option('--once', texts.once, false)
    .option('--json', texts.json)
    .option('--verbose', shell.messages.help.verbose)
    .addHelpText('after', texts.examples)
    .action(async (campaign: string | undefined, options: With<MonitorOptions>) => {
      const { runMonitorCampaign } = await import('../commands/monitor-campaign.ts');
      await run(options, (context) => runMonitorCampaign(context, campaign, options));
    });
}

function declareTestCall(program: Command, shell: Shell, run: Run): void {
  const { help: texts } = shell.messages.live.testCall;
  const values = optionValues(shell.messages);
  program
    .command('test-call')
    .description(texts.description)
    .argument('<phone>', texts.phone)
    .option(SCENARIO_OPTION, texts.scenario, values.text)
    .option('--yes', texts.yes, false)
    .option('--audio-port <port>', texts.audioPort, values.wholeNumber(0, MAX_PORT), 0)
    .option('--audio-url <url>', texts.audioUrl, values.audioUrl)
    .option('--json', texts.json)
    .option('--verbose', shell.messages.help.verbose)
    .addHelpText('after', texts.examples)
    .action(async (phone: string, options: With<TestCallOptions>, command: Command) => {
      // As with launch-campaign: a misspelt option is complained about first.
      if (!Object.hasOwn(options, 'scenario')) {
        command.error(`error: required option '${SCENARIO_OPTION}' not specified`);
      }
      const { runTestCall } = await import('../commands/test-call.ts');
      await run(options, (context) => runTestCall(context, phone, options));
    });
}
