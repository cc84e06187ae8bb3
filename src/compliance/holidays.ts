/** A day of the Gregorian calendar, without time or zone. */
export interface CalendarDay {
  year: number;
  /** 1–12. */
  month: number;
  day: number;
}

/**
 * Which public holidays keep a campaign from calling; each calendar has every day of the one before. `metropole`: those of all
 * France. `alsace-moselle`: also Good Friday and 26 December. `all-regions`: also every regional holiday, for lists whose
 * regions are not known. Unless `none`, a territory's own holiday counts for people in that territory.
 */
export const HOLIDAY_CALENDARS = ['none', 'metropole', 'alsace-moselle', 'all-regions'] as const;
export type HolidayCalendar = (typeof HOLIDAY_CALENDARS)[number];

type MonthDay = `${number}-${number}`;

/** Code du travail L3133-1. */
const NATIONAL: readonly MonthDay[] = ['1-1', '5-1', '5-8', '7-14', '8-15', '11-1', '11-11', '12-25'];
const NATIONAL_EASTER_OFFSETS: readonly number[] = [1, 39, 50];
/** Code du travail L3134-13. */
const ALSACE_MOSELLE: readonly MonthDay[] = ['12-26'];
const ALSACE_MOSELLE_EASTER_OFFSETS: readonly number[] = [-2];
/** Abolition of slavery (L3422-2). Numbers of +590 do not tell Guadeloupe, Saint-Martin and Saint-Barthélemy apart. */
const BY_ZONE: Readonly<Record<string, readonly MonthDay[]>> = {
  'Indian/Mayotte': ['4-27'],
  'America/Martinique': ['5-22'],
  'America/Guadeloupe': ['5-27', '5-28', '10-9'],
  'America/Marigot': ['5-28'],
  'America/St_Barthelemy': ['10-9'],
  'America/Cayenne': ['6-10'],
  'Indian/Reunion': ['12-20'],
};

const DAY_MS = 86_400_000;

/** True when `own` has every day that `calendar` has. */
export function isAsStrict(own: HolidayCalendar, calendar: HolidayCalendar): boolean {
  return HOLIDAY_CALENDARS.indexOf(own) >= HOLIDAY_CALENDARS.indexOf(calendar);
}

/** True when `day` is a public holiday for people who live in `timeZone` (IANA). */
export function isPublicHoliday(day: CalendarDay, calendar: HolidayCalendar, timeZone: string): boolean {
  if (calendar === 'none') return false;
  if (isOneOf(day, NATIONAL, NATIONAL_EASTER_OFFSETS)) return true;
  if (isOneOf(day, BY_ZONE[timeZone] ?? [], [])) return true;
  if (calendar === 'metropole') return false;
  if (isOneOf(day, ALSACE_MOSELLE, ALSACE_MOSELLE_EASTER_OFFSETS)) return true;
  return calendar === 'all-regions' && isOneOf(day, Object.values(BY_ZONE).flat(), []);
}

/** Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher). */
export function easterSunday(year: number): CalendarDay {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const f = Math.floor((b + 8) / 25);
  const g = Math.floor((b - f + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const dayOfMarch = h + l - 7 * m + 114;
  return { year, month: Math.floor(dayOfMarch / 31), day: (dayOfMarch % 31) + 1 };
}

function isOneOf(day: CalendarDay, fixed: readonly MonthDay[], easterOffsets: readonly number[]): boolean {
  if (fixed.includes(`${day.month}-${day.day}`)) return true;
  const afterEaster = (dayNumber(day) - dayNumber(easterSunday(day.year))) / DAY_MS;
  return easterOffsets.includes(afterEaster);
}

function dayNumber({ year, month, day }: CalendarDay): number {
  return Date.UTC(year, month - 1, day);
}
