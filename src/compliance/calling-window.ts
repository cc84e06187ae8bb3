import { DateTime, IANAZone } from 'luxon';
import { z } from 'zod';
import { HOLIDAY_CALENDARS, isPublicHoliday } from './holidays.ts';

const MINUTES_PER_HOUR = 60;
const MINUTES_PER_DAY = 24 * MINUTES_PER_HOUR;

const timeOfDay = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'write times as HH:MM, from 00:00 to 24:00');

const rangeSchema = z
  .object({ start: timeOfDay, end: timeOfDay })
  .strict()
  .refine(({ start, end }) => start < end, { message: 'a range must start before it ends' });

const windowSchema = z
  .object({
    /** False: hours, days and holidays are not looked at. */
    enabled: z.boolean(),
    /** Whose clock: `contact` for that of the person called (what French law means), else an IANA zone for everybody. */
    timeZone: z.string().refine((zone) => zone === 'contact' || IANAZone.isValidZone(zone), {
      message: 'give `contact` or a time zone such as Europe/Paris',
    }),
    /** ISO weekdays: 1 is Monday, 7 Sunday. */
    days: z.array(z.int().min(1).max(7)).nonempty('name at least one weekday'),
    /** Local times; `end` is excluded. */
    ranges: z.array(rangeSchema).nonempty('name at least one range of hours'),
    holidays: z.enum(HOLIDAY_CALENDARS),
  })
  .strict();

/** When a campaign may dial. */
export type CallingWindow = z.infer<typeof windowSchema>;

/**
 * Days and hours at which consumers may be called in France (Code de la consommation D223-9). A number of mainland France does
 * not tell whether its owner lives in Alsace or Moselle: their holidays count for everybody.
 */
export const FRANCE_LEGAL_WINDOW: CallingWindow = {
  enabled: true,
  timeZone: 'contact',
  days: [1, 2, 3, 4, 5],
  ranges: [
    { start: '10:00', end: '13:00' },
    { start: '14:00', end: '20:00' },
  ],
  holidays: 'alsace-moselle',
};

/** Accepts a whole window, or the name of the preset. */
export const callingWindowSchema = z.union([
  z.literal('france-legal').transform((): CallingWindow => structuredClone(FRANCE_LEGAL_WINDOW)),
  windowSchema,
]);

/** What keeps the window shut at that moment; null when it is open. `contactZone` must be a valid IANA zone. */
export function closedBecause(
  window: CallingWindow,
  instant: Date,
  contactZone: string,
): 'outside_hours' | 'holiday' | null {
  if (!window.enabled) return null;
  const zone = zoneOf(window, contactZone);
  const local = DateTime.fromJSDate(instant, { zone });
  // An unknown zone or moment: shut.
  if (!local.isValid) return 'outside_hours';
  if (!window.days.includes(local.weekday)) return 'outside_hours';
  if (isPublicHoliday(local, window.holidays, contactZone)) return 'holiday';
  const minute = local.hour * MINUTES_PER_HOUR + local.minute;
  const isWithin = window.ranges.some(
    ({ start, end }) => minuteOfDay(start) <= minute && minute < minuteOfDay(end),
  );
  return isWithin ? null : 'outside_hours';
}

export function isOpen(window: CallingWindow, instant: Date, contactZone: string): boolean {
  return closedBecause(window, instant, contactZone) === null;
}

/** Weekends, holidays and a single allowed weekday together never shut a window for longer. */
const LOOK_AHEAD_DAYS = 62;

/** The first moment from `instant` on at which the window is open: `instant` itself when it is. Null: never again. */
export function nextOpening(window: CallingWindow, instant: Date, contactZone: string): Date | null {
  if (isOpen(window, instant, contactZone)) return instant;
  const today = DateTime.fromJSDate(instant, { zone: zoneOf(window, contactZone) }).startOf('day');
  if (!today.isValid) return null;
  for (let ahead = 0; ahead <= LOOK_AHEAD_DAYS; ahead++) {
    const opening = possibleOpenings(window, today.plus({ days: ahead }))
      .filter((ms) => ms >= instant.getTime())
      .map((ms) => new Date(ms))
      .find((moment) => isOpen(window, moment, contactZone));
    if (opening !== undefined) return opening;
  }
  return null;
}

/** As `nextOpening`, with the window open for another `openForMs`: a phone must have stopped ringing when it shuts. */
export function nextOpeningFor(
  window: CallingWindow,
  from: Date,
  contactZone: string,
  openForMs: number,
): Date | null {
  const opening = nextOpening(window, from, contactZone);
  if (opening === null) return null;
  const until = new Date(opening.getTime() + openForMs);
  return isOpen(window, until, contactZone) ? opening : nextOpening(window, until, contactZone);
}

/**
 * When the window, open at `instant`, shuts next: at the end of a range, be it that another begins there. Null: it is shut
 * already, or never shuts.
 */
export function closesAt(window: CallingWindow, instant: Date, contactZone: string): Date | null {
  if (!window.enabled || !isOpen(window, instant, contactZone)) return null;
  const day = DateTime.fromJSDate(instant, { zone: zoneOf(window, contactZone) }).startOf('day');
  const ends = window.ranges
    .map(({ end }) => minuteOfDay(end))
    // By the clock on the wall, whatever the clocks do that day; 24:00 is the next day's first moment.
    .map((minute) =>
      day.plus({ days: Math.floor(minute / MINUTES_PER_DAY) }).set({
        hour: Math.floor((minute % MINUTES_PER_DAY) / MINUTES_PER_HOUR),
        minute: minute % MINUTES_PER_HOUR,
      }),
    )
    .map((end) => end.toMillis())
    .filter((ms) => ms > instant.getTime());
  return ends.length === 0 ? null : new Date(Math.min(...ends));
}

/** Moments of one local day at which the window could open: a range starts, or the clocks change. In order of time. */
function possibleOpenings(window: CallingWindow, day: DateTime<true>): number[] {
  const change = clockChange(day);
  const moments = change === null ? [] : [change];
  for (const { start } of window.ranges) {
    const minute = minuteOfDay(start);
    // When the clocks go back, a local time comes twice; when they go forward, it may not come at all.
    for (const offset of new Set([day.offset, day.endOf('day').offset])) {
      const moment = day.setZone('utc', { keepLocalTime: true }).plus({ minutes: minute - offset });
      if (moment.setZone(day.zone).offset === offset) moments.push(moment.toMillis());
    }
  }
  return moments.sort((a, b) => a - b);
}

/** The moment at which the clocks change on that day, or null. */
function clockChange(day: DateTime<true>): number | null {
  let before = day.toMillis();
  let after = day.endOf('day').toMillis();
  const offsetAt = (ms: number): number => day.zone.offset(ms);
  if (offsetAt(before) === offsetAt(after)) return null;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetAt(middle) === offsetAt(before)) before = middle;
    else after = middle;
  }
  return after;
}

function zoneOf(window: CallingWindow, contactZone: string): string {
  return window.timeZone === 'contact' ? contactZone : window.timeZone;
}

function minuteOfDay(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return hour * MINUTES_PER_HOUR + minute;
}
