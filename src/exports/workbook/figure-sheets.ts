import type { CampaignFigures, TimeRow } from '../figures.ts';
import type { Cell, Sheet } from '../xlsx/sheet.ts';
import { LocalClock } from '../local-clock.ts';
import type { WorkbookTexts } from './texts.ts';

const heading = (value: string): Cell => ({ value, style: 'heading' });
const integer = (value: number): Cell => ({ value, style: 'integer' });
const decimal = (value: number | null): Cell => (value === null ? null : { value, style: 'decimal' });

/** Milliseconds as seconds. */
const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);

/** Results by attempts, and in all. */
export function resultsSheet({ results, ...all }: CampaignFigures, texts: WorkbookTexts): Sheet {
  const attempts = results[0]?.byAttempt.map((_, index) => index) ?? [];
  const rows = results.map(({ result, calls, share, answered, averageDurationMs, byAttempt }): Cell[] => [
    { value: result ?? texts.notEnded, style: 'text' },
    integer(calls),
    { value: share, style: 'percent' },
    integer(answered),
    decimal(seconds(averageDurationMs)),
    ...byAttempt.map(integer),
  ]);
  const average = seconds(all.averageDurationMs);
  const total: Cell[] = [
    { value: texts.total, style: 'total' },
    { value: all.calls, style: 'totalInteger' },
    { value: 1, style: 'totalPercent' },
    { value: all.answered, style: 'totalInteger' },
    average === null ? { value: '', style: 'total' } : { value: average, style: 'totalDecimal' },
    ...attempts.map((index): Cell => {
      const calls = results.reduce((sum, { byAttempt }) => sum + (byAttempt[index] ?? 0), 0);
      return { value: calls, style: 'totalInteger' };
    }),
  ];
  return {
    name: 'Results',
    widths: [22, 10, 10, 12, 20, ...attempts.map(() => 13)],
    filter: null,
    freezesFirstRow: true,
    showsGrid: true,
    charts: [],
    rows: [
      [
        ...[texts.result, texts.calls, texts.share, texts.answered, texts.seconds].map(heading),
        ...attempts.map((index) => heading(texts.attempt(index + 1))),
      ],
      ...rows,
      ...(rows.length === 0 ? [] : [total]),
    ],
  };
}

/** First columns of the tables that stand beside each other on the sheet Timeline. */
export const TIMELINE_COLUMNS = { hours: 0, days: 6, hoursOfDay: 11 } as const;
const TIMELINE_WIDTHS = [12, 8, 10, 11, 11, 4, 12, 10, 11, 11, 4, 13, 10, 11, 11];

/** Three tables beside each other: by hour, by day, by hour of the day. */
export function timelineSheet({ hours, days, hoursOfDay }: CampaignFigures, texts: WorkbookTexts): Sheet {
  const counts = (row: TimeRow | undefined): Cell[] =>
    row === undefined ? [null, null, null] : [row.calls, row.answered, row.success].map(integer);
  const named = [texts.calls, texts.answered, texts.success].map(heading);
  const length = Math.max(hours.length, days.length, hoursOfDay.length);
  const rows = Array.from({ length }, (_, index): Cell[] => {
    const hour = hours[index];
    const day = days[index];
    const ofDay = hoursOfDay[index];
    return [
      hour === undefined ? null : { value: dayNumber(hour.when.slice(0, 10)), style: 'day' },
      hour === undefined ? null : integer(Number(hour.when.slice(11))),
      ...counts(hour),
      null,
      day === undefined ? null : { value: dayNumber(day.when), style: 'day' },
      ...counts(day),
      null,
      ofDay === undefined ? null : { value: clockHour(ofDay), style: 'text' },
      ...counts(ofDay),
    ];
  });
  return {
    name: 'Timeline',
    widths: TIMELINE_WIDTHS,
    filter: null,
    freezesFirstRow: true,
    showsGrid: true,
    charts: [],
    rows: [
      [
        ...[heading(texts.day), heading(texts.hour), ...named, null],
        ...[heading(texts.day), ...named, null],
        ...[heading(texts.hourOfDay), ...named],
      ],
      ...rows,
    ],
  };
}

/** `14:00` */
export function clockHour({ when }: TimeRow): string {
  return `${when}:00`;
}

/** Of `2026-11-26`, as spreadsheets number days. */
export function dayNumber(day: string): number {
  return new LocalClock('UTC').serial(new Date(`${day}T00:00:00Z`));
}
