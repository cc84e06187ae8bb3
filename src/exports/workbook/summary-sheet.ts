import type { CallFilter } from '../../db/exported-calls.ts';
import type { Campaign } from '../../db/schema.ts';
import type { CampaignFigures, TimeRow } from '../figures.ts';
import type { LocalClock } from '../local-clock.ts';
import { chartXml, type BarChart } from '../xlsx/chart.ts';
import type { Cell, PlacedChart, Sheet } from '../xlsx/sheet.ts';
import { DAY_FORMAT } from '../xlsx/styles.ts';
import { clockHour, dayNumber, TIMELINE_COLUMNS } from './figure-sheets.ts';
import type { WorkbookTexts } from './texts.ts';

interface Summary {
  campaign: Campaign;
  exportedAt: Date;
  filter: CallFilter;
  figures: CampaignFigures;
  includeCharts: boolean;
}

const COLOURS = { calls: 'B4C7E7', answered: '4472C4', success: '548235' };
/** The charts stand beside the facts, one under the other. */
const CHART_COLUMNS = { from: 3, to: 12 };
const CHART_ROWS = 17;
const CHART_GAP = 1;

/** What an operator asks first, with charts over the tables of the other sheets. */
export function summarySheet(summary: Summary, clock: LocalClock, texts: WorkbookTexts): Sheet {
  const { campaign, figures, includeCharts } = summary;
  const isEmpty = figures.calls === 0;
  return {
    name: 'Summary',
    widths: [42, 28, 3],
    filter: null,
    freezesFirstRow: false,
    showsGrid: false,
    charts: isEmpty || !includeCharts ? [] : place(chartsOf(figures, texts)),
    rows: [
      [{ value: texts.title(campaign.id, campaign.name), style: 'title' }],
      [],
      ...aboutCampaign(summary, clock, texts),
      [],
      ...(isEmpty ? [[{ value: texts.noCalls, style: 'plain' } as const]] : aboutCalls(figures, texts)),
    ],
  };
}

type Fact = [label: string, value: Cell];

const rowsOf = (facts: readonly Fact[]): Cell[][] =>
  facts.flatMap(([label, cell]) => (cell === null ? [] : [[{ value: label, style: 'label' }, cell]]));

function aboutCampaign({ campaign, exportedAt, filter }: Summary, clock: LocalClock, texts: WorkbookTexts) {
  const moment = (at: Date | null): Cell =>
    at === null ? null : { value: clock.serial(at), style: 'moment' };
  const text = (value: string): Cell => ({ value, style: 'fact' });
  const { results, from, before, phones } = filter;
  return rowsOf([
    [texts.exportedAt, moment(exportedAt)],
    [texts.clock, text(clock.timeZone)],
    [texts.scenario, text(campaign.scenario)],
    [texts.status, text(campaign.status)],
    [texts.created, moment(campaign.createdAt)],
    [texts.started, moment(campaign.startedAt)],
    [texts.ended, moment(campaign.endedAt)],
    [texts.onlyResults, results === null ? null : text(results.join(', '))],
    [texts.onlyFrom, moment(from)],
    [texts.onlyBefore, moment(before)],
    [texts.onlyPhones, phones === null ? null : { value: phones.length, style: 'integer' }],
  ]);
}

function aboutCalls(figures: CampaignFigures, texts: WorkbookTexts) {
  const integer = (value: number): Cell => ({ value, style: 'integer' });
  const percent = (value: number | null): Cell => (value === null ? null : { value, style: 'percent' });
  const { averageDurationMs, successRate } = figures;
  return rowsOf([
    [texts.contacts, integer(figures.contacts)],
    [texts.calls, integer(figures.calls)],
    [texts.callsEnded, integer(figures.ended)],
    [texts.answered, integer(figures.answered)],
    [texts.answerRate, percent(figures.answered / figures.calls)],
    [texts.success, integer(figures.success)],
    [texts.successOfCalls, percent(successRate.ofCalls)],
    [texts.successOfAnswered, percent(successRate.ofAnswered)],
    [texts.successOfContacts, percent(successRate.ofContacts)],
    [
      texts.averageDuration,
      averageDurationMs === null ? null : { value: averageDurationMs / 1000, style: 'decimal' },
    ],
  ]);
}

function chartsOf({ results, days, hoursOfDay }: CampaignFigures, texts: WorkbookTexts): BarChart[] {
  return [
    {
      title: texts.charts.results,
      direction: 'bar',
      sheet: 'Results',
      firstRow: 2,
      categories: {
        column: 0,
        values: results.map(({ result }) => result ?? texts.notEnded),
        format: 'General',
      },
      series: [
        {
          name: texts.calls,
          column: 1,
          values: results.map(({ calls }) => calls),
          colour: COLOURS.answered,
        },
      ],
    },
    timeChart(texts.charts.days, days, TIMELINE_COLUMNS.days, texts, {
      values: days.map(({ when }) => dayNumber(when)),
      format: DAY_FORMAT,
    }),
    timeChart(texts.charts.hours, hoursOfDay, TIMELINE_COLUMNS.hoursOfDay, texts, {
      values: hoursOfDay.map(clockHour),
      format: 'General',
    }),
  ];
}

/** Over a table of the sheet Timeline that begins in `column`. */
function timeChart(
  title: string,
  rows: readonly TimeRow[],
  column: number,
  texts: WorkbookTexts,
  categories: Omit<BarChart['categories'], 'column'>,
): BarChart {
  const series = (['calls', 'answered', 'success'] as const).map((name, index) => ({
    name: texts[name],
    column: column + 1 + index,
    values: rows.map((row) => row[name]),
    colour: COLOURS[name],
  }));
  return {
    ...{ title, direction: 'col', sheet: 'Timeline', firstRow: 2 },
    categories: { ...categories, column },
    series,
  };
}

function place(charts: readonly BarChart[]): PlacedChart[] {
  return charts.map((chart, index) => {
    const row = 1 + index * (CHART_ROWS + CHART_GAP);
    return {
      xml: chartXml(chart),
      from: { column: CHART_COLUMNS.from, row },
      to: { column: CHART_COLUMNS.to, row: row + CHART_ROWS },
    };
  });
}
