import { spawnSync } from 'node:child_process';
import { freePort } from './free-port.ts';
import { startRedisProcess } from './redis-process.ts';

interface TestRedis {
  url: string;
  /** Stops a server of our own; leaves one that was given alone. */
  close(): Promise<void>;
}

/**
 * The Redis of a test file: the one of `REDIS_URL`, else a private server from PATH. Null, and a loud word, when there is
 * neither; then those tests are skipped, unless `MINIBOT_REQUIRE_REDIS=1` makes that a failure.
 */
export async function openTestRedis(): Promise<TestRedis | null> {
  const given = process.env['REDIS_URL'];
  if (given !== undefined && given !== '') return { url: given, close: () => Promise.resolve() };
  const started = await startPrivateRedis({ password: null });
  if (started !== null) return started;
  return nothingTested('no REDIS_URL and no redis-server on PATH: the queues were NOT tested on Redis');
}

/** Says loudly that tests are skipped; throws where `MINIBOT_REQUIRE_REDIS=1` forbids it. */
function nothingTested(missing: string): null {
  if (process.env['MINIBOT_REQUIRE_REDIS'] === '1') throw new Error(missing);
  console.warn(`\n${'!'.repeat(missing.length + 4)}\n! ${missing} !\n${'!'.repeat(missing.length + 4)}\n`);
  return null;
}

/** A `redis-server` of our own on a free port, without persistence; null when there is none on PATH. */
export async function startPrivateRedis(options: { password: string | null }): Promise<TestRedis | null> {
  const port = await freePort();
  const server = await startRedisProcess([
    ...['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    ...['--maxmemory-policy', 'noeviction'],
    ...(options.password === null ? [] : ['--requirepass', options.password]),
  ]);
  if (server === null) return null;
  const credentials = options.password === null ? '' : `:${options.password}@`;
  return { url: `redis://${credentials}127.0.0.1:${port}`, close: () => server.close() };
}

/** Whether servers of our own can be started, for what one given by `REDIS_URL` cannot show. As loud as `openTestRedis`. */
export function hasRedisServer(): boolean {
  if (spawnSync('redis-server', ['--version']).status === 0) return true;
  nothingTested('no redis-server on PATH: TLS, Sentinel and Cluster were NOT tested');
  return false;
}
