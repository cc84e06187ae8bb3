import { expect, it } from 'vitest';
import { readInfo } from '../../../src/queues/inspect-redis.ts';

it('reads what INFO tells of Redis and of Valkey, and lives with what managed servers leave out', () => {
  const redis = readInfo(
    'redis_version:7.0.15\r\nused_memory:1048576\r\nmaxmemory:2097152\r\nrole:slave\r\n',
  );
  expect(redis).toEqual({
    product: 'Redis',
    version: '7.0.15',
    isReplica: true,
    usedBytes: 1_048_576,
    maxBytes: 2_097_152,
  });
  expect(readInfo('redis_version:7.2.4\r\nvalkey_version:8.0.1\r\nrole:master\r\n')).toMatchObject({
    product: 'Valkey',
    version: '8.0.1',
    isReplica: false,
  });
  expect(readInfo('')).toEqual({
    product: 'Redis',
    version: '?',
    isReplica: false,
    usedBytes: 0,
    maxBytes: 0,
  });
});
