import { execFile, spawn } from 'node:child_process';
import { constants, open, readFile, unlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { OperatorError } from '../../errors.ts';
import { isAlive, SERVER_ENVIRONMENT } from './cluster.ts';
import type { Placement } from './placement.ts';

/** A running server, as its own `postmaster.pid` tells. */
export interface Postmaster {
  pid: number;
  port: number;
  /** False while it starts, recovers or stops. */
  ready: boolean;
}

export interface StartRequest {
  placement: Placement;
  dataDir: string;
  /** False for tests: nothing is forced to disk. */
  durable: boolean;
  /** Taken if it is free; null for any. */
  preferredPort: number | null;
  signal: AbortSignal;
}

const POLL_MS = 25;
const FAST_STOP_MS = 10_000;
const IMMEDIATE_STOP_MS = 5_000;

/** Every BullMQ worker and event listener holds a connection of its own. */
const MAX_CONNECTIONS = 200;

/** The server that runs on `dataDir` now; null when there is none. A pid file that names no server is no server. */
export async function findPostmaster(dataDir: string): Promise<Postmaster | null> {
  const pidFile = join(dataDir, 'postmaster.pid');
  const content = await readIfThere(pidFile);
  if (content === null) return null;
  const [pidLine, , , portLine, , , , statusLine] = content.split('\n');
  const pid = Number(pidLine);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  if (!isAlive(pid)) return null;
  if (!(await serves(pid, dataDir))) {
    // The id went to another program, or nobody collects the dead server: Postgres itself could take either for a
    // live one and refuse to start. Should its children still be there, their shared memory keeps a second one off.
    if ((await readIfThere(pidFile)) === content) await unlink(pidFile);
    return null;
  }
  return { pid, port: Number(portLine), ready: statusLine?.trim() === 'ready' };
}

/**
 * Starts a server on `dataDir` and resolves once it is ready, or once another process has started one. It outlives
 * this process and is deaf to this terminal's Ctrl-C: users of it may still be writing their last outcomes.
 */
export async function startPostmaster(request: StartRequest): Promise<void> {
  const { dataDir, signal } = request;
  let port = request.preferredPort ?? (await freePort());
  for (;;) {
    const fault = await launch(request, port);
    if (fault === null || (await findPostmaster(dataDir))) return;
    if (/could not bind|could not create any TCP\/IP sockets|Address already in use/.test(fault)) {
      port = await freePort();
    } else if (!/lock file .* already exists|shared memory block|is another postmaster/i.test(fault)) {
      throw new OperatorError(
        'embedded_postgres_start',
        `the embedded Postgres in ${request.placement.home} does not start: ${lastFault(fault)}`,
      );
    }
    // A server that was killed a moment ago still has children that are on their way out.
    await delay(POLL_MS * 4, undefined, { signal });
  }
}

/** Stops the server: politely, then by force. False when it could not be stopped in time. */
export async function stopPostmaster(dataDir: string): Promise<boolean> {
  for (const [signalName, waitMs] of [
    ['SIGINT', FAST_STOP_MS],
    ['SIGQUIT', IMMEDIATE_STOP_MS],
  ] as const) {
    const server = await findPostmaster(dataDir);
    if (!server) return true;
    process.kill(server.pid, signalName);
    if (await isGone(dataDir, waitMs)) return true;
  }
  return false;
}

/** Launches one server; null once it is ready, else what it said before it gave up. */
async function launch(
  { placement, dataDir, durable, signal }: StartRequest,
  port: number,
): Promise<string | null> {
  const logPath = join(placement.home, 'server.log');
  const { O_WRONLY, O_CREAT, O_TRUNC, O_APPEND } = constants;
  const log = await open(logPath, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0o600);
  try {
    const child = spawn(
      join(placement.binDir, 'postgres'),
      ['-D', dataDir, '-p', String(port), ...serverSettings(durable)],
      {
        ...placement.account,
        cwd: placement.home,
        env: SERVER_ENVIRONMENT,
        detached: true,
        stdio: ['ignore', log.fd, log.fd],
      },
    );
    child.unref();
    const fate: { ended: string | null } = { ended: null };
    child.once('error', (error) => (fate.ended = error.message));
    child.once('exit', (code, by) => (fate.ended = `ended with ${String(code ?? by)}`));
    for (;;) {
      const server = await findPostmaster(dataDir);
      if (server?.ready && server.pid === child.pid) return null;
      if (fate.ended !== null) return `${await readFile(logPath, 'utf8')}\n${fate.ended}`;
      await delay(POLL_MS, undefined, { signal });
    }
  } finally {
    await log.close();
  }
}

function serverSettings(durable: boolean): string[] {
  const settings = {
    // Reachable from this machine only, by password only, and by no socket file.
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: MAX_CONNECTIONS,
    shared_buffers: '128MB',
    wal_level: 'minimal',
    max_wal_senders: 0,
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    log_min_messages: 'warning',
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function isGone(dataDir: string, waitMs: number): Promise<boolean> {
  const deadline = performance.now() + waitMs;
  while (performance.now() < deadline) {
    if (!(await findPostmaster(dataDir))) return true;
    await delay(POLL_MS);
  }
  return false;
}

/** A live process id proves nothing by itself: ids are used again, soonest in containers. */
async function serves(pid: number, dataDir: string): Promise<boolean> {
  if (process.platform === 'linux') {
    const commandLine = await readIfThere(`/proc/${pid}/cmdline`);
    return commandLine?.split('\0').includes(dataDir) ?? false;
  }
  return promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]).then(
    ({ stdout }) => stdout.includes(dataDir),
    // ps fails when the process has gone meanwhile.
    () => false,
  );
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    // ESRCH: the process of a /proc file ended while it was read.
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH'))
      return null;
    throw error;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolvePort(address && typeof address === 'object' ? address.port : 0));
    });
  });
}

function lastFault(log: string): string {
  const lines = log.trim().split('\n');
  const fatal = lines.filter((line) => /FATAL|ERROR/.test(line)).at(-1) ?? lines.at(-1) ?? '';
  return fatal.replace(/^.*(FATAL|ERROR):\s*/, '');
}
