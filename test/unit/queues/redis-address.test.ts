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
      tls: null,
      database: 0,
      masterName: null,
      sentinelLogin: null,
    });
    expect(parseRedisUrl('rediss://bot:p%40ss@[::1]:7000/3')).toMatchObject({
      nodes: [{ host: '::1', port: 7000 }],
      username: 'bot',
      password: 'p@ss',
      tls: { caFile: null, certFile: null, keyFile: null },
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
      sentinelLogin: { username: null, password: null },
    });
    expect(parseRedisUrl('rediss-cluster://one,two')).toMatchObject({
      topology: 'cluster',
      tls: { caFile: null },
      masterName: null,
    });
  });

  it('reads the files of TLS and the login of the sentinels', () => {
    const files = 'ca=/etc/redis/ca%20of%20ours.pem&cert=c.pem&key=k.pem';
    expect(parseRedisUrl(`rediss://host?${files}`).tls).toEqual({
      caFile: '/etc/redis/ca of ours.pem',
      certFile: 'c.pem',
      keyFile: 'k.pem',
    });
    expect(
      parseRedisUrl('rediss-sentinel://:s@one/m?sentinel_user=u&sentinel_password=a%26b%3D&ca=c.pem'),
    ).toMatchObject({
      password: 's',
      sentinelLogin: { username: 'u', password: 'a&b=' },
      tls: { caFile: 'c.pem' },
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
    ['redis://host?ca=ca.pem', '“ca”'],
    ['rediss://host?verify=none', '“verify”'],
    ['rediss://host?ca=', '“ca”'],
    ['rediss://host?cert=c.pem', 'belong together'],
    ['redis-cluster://host?sentinel_password=x', '“sentinel_password”'],
  ])('refuses %s', (url, fault) => {
    expect(() => parseRedisUrl(url)).toThrow(OperatorError);
    expect(() => parseRedisUrl(url)).toThrow(fault);
  });

  it('never repeats a password', () => {
    expect(() => parseRedisUrl('redis://u:s3cret@host/x')).not.toThrow(/s3cret/);
    expect(() => parseRedisUrl('redis://host?sentinel_password=s3cret')).not.toThrow(/s3cret/);
    expect(describeRedis(parseRedisUrl('redis-sentinel://u:s3cret@one,two/m'))).toBe(
      'one:26379, two:26379 (sentinels of m)',
    );
    expect(describeRedis(parseRedisUrl('redis-cluster://u:s3cret@one'))).toBe('one:6379 (cluster)');
  });
});
