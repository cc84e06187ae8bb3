import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openDatabase } from '../../../src/db/client.ts';
import { openEmbeddedPostgres } from '../../../src/db/embedded-postgres.ts';
import { locateBinaries } from '../../../src/db/embedded/binaries.ts';
import { placeServer } from '../../../src/db/embedded/placement.ts';
import { findPostmaster } from '../../../src/db/embedded/postmaster.ts';
import { withClient } from '../../helpers/test-server.ts';

const USER_SCRIPT = fileURLToPath(new URL('../../helpers/embedded-user.ts', import.meta.url));
const logger = pino({ level: 'silent' });
// Eleven servers are made, started and stopped here: slow on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const isRoot = process.getuid?.() === 0;

let folder: string;
let dataDir: string;
let cluster: string;
let children: ChildProcessWithoutNullStreams[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'minibot-embedded-'));
  await chmod(folder, 0o755);
  dataDir = join(folder, 'postgres');
  cluster = join(dataDir, 'data');
  children = [];
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  const server = await findPostmaster(cluster);
  if (server) {
    process.kill(server.pid, 'SIGKILL');
    await gone();
  }
  await rm(folder, { recursive: true, force: true });
});

function open() {
  return openEmbeddedPostgres({ dataDir, durable: false }, logger);
}

/** Another process that uses the server; resolves once it has joined. */
async function spawnUser(): Promise<{ child: ChildProcessWithoutNullStreams; url: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', USER_SCRIPT, dataDir], { stdio: 'pipe' });
  children.push(child);
  let said = '';
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  for await (const url of createInterface({ input: child.stdout })) return { child, url };
  throw new Error(`the other process ended before it had joined: ${said}`);
}

async function endUser(child: ChildProcessWithoutNullStreams): Promise<void> {
  const exited = once(child, 'exit');
  child.stdin.end();
  expect(await exited).toEqual([0, null]);
}

async function serverPid(): Promise<number> {
  const server = await findPostmaster(cluster);
  if (!server) throw new Error('no server runs');
  return server.pid;
}

function gone(): Promise<void> {
  return vi.waitFor(async () => expect(await findPostmaster(cluster)).toBeNull(), 15_000);
}

function answer(url: string): Promise<number | undefined> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ two: number }>('select 1 + 1 as two');
    return rows[0]?.two;
  });
}

it('starts a server that is closed to others, and stops it', async () => {
  const server = await open();

  const settings = await withClient(server.url, async (client) => {
    const { rows } = await client.query<{ name: string; setting: string }>(
      `select name, setting from pg_settings
       where name in ('listen_addresses', 'unix_socket_directories', 'max_connections', 'server_encoding')`,
    );
    return Object.fromEntries(rows.map((row) => [row.name, row.setting]));
  });
  expect(settings).toEqual({
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    server_encoding: 'UTF8',
  });
  const password = join(cluster, 'minibot-password');
  expect((await stat(password)).mode & 0o777).toBe(0o600);
  expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
  expect(new URL(server.url).password).toBe(await readFile(password, 'utf8'));
  const stranger = new URL(server.url);
  stranger.password = 'guessed';
  await expect(answer(stranger.href)).rejects.toMatchObject({ code: '28P01' });

  await server.close();
  await server.close();
  expect(await findPostmaster(cluster)).toBeNull();
  expect((await readdir(dataDir)).sort()).toEqual(['data', 'server.log']);
});

it('keeps what was stored over a stop and a start', async () => {
  const first = await open();
  await withClient(first.url, (client) => client.query("create table kept as select 'oui' as said"));
  await first.close();

  const second = await open();
  const said = await withClient(second.url, (client) => client.query('select said from kept'));
  await second.close();

  expect(said.rows).toEqual([{ said: 'oui' }]);
});

it('is one server for processes that begin at once; the last one out stops it', async () => {
  const [mine, other] = await Promise.all([open(), spawnUser()]);
  expect(other.url).toBe(mine.url);
  const pid = await serverPid();

  await mine.close();
  expect(await serverPid()).toBe(pid);
  expect(await answer(other.url)).toBe(2);

  await endUser(other.child);
  expect(await findPostmaster(cluster)).toBeNull();
});

it('joins a server whose process was killed, and stops it in its place', async () => {
  const { child, url } = await spawnUser();
  const pid = await serverPid();
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;

  const server = await open();

  expect(server.url).toBe(url);
  expect(await serverPid()).toBe(pid);
  // The killed process's connection may end a moment after it: until then it still counts as a user.
  await vi.waitFor(async () => {
    const others = await withClient(server.url, (client) =>
      client.query("select 1 from pg_stat_activity where application_name = 'minibotpanel-share'"),
    );
    expect(others.rowCount).toBe(1);
  }, 10_000);
  await server.close();
  expect(await findPostmaster(cluster)).toBeNull();
});

it('leaves the server running when asked, for the next one to join', async () => {
  const first = await open();
  const pid = await serverPid();
  await first.leaveRunning();
  expect(await serverPid()).toBe(pid);

  const second = await open();
  expect(second.url).toBe(first.url);
  await second.close();
  expect(await findPostmaster(cluster)).toBeNull();
});

it('recovers from a server that was killed', async () => {
  const first = await open();
  await withClient(first.url, (client) => client.query('create table kept (id int)'));
  await first.leaveRunning();
  process.kill(await serverPid(), 'SIGKILL');
  await gone();

  const second = await open();
  expect(await withClient(second.url, (client) => client.query('select * from kept'))).toMatchObject({
    rowCount: 0,
  });
  await second.close();
});

it('is not misled by a pid file whose id belongs to another program by now', async () => {
  await (await open()).close();
  const other = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: 'pipe' });
  children.push(other);
  await once(other, 'spawn');
  const stale = [other.pid, cluster, 1, 5432, '', '127.0.0.1', '  1  1', 'ready   ', ''].join('\n');
  await writeFile(join(cluster, 'postmaster.pid'), stale);

  const server = await open();
  expect(await answer(server.url)).toBe(2);
  await server.close();
});

it('starts the server again, on the same port, when it dies in use', async () => {
  const database = await openDatabase({ url: null, dataDir, poolMax: 2 }, logger);
  const pid = await serverPid();

  process.kill(pid, 'SIGKILL');

  // Its children may answer for a moment longer: wait for the new one, then for this process's share in it.
  await vi.waitFor(async () => expect(await serverPid()).not.toBe(pid), 15_000);
  await vi.waitFor(async () => {
    const shares = await database.pool.query(
      "select 1 from pg_stat_activity where application_name = 'minibotpanel-share'",
    );
    expect(shares.rowCount).toBe(1);
  }, 15_000);
  await database.close();
  expect(await findPostmaster(cluster)).toBeNull();
});

it('says what is wrong with a folder it cannot use', async () => {
  await writeFile(join(folder, 'file'), '');

  await expect(
    openEmbeddedPostgres({ dataDir: join(folder, 'file', 'postgres'), durable: false }, logger),
  ).rejects.toMatchObject({
    code: 'embedded_postgres_folder',
    message: expect.stringContaining(join(folder, 'file', 'postgres')) as string,
  });
});

it('says what is wrong with data it cannot start on', async () => {
  await (await open()).close();
  await writeFile(join(cluster, 'PG_VERSION'), '9.6\n');

  await expect(open()).rejects.toMatchObject({
    code: 'embedded_postgres_start',
    message: expect.stringContaining('database files are incompatible with server') as string,
  });
});

it.runIf(isRoot)('puts what the unprivileged user could not reach where it can', async () => {
  const closed = join(folder, 'closed');
  await mkdir(closed, { mode: 0o700 });
  const systemDir = join(folder, 'system');
  const installed = await locateBinaries();
  // Programs that npm installed with umask 077 or under /root.
  const binaries = { ...installed, nativeDir: join(closed, 'native') };
  await mkdir(join(binaries.nativeDir, 'bin'), { recursive: true });
  await writeFile(join(binaries.nativeDir, 'bin', 'postgres'), '', { mode: 0o700 });

  const placements = await Promise.all(
    ['a', 'a', 'b'].map((name) => placeServer(join(closed, name), binaries, systemDir)),
  );

  const [first, second, other] = placements;
  expect(first?.home).toContain(systemDir);
  expect(second).toEqual(first);
  expect(other?.home).not.toBe(first?.home);
  expect((await stat(first?.home ?? '')).uid).toBe(first?.account?.uid);
  expect(first?.binDir).toBe(join(systemDir, `postgres-programs-${installed.version}`, 'bin'));
  expect((await stat(join(first?.binDir ?? '', 'postgres'))).mode & 0o777).toBe(0o755);
  expect((await readdir(systemDir)).filter((name) => name.startsWith('postgres-programs'))).toHaveLength(1);
});
