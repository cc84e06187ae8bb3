import { Cluster } from 'ioredis';
import { describeRedis, parseRedisUrl } from './redis-address.ts';
import { adviseOnRedis, type RedisAdvice } from './redis-advice.ts';
import { connectRedis, createRedisClient, readRedisTls } from './redis-client.ts';

/** What a look at Redis tells. */
export interface RedisFacts {
  /** `host:port` …, without credentials. */
  where: string;
  product: 'Redis' | 'Valkey';
  version: string;
  latencyMs: number;
  isReplica: boolean;
  usedBytes: number;
  /** 0: no limit. */
  maxBytes: number;
  advice: readonly RedisAdvice[];
}

/** Looks at the Redis of `REDIS_URL` without changing it. Rejects with an `OperatorError` that never holds its password. */
export async function inspectRedis(url: string, { signal }: { signal: AbortSignal }): Promise<RedisFacts> {
  const address = parseRedisUrl(url);
  const client = createRedisClient(address, await readRedisTls(address), 'producer');
  // Each command in flight rejects by itself; unheard, ioredis would print it.
  client.on('error', () => undefined);
  const abort = (): void => client.disconnect();
  signal.addEventListener('abort', abort);
  try {
    signal.throwIfAborted();
    await connectRedis(client, address);
    const askedMs = performance.now();
    await client.ping();
    const latencyMs = Math.round(performance.now() - askedMs);
    const master = client instanceof Cluster ? (client.nodes('master')[0] ?? client) : client;
    return {
      where: describeRedis(address),
      latencyMs,
      ...readInfo(await master.info()),
      advice: await adviseOnRedis(client),
    };
  } finally {
    signal.removeEventListener('abort', abort);
    client.disconnect();
  }
}

/** Pure. What `INFO` leaves out, as managed servers do, counts as unlimited or unknown. */
export function readInfo(
  info: string,
): Pick<RedisFacts, 'product' | 'version' | 'isReplica' | 'usedBytes' | 'maxBytes'> {
  const field = (name: string) => new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1];
  const valkey = field('valkey_version');
  return {
    product: valkey === undefined ? 'Redis' : 'Valkey',
    version: valkey ?? field('redis_version') ?? '?',
    isReplica: field('role') === 'slave',
    usedBytes: Number(field('used_memory') ?? 0),
    maxBytes: Number(field('maxmemory') ?? 0),
  };
}
