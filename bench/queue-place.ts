import { spawnSync } from 'node:child_process';
import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { Logger } from 'pino';
import { RedisServer } from '../chaos/redis-server.ts';
import type { Closers } from '../src/closers.ts';
import { openEmbeddedPostgres } from '../src/db/embedded-postgres.ts';
import { migrate } from '../src/db/migrate.ts';

/** A database and a store of queues of the bench's own. */
export interface QueuePlace {
  kind: 'redis' | 'postgres';
  databaseUrl: string;
  /** Null: the queues are in the database. */
  redisUrl: string | null;
  namespace: string;
  /** What the queues take, in Redis' memory or in Postgres' tables with their indexes. */
  storedBytes(): Promise<number>;
  /** What the application's tables and indexes take. */
  databaseBytes(): Promise<number>;
}

const NAMESPACE = 'bench_queues';
const CONNECT_TIMEOUT_MS = 10_000;

export function hasRedisServer(): boolean {
  return spawnSync('redis-server', ['--version']).status === 0;
}

/** Starts private servers in `dir`, which is empty; `closers` stops them. Both keep on disk what they are given. */
export async function openQueuePlace(
  kind: QueuePlace['kind'],
  dir: string,
  closers: Closers,
  logger: Logger,
  onFailure: (error: Error) => void,
): Promise<QueuePlace> {
  await mkdir(dir, { recursive: true });
  // For a run as root: the database's unprivileged user passes through.
  await chmod(dir, 0o755);
  const postgres = await openEmbeddedPostgres({ dataDir: path.join(dir, 'postgres'), durable: true }, logger);
  closers.add('postgres', () => postgres.close());
  await migrate(postgres.url, logger);
  const redis = kind === 'redis' ? await RedisServer.open({ dir, onUnexpectedExit: onFailure }) : null;
  if (redis !== null) closers.add('redis', () => redis.close());
  const { url: databaseUrl } = postgres;
  const redisUrl = redis?.url ?? null;
  return {
    kind,
    databaseUrl,
    redisUrl,
    namespace: NAMESPACE,
    storedBytes: () => (redisUrl === null ? tableBytes(databaseUrl, NAMESPACE) : redisBytes(redisUrl)),
    databaseBytes: () => tableBytes(databaseUrl, 'public'),
  };
}

async function redisBytes(url: string): Promise<number> {
  const client = new Redis(url);
  try {
    return Number(/^used_memory:(\d+)/m.exec(await client.info('memory'))?.[1]);
  } finally {
    client.disconnect();
  }
}

async function tableBytes(databaseUrl: string, schema: string): Promise<number> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  await client.connect();
  try {
    const { rows } = await client.query<{ bytes: string | null }>(
      `select sum(pg_total_relation_size(c.oid)) as bytes
       from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relkind = 'r'`,
      [schema],
    );
    return Number(rows[0]?.bytes ?? 0);
  } finally {
    await client.end();
  }
}
