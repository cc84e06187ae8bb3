import { describe, expect, it } from 'vitest';
import { percentile } from '../../src/percentile.ts';

const ONE_TO_TWENTY = Array.from({ length: 20 }, (_, index) => 20 - index);

describe('percentile', () => {
  it('is the nearest rank, whatever the order of the values', () => {
    expect(percentile(ONE_TO_TWENTY, 0.5)).toBe(10);
    expect(percentile(ONE_TO_TWENTY, 0.95)).toBe(19);
    expect(percentile(ONE_TO_TWENTY, 0.99)).toBe(20);
  });

  it('takes the ends for the shares 0 and 1', () => {
    expect(percentile(ONE_TO_TWENTY, 0)).toBe(1);
    expect(percentile(ONE_TO_TWENTY, 1)).toBe(20);
  });

  it('compares as numbers and leaves the values as they were', () => {
    const values = [100, 9, 20];
    expect(percentile(values, 0.5)).toBe(20);
    expect(values).toEqual([100, 9, 20]);
  });

  it('is the only value of one, and nothing of none', () => {
    expect(percentile([7], 0.01)).toBe(7);
    expect(percentile([], 0.5)).toBeNull();
  });
});
