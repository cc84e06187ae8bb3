import { IANAZone } from 'luxon';
import {
  callingWindowSchema,
  FRANCE_LEGAL_WINDOW,
  type CallingWindow,
} from '../compliance/calling-window.ts';

const ALWAYS: CallingWindow = { ...FRANCE_LEGAL_WINDOW, enabled: false };

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

export const WINDOW_FORMS =
  'france-legal, always (simulations only), or days and hours such as "mon-fri 09:30-12:00,14:00-18:00"';

/** Reads `CALL_WINDOW`; undefined where it cannot be read. Public holidays are `CALL_HOLIDAYS`' part. */
export function readWindow(text: string): CallingWindow | undefined {
  if (text === 'france-legal') return FRANCE_LEGAL_WINDOW;
  if (text === 'always') return ALWAYS;
  const [days = '', hours = '', ...rest] = text.toLowerCase().split(/\s+/);
  const parsed = callingWindowSchema.safeParse({
    ...FRANCE_LEGAL_WINDOW,
    days: readDays(days),
    ranges: hours.split(',').map(readRange),
  });
  return rest.length === 0 && parsed.success ? parsed.data : undefined;
}

/** Whose clock counts: that of the person called, or one zone for everybody. */
export function isTimeZone(name: string): boolean {
  return name === 'contact' || IANAZone.isValidZone(name);
}

function readDays(text: string): number[] | undefined {
  const [first = '', last = first, ...rest] = text.split('-');
  const from = DAYS.indexOf(first);
  const to = DAYS.indexOf(last);
  if (from === -1 || to < from || rest.length > 0) return undefined;
  return DAYS.slice(from, to + 1).map((_day, index) => from + index + 1);
}

function readRange(text: string): { start: string; end: string } {
  const [start = '', end = ''] = text.split('-');
  return { start, end };
}
