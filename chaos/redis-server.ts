import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { MinibotError, OperatorError } from '../src/errors.ts';
import { Child, type ChildEnd } from './child.ts';
import { freePort } from './free-port.ts';

interface RedisServerOptions {
  /** Keeps the append-only file. */
  dir: string;
  onUnexpectedExit: (error: Error) => void;
}

const AOF_DIR = 'appendonlydir';
const READY_DEADLINE_MS = 15_000;
const STOP_DEADLINE_MS = 10_000;

/** A private redis-server with an append-only file, to be stopped and started. */
export class RedisServer {
  private constructor(
    private readonly options: RedisServerOptions,
    private readonly port: number,
    private child: Child,
  ) {}

  /** Rejects with an `OperatorError` when there is no redis-server on PATH. */
  static async open(options: RedisServerOptions): Promise<RedisServer> {
    const port = await freePort();
    return new RedisServer(options, port, await start(options, port));
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Away for `downMs`, then back with what its file holds. */
  async restart({ how, downMs }: { how: 'shutdown' | 'kill'; downMs: number }): Promise<void> {
    await (how === 'kill' ? this.child.kill() : this.child.stop({ deadlineMs: STOP_DEADLINE_MS }));
    await delay(downMs);
    this.child = await start(this.options, this.port);
  }

  /** Dies and comes back without any data. */
  async wipe(): Promise<void> {
    await this.child.kill();
    await rm(path.join(this.options.dir, AOF_DIR), { recursive: true, force: true });
    this.child = await start(this.options, this.port);
  }

  async close(): Promise<void> {
    await this.child.stop({ deadlineMs: STOP_DEADLINE_MS });
  }
}

async function start({ dir, onUnexpectedExit }: RedisServerOptions, port: number): Promise<Child> {
  let onReady: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => {
    onReady = resolve;
  });
  const child = new Child({
    command: 'redis-server',
    args: [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', ''],
      ...[
        '--appendonly',
        'yes',
        '--appenddirname',
        AOF_DIR,
        '--appendfsync',
        'everysec',
        '--maxmemory-policy',
        'noeviction',
      ],
    ],
    env: {},
    cwd: dir,
    onLine: (line) => {
      if (line.includes('Ready to accept connections')) onReady();
    },
    onUnexpectedExit: (end) => onUnexpectedExit(endedError(end)),
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const error = new MinibotError(
      'chaos_redis_late',
      `redis-server was not ready within ${READY_DEADLINE_MS} ms`,
    );
    timer = setTimeout(() => reject(error), READY_DEADLINE_MS);
  });
  const ended = child.exited.then((end) => Promise.reject(endedError(end)));
  try {
    await Promise.race([ready, ended, late]);
    return child;
  } catch (error) {
    await child.kill();
    throw error;
  } finally {
    clearTimeout(timer);
    // From here on its end is told by `onUnexpectedExit`.
    ended.catch(() => undefined);
  }
}

function endedError({ lastErrors }: ChildEnd): OperatorError {
  return new OperatorError(
    'chaos_redis_ended',
    `redis-server does not run (is it installed and on PATH?): ${lastErrors}`,
  );
}
