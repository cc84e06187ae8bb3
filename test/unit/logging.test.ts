import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../../src/logging.ts';

function logged(
  write: (logger: ReturnType<typeof createLogger>) => void,
  options = {},
): Record<string, unknown>[] {
  const lines: string[] = [];
  const settings = { level: 'info' as const, dir: null, maskPhoneNumbers: true, ...options };
  write(createLogger(settings, { write: (line) => lines.push(line) }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('a log entry', () => {
  it('is JSON with the name of its level and the time', () => {
    const [entry] = logged((logger) => logger.warn({ callId: 'x' }, 'hello'));
    expect(entry).toMatchObject({ level: 'warn', callId: 'x', msg: 'hello' });
    expect(entry?.['time']).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  it('shows phone numbers masked, also one level down and in the bindings of a child', () => {
    const entries = logged((logger) => {
      logger.info({ phone: '+33199000012', contact: { phone: '+33199000013' } }, '');
      logger.child({ number: '+33199000014' }).info('');
    });
    expect(entries[0]).toMatchObject({ phone: '+331990••••12', contact: { phone: '+331990••••13' } });
    expect(entries[1]).toMatchObject({ number: '+331990••••14' });
  });

  it('shows phone numbers in full where the operator wants it', () => {
    const [entry] = logged((logger) => logger.info({ phone: '+33199000012' }, ''), {
      maskPhoneNumbers: false,
    });
    expect(entry).toMatchObject({ phone: '+33199000012' });
  });

  it('never shows secrets', () => {
    const [entry] = logged((logger) =>
      logger.info({ password: 'x', database: { url: 'postgres://u:p@h/d' } }, ''),
    );
    expect(entry).toMatchObject({ password: '[hidden]', database: { url: '[hidden]' } });
  });

  it('says of an error what helps, and none of the query parameters or connections that hang on it', () => {
    const cause = Object.assign(new Error('connection refused'), {
      code: 'ECONNREFUSED',
      client: { password: 'geheim' },
    });
    const error = Object.assign(
      new Error('Failed query: select 1\nparams: +33199000012,two\nlines', { cause }),
      {
        params: ['+33199000012'],
      },
    );
    const [entry] = logged((logger) => logger.error({ err: error }, 'it failed'));
    expect(entry).toMatchObject({
      err: {
        type: 'Error',
        message: 'Failed query: select 1\nparams: (not shown)',
        cause: { code: 'ECONNREFUSED', message: 'connection refused' },
      },
    });
    expect(JSON.stringify(entry)).not.toMatch(/33199000012|lines|geheim/);
    expect(JSON.stringify(entry)).toMatch(/logging\.test/);
  });

  it('is left out below the level', () => {
    expect(logged((logger) => logger.debug('x'))).toEqual([]);
    expect(logged((logger) => logger.debug('x'), { level: 'debug' })).toHaveLength(1);
  });
});

it('writes to LOG_DIR too, making the folder', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'logs-'));
  try {
    const dir = path.join(directory, 'new');
    expect(logged((logger) => logger.info('both'), { dir })).toHaveLength(1);
    await expect(readFile(path.join(dir, 'minibot.log'), 'utf8')).resolves.toContain('"msg":"both"');
  } finally {
    await rm(directory, { recursive: true });
  }
});

it('says what to do when LOG_DIR cannot be used', () => {
  expect(() => createLogger({ level: 'info', dir: '/dev/null/logs', maskPhoneNumbers: true })).toThrow(
    'LOG_DIR /dev/null/logs cannot be written to',
  );
});
