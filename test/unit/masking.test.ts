import { expect, it } from 'vitest';
import { maskPhoneNumber } from '../../src/masking.ts';

it.each([
  ['+33199000012', '+331990••••12'],
  ['+33639980001', '+336399••••01'],
  ['0199000012', '019••••'],
  ['+3319', '+33••••'],
  ['', '••••'],
])('%s is shown as %s', (number, shown) => {
  expect(maskPhoneNumber(number)).toBe(shown);
});
