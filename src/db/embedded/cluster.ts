import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { chown, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { OperatorError } from '../../errors.ts';
import { notUsable } from './placement.ts';
import type { Placement } from './placement.ts';

/** A data directory that exists, with the key to it. */
export interface Cluster {
  dataDir: string;
  password: string;
}

export const SUPERUSER = 'minibot';
/** Environment of the server's programs: nothing of ours (PGDATA, PGPORT, locale) must reach them. */
export const SERVER_ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** In the cluster, so that a cluster never exists without its password. */
const PASSWORD_FILE = 'minibot-password';
const UNFINISHED_PREFIX = 'unfinished-';
const INITDB_TIMEOUT_MS = 120_000;

/** Returns the cluster in `home`, creating it first if need be. Two processes that create it at once agree on one. */
export async function ensureCluster(
  placement: Placement,
  { durable }: { durable: boolean },
): Promise<Cluster> {
  const dataDir = join(placement.home, 'data');
  const existing = await readPassword(dataDir);
  if (existing !== null) return { dataDir, password: existing };
  await createCluster(placement, dataDir, durable);
  const password = await readPassword(dataDir);
  if (password === null) throw notUsable(dataDir, null);
  return { dataDir, password };
}

/** Whether a server was ever made in one of these folders. */
export async function clusterExists(homes: readonly string[]): Promise<boolean> {
  const passwords = await Promise.all(homes.map((home) => readPassword(join(home, 'data'))));
  return passwords.some((password) => password !== null);
}

async function readPassword(dataDir: string): Promise<string | null> {
  try {
    return await readFile(join(dataDir, PASSWORD_FILE), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw notUsable(dataDir, error);
  }
}

/** initdb works aside; the finished cluster appears in one rename. */
async function createCluster(placement: Placement, dataDir: string, durable: boolean): Promise<void> {
  const { home, binDir, account } = placement;
  await removeAbandoned(home);
  const aside = join(home, `${UNFINISHED_PREFIX}${process.pid}-${randomUUID()}`);
  const passwordFile = `${aside}.password`;
  try {
    await mkdir(aside, { mode: 0o700 });
    await writeFile(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' });
    if (account) {
      await chown(aside, account.uid, account.gid);
      await chown(passwordFile, account.uid, account.gid);
    }
    await promisify(execFile)(
      join(binDir, 'initdb'),
      [
        `--pgdata=${aside}`,
        `--username=${SUPERUSER}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--locale=C',
        '--no-instructions',
        ...(durable ? [] : ['--no-sync']),
      ],
      { ...account, cwd: home, env: SERVER_ENVIRONMENT, timeout: INITDB_TIMEOUT_MS },
    );
    await rename(passwordFile, join(aside, PASSWORD_FILE));
    await rename(aside, dataDir).catch((error: unknown) => {
      // Somebody else's cluster is there already: it is as good as ours.
      if (!(
        error instanceof Error &&
        'code' in error &&
        (error.code === 'ENOTEMPTY' || error.code === 'EEXIST')
      )) {
        throw error;
      }
    });
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EROFS')) {
      throw notUsable(home, error);
    }
    throw new OperatorError(
      'embedded_postgres_init',
      `the embedded Postgres could not create its files in ${home}: ${lastLine(error)}`,
      { cause: error },
    );
  } finally {
    await rm(passwordFile, { force: true });
    await rm(aside, { recursive: true, force: true });
  }
}

/** What a process that was killed during initdb left behind. */
async function removeAbandoned(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    const pid = Number(/^unfinished-(\d+)-/.exec(name)?.[1]);
    if (Number.isInteger(pid) && pid !== process.pid && !isAlive(pid)) {
      await rm(join(home, name), { recursive: true, force: true });
    }
  }
}

/** Whether a process with this id exists, whoever it belongs to. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function lastLine(error: unknown): string {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
  return said.trim() === '' ? String(error) : (said.trim().split('\n').at(-1) ?? said);
}
