import { describe, expect, it } from 'vitest';
import { momentRange } from '../../../src/exports/call-filter.ts';
import { LocalClock } from '../../../src/exports/local-clock.ts';

describe('the clock of a zone', () => {
  const paris = new LocalClock('Europe/Paris');

  it.each([
    ['2026-11-26T04:05:06.789Z', '2026-11-26 05:05:06'],
    ['2026-07-01T22:00:00.000Z', '2026-07-02 00:00:00'],
    // The hour that comes twice, and the one that is left out.
    ['2026-10-25T00:59:59.999Z', '2026-10-25 02:59:59'],
    ['2026-10-25T01:00:00.000Z', '2026-10-25 02:00:00'],
    ['2026-03-29T00:59:59.000Z', '2026-03-29 01:59:59'],
    ['2026-03-29T01:00:00.000Z', '2026-03-29 03:00:00'],
  ])('%s is %s in Paris', (utc, local) => {
    expect(paris.text(new Date(utc))).toBe(local);
  });

  it('counts days as spreadsheets do', () => {
    expect(new LocalClock('UTC').serial(new Date('1970-01-01T12:00:00Z'))).toBe(25_569.5);
    expect(paris.serial(new Date('2026-11-26T11:00:00.400Z'))).toBe(46_352.5);
  });
});

describe('from and to', () => {
  const paris = (from: string | null, to: string | null) => momentRange({ from, to }, 'Europe/Paris');

  it('take a day to its end, a minute and a second to theirs', () => {
    expect(paris('2025-11-01', '2025-11-07')).toEqual({
      from: new Date('2025-10-31T23:00:00Z'),
      before: new Date('2025-11-07T23:00:00Z'),
    });
    expect(paris(null, '07/11/2025 14:30').before).toEqual(new Date('2025-11-07T13:31:00Z'));
    expect(paris(null, '2025-11-07T14:30:00Z').before).toEqual(new Date('2025-11-07T14:30:01Z'));
    expect(paris(null, null)).toEqual({ from: null, before: null });
  });

  it('take the day on which the clock is put back whole', () => {
    expect(paris('2026-10-25', '2026-10-25')).toEqual({
      from: new Date('2026-10-24T22:00:00Z'),
      before: new Date('2026-10-25T23:00:00Z'),
    });
  });

  it('are on the clock that was asked for', () => {
    expect(momentRange({ from: '2025-11-01', to: null }, 'Indian/Reunion').from).toEqual(
      new Date('2025-10-31T20:00:00Z'),
    );
  });
});
