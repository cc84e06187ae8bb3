import { Command } from 'commander';
import type { CampaignStatus } from '../db/schema.ts';
import type { Shell } from './command-context.ts';
import type { BenchmarkStreamingOptions } from './commands/benchmark-streaming.ts';
import type { CampaignPaceOptions } from './commands/campaign-pace.ts';
import type { ConsentOptions } from './commands/consent.ts';
import type { ComplianceReportOptions } from './commands/compliance-report.ts';
import type { ImportContactsOptions } from './commands/import-contacts.ts';
import type { DraftVoiceOptions } from './commands/draft-voice.ts';
import type { ScenarioGraphOptions } from './commands/scenario-graph.ts';
import type { ScenarioSimulateOptions } from './commands/scenario-simulate.ts';
import type { SetupAudioOptions } from './commands/setup-audio.ts';
import type { LaunchOptions } from './launch-spec.ts';
import { optionValues } from './option-values.ts';
import { runCommand, runForeground, type CommandRun, type CommonOptions } from './run-command.ts';

type With<T> = T & CommonOptions;

const DEFAULT_BATCH = 1000;
/** Nine values a contact, and Postgres takes 65535 in one statement. */
const MAX_BATCH = 5000;
const MAX_CALLS = 10_000;
const DEFAULT_BENCHMARK_CALLS = 100;
const MAX_BENCHMARK_CALLS = 10_000;
const MAX_CONTACTS = 100_000_000;
const MAX_PRIORITY = 1000;
const SCENARIO_OPTION = '--scenario <name>';

/**
 * Every command of `minibot` with its options. What a command does is loaded when it is run, so that help and mistakes
 * in the command line are answered at once. `onExit` is told the exit status.
 */
export function createProgram(shell: Shell, onExit: (status: number) => void): Command {
  const { help } = shell.messages;
  const program = new Command('minibot').description(help.program);
  configure(program, shell);

  const run = async (options: CommonOptions, command: CommandRun): Promise<void> => {
    onExit(await runCommand(shell, options, command));
  };
  declareContacts(program, shell, run);
  declareCampaigns(program, shell, run);
  declareScenarios(program, shell, run);
  declareAudio(program, shell, run);
  declareDebug(program, shell, run);
  declareBenchmark(program, shell, run);
  declareCalls(program, shell, run);
  declareCompliance(program, shell, run);

  withCommonOptions(program.command('migrate').description(help.migrate), shell).action(
    async (options: CommonOptions) => {
      const { runMigrate } = await import('./commands/migrate.ts');
      await run(options, runMigrate);
    },
  );
  program
    .command('worker')
    .description(help.worker)
    .option('--verbose', help.verbose)
    .action(async (options: CommonOptions) => {
      const { runWorker } = await import('../workers/run-worker.ts');
      onExit(await runForeground(shell, options, runWorker));
    });
  return program;
}

type Run = (options: CommonOptions, command: CommandRun) => Promise<void>;

function declareContacts(program: Command, shell: Shell, run: Run): void {
  const { help } = shell.messages;
  const values = optionValues(shell.messages);
  const { importContacts: texts } = help;
  withJson(program.command('import-contacts').description(texts.description), shell)
    .argument('<file>', texts.file)
    .option('--phone-col <column>', texts.phoneCol)
    .option('--name-col <column>', texts.nameCol)
    .option('--email-col <column>', texts.emailCol)
    .option('--validate, --validate-phones', texts.validatePhones, false)
    .option('--dedupe, --skip-duplicates', texts.skipDuplicates, false)
    .option('--add-tags <tags>', texts.addTags, values.list, [])
    .option('--batch-size <number>', texts.batchSize, values.wholeNumber(1, MAX_BATCH), DEFAULT_BATCH)
    .option('--rejected <file>', texts.rejected)
    .option('--dry-run', texts.dryRun, false)
    .option('--verbose', texts.verbose)
    .action(async (file: string, options: With<ImportContactsOptions>) => {
      const { runImportContacts } = await import('./commands/import-contacts.ts');
      await run(options, (context) => runImportContacts(context, file, options));
    });

  const contact = program.command('contact').description(help.contact.description);
  withCommonOptions(contact.command('show').description(help.contact.show), shell)
    .argument('<id|phone>', help.contact.who)
    .action(async (who: string, options: CommonOptions) => {
      const { runContactShow } = await import('./commands/contact-show.ts');
      await run(options, (context) => runContactShow(context, who));
    });
}

function declareCampaigns(program: Command, shell: Shell, run: Run): void {
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
      const { runLaunchCampaign } = await import('./commands/launch-campaign.ts');
      await run(options, (context) => runLaunchCampaign(context, options));
    });

  const campaign = program.command('campaign').description(help.campaign.description);
  withCommonOptions(campaign.command('list').description(help.campaign.list), shell)
    .option('--status <statuses>', help.campaign.status, values.statuses)
    .action(async (options: With<{ status?: CampaignStatus[] }>) => {
      const { runCampaignList } = await import('./commands/campaign-list.ts');
      await run(options, (context) => runCampaignList(context, options));
    });
  withCommonOptions(campaign.command('show').description(help.campaign.show), shell)
    .argument('<id>', help.campaign.id, values.campaignId)
    .action(async (id: number, options: CommonOptions) => {
      const { runCampaignShow } = await import('./commands/campaign-show.ts');
      await run(options, (context) => runCampaignShow(context, id));
    });
  for (const verb of ['pause', 'resume', 'cancel'] as const) {
    withCommonOptions(campaign.command(verb).description(help.campaign[verb]), shell)
      .argument('<id>', help.campaign.id, values.campaignId)
      .action(async (id: number, options: CommonOptions) => {
        const { runCampaignSteer } = await import('./commands/campaign-steer.ts');
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
      const { runCampaignPace } = await import('./commands/campaign-pace.ts');
      await run(options, (context) => runCampaignPace(context, id, options));
    });
  withCommonOptions(campaign.command('priority').description(help.campaign.priority), shell)
    .argument('<id>', help.campaign.id, values.campaignId)
    .argument('<number>', help.campaign.priorityNumber, values.wholeNumber(0, MAX_PRIORITY))
    .action(async (id: number, priority: number, options: CommonOptions) => {
      const { runCampaignPriority } = await import('./commands/campaign-priority.ts');
      await run(options, (context) => runCampaignPriority(context, id, priority));
    });
  withCommonOptions(campaign.command('retry-now').description(help.campaign.retryNow), shell)
    .argument('<id>', help.campaign.id, values.campaignId)
    .option('--contact <id|phone>', help.campaign.retryContact)
    .action(async (id: number, options: With<{ contact?: string }>) => {
      const { runCampaignRetryNow } = await import('./commands/campaign-retry-now.ts');
      await run(options, (context) => runCampaignRetryNow(context, id, options));
    });
}

function declareCalls(program: Command, shell: Shell, run: Run): void {
  const { help } = shell.messages;
  const call = program.command('call').description(help.call.description);
  withCommonOptions(call.command('show').description(help.call.show), shell)
    .argument('<id>', help.call.id)
    .option('--transcript', help.call.transcript, false)
    .action(async (id: string, options: With<{ transcript: boolean }>) => {
      const { runCallShow } = await import('./commands/call-show.ts');
      await run(options, (context) => runCallShow(context, id, options));
    });
  withCommonOptions(program.command('purge').description(help.purge.description), shell)
    .option('--dry-run', help.purge.dryRun, false)
    .action(async (options: With<{ dryRun: boolean }>) => {
      const { runPurge } = await import('./commands/purge.ts');
      await run(options, (context) => runPurge(context, options));
    });
}

function declareScenarios(program: Command, shell: Shell, run: Run): void {
  const { help } = shell.messages;
  const scenario = program.command('scenario').description(help.scenario.description);
  withCommonOptions(scenario.command('list').description(help.scenario.list), shell).action(
    async (options: CommonOptions) => {
      const { runScenarioList } = await import('./commands/scenario-list.ts');
      await run(options, runScenarioList);
    },
  );
  withCommonOptions(scenario.command('validate').description(help.scenario.validate), shell)
    .argument('[id...]', help.scenario.ids)
    .action(async (ids: string[], options: CommonOptions) => {
      const { runScenarioValidate } = await import('./commands/scenario-validate.ts');
      await run(options, (context) => runScenarioValidate(context, ids));
    });
  const { help: tools } = shell.messages.scenarioTools;
  withCommonOptions(scenario.command('graph').description(tools.graph), shell)
    .argument('<id>', tools.id)
    .option('--format <format>', tools.graphFormat, optionValues(shell.messages).graphFormat)
    .option('-o, --output <file>', tools.graphOutput)
    .action(async (id: string, options: With<ScenarioGraphOptions>) => {
      const { runScenarioGraph } = await import('./commands/scenario-graph.ts');
      await run(options, (context) => runScenarioGraph(context, id, options));
    });
  withCommonOptions(scenario.command('simulate').description(tools.simulate), shell)
    .argument('<id>', tools.id)
    .option('--answers <file>', tools.answers)
    .action(async (id: string, options: With<ScenarioSimulateOptions>) => {
      const { runScenarioSimulate } = await import('./commands/scenario-simulate.ts');
      await run(options, (context) => runScenarioSimulate(context, id, options));
    });
}

function declareDebug(program: Command, shell: Shell, run: Run): void {
  const { help } = shell.messages.scenarioTools;
  const values = optionValues(shell.messages);
  const debug = program.command('debug').description(help.debug);
  withCommonOptions(debug.command('intent').description(help.debugIntent), shell)
    .argument('<text>', help.debugText, values.text)
    .option('--question <text>', help.debugQuestion, values.text)
    .action(async (text: string, options: With<{ question?: string }>) => {
      const { runDebugIntent } = await import('./commands/debug-understanding.ts');
      await run(options, (context) => runDebugIntent(context, text, options));
    });
  withCommonOptions(debug.command('objection').description(help.debugObjection), shell)
    .argument('<text>', help.debugText, values.text)
    .option('--theme <name>', help.debugTheme, 'standard')
    .action(async (text: string, options: With<{ theme: string }>) => {
      const { runDebugObjection } = await import('./commands/debug-understanding.ts');
      await run(options, (context) => runDebugObjection(context, text, options));
    });
}

function declareAudio(program: Command, shell: Shell, run: Run): void {
  const { help } = shell.messages.audio;
  const values = optionValues(shell.messages);
  withJson(program.command('setup-audio').description(help.setupAudio), shell)
    .argument('<voice>', help.voice)
    .option('--volume-adjust <dB>', help.volumeAdjust, values.decibels(-30, 30))
    .option('--background-reduction <dB>', help.backgroundReduction, values.decibels(-60, 0))
    .option('--dry-run', help.dryRun, false)
    .option('--verbose', help.verbose)
    .action(async (voice: string, options: With<SetupAudioOptions>) => {
      const { runSetupAudio } = await import('./commands/setup-audio.ts');
      await run(options, (context) => runSetupAudio(context, voice, options));
    });
  withCommonOptions(program.command('draft-voice').description(help.draftVoice), shell)
    .argument('<voice>', help.voice)
    .requiredOption(SCENARIO_OPTION, help.draftScenario)
    .option('--theme <name>', help.draftTheme)
    .option('--piper-model <file>', help.piperModel)
    .option('--dry-run', help.draftDryRun, false)
    .action(async (voice: string, options: With<DraftVoiceOptions>) => {
      const { runDraftVoice } = await import('./commands/draft-voice.ts');
      await run(options, (context) => runDraftVoice(context, voice, options));
    });
}

function declareCompliance(program: Command, shell: Shell, run: Run): void {
  const { help } = shell.messages;
  const values = optionValues(shell.messages);
  const { opposition: texts } = help;
  const opposition = program.command('opposition').description(texts.description);
  for (const verb of ['add', 'remove'] as const) {
    withCommonOptions(opposition.command(verb).description(texts[verb]), shell)
      .argument('<phone>', texts.phone)
      .requiredOption('--reason <text>', texts.reason, values.text)
      .action(async (phone: string, options: With<{ reason: string }>) => {
        const { runOppositionAdd, runOppositionRemove } = await import('./commands/opposition.ts');
        const change = verb === 'add' ? runOppositionAdd : runOppositionRemove;
        await run(options, (context) => change(context, phone, options));
      });
  }
  withCommonOptions(opposition.command('check').description(texts.check), shell)
    .argument('<phone>', texts.phone)
    .action(async (phone: string, options: CommonOptions) => {
      const { runOppositionCheck } = await import('./commands/opposition.ts');
      await run(options, (context) => runOppositionCheck(context, phone));
    });
  withCommonOptions(opposition.command('import').description(texts.import), shell)
    .argument('<file>', texts.file)
    .option('--reason <text>', texts.defaultReason, values.text, 'imported')
    .action(async (file: string, options: With<{ reason: string }>) => {
      const { runOppositionImport } = await import('./commands/opposition.ts');
      await run(options, (context) => runOppositionImport(context, file, options));
    });
  opposition
    .command('export')
    .description(texts.export)
    .option('--verbose', help.verbose)
    .action(async (options: CommonOptions) => {
      const { runOppositionExport } = await import('./commands/opposition.ts');
      await run(options, runOppositionExport);
    });

  declareConsent(program, shell, run);

  const compliance = program.command('compliance').description(help.compliance.description);
  withCommonOptions(compliance.command('report').description(help.compliance.report), shell)
    .requiredOption('--campaign <id>', help.campaign.id, values.campaignId)
    .option('--csv', help.compliance.csv, false)
    .action(async (options: With<ComplianceReportOptions>) => {
      const { runComplianceReport } = await import('./commands/compliance-report.ts');
      await run(options, (context) => runComplianceReport(context, options));
    });

  const person = program.command('person').description(help.person.description);
  withCommonOptions(person.command('export').description(help.person.export), shell)
    .argument('<phone>', texts.phone)
    .action(async (phone: string, options: CommonOptions) => {
      const { runPersonExport } = await import('./commands/person.ts');
      await run(options, (context) => runPersonExport(context, phone));
    });
  withCommonOptions(person.command('erase').description(help.person.erase), shell)
    .argument('<phone>', texts.phone)
    .option('--yes', help.person.yes, false)
    .action(async (phone: string, options: With<{ yes: boolean }>) => {
      const { runPersonErase } = await import('./commands/person.ts');
      await run(options, (context) => runPersonErase(context, phone, options));
    });
}

function declareConsent(program: Command, shell: Shell, run: Run): void {
  const { consent: texts, opposition } = shell.messages.help;
  const values = optionValues(shell.messages);
  const consent = program.command('consent').description(texts.description);
  withCommonOptions(consent.command('add').description(texts.add), shell)
    .argument('<phone>', opposition.phone)
    .option('--basis <basis>', texts.basis, values.recordedBasis, 'consent')
    .option('--date <date>', texts.date, values.date)
    .option('--expires <date>', texts.expires, values.date)
    .option('--channel <channel>', texts.channel, values.text)
    .option('--source <text>', texts.source, values.text)
    .option('--wording <text>', texts.wording, values.text)
    .action(async (phone: string, options: With<ConsentOptions>) => {
      const { runConsentAdd } = await import('./commands/consent.ts');
      await run(options, (context) => runConsentAdd(context, phone, options));
    });
  withCommonOptions(consent.command('withdraw').description(texts.withdraw), shell)
    .argument('<phone>', opposition.phone)
    .option('--basis <basis>', texts.basis, values.recordedBasis, 'consent')
    .option('--date <date>', texts.dateWithdrawn, values.date)
    .option('--channel <channel>', texts.channel, values.text)
    .option('--source <text>', texts.source, values.text)
    .action(async (phone: string, options: With<ConsentOptions>) => {
      const { runConsentWithdraw } = await import('./commands/consent.ts');
      await run(options, (context) => runConsentWithdraw(context, phone, options));
    });
  withCommonOptions(consent.command('list').description(texts.list), shell)
    .argument('<phone>', opposition.phone)
    .action(async (phone: string, options: CommonOptions) => {
      const { runConsentList } = await import('./commands/consent.ts');
      await run(options, (context) => runConsentList(context, phone));
    });
}

function declareBenchmark(program: Command, shell: Shell, run: Run): void {
  const { benchmarkStreaming: texts } = shell.messages.help;
  const values = optionValues(shell.messages);
  withCommonOptions(program.command('benchmark-streaming').description(texts.description), shell)
    .option('--campaign <id>', texts.campaign, values.campaignId)
    .option(
      '--last <number>',
      texts.last,
      values.wholeNumber(1, MAX_BENCHMARK_CALLS),
      DEFAULT_BENCHMARK_CALLS,
    )
    .action(async (options: With<BenchmarkStreamingOptions>) => {
      const { runBenchmarkStreaming } = await import('./commands/benchmark-streaming.ts');
      await run(options, (context) => runBenchmarkStreaming(context, options));
    });
}

function withJson(command: Command, { messages }: Shell): Command {
  return command.option('--json', messages.help.json);
}

function withCommonOptions(command: Command, shell: Shell): Command {
  return withJson(command, shell).option('--verbose', shell.messages.help.verbose);
}

/** Errors of the command line are thrown, not printed: `main.ts` says them in the reader's language. */
function configure(program: Command, { messages, terminal }: Shell): void {
  const titles: Record<string, string> = messages.help.titles;
  program
    .helpOption('-h, --help', messages.help.helpOption)
    .helpCommand('help [command]', messages.help.helpCommand)
    .configureHelp({
      styleTitle: (title) => terminal.colors.bold(titles[title] ?? title),
      optionDescription: ({ description }) => description,
    })
    .configureOutput({ outputError: () => undefined })
    .exitOverride();
}
