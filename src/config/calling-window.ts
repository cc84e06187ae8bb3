import { IANAZone } from 'luxon';
import type { CallingWindow } from '../db/campaign-settings.ts';

export type WindowHours = Omit<CallingWindow, 'timeZone'>;

/** When a consumer may be called in France (Code de la consommation, D223-9). */
export const FRANCE_LEGAL: WindowHours = {
  weekdays: [1, 2, 3, 4, 5],
  periods: [
    { start: '10:00', end: '13:00' },
    { start: '14:00', end: '20:00' },
  ],
  excludePublicHolidays: true,
};

const ALWAYS: WindowHours = {
  weekdays: [1, 2, 3, 4, 5, 6, 7],
  periods: [{ start: '00:00', end: '24:00' }],
  excludePublicHolidays: false,
};

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const TIME = /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/;

export const WINDOW_FORMS =
  'france-legal, always (simulations only), or days and hours such as "mon-fri 09:30-12:00,14:00-18:00"';

/** Reads `CALL_WINDOW`; undefined where it cannot be read. Own hours never include public holidays. */
export function readWindow(text: string): WindowHours | undefined {
  if (text === 'france-legal') return FRANCE_LEGAL;
  if (text === 'always') return ALWAYS;
  const [days = '', hours = '', ...rest] = text.toLowerCase().split(/\s+/);
  const weekdays = readDays(days);
  const periods = hours.split(',').map(readPeriod);
  const isSound =
    rest.length === 0 && weekdays !== undefined && periods.every((period) => period !== undefined);
  return isSound ? { weekdays, periods, excludePublicHolidays: true } : undefined;
}

export function isTimeZone(name: string): boolean {
  return IANAZone.isValidZone(name);
}

function readDays(text: string): number[] | undefined {
  const [first = '', last = first, ...rest] = text.split('-');
  const from = DAYS.indexOf(first);
  const to = DAYS.indexOf(last);
  if (from === -1 || to < from || rest.length > 0) return undefined;
  return DAYS.slice(from, to + 1).map((_day, index) => from + index + 1);
}

function readPeriod(text: string): { start: string; end: string } | undefined {
  const [start = '', end = '', ...rest] = text.split('-');
  const isSound = rest.length === 0 && TIME.test(start) && TIME.test(end) && start < end;
  return isSound ? { start, end } : undefined;
}
