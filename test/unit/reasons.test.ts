import { describe, expect, it } from 'vitest';
import { en } from '../../src/cli/messages/en.ts';
import { fr } from '../../src/cli/messages/fr.ts';
import { fillIn, readReasons, reason, REASONS, type ReasonName } from '../../src/reasons.ts';

const NAMES = Object.keys(REASONS) as ReasonName[]; // Object.keys forgets them.
const placesOf = (template: string): string[] =>
  [...template.matchAll(/\{(\w+)\}/g)].map(([place]) => place).sort();

describe('reasons', () => {
  it.each(NAMES)('%s is read again from what is stored', (name) => {
    const places = placesOf(REASONS[name]).map((place) => place.slice(1, -1));
    const values = Object.fromEntries(places.map((place, at) => [place, String(at + 3)]));
    expect(readReasons(fillIn(REASONS[name], values))).toEqual([{ name, values }]);
  });

  it.each(NAMES)('%s has the same values in every language', (name) => {
    for (const { reasons } of [en, fr]) expect(placesOf(reasons[name])).toEqual(placesOf(REASONS[name]));
  });

  it('reads several, also of rows that earlier versions wrote', () => {
    expect(readReasons('attempt 2 of 3, in another part of the day, brought forward')).toEqual([
      { name: 'next_attempt', values: { next: '2', most: '3' } },
      { name: 'other_part_of_day', values: {} },
      { name: 'brought_forward', values: {} },
    ]);
    expect(reason('attempts_within', { made: 4, days: 30, most: 4 })).toBe(
      '4 attempts within 30 days, 4 allowed',
    );
  });

  it('reads nothing into what it does not know', () => {
    expect(readReasons('attempt 2 of 3, and the moon is full')).toBeNull();
    expect(readReasons('the switch takes no calls now')).toBeNull();
  });
});
