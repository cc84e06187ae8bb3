import { Option, type Command } from 'commander';
import type { ExportCampaignOptions } from '../commands/export-campaign.ts';
import type { Shell } from '../command-context.ts';
import { exportValues } from '../export-values.ts';
import { optionValues } from '../option-values.ts';
import type { Run, With } from './declare.ts';

export function declareExportCommands(program: Command, shell: Shell, run: Run): void {
  const { help, campaignMissing, campaignTwice } = shell.messages.export;
  const values = optionValues(shell.messages);
  const own = exportValues(shell.messages);
  program
    .command('export-campaign')
    .description(help.description)
    .argument('[campaign]', help.campaign)
    .option('--campaign-id <id>', help.campaignId, values.campaignId)
    .option('--format <format>', help.format, own.format)
    .option('-o, --output <file>', help.output, values.text)
    .option('--result, --filter-result <results>', help.results, own.results)
    .option('--from, --start-date <date>', help.from, own.moment)
    .option('--to, --end-date <date>', help.to, own.moment)
    .option('--phones, --filter-phone <numbers>', help.phones, values.list)
    .option('--include-transcriptions', help.transcriptions, false)
    // Together they would leave too little room for what the options mean.
    .addOption(new Option('--with-transcriptions').default(false).hideHelp())
    .option('--separator <separator>', help.separator, own.separator)
    .option('--timezone <zone>', help.timezone, own.timeZone)
    .option('--no-charts', help.noCharts)
    .option('--force', help.force, false)
    .option('--json', help.json)
    .option('--verbose', shell.messages.help.verbose)
    .action(async (given: string | undefined, options: With<ExportCampaignOptions>, command: Command) => {
      // Asked here and not by commander, which would complain about this before it sees a misspelt option.
      if (given === undefined && options.campaignId === undefined) command.error(`error: ${campaignMissing}`);
      if (given !== undefined && options.campaignId !== undefined) command.error(`error: ${campaignTwice}`);
      const { runExportCampaign } = await import('../commands/export-campaign.ts');
      const named = given ?? String(options.campaignId);
      await run(options, (context) => runExportCampaign(context, named, options));
    });
}
