import type { Command } from 'commander';
import type { ImportContactsOptions } from '../commands/import-contacts.ts';
import type { ValidateContactsOptions } from '../commands/validate-contacts.ts';
import type { Shell } from '../command-context.ts';
import { optionValues } from '../option-values.ts';
import type { CommonOptions } from '../run-command.ts';
import { withCommonOptions, withJson, type Run, type With } from './declare.ts';

const DEFAULT_BATCH = 1000;
/** A batch is one transaction, and its rows are in memory. */
const MAX_BATCH = 10_000;

export function declareContactCommands(program: Command, shell: Shell, run: Run): void {
  const { help } = shell.messages;
  const values = optionValues(shell.messages);
  const { importContacts: texts } = help;
  withJson(program.command('import-contacts').description(texts.description), shell)
    .argument('<file>', texts.file)
    .option('--phone-col <column>', texts.phoneCol)
    .option('--name-col <column>', texts.nameCol)
    .option('--email-col <column>', texts.emailCol)
    .option('--sheet <name>', texts.sheet, values.text)
    .option('--validate, --validate-phones', texts.validatePhones, false)
    .option('--dedupe, --skip-duplicates', texts.skipDuplicates, false)
    .option('--tags, --add-tags <tags>', texts.addTags, values.list, [])
    .option('--region-filter <departements>', texts.regionFilter, values.departments, [])
    .option('--batch-size <number>', texts.batchSize, values.wholeNumber(1, MAX_BATCH), DEFAULT_BATCH)
    .option('--rejected <file>', texts.rejected)
    .option('--dry-run', texts.dryRun, false)
    .option('--verbose', texts.verbose)
    .action(async (file: string, options: With<ImportContactsOptions>) => {
      const { runImportContacts } = await import('../commands/import-contacts.ts');
      await run(options, (context) => runImportContacts(context, file, options));
    });

  const { validateContacts: checks } = help;
  withJson(program.command('validate-contacts').description(checks.description), shell)
    .option('--format-french', checks.formatFrench, false)
    .option('--dedupe', checks.dedupe, false)
    .option('--clean-invalid', checks.cleanInvalid, false)
    .option('--dry-run', checks.dryRun, false)
    .option('--verbose', checks.verbose)
    .action(async (options: With<ValidateContactsOptions>) => {
      const { runValidateContacts } = await import('../commands/validate-contacts.ts');
      await run(options, (context) => runValidateContacts(context, options));
    });

  const contact = program.command('contact').description(help.contact.description);
  withCommonOptions(contact.command('show').description(help.contact.show), shell)
    .argument('<id|phone>', help.contact.who)
    .action(async (who: string, options: CommonOptions) => {
      const { runContactShow } = await import('../commands/contact-show.ts');
      await run(options, (context) => runContactShow(context, who));
    });
}
