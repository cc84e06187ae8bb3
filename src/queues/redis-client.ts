import { readFile } from 'node:fs/promises';
import type { ConnectionOptions } from 'node:tls';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { OperatorError } from '../errors.ts';
import { describeRedis, type RedisAddress } from './redis-address.ts';
import type { StoreConnection } from './store.ts';

export type RedisClient = Redis | Cluster;

const CONNECT_TIMEOUT_MS = 5_000;
const MAX_RECONNECT_DELAY_MS = 5_000;

/** Reads the files that the address names. Null without TLS. Rejects with an `OperatorError` that names the file. */
export async function readRedisTls({ tls }: RedisAddress): Promise<ConnectionOptions | null> {
  if (tls === null) return null;
  const [ca, cert, key] = await Promise.all([tls.caFile, tls.certFile, tls.keyFile].map(readPem));
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

async function readPem(file: string | null): Promise<string | undefined> {
  if (file === null) return undefined;
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new OperatorError('redis_tls_file', `the file ${file} that REDIS_URL names cannot be read`, {
      cause: error,
    });
  }
}

/** Makes a client that is not connected yet; the caller connects, listens to `error` and closes it. */
export function createRedisClient(
  address: RedisAddress,
  tls: ConnectionOptions | null,
  role: StoreConnection['role'],
): RedisClient {
  const retryDelayMs = (times: number) => Math.min(100 * 2 ** Math.min(times, 10), MAX_RECONNECT_DELAY_MS);
  const failFast = role === 'producer';
  const common: RedisOptions = {
    ...(address.username === null ? {} : { username: address.username }),
    ...(address.password === null ? {} : { password: address.password }),
    ...(tls === null ? {} : { tls }),
    connectTimeout: CONNECT_TIMEOUT_MS,
    maxRetriesPerRequest: failFast ? 1 : null,
    enableOfflineQueue: !failFast,
    lazyConnect: true,
  };
  const [first] = address.nodes;
  switch (address.topology) {
    case 'cluster':
      return new Cluster(address.nodes, {
        redisOptions: common,
        enableOfflineQueue: !failFast,
        lazyConnect: true,
        clusterRetryStrategy: retryDelayMs,
        // By their names, not by what these resolve to: certificates are made out to names.
        ...(tls === null ? {} : { dnsLookup: (name, callback) => callback(null, name) }),
      });
    case 'sentinel':
      return new Redis({
        ...common,
        db: address.database,
        sentinels: address.nodes,
        name: address.masterName ?? '',
        ...sentinelLogin(address),
        // Unless told, ioredis speaks to sentinels and to the master they name in clear, whatever `tls` says.
        ...(tls === null ? {} : { sentinelTLS: tls, enableTLSForSentinelMode: true }),
        // Not `failoverDetector`: news of a failover during an attempt to connect would end this client for good.
        sentinelRetryStrategy: retryDelayMs,
        retryStrategy: retryDelayMs,
      });
    case 'single':
      return new Redis({ ...common, ...first, db: address.database, retryStrategy: retryDelayMs });
  }
}

function sentinelLogin({ sentinelLogin: login }: RedisAddress): RedisOptions {
  const { username = null, password = null } = login ?? {};
  return {
    ...(username === null ? {} : { sentinelUsername: username }),
    ...(password === null ? {} : { sentinelPassword: password }),
  };
}

/** Connects, or rejects with an `OperatorError` that names REDIS_URL and says what to do. */
export async function connectRedis(client: RedisClient, address: RedisAddress): Promise<void> {
  // connect() rejects with a bare "Connection is closed." once it gives up; the cause comes as `error` before that.
  let lastError: unknown = null;
  const remember = (error: unknown) => {
    lastError = error;
  };
  client.on('error', remember);
  let timer: NodeJS.Timeout | undefined;
  try {
    const deadline = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('no answer')), CONNECT_TIMEOUT_MS + 1_000);
    });
    const refused = new Promise<never>((_resolve, reject) => {
      client.once('error', reject);
    });
    await Promise.race([client.connect(), refused, deadline]);
    await Promise.race([client.ping(), deadline]);
  } catch (error) {
    // What it still has to say after this has been said below; unheard, ioredis would print it.
    client.on('error', () => undefined);
    client.disconnect();
    throw redisFault(address, lastError ?? error);
  } finally {
    clearTimeout(timer);
    client.off('error', remember);
  }
}

function redisFault(address: RedisAddress, cause: unknown): OperatorError {
  const where = describeRedis(address);
  const detail = messageOf(cause);
  if (/WRONGPASS|NOAUTH|invalid password|without any password|NOPERM/i.test(detail)) {
    return new OperatorError(
      'redis_auth_refused',
      `Redis at ${where} refused the user or password in REDIS_URL: correct them there`,
      { cause },
    );
  }
  if (/DB index is out of range/i.test(detail)) {
    return new OperatorError(
      'redis_database_unknown',
      `Redis at ${where} has no database ${address.database}: correct the number at the end of REDIS_URL`,
      { cause },
    );
  }
  if (/certificate|altname|unable to verify/i.test(detail)) {
    return new OperatorError(
      'redis_certificate_refused',
      `the certificate of Redis at ${where} is not trusted: ${detail}. Name the file of the authority that signed it in ` +
        'REDIS_URL (rediss://host?ca=/path/to/ca.pem), and the host as the certificate does',
      { cause },
    );
  }
  return new OperatorError(
    'redis_unreachable',
    `Redis at ${where} (REDIS_URL) cannot be reached: ${detail}${tlsHint(address, detail)}. ` +
      'Start it, correct REDIS_URL, or leave REDIS_URL empty to keep the queue in Postgres',
    { cause },
  );
}

/** One side speaks TLS and the other does not: the server hangs up, or waits for ever. */
function tlsHint({ tls }: RedisAddress, detail: string): string {
  if (tls === null) return /ECONNRESET|EPIPE/.test(detail) ? ' (does it want TLS, rediss://?)' : '';
  return /ETIMEDOUT|no answer|wrong version/i.test(detail) ? ' (does it speak TLS?)' : '';
}

/** The innermost messages: ioredis wraps, and Node joins the addresses that it tried into one AggregateError. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  const inner = 'lastNodeError' in error ? error.lastNodeError : error.cause;
  if (inner instanceof Error) return messageOf(inner);
  return error.message === '' && 'code' in error ? String(error.code) : error.message;
}
