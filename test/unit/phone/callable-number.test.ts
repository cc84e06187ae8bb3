import { describe, expect, it } from 'vitest';
import { forbiddenNumberReason } from '../../../src/phone/callable-number.ts';
import { isReservedForFiction } from '../../../src/phone/numbering-plan.ts';
import { timeZoneOfNumber } from '../../../src/phone/time-zone.ts';

describe('forbiddenNumberReason', () => {
  it.each([
    ...[
      '+33199000012',
      '+33639980001',
      '+33261910000',
      '+33937000000',
      '+33701000000',
      '+33700500000',
      '+33901500000',
    ],
    ...['+262692000000', '+262262000000', '+508410000', '+508708000000', '+590690000000', '+594694000000'],
    '+596696000000',
  ])('lets %s be called', (number) => {
    expect(forbiddenNumberReason(number)).toBeNull();
  });

  it.each([
    ...[
      '',
      '0199000012',
      '33199000012',
      '+0199000012',
      '+33 1 99 00 00 12',
      '+33199000012x',
      '+',
      '+33199000012\n',
    ].map((number) => [number, 'not_e164'] as const),
    ...[
      '15',
      '17',
      '18',
      '112',
      '114',
      '115',
      '116000',
      '116006',
      '116111',
      '116117',
      '116123',
      '119',
      '191',
    ].map((number) => [number, 'emergency'] as const),
    ...['196', '197', '+3315', '+33112', '+26215', '+33116117', '+33119'].map(
      (number) => [number, 'emergency'] as const,
    ),
    ...['+333646', '+331010', '+33118218', '+33199', '+50841', '+26226200'].map(
      (number) => [number, 'short_number'] as const,
    ),
    ...[
      '+33800000000',
      '+33806000000',
      '+33810000000',
      '+33826000000',
      '+33884000000',
      '+33891000000',
      '+33899000000',
    ].map((number) => [number, 'special_rate'] as const),
    ...['+262891000000', '+590800000000', '+508805000000'].map((number) => [number, 'special_rate'] as const),
    ...['+881612345678', '+882161234567', '+883510000000', '+979123456789', '+870773000000'].map(
      (number) => [number, 'satellite'] as const,
    ),
    ...['+33700000000', '+33700400000', '+33901000000', '+33901400000'].map(
      (number) => [number, 'machine'] as const,
    ),
    ...['+3219900012', '+12025550123', '+447700900123', '+2250700000000', '+999123456'].map(
      (number) => [number, 'country_not_allowed'] as const,
    ),
    ...['+331990000123', '+33099000012'].map((number) => [number, 'impossible'] as const),
  ])('never lets %j be called: %s', (number, reason) => {
    expect(forbiddenNumberReason(number)).toBe(reason);
  });

  it('goes by the metadata in other countries that are allowed', () => {
    const allowed = ['33', '32'];
    expect(forbiddenNumberReason('+32470000000', allowed)).toBeNull();
    expect(forbiddenNumberReason('+3290000000', allowed)).toBe('special_rate');
    expect(forbiddenNumberReason('+3280012345', allowed)).toBe('special_rate');
    expect(forbiddenNumberReason('+32112', allowed)).toBe('emergency');
    expect(forbiddenNumberReason('+32123', allowed)).toBe('short_number');
    expect(forbiddenNumberReason('+262692000000', allowed)).toBe('country_not_allowed');
  });
});

it('knows the six blocks for fiction, and only them', () => {
  for (const block of ['19900', '26191', '35301', '46571', '53649', '63998']) {
    expect(isReservedForFiction(`+33${block}0000`)).toBe(true);
    expect(isReservedForFiction(`+33${block}9999`)).toBe(true);
    expect(isReservedForFiction(`+33${block}000`)).toBe(false);
    expect(isReservedForFiction(`+33${block}00000`)).toBe(false);
    expect(isReservedForFiction(`+33${Number(block) + 1}0000`)).toBe(false);
    expect(isReservedForFiction(`+33${Number(block) - 1}9999`)).toBe(false);
  }
});

describe('timeZoneOfNumber', () => {
  it.each([
    ['+33199000012', 'Europe/Paris'],
    ['+33639980001', 'Europe/Paris'],
    ['+262262000000', 'Indian/Reunion'],
    ['+262693000000', 'Indian/Reunion'],
    ['+262269600000', 'Indian/Mayotte'],
    ['+262639000000', 'Indian/Mayotte'],
    ['+590690000000', 'America/Guadeloupe'],
    ['+594694000000', 'America/Cayenne'],
    ['+596696000000', 'America/Martinique'],
    ['+508410000', 'America/Miquelon'],
    ['+687200000', 'Pacific/Noumea'],
    ['+68940000000', 'Pacific/Tahiti'],
    ['+681720000', 'Pacific/Wallis'],
    ['+32470000000', 'Europe/Brussels'],
    ['+12025550123', null],
    ['+262976000000', null],
    ['', null],
    ['nonsense', null],
  ])('%s: %s', (number, zone) => {
    expect(timeZoneOfNumber(number)).toBe(zone);
  });
});
