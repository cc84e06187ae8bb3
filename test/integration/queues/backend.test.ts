import { randomUUID } from 'node:crypto';
import pino from 'pino';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { OperatorError } from '../../../src/errors.ts';
import { openQueueBackend } from '../../../src/queues/backend.ts';
import { createTestDatabase } from '../../helpers/database.ts';
import { openTestRedis, startPrivateRedis } from '../../helpers/redis.ts';

const silent = pino({ level: 'silent' });
const redis = await openTestRedis();
const lockedRedis = redis === null ? null : await startPrivateRedis({ password: 'right' });
afterAll(() => Promise.all([redis?.close(), lockedRedis?.close()]));

async function faultOf(
  redisUrl: string | null,
  databaseUrl = 'postgresql://nobody@127.0.0.1:9/none',
): Promise<unknown> {
  return openQueueBackend(
    { redisUrl, databaseUrl, namespace: `test_${randomUUID().slice(0, 8)}` },
    silent,
  ).then(
    () => null,
    (error: unknown) => error,
  );
}

function expectOperatorError(error: unknown, code: string, message: RegExp): void {
  expect(error).toBeInstanceOf(OperatorError);
  expect(error).toMatchObject({ code });
  expect(String(error)).toMatch(message);
  expect(String(error)).not.toContain('s3cret');
}

describe('opening the queues', () => {
  it('says that Redis cannot be reached', async () => {
    expectOperatorError(
      await faultOf('redis://u:s3cret@127.0.0.1:9'),
      'redis_unreachable',
      /127\.0\.0\.1:9 \(REDIS_URL\) cannot be reached: .*ECONNREFUSED/,
    );
  });

  it('says that no node of a cluster, and no sentinel, can be reached', async () => {
    expectOperatorError(
      await faultOf('redis-cluster://:s3cret@127.0.0.1:9'),
      'redis_unreachable',
      /REDIS_URL/,
    );
    expectOperatorError(
      await faultOf('redis-sentinel://:s3cret@127.0.0.1:9/m'),
      'redis_unreachable',
      /REDIS_URL/,
    );
  });

  it('says that the database cannot be reached', async () => {
    expectOperatorError(await faultOf(null), 'queue_database_unavailable', /DATABASE_URL.*ECONNREFUSED/);
  });

  it.skipIf(lockedRedis === null)('says that the password is wrong, or missing', async () => {
    const url = lockedRedis?.url ?? '';
    expectOperatorError(await faultOf(url.replace('right', 's3cret')), 'redis_auth_refused', /REDIS_URL/);
    expectOperatorError(await faultOf(url.replace(':right@', '')), 'redis_auth_refused', /REDIS_URL/);
  });

  it.skipIf(lockedRedis === null)('says that there is no such database', async () => {
    expectOperatorError(await faultOf(`${lockedRedis?.url ?? ''}/9999`), 'redis_database_unknown', /9999/);
  });

  it('makes its tables beside ours, by two processes at once, and closes twice', async () => {
    const database = await createTestDatabase();
    try {
      const options = { redisUrl: null, databaseUrl: database.url, namespace: 'bullmq' };
      const backends = await Promise.all([
        openQueueBackend(options, silent),
        openQueueBackend(options, silent),
      ]);
      for (const backend of backends) {
        await backend.queue(1).waitUntilReady();
        await backend.close();
        await backend.close();
        expect(() => backend.queue(2)).toThrow(/after close/);
      }
      // The server notices a closed connection a moment later.
      await vi.waitFor(async () => {
        const { rows } = await database.pool.query(
          "select application_name from pg_stat_activity where datname = current_database() and application_name <> 'minibotpanel'",
        );
        expect(rows).toEqual([]);
      });
    } finally {
      await database.close();
    }
  });
});
