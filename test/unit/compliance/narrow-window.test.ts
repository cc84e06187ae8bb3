import { describe, expect, it } from 'vitest';
import { FRANCE_LEGAL_WINDOW, type CallingWindow } from '../../../src/compliance/calling-window.ts';
import { allowsHolidays, narrowWindow, type OwnHours } from '../../../src/compliance/narrow-window.ts';

const NOTHING: OwnHours = { startTime: null, endTime: null, days: null, timeZone: null, holidays: null };
const ALWAYS = { ...FRANCE_LEGAL_WINDOW, enabled: false };

describe('narrowWindow', () => {
  it('leaves the window as it is where the campaign says nothing', () => {
    expect(narrowWindow(FRANCE_LEGAL_WINDOW, NOTHING)).toEqual(FRANCE_LEGAL_WINDOW);
    expect(narrowWindow(ALWAYS, NOTHING)?.enabled).toBe(false);
  });

  it('cuts hours and days, and keeps the break', () => {
    const own = { ...NOTHING, startTime: '11:00', endTime: '15:30', days: [5, 6] };
    expect(narrowWindow(FRANCE_LEGAL_WINDOW, own)).toEqual({
      ...FRANCE_LEGAL_WINDOW,
      days: [5],
      ranges: [
        { start: '11:00', end: '13:00' },
        { start: '14:00', end: '15:30' },
      ],
    });
  });

  it('never opens hours or days that are shut', () => {
    const own = { ...NOTHING, startTime: '06:00', endTime: '24:00', days: [1, 2, 3, 4, 5, 6, 7] };
    expect(narrowWindow(FRANCE_LEGAL_WINDOW, own)).toEqual(FRANCE_LEGAL_WINDOW);
  });

  it('takes a stricter calendar of holidays, and never one with fewer days', () => {
    const holidaysOf = (window: CallingWindow, holidays: OwnHours['holidays']) =>
      narrowWindow(window, { ...NOTHING, holidays })?.holidays;
    expect(FRANCE_LEGAL_WINDOW.holidays).toBe('alsace-moselle');
    expect(holidaysOf(FRANCE_LEGAL_WINDOW, 'all-regions')).toBe('all-regions');
    expect(holidaysOf(FRANCE_LEGAL_WINDOW, 'metropole')).toBe('alsace-moselle');
    expect(holidaysOf(FRANCE_LEGAL_WINDOW, 'none')).toBe('alsace-moselle');
    expect(allowsHolidays(FRANCE_LEGAL_WINDOW, 'alsace-moselle')).toBe(true);
    expect(allowsHolidays(FRANCE_LEGAL_WINDOW, 'metropole')).toBe(false);
    const lenient: CallingWindow = { ...FRANCE_LEGAL_WINDOW, holidays: 'metropole' };
    expect(holidaysOf(lenient, 'alsace-moselle')).toBe('alsace-moselle');
    expect(narrowWindow(ALWAYS, { ...NOTHING, holidays: 'metropole' })).toMatchObject({
      enabled: true,
      holidays: 'metropole',
    });
  });

  it('is null where no hour is left', () => {
    expect(
      narrowWindow(FRANCE_LEGAL_WINDOW, { ...NOTHING, startTime: '13:00', endTime: '14:00' }),
    ).toBeNull();
    expect(narrowWindow(FRANCE_LEGAL_WINDOW, { ...NOTHING, days: [7] })).toBeNull();
    expect(narrowWindow(ALWAYS, { ...NOTHING, startTime: '18:00', endTime: '14:00' })).toBeNull();
  });

  it('makes the own hours all there is of a window that is always open', () => {
    expect(narrowWindow(ALWAYS, { ...NOTHING, endTime: '12:00', timeZone: 'Europe/Brussels' })).toMatchObject(
      {
        enabled: true,
        timeZone: 'Europe/Brussels',
        days: [1, 2, 3, 4, 5, 6, 7],
        ranges: [{ start: '00:00', end: '12:00' }],
      },
    );
  });
});
