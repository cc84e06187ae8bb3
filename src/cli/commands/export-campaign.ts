import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../../config.ts';
import { figuresByResult } from '../../db/call-figures.ts';
import type { Executor } from '../../db/client.ts';
import type { Campaign } from '../../db/schema.ts';
import { OperatorError } from '../../errors.ts';
import { momentRange } from '../../exports/call-filter.ts';
import {
  CampaignExporter,
  type CsvOptions,
  type Destination,
  type ExcelOptions,
} from '../../exports/campaign-exporter.ts';
import type { CsvSeparator } from '../../exports/csv.ts';
import { LocalClock } from '../../exports/local-clock.ts';
import { OutputFileError } from '../../exports/output-file.ts';
import type { CommandContext } from '../command-context.ts';
import type { ExportFormat } from '../export-values.ts';
import { findCampaignBy } from '../find-campaign.ts';
import { formatNumber } from '../format.ts';
import { resolvePath } from '../input-file.ts';
import { outputStream } from '../output-stream.ts';
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

/** Exports a campaign's calls into a file, or to standard output. */
export async function runExportCampaign(
  context: CommandContext,
  named: string,
  options: ExportCampaignOptions,
): Promise<undefined> {
  const { messages, terminal } = context;
  const format = formatOf(options);
  checkOptions(context, options, format);
  const phones = options.filterPhone?.map((phone) => phoneArgument(phone, messages)) ?? null;
  await withDatabase(context, async ({ db, config }) => {
    const timeZone = options.timezone ?? zoneOf(config);
    const { from, before } = momentRange(
      { from: options.startDate ?? null, to: options.endDate ?? null },
      timeZone,
    );
    if (from !== null && before !== null && before <= from) {
      throw new OperatorError('range_empty', messages.export.rangeEmpty);
    }
    const campaign = await findCampaignBy(db, named, messages);
    const file = await outputFile(context, options, { campaign, format, timeZone });
    const progress = new ProgressBar(terminal.stderr, messages.export.progress, () => performance.now());
    const calls = await write(
      new CampaignExporter(db, campaign.id),
      file ?? outputStream(terminal.stdout),
      format,
      {
        ...options,
        ...{ results: options.filterResult ?? null, from, before, phones, timeZone },
        withTranscriptions: options.includeTranscriptions || options.withTranscriptions,
        overwrite: options.force,
        includeCharts: options.charts,
        language: messages.locale.startsWith('fr') ? 'fr' : 'en',
        onProgress: (done, total) => {
          progress.update(done, total);
        },
        signal: context.signal,
      },
    )
      .catch((error: unknown) => {
        if (!(error instanceof OutputFileError)) throw error;
        const message = messages.export.problems[error.problem](error.file);
        throw new OperatorError(error.code, message, { cause: error });
      })
      .finally(() => {
        progress.clear();
      });
    await report(context, { db, campaign, format, file, calls, options });
  });
  return undefined;
}

/** By what was asked for, by the name of the file, or else CSV. */
function formatOf({ format, output }: ExportCampaignOptions): ExportFormat {
  if (format !== undefined) return format;
  const extension = path.extname(output ?? '').toLowerCase();
  return extension === '.xlsx' || extension === '.json' ? (extension.slice(1) as ExportFormat) : 'csv';
}

function checkOptions(
  { messages, terminal, json }: CommandContext,
  { output, separator, charts }: ExportCampaignOptions,
  format: ExportFormat,
): void {
  const { export: texts } = messages;
  const refuse = (message: string): never => {
    throw new OperatorError('options_contradict', message);
  };
  if (output === STDOUT && json) refuse(texts.jsonToStdout);
  if (output === STDOUT && format === 'xlsx' && terminal.stdout.isTTY === true)
    refuse(texts.binaryToTerminal);
  if (separator !== undefined && format !== 'csv') refuse(texts.separatorOfWhat(format));
  if (!charts && format !== 'xlsx') refuse(texts.chartsOfWhat(format));
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
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const [day = '', time = ''] = new LocalClock(timeZone).text(new Date()).replaceAll(/[-:]/g, '').split(' ');
  return path.join(folder, `campaign_${campaign.id}_${day}_${time}.${format}`);
}

function write(
  exporter: CampaignExporter,
  destination: Destination,
  format: ExportFormat,
  options: CsvOptions & ExcelOptions,
): Promise<number> {
  switch (format) {
    case 'csv':
      return exporter.exportCsv(destination, options);
    case 'json':
      return exporter.writeJson(destination, options);
    case 'xlsx':
      return exporter.exportExcel(destination, options);
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
