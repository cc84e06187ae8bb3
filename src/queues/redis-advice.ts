import { Cluster, type Redis } from 'ioredis';
import type { RedisClient } from './redis-client.ts';

/** What is wrong with how a Redis is set up, and what to do. Fit for logs. */
export interface RedisAdvice {
  code: 'evicts' | 'forgets' | 'old';
  advice: string;
  node: string;
  /** What Redis says of itself. */
  found: string;
}

/** BullMQ still works with 5.0; below this it is slower and less tested. */
const RECOMMENDED_VERSION = [6, 2] as const;

/** Looks at every master. Empty when all is well. */
export async function adviseOnRedis(client: RedisClient): Promise<RedisAdvice[]> {
  const masters = client instanceof Cluster ? client.nodes('master') : [client];
  return (await Promise.all(masters.map(adviseOnNode))).flat();
}

async function adviseOnNode(client: Redis): Promise<RedisAdvice[]> {
  const { host = '', port = 0 } = client.options;
  const node = `${host}:${port}`;
  return adviseOnInfo(await client.info()).map((advice) => ({ ...advice, node }));
}

/** From what `INFO` answers. What it does not tell (managed servers leave things out) is taken to be well. Pure. */
export function adviseOnInfo(info: string): Omit<RedisAdvice, 'node'>[] {
  const field = (name: string) => new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1];
  const policy = field('maxmemory_policy');
  const appendOnly = field('aof_enabled');
  // Valkey names the Redis version that it is compatible with.
  const version = field('redis_version');
  const advice: Omit<RedisAdvice, 'node'>[] = [];
  if (policy !== undefined && policy !== 'noeviction') {
    advice.push({
      code: 'evicts',
      advice: 'Redis may throw queued calls away when its memory is full: set maxmemory-policy to noeviction',
      found: `maxmemory_policy:${policy}`,
    });
  }
  if (appendOnly === '0') {
    advice.push({
      code: 'forgets',
      advice:
        'Redis keeps no append-only file: if it stops, its queues are lost and workers must make them again from the ' +
        'database. Set appendonly to yes',
      found: 'aof_enabled:0',
    });
  }
  if (version !== undefined && isOlder(version, RECOMMENDED_VERSION)) {
    advice.push({
      code: 'old',
      advice: `this Redis is old: use ${RECOMMENDED_VERSION.join('.')} or newer`,
      found: `redis_version:${version}`,
    });
  }
  return advice;
}

function isOlder(version: string, [wantedMajor, wantedMinor]: readonly [number, number]): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}
