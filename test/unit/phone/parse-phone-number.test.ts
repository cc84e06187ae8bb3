import { describe, expect, it } from 'vitest';
import { forbiddenNumberReason } from '../../../src/phone/callable-number.ts';
import { parsePhoneNumber } from '../../../src/phone/parse-phone-number.ts';
import { pick, seededRandom } from '../../helpers/random.ts';

const read = (raw: string): string => {
  const parsed = parsePhoneNumber(raw);
  if (!parsed.ok) return parsed.problem;
  return parsed.repaired ? `${parsed.number} (repaired)` : parsed.number;
};

describe('parsePhoneNumber', () => {
  it.each([
    '06 39 98 00 01',
    '0639980001',
    '06.39.98.00.01',
    '06-39-98-00-01',
    '06/39/98/00/01',
    '(06) 39 98 00 01',
    '06\u00a039\u00a098\u00a000\u00a001',
    '06\u202f39\u202f98\u202f00\u202f01',
    '06‑39‑98‑00‑01',
    '０６３９９８０００１',
    '+33 6 39 98 00 01',
    '+33639980001',
    '+33 (0)6 39 98 00 01',
    '+33 (0) 639980001',
    '0033 6 39 98 00 01',
    '0033 (0)6 39 98 00 01',
    '33639980001',
    'tel:+33639980001',
    "'0639980001",
    '\u200e+33639980001\u200e',
    ' 0639980001\t',
  ])('reads %j', (raw) => {
    expect(read(raw)).toBe('+33639980001');
  });

  it.each([
    ['639980001', '+33639980001 (repaired)'],
    ['199000012', '+33199000012 (repaired)'],
    ['33199000012.0', '+33199000012 (repaired)'],
    ['33199000012,0', '+33199000012 (repaired)'],
    ['692000001', '+262692000001 (repaired)'],
    ['+33692000000', '+262692000000 (repaired)'],
    ['0033 596 00 00 00', '+596596000000 (repaired)'],
  ])('repairs %s and says so', (raw, expected) => {
    expect(read(raw)).toBe(expected);
  });

  it.each([
    ['0262 00 00 00', '+262262000000'],
    ['0263 00 00 00', '+262263000000'],
    ['0692 00 00 00', '+262692000000'],
    ['0693 00 00 00', '+262693000000'],
    ['0269 60 00 00', '+262269600000'],
    ['0639 00 00 00', '+262639000000'],
    ['0590 00 00 00', '+590590000000'],
    ['0598 70 00 00', '+590598700000'],
    ['0690 00 00 00', '+590690000000'],
    ['0691 00 00 00', '+590691000000'],
    ['0709 00 00 00', '+590709000000'],
    ['0594 00 00 00', '+594594000000'],
    ['0694 00 00 00', '+594694000000'],
    ['0596 00 00 00', '+596596000000'],
    ['0696 00 00 00', '+596696000000'],
    ['0697 00 00 00', '+596697000000'],
    ['0508 41 00 00', '+508410000'],
    ['0708 00 00 00', '+508708000000'],
    ['+262 692 00 00 00', '+262692000000'],
    ['+262 (0)692 00 00 00', '+262692000000'],
    ['262692000001', '+262692000001'],
    ['262262000001', '+262262000001'],
    ['590690000001', '+590690000001'],
    ['09 76 00 00 00', '+33976000000'],
    ['09 37 00 00 00', '+33937000000'],
  ])('maps %s to %s', (raw, expected) => {
    expect(read(raw)).toBe(expected);
  });

  it.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ['n/a', 'not_a_number'],
    ['Jean Dupont', 'not_a_number'],
    ['06 39 98 00 01 poste 12', 'not_a_number'],
    ['06399800+01', 'not_a_number'],
    ['0639980001;0639980002', 'not_a_number'],
    ['06 39 98 00 01 / 06 39 98 00 02', 'too_many_digits'],
    ['3,36E+10', 'rounded_by_spreadsheet'],
    ['3.36399E+10', 'rounded_by_spreadsheet'],
    ['33639000000', 'rounded_by_spreadsheet'],
    ['639000000', 'rounded_by_spreadsheet'],
    ['262692000000', 'rounded_by_spreadsheet'],
    ['15', 'emergency'],
    ['112', 'emergency'],
    ['116 117', 'emergency'],
    ['3114', 'emergency'],
    ['+33 112', 'emergency'],
    ['3646', 'short_number'],
    ['118 218', 'short_number'],
    ['06 39 98', 'short_number'],
    ['+33 1 99', 'short_number'],
    ['063998000', 'impossible'],
    ['06399800012', 'too_many_digits'],
    ['+336399800012', 'too_many_digits'],
    ['+32 1', 'impossible'],
    ['+999123456789', 'impossible'],
    ['9'.repeat(500), 'not_a_number'],
  ])('refuses %j: %s', (raw, problem) => {
    expect(read(raw)).toBe(problem);
  });

  it('reads its own results unchanged, however they are written (random numbers)', () => {
    const random = seededRandom(33);
    for (let round = 0; round < 500; round++) {
      const digits = Array.from({ length: 8 }, () => Math.floor(random() * 10)).join('');
      const national = `${pick(random, ['1', '2', '3', '4', '5', '6', '7', '9'])}${digits}`;
      const parsed = parsePhoneNumber(`0${national}`);
      if (!parsed.ok) throw new Error(`0${national}: ${parsed.problem}`);
      expect(parsed.repaired).toBe(false);
      expect(parsed.number).toMatch(/^\+[1-9]\d{8,14}$/);
      expect(read(parsed.number)).toBe(parsed.number);
      const separator = pick(random, [' ', '.', '-', '\u00a0', '']);
      const spaced = `0${national}`.match(/../g)?.join(separator) ?? '';
      expect(read(spaced)).toBe(parsed.number);
      if (parsed.number.startsWith('+33')) {
        expect(read(`0033 (0)${national}`)).toBe(parsed.number);
        if (!national.endsWith('000000')) expect(read(national)).toBe(`${parsed.number} (repaired)`);
      }
    }
  });

  it('never makes a number of the mainland that is not one: random text', () => {
    const random = seededRandom(7);
    const alphabet = '0123456789+() .-eE,/aé\u00a0';
    for (let round = 0; round < 5000; round++) {
      const raw = Array.from({ length: Math.floor(random() * 16) }, () =>
        alphabet.charAt(Math.floor(random() * alphabet.length)),
      ).join('');
      const parsed = parsePhoneNumber(raw);
      if (!parsed.ok) continue;
      expect(parsed.number).toMatch(/^\+[1-9]\d{3,14}$/);
      if (parsed.number.startsWith('+33')) expect(parsed.number).toMatch(/^\+33[1-9]\d{8}$/);
      expect(forbiddenNumberReason(parsed.number)).not.toBe('not_e164');
    }
  });
});
