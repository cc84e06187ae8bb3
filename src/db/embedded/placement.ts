import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { access, chown, cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { OperatorError } from '../../errors.ts';
import type { PostgresBinaries } from './binaries.ts';

/** The user the server runs as: Postgres refuses to run as root. */
export interface Account {
  uid: number;
  gid: number;
}

/** Where an embedded server lives. */
export interface Placement {
  /** Owned by the account, closed to others. Holds the cluster in `data` and `server.log`. */
  home: string;
  binDir: string;
  /** Null: the user we are ourselves. */
  account: Account | null;
}

/** Where root puts what the unprivileged account could not reach elsewhere, e.g. under `/root`. */
const SYSTEM_DIR = '/var/lib/minibotpanel';

/** Debian's own first: where it exists nothing has to be created. */
const ACCOUNT_NAMES = ['postgres', 'minibot-postgres'] as const;
const COMMAND_TIMEOUT_MS = 60_000;

const run = promisify(execFile);

/**
 * Chooses where the server of `dataDir` lives and as whom it runs, and creates the folder. For everybody but root
 * that is `dataDir` and oneself. Root lends the server to an unprivileged account; what that account cannot reach
 * (a project under `/root`) is placed under `systemDir`.
 */
export async function placeServer(
  dataDir: string,
  binaries: PostgresBinaries,
  systemDir: string = SYSTEM_DIR,
): Promise<Placement> {
  const wanted = resolve(dataDir);
  const binDir = join(binaries.nativeDir, 'bin');
  try {
    if (process.getuid?.() !== 0) {
      await mkdir(wanted, { recursive: true, mode: 0o700 });
      return { home: wanted, binDir, account: null };
    }
    const account = await unprivilegedAccount();
    await mkdir(dirname(wanted), { recursive: true });
    const home = (await canReach(account, dirname(wanted))) ? wanted : join(systemDir, folderNameOf(wanted));
    await mkdir(dirname(home), { recursive: true });
    await mkdir(home, { recursive: true, mode: 0o700 });
    await chown(home, account.uid, account.gid);
    const reachable = await canReach(account, join(binDir, 'postgres'));
    return { home, account, binDir: reachable ? binDir : await copyBinaries(binaries, systemDir) };
  } catch (error) {
    throw error instanceof OperatorError ? error : notUsable(wanted, error);
  }
}

/** Where the server of `dataDir` may live already, without making anything. */
export function possibleHomes(dataDir: string, systemDir: string = SYSTEM_DIR): string[] {
  const wanted = resolve(dataDir);
  return [wanted, join(systemDir, folderNameOf(wanted))];
}

/** One folder for each data folder: two projects under `/root` stay apart. */
function folderNameOf(dataDir: string): string {
  return `postgres-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`;
}

/** Says that `path` belongs to somebody else or is read-only. */
export function notUsable(path: string, cause: unknown): OperatorError {
  return new OperatorError(
    'embedded_postgres_folder',
    `the embedded Postgres cannot use ${path}: make it writable for the user that runs MiniBotPanel, or set DATABASE_URL.`,
    { cause },
  );
}

async function unprivilegedAccount(): Promise<Account> {
  for (const name of ACCOUNT_NAMES) {
    const account = await findAccount(name);
    if (account) return account;
  }
  const name = ACCOUNT_NAMES[1];
  try {
    await run(
      'useradd',
      ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', name],
      { timeout: COMMAND_TIMEOUT_MS },
    );
  } catch (error) {
    // Another process of ours may have created it a moment ago.
    const account = await findAccount(name);
    if (account) return account;
    throw new OperatorError(
      'embedded_postgres_account',
      `Postgres does not run as root and the user “${name}” could not be created: run MiniBotPanel as another user, or set DATABASE_URL.`,
      { cause: error },
    );
  }
  const created = await findAccount(name);
  if (!created)
    throw new OperatorError('embedded_postgres_account', `the user “${name}” was created but is not found.`);
  return created;
}

async function findAccount(name: string): Promise<Account | null> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    // `id` fails for a name that does not exist.
    return null;
  }
}

/** Whether the account may pass every folder on the way to `path`, and read and enter (or run) `path` itself. */
async function canReach(account: Account, path: string): Promise<boolean> {
  const own = await stat(path);
  if (!permits(own, account, 0o5)) return false;
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (!permits(await stat(folder), account, 0o1)) return false;
    if (folder === dirname(folder)) return true;
  }
}

function permits(file: { mode: number; uid: number; gid: number }, account: Account, bits: number): boolean {
  const shift = file.uid === account.uid ? 6 : file.gid === account.gid ? 3 : 0;
  return ((file.mode >> shift) & bits) === bits;
}

/** Once per version; complete or not there at all. */
async function copyBinaries(binaries: PostgresBinaries, systemDir: string): Promise<string> {
  const target = join(systemDir, `postgres-programs-${binaries.version}`);
  const binDir = join(target, 'bin');
  const isThere = await access(binDir).then(
    () => true,
    () => false,
  );
  if (isThere) return binDir;
  const copy = `${target}-${randomUUID()}`;
  await mkdir(systemDir, { recursive: true, mode: 0o755 });
  await cp(binaries.nativeDir, copy, { recursive: true, verbatimSymlinks: true });
  await run('chmod', ['-R', 'a+rX', copy], { timeout: COMMAND_TIMEOUT_MS });
  try {
    await rename(copy, target);
  } catch (error) {
    await rm(copy, { recursive: true, force: true });
    // Another process of ours may have been faster.
    await access(binDir).catch(() => {
      throw notUsable(systemDir, error);
    });
  }
  return binDir;
}
