import { expect, it } from 'vitest';
import { contactStatusAfter } from '../../../src/campaigns/contact-status.ts';
import type { ContactStatus } from '../../../src/db/schema.ts';

function after(status: ContactStatus, result: string, changes: { counted?: boolean; optOut?: boolean } = {}) {
  return contactStatusAfter(status, { result, counted: true, optOut: false, ...changes });
}

it.each([
  ['success', 'qualified'],
  ['not_interested', 'not_interested'],
  ['callback', 'callback'],
  ['wrong_number', 'invalid'],
  ['invalid_number', 'invalid'],
  ['busy', 'called'],
  ['answering_machine', 'called'],
  ['a_result_of_somebodys_scenario', 'called'],
])('%s makes a person %s', (result, status) => {
  expect(after('pending', result)).toBe(status);
});

it('keeps what an earlier call found out when a later one comes to nothing', () => {
  expect(after('qualified', 'no_answer')).toBe('qualified');
  expect(after('callback', 'hangup')).toBe('callback');
  expect(after('qualified', 'not_interested')).toBe('not_interested');
});

it('takes no notice of an attempt that was not one to reach the person', () => {
  expect(after('pending', 'failed', { counted: false })).toBe('pending');
});

it('takes a wish not to be called again for a no, whatever the call came to', () => {
  expect(after('qualified', 'success', { optOut: true })).toBe('not_interested');
});
