import { describe, expect, it } from 'vitest';
import { en } from '../../../src/cli/messages/en.ts';
import { optionValues } from '../../../src/cli/option-values.ts';

const values = optionValues(en);

describe('days', () => {
  it.each([
    ['mon-fri', [1, 2, 3, 4, 5]],
    ['lun,mer,ven', [1, 3, 5]],
    ['Sat-Mon', [1, 6, 7]],
    ['dim', [7]],
    ['1-3, 2', [1, 2, 3]],
  ])('%s', (text, days) => {
    expect(values.days(text)).toEqual(days);
  });

  it.each(['', 'mon-', 'foo', 'mon-tue-wed', '8', 'mon,,tue'])('refuses “%s”', (text) => {
    expect(() => values.days(text)).toThrow('mon-fri');
  });
});

describe('times, numbers and lists', () => {
  it('reads what people write', () => {
    expect(values.timeOfDay('9:00')).toBe('09:00');
    expect(values.timeOfDay('24:00')).toBe('24:00');
    expect(values.delayMs('1,5')).toBe(1500);
    expect(values.delayMs('0')).toBe(0);
    expect(values.list('vip, or')).toEqual(['vip', 'or']);
    expect(values.statuses('Running,paused')).toEqual(['running', 'paused']);
    expect(values.timeZone('Europe/Paris')).toBe('Europe/Paris');
  });

  it.each([
    ['25:00', values.timeOfDay],
    ['9h', values.timeOfDay],
    ['-1', values.delayMs],
    ['9999', values.delayMs],
    ['1e3', values.delayMs],
    ['0', values.campaignId],
    ['1.5', values.campaignId],
    ['99999999999', values.campaignId],
    ['a,,b', values.list],
    ['toString', values.statuses],
    ['Europe/Pariss', values.timeZone],
    [' ', values.text],
  ])('refuses “%s”', (text, read) => {
    expect(() => read(text)).toThrow();
  });
});
