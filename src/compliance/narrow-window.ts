import type { CallingWindow } from './calling-window.ts';

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
}

/**
 * The window within its own hours: what was shut stays shut, so a campaign cannot call when the installation may not. Of
 * a window that is always open, the own hours are all there is. Null when no hour is left.
 */
export function narrowWindow(window: CallingWindow, own: OwnHours): CallingWindow | null {
  const start = own.startTime ?? '00:00';
  const end = own.endTime ?? '24:00';
  const hasHours = own.startTime !== null || own.endTime !== null || own.days !== null;
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
    ranges: [firstRange, ...otherRanges],
    days: [firstDay, ...otherDays],
  };
}
