import { createRedisBackend } from 'bullmq';
import type { Logger } from 'pino';
import { describeRedis, parseRedisUrl } from './redis-address.ts';
import { connectRedis, createRedisClient, readRedisTls, type RedisClient } from './redis-client.ts';
import { adviseOnRedis } from './redis-advice.ts';
import type { QueueStore } from './store.ts';

/** Opens the queues' Redis. Rejects with an `OperatorError` that names REDIS_URL and never its password. */
export async function openRedisStore(
  options: { redisUrl: string; namespace: string },
  logger: Logger,
): Promise<QueueStore> {
  const address = parseRedisUrl(options.redisUrl);
  const tls = await readRedisTls(address);
  const clients = {
    producer: createRedisClient(address, tls, 'producer'),
    consumer: createRedisClient(address, tls, 'consumer'),
  };
  const all: RedisClient[] = [clients.producer, clients.consumer];
  try {
    for (const client of all) await connectRedis(client, address);
    for (const { advice, ...facts } of await adviseOnRedis(clients.producer)) logger.warn(facts, advice);
  } catch (error) {
    for (const client of all) client.disconnect();
    throw error;
  }
  for (const client of all) {
    client.on('error', (error: Error) =>
      logger.warn({ err: error }, 'connection to Redis failed; trying again'),
    );
    // Every queue and worker listens to the client it shares; the number grows with the campaigns that run.
    client.setMaxListeners(0);
  }
  logger.info({ redis: describeRedis(address) }, 'queues are kept in Redis');

  let closing: Promise<void> | null = null;
  return {
    kind: 'redis',
    factory: (name, { connection, ...rest }, extra) =>
      createRedisBackend(name, { ...rest, connection: clients[connection.role] }, extra),
    // On a cluster every key of a queue must fall into one slot: the braces make the prefix the part that is hashed.
    prefixFor: (queueName) =>
      address.topology === 'cluster' ? `{${options.namespace}-${queueName}}` : options.namespace,
    ping: async () => {
      await clients.producer.ping();
    },
    close: () => {
      closing ??= disconnectAll(all);
      return closing;
    },
  };
}

async function disconnectAll(clients: RedisClient[]): Promise<void> {
  await Promise.all(
    clients.map(async (client) => {
      if (client.status !== 'ready') {
        client.disconnect();
        return;
      }
      try {
        await client.quit();
      } catch {
        // Redis went away between the check and QUIT: there is nothing left to say goodbye to.
        client.disconnect();
      }
    }),
  );
}
