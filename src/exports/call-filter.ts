import { DateTime } from 'luxon';
import { readMoment } from '../contacts/basis-columns.ts';

const HAS_TIME = /\d[T ]\d/;

/**
 * From and to as an operator writes them, on the clock of `timeZone`; `to` is reached: a day to its end, a minute or a second to
 * its end. Both can be read by `readMoment`.
 */
export function momentRange(
  { from, to }: { from: string | null; to: string | null },
  timeZone: string,
): { from: Date | null; before: Date | null } {
  return {
    from: from === null ? null : readMoment(from, timeZone),
    before: to === null ? null : endOf(to, timeZone),
  };
}

function endOf(text: string, timeZone: string): Date | null {
  const moment = readMoment(text, timeZone);
  if (moment === null) return null;
  const begun = DateTime.fromJSDate(moment, { zone: timeZone });
  if (!HAS_TIME.test(text)) return begun.plus({ days: 1 }).toJSDate();
  return begun.plus(/:\d\d:\d\d/.test(text) ? { seconds: 1 } : { minutes: 1 }).toJSDate();
}
