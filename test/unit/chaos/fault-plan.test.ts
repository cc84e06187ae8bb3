import { expect, it } from 'vitest';
import { planFaults } from '../../../chaos/fault-plan.ts';
import { inventPeople } from '../../../chaos/people.ts';
import { isReservedForFiction } from '../../../src/phone/numbering-plan.ts';

it('gives the same people and faults for the same seed, others for another', () => {
  expect(planFaults(1000, 5)).toEqual(planFaults(1000, 5));
  expect(planFaults(1000, 5)).not.toEqual(planFaults(1000, 6));
  expect(inventPeople(500, 5)).toEqual(inventPeople(500, 5));
  expect(inventPeople(500, 5)).not.toEqual(inventPeople(500, 6));
});

it('spreads the faults in order over the campaign, and begins with a kill', () => {
  const plan = planFaults(1000, 5);
  const at = plan.map(({ afterOriginates }) => afterOriginates);
  expect(at).toEqual([...at].sort((one, other) => one - other));
  expect(plan[0]?.fault.kind).toBe('kill-worker');
  expect(new Set(plan.map(({ fault }) => fault.kind)).size).toBeGreaterThan(6);
  expect(at.every((count) => count >= 1 && count <= 900)).toBe(true);
});

it('calls each fictitious number once, up to 20,000 of them', () => {
  const phones = inventPeople(20_000, 1).map(({ phone }) => phone);
  expect(new Set(phones).size).toBe(20_000);
  expect(phones.every(isReservedForFiction)).toBe(true);
  expect(() => inventPeople(20_001, 1)).toThrow(/fiction/);
});
