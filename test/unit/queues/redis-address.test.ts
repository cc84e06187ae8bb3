import { describe, expect, it } from 'vitest';
import { OperatorError } from '../../../src/errors.ts';
import { describeRedis, parseRedisUrl } from '../../../src/queues/redis-address.ts';

describe('parseRedisUrl', () => {
  it('reads a single server', () => {
    expect(parseRedisUrl('redis://localhost')).toEqual({
      topology: 'single',
      nodes: [{ host: 'localhost', port: 6379 }],
      username: null,
      password: null,
      tls: false,
      database: 0,
      masterName: null,
    });
    expect(parseRedisUrl('rediss://bot:p%40ss@[::1]:7000/3?x=1')).toMatchObject({
      nodes: [{ host: '::1', port: 7000 }],
      username: 'bot',
      password: 'p@ss',
      tls: true,
      database: 3,
    });
    expect(parseRedisUrl('redis://:secret@h:1')).toMatchObject({ username: null, password: 'secret' });
  });

  it('reads sentinels and clusters', () => {
    expect(parseRedisUrl('redis-sentinel://:s@one,two:5000/mymaster/2')).toMatchObject({
      topology: 'sentinel',
      nodes: [
        { host: 'one', port: 26379 },
        { host: 'two', port: 5000 },
      ],
      masterName: 'mymaster',
      database: 2,
    });
    expect(parseRedisUrl('rediss-cluster://one,two')).toMatchObject({
      topology: 'cluster',
      tls: true,
      masterName: null,
    });
  });

  it.each([
    ['http://host', 'scheme'],
    ['localhost:6379', 'scheme'],
    ['redis://', 'host or port'],
    ['redis://host:99999', 'host or port'],
    ['redis://host:port', 'host or port'],
    ['redis://one,two', 'several hosts'],
    ['redis://host/db', 'database number'],
    ['redis://host/1/2', 'database number'],
    ['redis-sentinel://one', 'name of the master'],
    ['redis-cluster://one/1', 'database 0'],
    ['redis://u:p%ZZ@host', 'stray %'],
  ])('refuses %s', (url, fault) => {
    expect(() => parseRedisUrl(url)).toThrow(OperatorError);
    expect(() => parseRedisUrl(url)).toThrow(fault);
  });

  it('never repeats a password', () => {
    expect(() => parseRedisUrl('redis://u:s3cret@host/x')).not.toThrow(/s3cret/);
    expect(describeRedis(parseRedisUrl('redis-sentinel://u:s3cret@one,two/m'))).toBe(
      'one:26379, two:26379 (sentinels of m)',
    );
    expect(describeRedis(parseRedisUrl('redis-cluster://u:s3cret@one'))).toBe('one:6379 (cluster)');
  });
});
