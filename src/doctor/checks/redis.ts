import { OperatorError } from '../../errors.ts';
import { describeRedis, parseRedisUrl } from '../../queues/redis-address.ts';
import { inspectRedis, type RedisFacts } from '../../queues/inspect-redis.ts';
import type { RedisAdvice } from '../../queues/redis-advice.ts';
import type { Check } from '../check.ts';
import { finding, type Finding } from '../findings.ts';

const MB = 1024 ** 2;
const NEARLY_FULL = 0.8;

/** Where the queues live, unless that is the database. */
export const checkRedis: Check = async ({ config, signal }) => {
  const { url } = config.redis;
  if (url === null) return [finding('redis_unused', {})];
  try {
    return findingsOf(await inspectRedis(url, { signal }));
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    const where = describeRedis(parseRedisUrl(url));
    if (error.code === 'redis_auth_refused') return [finding('redis_refused', { where })];
    if (error.code !== 'redis_unreachable') throw error;
    const cause = error.cause instanceof Error ? error.cause.message : String(error.cause);
    return [finding('redis_unreachable', { where, detail: cause })];
  }
};

function findingsOf(facts: RedisFacts): Finding[] {
  const { product, version, where, latencyMs, usedBytes, maxBytes } = facts;
  const used = Math.round(usedBytes / MB);
  const isNearlyFull = maxBytes > 0 && usedBytes > maxBytes * NEARLY_FULL;
  return [
    finding('redis_version', { product, version, where, latencyMs }),
    isNearlyFull
      ? finding('redis_nearly_full', { used, most: Math.round(maxBytes / MB) })
      : finding('redis_memory', { used }),
    ...(facts.isReplica ? [finding('redis_replica', {})] : []),
    ...facts.advice.map(describe),
  ];
}

function describe({ code, node, found }: RedisAdvice): Finding {
  const detail = `${node}: ${found}`;
  switch (code) {
    case 'evicts':
      return finding('redis_evicts', { detail });
    case 'forgets':
      return finding('redis_forgets', {});
    case 'old':
      return finding('redis_old', { detail });
  }
}
