import { describe, expect, it } from 'vitest';
import { en } from '../../../src/cli/messages/en.ts';
import { reportError } from '../../../src/cli/report-error.ts';
import { OperatorError } from '../../../src/errors.ts';
import { fakeTerminal } from './fake-terminal.ts';

const wrapped = new Error(`Failed query: ${'x'.repeat(5000)}\nparams: +33199000001`, {
  cause: new Error('the server\nwent away'),
});

function report(error: unknown, { json = false, verbose = false } = {}): string {
  const { terminal, written } = fakeTerminal();
  reportError(error, { messages: en, terminal, json, verbose });
  expect(written.out).toBe('');
  return written.err;
}

describe('reportError', () => {
  it('says in one line what the operator can mend', () => {
    expect(report(new OperatorError('gone', 'the file is gone', { cause: wrapped }))).toBe(
      'error: the file is gone\n',
    );
  });

  it('says of an unexpected error what was behind it, in one line, with a hint', () => {
    expect(report(wrapped)).toBe(
      'error: unexpected: the server went away\nRun it again with --verbose to see where it comes from.\n',
    );
    expect(report(new AggregateError([new Error('first')], 'all'))).toContain('unexpected: first\n');
    expect(report('a string')).toContain('unexpected: a string\n');
  });

  it('shows every cause with --verbose, none of them at length', () => {
    const shown = report(wrapped, { verbose: true });
    expect(shown).toContain('Failed query');
    expect(shown).toContain('Error: the server');
    expect(shown).toContain('report-error.test.ts');
    expect(shown.length).toBeLessThan(2000);
  });

  it('gives programs a code', () => {
    const shown = report(new OperatorError('gone', 'the file is gone'), { json: true });
    expect(JSON.parse(shown)).toEqual({ error: { code: 'gone', message: 'the file is gone' } });
    expect(JSON.parse(report(wrapped, { json: true }))).toMatchObject({ error: { code: 'unexpected' } });
  });
});
