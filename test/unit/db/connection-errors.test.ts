import { DrizzleQueryError } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import {
  databaseErrorCode,
  explainConnectionError,
  isTransientDatabaseError,
} from '../../../src/db/connection-errors.ts';

const TARGET = { host: 'db.example', port: 5432, database: 'minibot', user: 'equipe' };

function failure(message: string, code?: string): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}

describe('which failures are worth trying again', () => {
  it.each([
    '08006',
    '40001',
    '40P01',
    '53300',
    '57P01',
    '57P03',
    '57014',
    'ECONNRESET',
    'ECONNREFUSED',
    'EPIPE',
  ])('%s is', (code) => {
    expect(isTransientDatabaseError(failure('gone', code))).toBe(true);
  });

  it.each(['23505', '23514', '42P01', '28P01', '3D000', '22021'])('%s is not', (code) => {
    expect(isTransientDatabaseError(failure('wrong', code))).toBe(false);
  });

  it.each([
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'timeout exceeded when trying to connect',
    'Client has encountered a connection error and is not queryable',
  ])('“%s”, which has no code, is', (message) => {
    expect(isTransientDatabaseError(failure(message))).toBe(true);
  });

  it('looks through the wrapping of drizzle and of several addresses', () => {
    const refused = new AggregateError([
      failure('refused', 'ECONNREFUSED'),
      failure('refused', 'ECONNREFUSED'),
    ]);
    const wrapped = new DrizzleQueryError('select 1', [], refused);
    expect(databaseErrorCode(wrapped)).toBe('ECONNREFUSED');
    expect(isTransientDatabaseError(wrapped)).toBe(true);
  });

  it('is none that did not come from a driver', () => {
    expect(isTransientDatabaseError(new Error('a bug of ours'))).toBe(false);
    expect(isTransientDatabaseError('text')).toBe(false);
    expect(databaseErrorCode(null)).toBeNull();
  });
});

describe('what the operator is told', () => {
  it.each([
    ['ECONNREFUSED', 'database_refused'],
    ['ENOTFOUND', 'database_host_unknown'],
    ['EAI_AGAIN', 'database_host_unknown'],
    ['EHOSTUNREACH', 'database_unreachable'],
    ['28P01', 'database_login_refused'],
    ['28000', 'database_login_refused'],
    ['3D000', 'database_unknown'],
    ['53300', 'database_full'],
    ['57P03', 'database_starting'],
    ['ETIMEDOUT', 'database_timeout'],
    ['XX000', 'database_failed'],
  ])('%s is %s', (code, stable) => {
    const error = explainConnectionError(failure('said', code), TARGET);
    expect(error.code).toBe(stable);
    expect(error.message).toContain('db.example');
  });

  it.each([
    ['timeout expired', 'database_timeout'],
    ['Connection terminated due to connection timeout', 'database_timeout'],
    ['SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string', 'database_login_refused'],
    ['The server does not support SSL connections', 'database_tls'],
    ['self-signed certificate', 'database_tls'],
    ['Connection terminated unexpectedly', 'database_no_postgres'],
  ])('“%s” is %s', (message, stable) => {
    expect(explainConnectionError(failure(message), TARGET).code).toBe(stable);
  });

  it('keeps the driver’s error as the cause', () => {
    const cause = failure('refused', 'ECONNREFUSED');
    expect(explainConnectionError(cause, TARGET).cause).toBe(cause);
  });
});
