import { access, chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import pg from 'pg';
import pino from 'pino';
import { openEmbeddedPostgres } from '../../src/db/embedded-postgres.ts';
import { migrate } from '../../src/db/migrate.ts';

/** The Postgres of one test run: shared by its test files, each of which has databases of its own on it. */
export interface TestServerRequest {
  /** A server that exists; null: an embedded one in `dataDir`. */
  url: string | null;
  dataDir: string;
  /** Begins the name of every database of this run. */
  runId: string;
}

/** Any constant of ours: two test files that begin together make one template. */
const TEMPLATE_LOCK = 7_264_120_817;

const silent = pino({ level: 'silent' });

export interface TestServer {
  url: string;
  /** A database that is migrated and empty, to be cloned. */
  template: string;
}

/** Starts or joins the run's server. */
export async function openTestServer(request: TestServerRequest): Promise<TestServer> {
  const url = request.url ?? (await startEmbedded(request.dataDir));
  const template = `${request.runId}_template`;
  await withClient(url, async (client) => {
    await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const known = await client.query('select 1 from pg_database where datname = $1', [template]);
    if (known.rowCount !== 0) return;
    const unfinished = `${template}_unfinished`;
    await client.query(`create database ${unfinished}`);
    await migrate(databaseUrl(url, unfinished), silent);
    await client.query(`alter database ${unfinished} rename to ${template}`);
  });
  return { url, template };
}

/** Stops the embedded server, or drops what the run left on the server it was given. */
export async function closeTestServer(request: TestServerRequest): Promise<void> {
  if (request.url === null) {
    const wasStarted = await access(startedMark(request.dataDir)).then(
      () => true,
      () => false,
    );
    if (wasStarted)
      await (await openEmbeddedPostgres({ dataDir: request.dataDir, durable: false }, silent)).close();
    return;
  }
  await withClient(request.url, async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      'select datname from pg_database where starts_with(datname, $1)',
      [`${request.runId}_`],
    );
    for (const { datname } of rows) await client.query(`drop database ${datname} with (force)`);
  });
}

export function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/** Runs `use` on a connection of its own. */
export async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** Left running at the end of each test file: the next one joins it, and the run's teardown stops it. */
async function startEmbedded(dataDir: string): Promise<string> {
  await mkdir(dirname(dataDir), { recursive: true });
  // For a run as root: the server's unprivileged user passes through, whatever the umask.
  await chmod(dirname(dataDir), 0o755);
  await writeFile(startedMark(dataDir), '');
  const server = await openEmbeddedPostgres({ dataDir, durable: false }, silent);
  await server.leaveRunning();
  return server.url;
}

function startedMark(dataDir: string): string {
  return `${dataDir}.started`;
}
