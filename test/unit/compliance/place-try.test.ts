import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import {
  closedBecause,
  FRANCE_LEGAL_WINDOW,
  isOpen,
  type CallingWindow,
} from '../../../src/compliance/calling-window.ts';
import { partOfDay, placeTry, type CallingHours } from '../../../src/compliance/place-try.ts';
import { pick, seededRandom } from '../../helpers/random.ts';

const PARIS: CallingHours = { window: FRANCE_LEGAL_WINDOW, zone: 'Europe/Paris', ringTimeoutMs: 30_000 };
const HOUR_MS = 3_600_000;
const HALF_HOUR_MS = HOUR_MS / 2;

/** Local time in Paris. */
function paris(text: string): Date {
  return DateTime.fromISO(text, { zone: 'Europe/Paris' }).toJSDate();
}

function place(
  earliest: string,
  awayFrom: string | null = null,
  hours = PARIS,
): { at: string; because: string | null } {
  const placed = placeTry(hours, {
    earliest: paris(earliest),
    awayFrom: awayFrom === null ? null : paris(awayFrom),
  });
  const at = DateTime.fromJSDate(placed.at, { zone: 'Europe/Paris' }).toFormat("yyyy-MM-dd'T'HH:mm");
  return { at, because: placed.because };
}

describe('placeTry', () => {
  it('leaves a moment alone at which the window is open', () => {
    expect(place('2026-11-23T10:30')).toEqual({ at: '2026-11-23T10:30', because: null });
  });

  it('moves a closed moment to the next opening, over lunch, nights, weekends and holidays', () => {
    const because = 'window_opens';
    expect(place('2026-11-23T13:10')).toEqual({ at: '2026-11-23T14:00', because });
    expect(place('2026-11-23T20:30')).toEqual({ at: '2026-11-24T10:00', because });
    expect(place('2026-11-27T19:59:50')).toEqual({ at: '2026-11-30T10:00', because });
    expect(place('2026-12-24T21:00')).toEqual({ at: '2026-12-28T10:00', because });
  });

  it('leaves time to ring before the window shuts', () => {
    expect(place('2026-11-23T12:59:40').at).toBe('2026-11-23T14:00');
    expect(place('2026-11-23T12:59:20').at).toBe('2026-11-23T12:59');
  });

  it('tries who did not answer again in another part of the day', () => {
    const because = 'other_part_of_day';
    expect(place('2026-11-23T11:05', '2026-11-23T10:05')).toEqual({ at: '2026-11-23T12:00', because });
    expect(place('2026-11-23T15:30', '2026-11-23T14:30')).toEqual({ at: '2026-11-23T17:00', because });
    // Evening again the next day would be the same part: the next morning is another.
    expect(place('2026-11-23T19:00', '2026-11-23T18:00')).toEqual({ at: '2026-11-24T10:00', because });
    // An hour later it is another part by itself.
    expect(place('2026-11-23T12:30', '2026-11-23T11:30')).toEqual({ at: '2026-11-23T12:30', because: null });
  });

  it('stays within a window that has one part of the day only', () => {
    const mornings: CallingWindow = { ...FRANCE_LEGAL_WINDOW, ranges: [{ start: '09:00', end: '11:30' }] };
    const hours = { ...PARIS, window: mornings };
    expect(place('2026-11-23T11:00', '2026-11-23T10:00', hours)).toEqual({
      at: '2026-11-23T11:00',
      because: null,
    });
    expect(place('2026-11-23T12:00', '2026-11-23T11:00', hours).at).toBe('2026-11-24T09:00');
  });

  it('counts the day of the person called, not of the campaign', () => {
    const fixed = { ...FRANCE_LEGAL_WINDOW, timeZone: 'Europe/Paris' };
    const reunion = { window: fixed, zone: 'Indian/Reunion', ringTimeoutMs: 0 };
    // 13:30 in Saint-Denis is noon there; 15:00 in Paris is 18:00 for them.
    const placed = placeTry(reunion, {
      earliest: new Date('2026-11-23T09:30:00Z'),
      awayFrom: new Date('2026-11-23T09:00:00Z'),
    });
    expect(placed.at).toEqual(new Date('2026-11-23T10:00:00Z'));
    expect(partOfDay(placed.at, 'Indian/Reunion')).toBe(2);
  });

  it('keeps the moment when the window never opens again: the gate says so', () => {
    const never = { ...PARIS, zone: 'Nowhere/Land' };
    expect(placeTry(never, { earliest: new Date(0), awayFrom: null })).toEqual({
      at: new Date(0),
      because: null,
    });
  });

  it('never comes early, never outside the hours, and avoids a part of the day wherever another is open', () => {
    const random = seededRandom(20_261_126);
    const zones = ['Europe/Paris', 'Indian/Reunion', 'America/Guadeloupe', 'Pacific/Tahiti'] as const;
    const ranges: [CallingWindow['ranges'], ...CallingWindow['ranges'][]] = [
      FRANCE_LEGAL_WINDOW.ranges,
      [{ start: '00:00', end: '24:00' }],
      [{ start: '01:30', end: '03:30' }],
      [{ start: '11:00', end: '12:30' }],
    ];
    const days: [CallingWindow['days'], ...CallingWindow['days'][]] = [
      [1, 2, 3, 4, 5],
      [1, 2, 3, 4, 5, 6, 7],
      [7],
    ];
    // Around both switches of the clocks in 2026 and in the middle of each season.
    const starts = ['2026-03-27', '2026-10-23', '2026-07-10', '2026-12-23'] as const;
    for (let round = 0; round < 80; round += 1) {
      const hours: CallingHours = {
        window: {
          ...FRANCE_LEGAL_WINDOW,
          days: pick(random, days),
          ranges: pick(random, ranges),
          holidays: pick(random, ['none', 'metropole'] as const),
        },
        zone: pick(random, zones),
        ringTimeoutMs: pick(random, [0, 30_000, 120_000] as const),
      };
      const earliest = new Date(
        Date.parse(`${pick(random, starts)}T00:00:00Z`) + Math.floor(random() * 96) * HOUR_MS,
      );
      const awayFrom = new Date(earliest.getTime() - Math.floor(random() * 6 * HOUR_MS));
      const { at } = placeTry(hours, { earliest, awayFrom });
      const about = JSON.stringify({ hours, earliest, awayFrom, at });
      const { window, zone, ringTimeoutMs } = hours;

      expect(at.getTime(), about).toBeGreaterThanOrEqual(earliest.getTime());
      expect(closedBecause(window, at, zone), about).toBeNull();
      expect(isOpen(window, new Date(at.getTime() + ringTimeoutMs), zone), about).toBe(true);
      if (partOfDay(at, zone) === partOfDay(awayFrom, zone)) {
        // Then no half hour of the week to come is open in another part.
        const lastMs = at.getTime() + 6.9 * 24 * HOUR_MS;
        for (
          let ms = Math.ceil(at.getTime() / HALF_HOUR_MS) * HALF_HOUR_MS;
          ms < lastMs;
          ms += HALF_HOUR_MS
        ) {
          const other = new Date(ms);
          if (partOfDay(other, zone) === partOfDay(awayFrom, zone) || !isOpen(window, other, zone)) continue;
          expect(isOpen(window, new Date(ms + ringTimeoutMs), zone), `${other.toISOString()} ${about}`).toBe(
            false,
          );
        }
      }
    }
  });
});
