import type { Writable } from 'node:stream';
import { callColumns } from '../call-columns.ts';
import { LocalClock } from '../local-clock.ts';
import type { ExportSettings, OpenExport } from '../open-export.ts';
import { MAX_ROWS } from '../xlsx/sheet.ts';
import { writeWorkbook } from '../xlsx/workbook.ts';
import { callsSheets } from './calls-sheets.ts';
import { resultsSheet, timelineSheet } from './figure-sheets.ts';
import { summarySheet } from './summary-sheet.ts';
import { WORKBOOK_TEXTS, type WorkbookLanguage } from './texts.ts';

export interface WorkbookSettings {
  includeCharts: boolean;
  language: WorkbookLanguage;
}

/** The guide's four sheets, in its order: Summary, Calls, Results, Timeline. */
export async function writeCampaignWorkbook(
  source: OpenExport,
  settings: ExportSettings & WorkbookSettings,
  destination: Writable,
  { end, rowsPerSheet = MAX_ROWS }: { end: boolean; rowsPerSheet?: number },
): Promise<void> {
  const { filter, timeZone, withTranscriptions, includeCharts, language, signal } = settings;
  const { campaign, exportedAt, total } = source;
  const figures = await source.figures();
  const clock = new LocalClock(timeZone);
  const texts = WORKBOOK_TEXTS[language];
  const columns = callColumns({ withTranscriptions });
  const pages = source.pages({ withSaid: false });
  await writeWorkbook(
    [
      summarySheet({ campaign, exportedAt, filter, figures, includeCharts }, clock, texts),
      ...callsSheets(pages, { total, columns, clock, rowsPerSheet }),
      resultsSheet(figures, texts),
      timelineSheet(figures, texts),
    ],
    destination,
    { signal, end },
  );
}
