import type { Command } from 'commander';
import type { CampaignPaceOptions } from '../commands/campaign-pace.ts';
import type { LaunchOptions } from '../launch-spec.ts';
import type { CampaignStatus } from '../../db/schema.ts';
import type { Shell } from '../command-context.ts';
import { optionValues } from '../option-values.ts';
import type { CommonOptions } from '../run-command.ts';
import { SCENARIO_OPTION, withCommonOptions, type Run, type With } from './declare.ts';

const MAX_CALLS = 10_000;
const MAX_CONTACTS = 100_000_000;
const MAX_PRIORITY = 1000;

export function declareCampaignCommands(program: Command, shell: Shell, run: Run): void {
  const { help } = shell.messages;
  const values = optionValues(shell.messages);
  const { launchCampaign: texts } = help;
  withCommonOptions(program.command('launch-campaign').description(texts.description), shell)
    .option(SCENARIO_OPTION, texts.scenario)
    .option('--name <name>', texts.name, values.text)
    .option('--limit <number>', texts.limit, values.wholeNumber(1, MAX_CONTACTS))
    .option('--concurrent, --max-concurrent <number>', texts.maxConcurrent, values.wholeNumber(1, MAX_CALLS))
    .option('--delay <seconds>', texts.delay, values.delayMs)
    .option('--retry-enabled', texts.retryEnabled)
    .option('--no-retry-enabled', texts.noRetryEnabled)
    .option('--start-time <time>', texts.startTime, values.timeOfDay)
    .option('--end-time <time>', texts.endTime, values.timeOfDay)
    .option('--days <days>', texts.days, values.days)
    .option('--timezone <zone>', texts.timezone, values.timeZone)
    .option('--holidays <calendar>', texts.holidays, values.holidays)
    .option('--tags <tags>', texts.tags, values.list, [])
    .option('--basis <basis>', texts.basis, values.basis)
    .option('--caller-id <number>', texts.callerId, values.callerId)
    .option('--record', texts.record, false)
    .option('--record-purpose <text>', texts.recordPurpose, values.text)
    .option('--priority <number>', texts.priority, values.wholeNumber(0, MAX_PRIORITY))
    .option('--dry-run', texts.dryRun, false)
    .action(async (options: With<LaunchOptions & { dryRun: boolean }>, command: Command) => {
      // Asked here and not by commander, which would complain about this before it sees a misspelt `--scenaro`.
      if (!Object.hasOwn(options, 'scenario')) {
        command.error(`error: required option '${SCENARIO_OPTION}' not specified`);
      }
      const { runLaunchCampaign } = await import('../commands/launch-campaign.ts');
      await run(options, (context) => runLaunchCampaign(context, options));
    });

  const campaign = program.command('campaign').description(help.campaign.description);
  withCommonOptions(campaign.command('list').description(help.campaign.list), shell)
    .option('--status <statuses>', help.campaign.status, values.statuses)
    .action(async (options: With<{ status?: CampaignStatus[] }>) => {
      const { runCampaignList } = await import('../commands/campaign-list.ts');
      await run(options, (context) => runCampaignList(context, options));
    });
  withCommonOptions(campaign.command('show').description(help.campaign.show), shell)
    .argument('<id>', help.campaign.id, values.campaignId)
    .action(async (id: number, options: CommonOptions) => {
      const { runCampaignShow } = await import('../commands/campaign-show.ts');
      await run(options, (context) => runCampaignShow(context, id));
    });
  for (const verb of ['pause', 'resume', 'cancel'] as const) {
    withCommonOptions(campaign.command(verb).description(help.campaign[verb]), shell)
      .argument('<id>', help.campaign.id, values.campaignId)
      .action(async (id: number, options: CommonOptions) => {
        const { runCampaignSteer } = await import('../commands/campaign-steer.ts');
        await run(options, (context) => runCampaignSteer(context, id, verb));
      });
  }
  withCommonOptions(campaign.command('pace').description(help.campaign.pace), shell)
    .argument('<id>', help.campaign.id, values.campaignId)
    .option(
      '--concurrent, --max-concurrent <number>',
      help.campaign.maxConcurrent,
      values.wholeNumber(1, MAX_CALLS),
    )
    .option('--delay <seconds>', help.campaign.delay, values.delayMs)
    .action(async (id: number, options: With<CampaignPaceOptions>) => {
      const { runCampaignPace } = await import('../commands/campaign-pace.ts');
      await run(options, (context) => runCampaignPace(context, id, options));
    });
  withCommonOptions(campaign.command('priority').description(help.campaign.priority), shell)
    .argument('<id>', help.campaign.id, values.campaignId)
    .argument('<number>', help.campaign.priorityNumber, values.wholeNumber(0, MAX_PRIORITY))
    .action(async (id: number, priority: number, options: CommonOptions) => {
      const { runCampaignPriority } = await import('../commands/campaign-priority.ts');
      await run(options, (context) => runCampaignPriority(context, id, priority));
    });
  withCommonOptions(campaign.command('retry-now').description(help.campaign.retryNow), shell)
    .argument('<id>', help.campaign.id, values.campaignId)
    .option('--contact <id|phone>', help.campaign.retryContact)
    .action(async (id: number, options: With<{ contact?: string }>) => {
      const { runCampaignRetryNow } = await import('../commands/campaign-retry-now.ts');
      await run(options, (context) => runCampaignRetryNow(context, id, options));
    });
}
