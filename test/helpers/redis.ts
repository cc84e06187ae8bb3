import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { freePort } from './free-port.ts';

interface TestRedis {
  url: string;
  /** Stops a server of our own; leaves one that was given alone. */
  close(): Promise<void>;
}

const START_DEADLINE_MS = 10_000;

/**
 * The Redis of a test file: the one of `REDIS_URL`, else a private server from PATH. Null, and a loud word, when there is
 * neither; then those tests are skipped, unless `MINIBOT_REQUIRE_REDIS=1` makes that a failure.
 */
export async function openTestRedis(): Promise<TestRedis | null> {
  const given = process.env['REDIS_URL'];
  if (given !== undefined && given !== '') return { url: given, close: () => Promise.resolve() };
  const started = await startPrivateRedis({ password: null });
  if (started !== null) return started;
  const missing = 'no REDIS_URL and no redis-server on PATH: the queues were NOT tested on Redis';
  if (process.env['MINIBOT_REQUIRE_REDIS'] === '1') throw new Error(missing);
  console.warn(`\n${'!'.repeat(missing.length + 4)}\n! ${missing} !\n${'!'.repeat(missing.length + 4)}\n`);
  return null;
}

/** A `redis-server` of our own on a free port, without persistence; null when there is none on PATH. */
export async function startPrivateRedis(options: { password: string | null }): Promise<TestRedis | null> {
  const port = await freePort();
  const child = spawn(
    'redis-server',
    [
      ...['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
      ...['--maxmemory-policy', 'noeviction'],
      ...(options.password === null ? [] : ['--requirepass', options.password]),
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const failed = once(child, 'error').then(([error]: unknown[]) => error);
  const exited = once(child, 'exit');
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);

  const isReady = async () => {
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.includes('Ready to accept connections')) return 'ready' as const;
    }
    return 'ended' as const;
  };
  const outcome = await Promise.race([
    isReady(),
    failed,
    new Promise((resolve) => setTimeout(resolve, START_DEADLINE_MS, 'late').unref()),
  ]);
  if (outcome !== 'ready') {
    process.off('exit', kill);
    if (outcome instanceof Error && 'code' in outcome && outcome.code === 'ENOENT') return null;
    child.kill('SIGKILL');
    throw new Error(`redis-server on port ${port} did not start: ${String(outcome)}`);
  }
  // Nobody reads on; a full pipe would stop the server.
  child.stdout.resume();
  const credentials = options.password === null ? '' : `:${options.password}@`;
  return {
    url: `redis://${credentials}127.0.0.1:${port}`,
    close: async () => {
      process.off('exit', kill);
      child.kill('SIGTERM');
      await exited;
    },
  };
}
