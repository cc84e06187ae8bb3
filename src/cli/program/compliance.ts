import type { Command } from 'commander';
import type { ConsentOptions } from '../commands/consent.ts';
import type { ComplianceReportOptions } from '../commands/compliance-report.ts';
import type { Shell } from '../command-context.ts';
import { optionValues } from '../option-values.ts';
import type { CommonOptions } from '../run-command.ts';
import { withCommonOptions, type Run, type With } from './declare.ts';

export function declareComplianceCommands(program: Command, shell: Shell, run: Run): void {
  const { help } = shell.messages;
  const values = optionValues(shell.messages);
  const { opposition: texts } = help;
  const opposition = program.command('opposition').description(texts.description);
  for (const verb of ['add', 'remove'] as const) {
    withCommonOptions(opposition.command(verb).description(texts[verb]), shell)
      .argument('<phone>', texts.phone)
      .requiredOption('--reason <text>', texts.reason, values.text)
      .action(async (phone: string, options: With<{ reason: string }>) => {
        const { runOppositionAdd, runOppositionRemove } = await import('../commands/opposition.ts');
        const change = verb === 'add' ? runOppositionAdd : runOppositionRemove;
        await run(options, (context) => change(context, phone, options));
      });
  }
  withCommonOptions(opposition.command('check').description(texts.check), shell)
    .argument('<phone>', texts.phone)
    .action(async (phone: string, options: CommonOptions) => {
      const { runOppositionCheck } = await import('../commands/opposition.ts');
      await run(options, (context) => runOppositionCheck(context, phone));
    });
  withCommonOptions(opposition.command('import').description(texts.import), shell)
    .argument('<file>', texts.file)
    .option('--reason <text>', texts.defaultReason, values.text, 'imported')
    .action(async (file: string, options: With<{ reason: string }>) => {
      const { runOppositionImport } = await import('../commands/opposition.ts');
      await run(options, (context) => runOppositionImport(context, file, options));
    });
  opposition
    .command('export')
    .description(texts.export)
    .option('--verbose', help.verbose)
    .action(async (options: CommonOptions) => {
      const { runOppositionExport } = await import('../commands/opposition.ts');
      await run(options, runOppositionExport);
    });

  declareConsent(program, shell, run);

  const compliance = program.command('compliance').description(help.compliance.description);
  withCommonOptions(compliance.command('report').description(help.compliance.report), shell)
    .requiredOption('--campaign <id>', help.campaign.id, values.campaignId)
    .option('--csv', help.compliance.csv, false)
    .action(async (options: With<ComplianceReportOptions>) => {
      const { runComplianceReport } = await import('../commands/compliance-report.ts');
      await run(options, (context) => runComplianceReport(context, options));
    });

  const person = program.command('person').description(help.person.description);
  withCommonOptions(person.command('export').description(help.person.export), shell)
    .argument('<phone>', texts.phone)
    .action(async (phone: string, options: CommonOptions) => {
      const { runPersonExport } = await import('../commands/person.ts');
      await run(options, (context) => runPersonExport(context, phone));
    });
  withCommonOptions(person.command('erase').description(help.person.erase), shell)
    .argument('<phone>', texts.phone)
    .option('--yes', help.person.yes, false)
    .action(async (phone: string, options: With<{ yes: boolean }>) => {
      const { runPersonErase } = await import('../commands/person.ts');
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
      const { runConsentAdd } = await import('../commands/consent.ts');
      await run(options, (context) => runConsentAdd(context, phone, options));
    });
  withCommonOptions(consent.command('withdraw').description(texts.withdraw), shell)
    .argument('<phone>', opposition.phone)
    .option('--basis <basis>', texts.basis, values.recordedBasis, 'consent')
    .option('--date <date>', texts.dateWithdrawn, values.date)
    .option('--channel <channel>', texts.channel, values.text)
    .option('--source <text>', texts.source, values.text)
    .action(async (phone: string, options: With<ConsentOptions>) => {
      const { runConsentWithdraw } = await import('../commands/consent.ts');
      await run(options, (context) => runConsentWithdraw(context, phone, options));
    });
  withCommonOptions(consent.command('list').description(texts.list), shell)
    .argument('<phone>', opposition.phone)
    .action(async (phone: string, options: CommonOptions) => {
      const { runConsentList } = await import('../commands/consent.ts');
      await run(options, (context) => runConsentList(context, phone));
    });
}
