import { describe, expect, it } from 'vitest';
import {
  callingWindowSchema,
  closedBecause,
  FRANCE_LEGAL_WINDOW,
  isOpen,
  nextOpening,
  type CallingWindow,
} from '../../../src/compliance/calling-window.ts';
import { HOLIDAY_CALENDARS } from '../../../src/compliance/holidays.ts';
import { pick, seededRandom } from '../../helpers/random.ts';

const PARIS = 'Europe/Paris';
const at = (text: string): Date => new Date(text);
const legal = FRANCE_LEGAL_WINDOW;

describe("France's legal window", () => {
  // 2026-11-23 is a Monday.
  it.each([
    ['2026-11-23T09:59:59.999+01:00', 'outside_hours'],
    ['2026-11-23T10:00:00+01:00', null],
    ['2026-11-23T12:59:59.999+01:00', null],
    ['2026-11-23T13:00:00+01:00', 'outside_hours'],
    ['2026-11-23T13:59:59+01:00', 'outside_hours'],
    ['2026-11-23T14:00:00+01:00', null],
    ['2026-11-23T19:59:59+01:00', null],
    ['2026-11-23T20:00:00+01:00', 'outside_hours'],
    ['2026-11-28T11:00:00+01:00', 'outside_hours'],
    ['2026-11-29T11:00:00+01:00', 'outside_hours'],
    ['2026-11-11T11:00:00+01:00', 'holiday'],
    ['2026-05-14T11:00:00+02:00', 'holiday'],
    ['2027-05-08T11:00:00+02:00', 'outside_hours'],
    ['2028-02-29T11:00:00+01:00', null],
  ])('at %s: %s', (text, expected) => {
    expect(closedBecause(legal, at(text), PARIS)).toBe(expected);
  });

  // Good Friday 2027, Easter Monday 2027, 26 December 2028 (a Tuesday), Whit Monday, an ordinary Friday.
  it.each([
    [
      '2027-03-26T11:00:00+01:00',
      { none: null, metropole: null, 'alsace-moselle': 'holiday', 'all-regions': 'holiday' },
    ],
    [
      '2027-03-29T11:00:00+02:00',
      { none: null, metropole: 'holiday', 'alsace-moselle': 'holiday', 'all-regions': 'holiday' },
    ],
    [
      '2028-12-26T11:00:00+01:00',
      { none: null, metropole: null, 'alsace-moselle': 'holiday', 'all-regions': 'holiday' },
    ],
    [
      '2027-05-17T11:00:00+02:00',
      { none: null, metropole: 'holiday', 'alsace-moselle': 'holiday', 'all-regions': 'holiday' },
    ],
    [
      '2026-05-22T11:00:00+02:00',
      { none: null, metropole: null, 'alsace-moselle': null, 'all-regions': 'holiday' },
    ],
    [
      '2027-04-02T11:00:00+02:00',
      { none: null, metropole: null, 'alsace-moselle': null, 'all-regions': null },
    ],
  ])('keeps to the calendar chosen, at %s', (text, expected) => {
    for (const holidays of HOLIDAY_CALENDARS) {
      expect(closedBecause({ ...legal, holidays }, at(text), PARIS), holidays).toBe(expected[holidays]);
    }
    expect(closedBecause(legal, at(text), PARIS)).toBe(expected['alsace-moselle']);
  });

  it("keeps a territory's own day free for its people under every calendar but none", () => {
    const abolition = at('2026-05-22T11:00:00-04:00');
    for (const holidays of HOLIDAY_CALENDARS) {
      const expected = holidays === 'none' ? null : 'holiday';
      expect(closedBecause({ ...legal, holidays }, abolition, 'America/Martinique')).toBe(expected);
    }
  });

  it("goes by the contact's clock", () => {
    const moment = at('2026-11-23T11:00:00+01:00');
    expect(isOpen(legal, moment, PARIS)).toBe(true);
    expect(isOpen(legal, moment, 'Indian/Reunion')).toBe(true);
    expect(isOpen(legal, moment, 'America/Guadeloupe')).toBe(false);
    expect(isOpen(legal, moment, 'Pacific/Noumea')).toBe(false);
    // 14:00 there, the day before.
    expect(isOpen(legal, at('2026-11-24T00:00:00Z'), 'Pacific/Tahiti')).toBe(true);
  });

  it('goes by a fixed clock when told so', () => {
    const fixed: CallingWindow = { ...legal, timeZone: PARIS };
    expect(isOpen(fixed, at('2026-11-23T11:00:00+01:00'), 'America/Guadeloupe')).toBe(true);
  });

  it.each([
    ['in the morning', '2026-11-23T08:00:00+01:00', '2026-11-23T10:00:00+01:00'],
    ['over lunch', '2026-11-23T13:00:00+01:00', '2026-11-23T14:00:00+01:00'],
    ['overnight', '2026-11-23T20:00:00+01:00', '2026-11-24T10:00:00+01:00'],
    ['over the weekend', '2026-11-27T20:00:00+01:00', '2026-11-30T10:00:00+01:00'],
    ['over a bridge: Friday 8 May and the weekend', '2026-05-07T21:00:00+02:00', '2026-05-11T10:00:00+02:00'],
    ['over Easter and the change to summer time', '2027-03-25T20:00:00+01:00', '2027-03-30T10:00:00+02:00'],
    ['over the change to winter time', '2026-10-23T20:00:00+02:00', '2026-10-26T10:00:00+01:00'],
    ['over New Year', '2026-12-31T20:00:00+01:00', '2027-01-04T10:00:00+01:00'],
    ['not at all when it is open', '2026-11-23T10:30:00+01:00', '2026-11-23T10:30:00+01:00'],
  ])('waits %s', (_name, from, opening) => {
    expect(nextOpening(legal, at(from), PARIS)).toEqual(at(opening));
  });

  it('opens overseas when UTC has another date', () => {
    expect(nextOpening(legal, at('2026-11-23T20:00:00Z'), 'Pacific/Noumea')).toEqual(
      at('2026-11-23T23:00:00Z'),
    );
    expect(nextOpening(legal, at('2026-11-24T00:30:00Z'), 'America/Miquelon')).toEqual(
      at('2026-11-24T13:00:00Z'),
    );
  });

  it('follows the summer time of Saint-Pierre-et-Miquelon, not of Paris', () => {
    expect(isOpen(legal, at('2026-03-12T12:30:00Z'), 'America/Miquelon')).toBe(true);
    expect(isOpen(legal, at('2026-03-05T12:30:00Z'), 'America/Miquelon')).toBe(false);
  });
});

describe('hours through the change of clocks', () => {
  const nightly = (start: string, end: string): CallingWindow => ({
    ...legal,
    days: [1, 2, 3, 4, 5, 6, 7],
    ranges: [{ start, end }],
    holidays: 'none',
  });

  it('opens at the change when the start does not exist that day', () => {
    // 02:00 becomes 03:00 on 29 March 2026.
    const window = nightly('02:30', '05:00');
    expect(nextOpening(window, at('2026-03-29T00:00:00+01:00'), PARIS)).toEqual(
      at('2026-03-29T03:00:00+02:00'),
    );
  });

  it('skips a range that does not exist that day', () => {
    const window = nightly('02:15', '02:45');
    expect(nextOpening(window, at('2026-03-29T00:00:00+01:00'), PARIS)).toEqual(
      at('2026-03-30T02:15:00+02:00'),
    );
  });

  it('opens twice when the range comes twice', () => {
    // 03:00 becomes 02:00 on 25 October 2026.
    const window = nightly('02:15', '02:45');
    const first = at('2026-10-25T02:15:00+02:00');
    const second = at('2026-10-25T02:15:00+01:00');
    expect(nextOpening(window, at('2026-10-25T00:00:00+02:00'), PARIS)).toEqual(first);
    expect(nextOpening(window, at('2026-10-25T02:50:00+02:00'), PARIS)).toEqual(second);
  });

  it('opens again at the change when the clock falls back into the range', () => {
    const window = nightly('01:30', '02:30');
    expect(nextOpening(window, at('2026-10-25T02:40:00+02:00'), PARIS)).toEqual(
      at('2026-10-25T02:00:00+01:00'),
    );
  });
});

it('finds the first opening: open there, shut before (random windows, zones and moments)', () => {
  const random = seededRandom(20_261_123);
  const time = (minutes: number): string =>
    `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  for (let round = 0; round < 300; round++) {
    const start = Math.floor(random() * 1439);
    const end = start + 1 + Math.floor(random() * (1440 - start));
    const window: CallingWindow = {
      enabled: true,
      timeZone: 'contact',
      days: [1 + Math.floor(random() * 7), 1 + Math.floor(random() * 7)],
      ranges: [{ start: time(start), end: time(end) }],
      holidays: pick(random, ['none', 'metropole', 'all-regions']),
    };
    const zone = pick(random, [
      PARIS,
      'America/Miquelon',
      'Indian/Reunion',
      'Pacific/Noumea',
      'America/Cayenne',
    ]);
    // Around the changes of clocks, mostly.
    const base = pick(random, [
      Date.UTC(2026, 2, 27),
      Date.UTC(2026, 9, 23),
      Date.UTC(2027, 2, 12),
      Date.UTC(2026, 11, 30),
    ]);
    const from = new Date(base + Math.floor(random() * 4 * 86_400_000));
    const opening = nextOpening(window, from, zone);
    if (opening === null) throw new Error(`never open: ${JSON.stringify(window)}`);
    expect(isOpen(window, opening, zone)).toBe(true);
    const waitMs = opening.getTime() - from.getTime();
    expect(waitMs).toBeGreaterThanOrEqual(0);
    for (let probe = 0; probe < 40 && waitMs > 0; probe++) {
      const moment = new Date(
        probe === 0 ? opening.getTime() - 1 : from.getTime() + Math.floor(random() * waitMs),
      );
      expect(isOpen(window, moment, zone), `${moment.toISOString()} ${zone} ${JSON.stringify(window)}`).toBe(
        false,
      );
    }
  }
});

it('is always open when it is switched off', () => {
  expect(isOpen({ ...legal, enabled: false }, at('2026-12-25T03:00:00Z'), PARIS)).toBe(true);
});

it('is shut for a zone that nobody knows', () => {
  expect(isOpen(legal, at('2026-11-23T10:00:00Z'), 'Mars/Olympus')).toBe(false);
  expect(nextOpening(legal, at('2026-11-23T10:00:00Z'), 'Mars/Olympus')).toBeNull();
});

describe('callingWindowSchema', () => {
  it('takes the name of the preset, and gives a copy', () => {
    const parsed = callingWindowSchema.parse('france-legal');
    expect(parsed).toEqual(legal);
    parsed.days.pop();
    expect(callingWindowSchema.parse('france-legal')).toEqual(legal);
  });

  it('takes a window of its own, until midnight', () => {
    const own = { ...legal, ranges: [{ start: '18:00', end: '24:00' }], timeZone: 'Indian/Reunion' };
    expect(callingWindowSchema.parse(own)).toEqual(own);
    expect(isOpen(callingWindowSchema.parse(own), at('2026-11-23T23:59:59+04:00'), PARIS)).toBe(true);
  });

  it.each([
    ['no days', { days: [] }],
    ['a weekday 0', { days: [0] }],
    ['no hours', { ranges: [] }],
    ['hours backwards', { ranges: [{ start: '20:00', end: '10:00' }] }],
    ['no time of day', { ranges: [{ start: '9:00', end: '10:00' }] }],
    ['an hour too many', { ranges: [{ start: '09:00', end: '25:00' }] }],
    ['an unknown zone', { timeZone: 'Europe/Lyon' }],
    ['an unknown calendar', { holidays: 'bretagne' }],
    ['a misspelt field', { day: [1] }],
  ])('refuses %s', (_name, change) => {
    expect(callingWindowSchema.safeParse({ ...legal, ...change }).success).toBe(false);
  });
});
