import type { CallingWindow } from './calling-window.ts';
import { isAsStrict, type HolidayCalendar } from './holidays.ts';

/** A campaign's own hours; null where it says nothing. */
export interface OwnHours {
  /** `HH:MM`. */
  startTime: string | null;
  /** `HH:MM`, excluded. */
  endTime: string | null;
  /** ISO weekdays. */
  days: readonly number[] | null;
  /** `contact` or an IANA zone. */
  timeZone: string | null;
  holidays: HolidayCalendar | null;
}

/**
 * The window within its own hours: what was shut stays shut, so a campaign cannot call when the installation may not. Of
 * a window that is always open, the own hours are all there is. Null when no hour is left.
 */
export function narrowWindow(window: CallingWindow, own: OwnHours): CallingWindow | null {
  const start = own.startTime ?? '00:00';
  const end = own.endTime ?? '24:00';
  const hasDays = own.days !== null || (own.holidays !== null && own.holidays !== 'none');
  const hasHours = own.startTime !== null || own.endTime !== null || hasDays;
  const wide: CallingWindow = window.enabled
    ? window
    : {
        ...window,
        enabled: hasHours,
        days: [1, 2, 3, 4, 5, 6, 7],
        ranges: [{ start: '00:00', end: '24:00' }],
      };
  const [firstRange, ...otherRanges] = wide.ranges
    .map((range) => ({
      start: range.start > start ? range.start : start,
      end: range.end < end ? range.end : end,
    }))
    .filter((range) => range.start < range.end);
  const [firstDay, ...otherDays] = wide.days.filter((day) => own.days?.includes(day) ?? true);
  if (firstRange === undefined || firstDay === undefined) return null;
  return {
    ...wide,
    timeZone: own.timeZone ?? wide.timeZone,
    holidays: own.holidays !== null && allowsHolidays(window, own.holidays) ? own.holidays : wide.holidays,
    ranges: [firstRange, ...otherRanges],
    days: [firstDay, ...otherDays],
  };
}

/** Whether a campaign may go by this calendar: it opens no day that the window keeps shut. */
export function allowsHolidays(window: CallingWindow, own: HolidayCalendar): boolean {
  return !window.enabled || isAsStrict(own, window.holidays);
}
