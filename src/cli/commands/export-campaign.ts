import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../../config.ts';
import { figuresByResult } from '../../db/call-figures.ts';
import type { Executor } from '../../db/client.ts';
import type { CallFilter } from '../../db/exported-calls.ts';
import type { Campaign } from '../../db/schema.ts';
import { OperatorError } from '../../errors.ts';
import { momentRange } from '../../exports/call-filter.ts';
import { CampaignExporter } from '../../exports/campaign-exporter.ts';
import type { CsvSeparator } from '../../exports/csv.ts';
import { LocalClock } from '../../exports/local-clock.ts';
import { makeOutputFolder, OutputFileError } from '../../exports/output-file.ts';
import type { CommandContext } from '../command-context.ts';
import type { ExportFormat } from '../export-values.ts';
import { findCampaignBy } from '../find-campaign.ts';
import { formatNumber } from '../format.ts';
import { resolvePath } from '../input-file.ts';
import { isClosedByReader, outputStream } from '../output-stream.ts';
import { phoneArgument } from '../phone-argument.ts';
import { ProgressBar } from '../progress.ts';
import { withDatabase } from '../resources.ts';

export interface ExportCampaignOptions {
  campaignId?: number;
  format?: ExportFormat;
  output?: string;
  filterResult?: string[];
  /** Dates as they were written. */
  startDate?: string;
  endDate?: string;
  filterPhone?: string[];
  includeTranscriptions: boolean;
  withTranscriptions: boolean;
  separator?: CsvSeparator;
  timezone?: string;
  charts: boolean;
  force: boolean;
}

const STDOUT = '-';
const DEFAULT_FOLDER = 'exports';
const DEFAULT_ZONE = 'Europe/Paris';
const EVERY_CALL = { results: null, from: null, before: null, phones: null };

/** What each ending says of a file; null: a spreadsheet of another kind. */
const ENDINGS: Record<string, ExportFormat | null> = {
  ...{ '.csv': 'csv', '.xlsx': 'xlsx', '.json': 'json' },
  ...{ '.xls': null, '.xlsm': null, '.xlsb': null, '.ods': null },
};

/** Exports a campaign's calls into a file, or to standard output. */
export async function runExportCampaign(
  context: CommandContext,
  named: string,
  options: ExportCampaignOptions,
): Promise<undefined> {
  const { messages } = context;
  const ending =
    options.output === undefined ? undefined : ENDINGS[path.extname(options.output).toLowerCase()];
  const format = options.format ?? (ending === null ? 'xlsx' : ending) ?? 'csv';
  checkOptions(context, options, { format, ending });
  const phones = options.filterPhone?.map((phone) => phoneArgument(phone, messages)) ?? null;
  await withDatabase(context, async ({ db, config }) => {
    const timeZone = options.timezone ?? zoneOf(config);
    const filter = { results: options.filterResult ?? null, phones, ...rangeOf(context, options, timeZone) };
    const campaign = await findCampaignBy(db, named, messages);
    try {
      const file = await outputFile(context, options, { campaign, format, timeZone });
      const calls = await exportCalls(context, options, {
        exporter: new CampaignExporter(db, campaign.id),
        ...{ file, format, filter, timeZone },
      });
      await report(context, { db, campaign, format, file, calls, options });
    } catch (error) {
      // Whoever reads our output has seen enough.
      if (options.output === STDOUT && isClosedByReader(error)) return;
      if (!(error instanceof OutputFileError)) throw error;
      const message = messages.export.problems[error.problem](error.file);
      throw new OperatorError(error.code, message, { cause: error });
    }
  });
  return undefined;
}

function checkOptions(
  { messages, terminal, json }: CommandContext,
  { output, separator, charts }: ExportCampaignOptions,
  { format, ending }: { format: ExportFormat; ending: ExportFormat | null | undefined },
): void {
  const { export: texts } = messages;
  const refuse = (message: string): never => {
    throw new OperatorError('options_contradict', message);
  };
  if (output === STDOUT && json) refuse(texts.jsonToStdout);
  if (output === STDOUT && format === 'xlsx' && terminal.stdout.isTTY === true)
    refuse(texts.binaryToTerminal);
  if (ending !== undefined && ending !== format) refuse(texts.otherEnding(output ?? '', format));
  if (separator !== undefined && format !== 'csv') refuse(texts.separatorOfWhat(format));
  if (!charts && format !== 'xlsx') refuse(texts.chartsOfWhat(format));
}

function rangeOf(
  { messages }: CommandContext,
  { startDate, endDate }: ExportCampaignOptions,
  timeZone: string,
): Pick<CallFilter, 'from' | 'before'> {
  const range = momentRange({ from: startDate ?? null, to: endDate ?? null }, timeZone);
  if (range.from !== null && range.before !== null && range.before <= range.from) {
    throw new OperatorError('range_empty', messages.export.rangeEmpty);
  }
  return range;
}

function zoneOf({ compliance }: Config): string {
  const { timeZone } = compliance.callingWindow;
  return timeZone === 'contact' ? DEFAULT_ZONE : timeZone;
}

/** Null: standard output. */
async function outputFile(
  { environment }: CommandContext,
  { output }: ExportCampaignOptions,
  { campaign, format, timeZone }: { campaign: Campaign; format: ExportFormat; timeZone: string },
): Promise<string | null> {
  if (output === STDOUT) return null;
  if (output !== undefined) return resolvePath(output, environment);
  const folder = resolvePath(DEFAULT_FOLDER, environment);
  await makeOutputFolder(folder);
  const [day = '', time = ''] = new LocalClock(timeZone).text(new Date()).replaceAll(/[-:]/g, '').split(' ');
  return path.join(folder, `campaign_${campaign.id}_${day}_${time}.${format}`);
}

async function exportCalls(
  { messages, terminal, signal }: CommandContext,
  options: ExportCampaignOptions,
  {
    exporter,
    file,
    format,
    filter,
    timeZone,
  }: {
    exporter: CampaignExporter;
    file: string | null;
    format: ExportFormat;
    filter: CallFilter;
    timeZone: string;
  },
): Promise<number> {
  const progress = new ProgressBar(terminal.stderr, messages.export.progress, () => performance.now());
  const destination = file ?? outputStream(terminal.stdout);
  const settings = {
    ...filter,
    timeZone,
    withTranscriptions: options.includeTranscriptions || options.withTranscriptions,
    overwrite: options.force,
    onProgress: (done: number, total: number) => {
      progress.update(done, total);
    },
    signal,
  };
  try {
    switch (format) {
      case 'csv':
        return await exporter.exportCsv(destination, { ...settings, separator: options.separator ?? ',' });
      case 'json':
        return await exporter.writeJson(destination, settings);
      case 'xlsx': {
        const language = messages.locale.startsWith('fr') ? 'fr' : 'en';
        return await exporter.exportExcel(destination, {
          ...settings,
          language,
          includeCharts: options.charts,
        });
      }
    }
  } finally {
    progress.clear();
  }
}

async function report(
  context: CommandContext,
  {
    db,
    campaign,
    format,
    file,
    calls,
    options,
  }: {
    db: Executor;
    campaign: Campaign;
    format: ExportFormat;
    file: string | null;
    calls: number;
    options: ExportCampaignOptions;
  },
): Promise<void> {
  const { messages, terminal } = context;
  const { export: texts } = messages;
  if (calls === 0) {
    const known = await figuresByResult(db, campaign.id, EVERY_CALL);
    const names = [...new Set(known.map(({ result }) => result ?? texts.notEnded))];
    const message = names.length === 0 ? texts.noCalls : texts.noneMatch(names.join(', '));
    terminal.printWarning(messages.warningLabel, message);
  }
  if (file === null) return;
  const { size } = await stat(file);
  if (context.json) {
    terminal.printJson({ campaign: campaign.id, format, file, calls, bytes: size });
    return;
  }
  terminal.printLine(texts.written(formatNumber(calls, messages), file, formatBytes(size, messages)));
  if (calls > 0) terminal.printNote(texts.fullNumbers);
  if (format === 'csv' && options.separator === undefined) terminal.printNote(texts.excelHint);
}

/** `0.2 kB`, `3.4 MB`. */
function formatBytes(bytes: number, { locale }: CommandContext['messages']): string {
  const [unit, size] = bytes < 1e6 ? (['kilobyte', 1e3] as const) : (['megabyte', 1e6] as const);
  return new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits: 1 }).format(
    bytes / size,
  );
}
