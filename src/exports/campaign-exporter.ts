import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Executor } from '../db/client.ts';
import type { CallFilter } from '../db/exported-calls.ts';
import type { CsvSeparator } from './csv.ts';
import { csvExport } from './csv-export.ts';
import { collectJson, jsonExport, type CampaignExport } from './json-export.ts';
import { openExport, type ExportSettings, type OpenExport } from './open-export.ts';
import { writeWholeFile } from './output-file.ts';
import { writeCampaignWorkbook } from './workbook/workbook-export.ts';
import type { WorkbookLanguage } from './workbook/texts.ts';

/** What may be left to its default. */
export interface ExportOptions extends Partial<CallFilter> {
  /** Whose clock the moments are on; an IANA zone. Default: Europe/Paris. */
  timeZone?: string;
  /** What people said; otherwise the column is empty. */
  withTranscriptions?: boolean;
  /** Replaces a file that is there. */
  overwrite?: boolean;
  onProgress?: (done: number, total: number) => void;
  /** Its abort ends the export; no file is left. */
  signal?: AbortSignal;
}

export interface CsvOptions extends ExportOptions {
  /** `;` for a French Excel: decimal commas and a byte order mark, too. Default: `,`. */
  separator?: CsvSeparator;
}

export interface ExcelOptions extends ExportOptions {
  /** Default: true. */
  includeCharts?: boolean;
  /** Of headings and labels; names of sheets and of the columns of calls are the same in all. Default: `en`. */
  language?: WorkbookLanguage;
}

/** A path, or a stream that stays open. */
export type Destination = string | Writable;

/**
 * Exports the calls of one campaign, as they were at one moment, in bounded memory. A file is written whole or not at all, and
 * readable by its owner only: it holds full numbers. Every method resolves with the number of calls.
 */
export class CampaignExporter {
  constructor(
    private readonly db: Executor,
    private readonly campaignId: number,
  ) {}

  /** The guide's columns, one line for each call. */
  exportCsv(destination: Destination, options: CsvOptions = {}): Promise<number> {
    const { separator = ',' } = options;
    return this.write(destination, options, (source, settings, stream, end) =>
      pour(csvExport(source, settings, separator), stream, { signal: settings.signal, end }),
    );
  }

  /** A workbook with the sheets Summary, Calls, Results and Timeline. */
  exportExcel(destination: Destination, options: ExcelOptions = {}): Promise<number> {
    const { includeCharts = true, language = 'en' } = options;
    return this.write(destination, options, (source, settings, stream, end) =>
      writeCampaignWorkbook(source, { ...settings, includeCharts, language }, stream, { end }),
    );
  }

  /** In memory: for campaigns that are known to be small. */
  async exportJson(options: ExportOptions = {}): Promise<CampaignExport> {
    const settings = resolve(options);
    return openExport(this.db, this.campaignId, settings, (source) => collectJson(source, settings));
  }

  /** What `exportJson` gives, written as JSON. */
  writeJson(destination: Destination, options: ExportOptions = {}): Promise<number> {
    return this.write(destination, options, (source, settings, stream, end) =>
      pour(jsonExport(source, settings), stream, { signal: settings.signal, end }),
    );
  }

  private async write(
    destination: Destination,
    options: ExportOptions,
    work: (source: OpenExport, settings: ExportSettings, stream: Writable, end: boolean) => Promise<void>,
  ): Promise<number> {
    const settings = resolve(options);
    const writeTo = (stream: Writable, end: boolean): Promise<number> =>
      openExport(this.db, this.campaignId, settings, async (source) => {
        await work(source, settings, stream, end).catch((error: unknown) => {
          // Streams say that they were aborted, not why.
          settings.signal.throwIfAborted();
          throw error;
        });
        return source.total;
      });
    if (typeof destination !== 'string') return writeTo(destination, false);
    let total = 0;
    await writeWholeFile(destination, { overwrite: options.overwrite ?? false }, async (stream) => {
      total = await writeTo(stream, true);
    });
    return total;
  }
}

function pour(
  text: AsyncGenerator<string>,
  stream: Writable,
  options: { signal: AbortSignal; end: boolean },
): Promise<void> {
  return pipeline(Readable.from(text), stream, options);
}

function resolve(options: ExportOptions): ExportSettings {
  const { results = null, from = null, before = null, phones = null } = options;
  return {
    filter: { results, from, before, phones },
    timeZone: options.timeZone ?? 'Europe/Paris',
    withTranscriptions: options.withTranscriptions ?? false,
    onProgress: options.onProgress ?? (() => undefined),
    signal: options.signal ?? new AbortController().signal,
  };
}
