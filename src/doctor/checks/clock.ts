import { DateTime } from 'luxon';
import type { Check } from '../check.ts';
import { finding } from '../findings.ts';

/** A machine without a battery begins in 1970 or when its firmware was made. */
const PLAUSIBLE = { from: Date.UTC(2025, 0, 1), to: Date.UTC(2046, 0, 1) };

/** Hours from UTC in January and July 2026, where people are called: by law, decreed before this was written. */
const TERRITORIES: Readonly<Record<string, readonly [january: number, july: number]>> = {
  'Europe/Paris': [1, 2],
  'America/Guadeloupe': [-4, -4],
  'America/Martinique': [-4, -4],
  'America/Cayenne': [-3, -3],
  'America/Miquelon': [-3, -2],
  'Indian/Reunion': [4, 4],
  'Indian/Mayotte': [3, 3],
  'Pacific/Noumea': [11, 11],
  'Pacific/Tahiti': [-10, -10],
};

/** Whether the hours of calling can be told: the clock, and the time zones of every territory. */
export const checkClock: Check = ({ now }) => {
  const instant = now();
  const time = DateTime.fromJSDate(instant).setZone('Europe/Paris').toFormat('yyyy-MM-dd HH:mm');
  const isPlausible = instant.getTime() >= PLAUSIBLE.from && instant.getTime() < PLAUSIBLE.to;
  const wrong = Object.keys(TERRITORIES).filter((zone) => !isRight(zone));
  return Promise.resolve([
    finding(isPlausible ? 'clock' : 'clock_wrong', { time }),
    wrong.length === 0 ? finding('zones_known', {}) : finding('zone_wrong', { zones: wrong.join(', ') }),
  ]);
};

function isRight(zone: string): boolean {
  const offsets = [1, 7].map((month) => DateTime.fromObject({ year: 2026, month, day: 15 }, { zone }).offset);
  const wanted = TERRITORIES[zone]?.map((hours) => hours * 60);
  return offsets.every((minutes, index) => minutes === wanted?.[index]);
}
