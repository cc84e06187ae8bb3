import { DateTime } from 'luxon';
import { nextOpeningFor, type CallingWindow } from './calling-window.ts';

/** When one person may be called. */
export interface CallingHours {
  window: CallingWindow;
  /** Where they live: a valid IANA zone. */
  zone: string;
  /** The phone may ring this long. */
  ringTimeoutMs: number;
}

/** Local hours at which a part of the day begins: morning, noon, afternoon, evening. Who is out in one may be in in another. */
const PARTS_BEGIN = [0, 12, 14, 17] as const;

/** A window that is open in one part of the day only is not searched for ever. */
const LOOK_AHEAD_DAYS = 7;
const DAY_MS = 86_400_000;

export interface PlacedTry {
  at: Date;
  /** For the operator; null when it is the earliest moment. */
  because: 'other_part_of_day' | 'window_opens' | null;
}

/**
 * When a try that may come from `earliest` on will really come: within the hours, and in another part of the person's day
 * than `awayFrom` where the hours have one within a week. Pure.
 */
export function placeTry(
  hours: CallingHours,
  { earliest, awayFrom }: { earliest: Date; awayFrom: Date | null },
): PlacedTry {
  const opening = openingFrom(hours, earliest);
  // Never again: the gate says so when the time comes.
  if (opening === null) return { at: earliest, because: null };
  const elsewhere = awayFrom === null ? opening : openingElsewhere(hours, opening, awayFrom);
  const at = elsewhere ?? opening;
  if (at.getTime() === earliest.getTime()) return { at, because: null };
  const because = at.getTime() === opening.getTime() ? 'window_opens' : 'other_part_of_day';
  return { at, because };
}

/** The first opening from `opening` on in another part of the day than `awayFrom`; null within a week. */
function openingElsewhere(hours: CallingHours, opening: Date, awayFrom: Date): Date | null {
  const avoided = partOfDay(awayFrom, hours.zone);
  const lastMs = opening.getTime() + LOOK_AHEAD_DAYS * DAY_MS;
  let candidate: Date | null = opening;
  while (candidate !== null && candidate.getTime() <= lastMs) {
    if (partOfDay(candidate, hours.zone) !== avoided) return candidate;
    candidate = openingFrom(hours, nextPart(candidate, hours.zone));
  }
  return null;
}

function openingFrom({ window, zone, ringTimeoutMs }: CallingHours, from: Date): Date | null {
  return nextOpeningFor(window, from, zone, ringTimeoutMs);
}

/** 0 to 3. */
export function partOfDay(instant: Date, zone: string): number {
  const { hour } = DateTime.fromJSDate(instant, { zone });
  return PARTS_BEGIN.findLastIndex((begins) => begins <= hour);
}

/** The moment at which the next part of the local day begins. */
function nextPart(instant: Date, zone: string): Date {
  const local = DateTime.fromJSDate(instant, { zone });
  const begins = PARTS_BEGIN.find((hour) => hour > local.hour);
  const next =
    begins === undefined
      ? local.plus({ days: 1 }).startOf('day')
      : local.startOf('day').set({ hour: begins });
  return next.toJSDate();
}
