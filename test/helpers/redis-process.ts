import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A `redis-server` process of a test. */
export interface RedisProcess {
  /** kill -9. May be called twice. */
  kill(): Promise<void>;
  /** May be called twice, and after `kill`. */
  close(): Promise<void>;
}

const START_DEADLINE_MS = 10_000;

/** Resolves once it has said `readyText`; null when there is no `redis-server` on PATH. */
export async function startRedisProcess(
  args: readonly string[],
  { readyText = 'Ready to accept connections' } = {},
): Promise<RedisProcess | null> {
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const failed = once(child, 'error').then(([error]: unknown[]) => error);
  const exited = once(child, 'exit');
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);

  const said: string[] = [];
  const isReady = async () => {
    for await (const line of createInterface({ input: child.stdout })) {
      said.push(line);
      if (line.includes(readyText)) return 'ready' as const;
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
    throw new Error(`redis-server did not start (${String(outcome)}): ${said.slice(-3).join('\n')}`);
  }
  // Nobody reads on; a full pipe would stop the server.
  child.stdout.resume();
  const end = async (signal: NodeJS.Signals) => {
    process.off('exit', kill);
    child.kill(signal);
    await exited;
  };
  return { kill: () => end('SIGKILL'), close: () => end('SIGTERM') };
}
