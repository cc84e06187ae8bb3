import { describe, expect, it } from 'vitest';
import { easterSunday, isPublicHoliday, type CalendarDay } from '../../../src/compliance/holidays.ts';

const day = (text: string): CalendarDay => {
  const [year = 0, month = 0, date = 0] = text.split('-').map(Number);
  return { year, month, day: date };
};
const isHoliday = (text: string, calendar: Parameters<typeof isPublicHoliday>[1], zone = 'Europe/Paris') =>
  isPublicHoliday(day(text), calendar, zone);

const MOVABLE = [
  { easter: '2026-04-05', monday: '2026-04-06', ascension: '2026-05-14', whitMonday: '2026-05-25' },
  { easter: '2027-03-28', monday: '2027-03-29', ascension: '2027-05-06', whitMonday: '2027-05-17' },
  { easter: '2028-04-16', monday: '2028-04-17', ascension: '2028-05-25', whitMonday: '2028-06-05' },
  { easter: '2029-04-01', monday: '2029-04-02', ascension: '2029-05-10', whitMonday: '2029-05-21' },
  { easter: '2030-04-21', monday: '2030-04-22', ascension: '2030-05-30', whitMonday: '2030-06-10' },
  { easter: '2031-04-13', monday: '2031-04-14', ascension: '2031-05-22', whitMonday: '2031-06-02' },
];

/** Every day of a year as `2026-1-31`. */
function daysOf(year: number): string[] {
  return Array.from({ length: 366 }, (_, i) => new Date(Date.UTC(year, 0, 1 + i)))
    .filter((date) => date.getUTCFullYear() === year)
    .map((date) => `${year}-${date.getUTCMonth() + 1}-${date.getUTCDate()}`);
}

describe('easterSunday', () => {
  it.each(MOVABLE)('falls on $easter', ({ easter }) => {
    expect(easterSunday(day(easter).year)).toEqual(day(easter));
  });

  // The calendar's extremes, and the exceptions of the Gregorian rule.
  it.each(['1818-3-22', '2285-3-22', '1943-4-25', '2038-4-25', '1981-4-19', '1954-4-18', '2000-4-23'])(
    'falls on %s',
    (text) => {
      expect(easterSunday(day(text).year)).toEqual(day(text));
    },
  );

  it('is always a Sunday from 22 March to 25 April', () => {
    for (let year = 1900; year < 2300; year++) {
      const { month, day: date } = easterSunday(year);
      const moment = Date.UTC(year, month - 1, date);
      expect(new Date(moment).getUTCDay()).toBe(0);
      expect(moment).toBeGreaterThanOrEqual(Date.UTC(year, 2, 22));
      expect(moment).toBeLessThanOrEqual(Date.UTC(year, 3, 25));
    }
  });
});

describe('isPublicHoliday', () => {
  it.each(MOVABLE)('knows the movable days after $easter', ({ monday, ascension, whitMonday }) => {
    for (const text of [monday, ascension, whitMonday]) expect(isHoliday(text, 'metropole')).toBe(true);
  });

  it.each([2026, 2027, 2028])('has exactly eleven days in %i, thirteen in Alsace-Moselle', (year) => {
    expect(daysOf(year).filter((text) => isHoliday(text, 'metropole'))).toHaveLength(11);
    expect(daysOf(year).filter((text) => isHoliday(text, 'alsace-moselle'))).toHaveLength(13);
    expect(daysOf(year).filter((text) => isHoliday(text, 'none'))).toEqual([]);
  });

  it('knows the fixed days of 2026', () => {
    for (const monthDay of ['1-1', '5-1', '5-8', '7-14', '8-15', '11-1', '11-11', '12-25']) {
      expect(isHoliday(`2026-${monthDay}`, 'metropole')).toBe(true);
    }
  });

  it('keeps Good Friday and 26 December to Alsace and Moselle', () => {
    for (const text of ['2026-4-3', '2026-12-26']) {
      expect(isHoliday(text, 'metropole')).toBe(false);
      expect(isHoliday(text, 'alsace-moselle')).toBe(true);
      expect(isHoliday(text, 'all-regions')).toBe(true);
    }
  });

  it.each([
    ['Indian/Mayotte', '2026-4-27'],
    ['America/Martinique', '2026-5-22'],
    ['America/Guadeloupe', '2026-5-27'],
    ['America/Guadeloupe', '2026-5-28'],
    ['America/Guadeloupe', '2026-10-9'],
    ['America/Cayenne', '2026-6-10'],
    ['Indian/Reunion', '2026-12-20'],
  ])("knows %s's own day, %s", (zone, text) => {
    expect(isHoliday(text, 'metropole', zone)).toBe(true);
    expect(isHoliday(text, 'metropole')).toBe(false);
    expect(isHoliday(text, 'all-regions')).toBe(true);
    expect(isHoliday(text, 'none', zone)).toBe(false);
  });
});
