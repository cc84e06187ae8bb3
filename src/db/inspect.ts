import { Socket } from 'node:net';
import { drizzle } from 'drizzle-orm/node-postgres';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import pg from 'pg';
import { OperatorError } from '../errors.ts';
import { explainConnectionError } from './connection-errors.ts';
import { parseTarget } from './client.ts';
import { inspectOppositionKey, type OppositionKeySource } from './fingerprints.ts';
import { MIGRATIONS } from './migrate.ts';
import * as schema from './schema.ts';

/** What a look at the database tells. */
export interface DatabaseFacts {
  /** `18.4` */
  version: string;
  major: number;
  /** `host:port`, without credentials. */
  where: string;
  /** One question and its answer. */
  latencyMs: number;
  /** How far its clock is ahead of ours; null when the answer took too long to tell. */
  clockAheadMs: number | null;
  isReadOnly: boolean;
  /** For ordinary users. */
  maxConnections: number;
  usedConnections: number;
  schema: { state: 'none' | 'current' | 'ahead' } | { state: 'behind'; pending: number };
  /** Null where there is no schema yet; an error that says why nobody would be called. */
  oppositionKey: 'matches' | 'unused' | OperatorError | null;
}

interface InspectOptions {
  oppositionKey: OppositionKeySource;
  deadlineMs: number;
  signal: AbortSignal;
}

/** Looks at a database without changing it. Rejects with an `OperatorError` that says what to mend. */
export async function inspectDatabase(url: string, options: InspectOptions): Promise<DatabaseFacts> {
  const { deadlineMs, signal } = options;
  const target = parseTarget(url);
  // Ours, so that it can be closed whatever the other side does: `end()` waits for a server that stays silent.
  const socket = new Socket();
  const abort = (): void => void socket.destroy();
  const client = new pg.Client({
    connectionString: url,
    application_name: 'minibotpanel-doctor',
    connectionTimeoutMillis: deadlineMs,
    query_timeout: deadlineMs,
    stream: () => socket,
  });
  // A query in flight rejects by itself; unheard, the same error would end the process.
  client.on('error', () => undefined);
  signal.addEventListener('abort', abort);
  try {
    signal.throwIfAborted();
    await client.connect().catch((error: unknown) => {
      throw explainConnectionError(error, target);
    });
    return await look(client, `${target.host}:${target.port}`, options.oppositionKey);
  } finally {
    signal.removeEventListener('abort', abort);
    await Promise.race([client.end(), closed(socket)]);
    socket.destroy();
  }
}

/** Long enough for a goodbye. */
const GOODBYE_MS = 250;

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) resolve();
    const timer = setTimeout(resolve, GOODBYE_MS);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

interface Row {
  version: string;
  number: number;
  most: number;
  reserved: number;
  used: number;
  read_only: boolean;
  now_ms: number;
  migrated: boolean;
}

const QUESTION = `select current_setting('server_version') as version,
  current_setting('server_version_num')::int as number,
  current_setting('max_connections')::int as most,
  current_setting('superuser_reserved_connections')::int as reserved,
  (select count(*)::int from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()) as used,
  pg_is_in_recovery() or current_setting('default_transaction_read_only') = 'on' as read_only,
  (extract(epoch from clock_timestamp()) * 1000)::float8 as now_ms,
  to_regclass('drizzle.__drizzle_migrations') is not null as migrated`;

/** An answer that took longer says too little about the clock. */
const MAX_CLOCK_UNCERTAINTY_MS = 500;

async function look(client: pg.Client, where: string, key: OppositionKeySource): Promise<DatabaseFacts> {
  // The first question also pays for what the server sets up for a session.
  await client.query('select 1');
  const askedMs = Date.now();
  const { rows } = await client.query<Row>(QUESTION);
  const answeredMs = Date.now();
  const [row] = rows;
  if (row === undefined) throw new Error('the database answered a question with nothing');
  const latencyMs = answeredMs - askedMs;
  const state = row.migrated ? await schemaState(client) : ({ state: 'none' } as const);
  const hasKeyTable = state.state === 'current' || state.state === 'ahead';
  return {
    version: row.version.split(' ')[0] ?? row.version,
    major: Math.floor(row.number / 10_000),
    where,
    latencyMs,
    clockAheadMs: latencyMs > MAX_CLOCK_UNCERTAINTY_MS ? null : row.now_ms - (askedMs + answeredMs) / 2,
    isReadOnly: row.read_only,
    maxConnections: row.most - row.reserved,
    usedConnections: row.used,
    schema: state,
    oppositionKey: hasKeyTable ? await keyState(client, key) : null,
  };
}

async function keyState(
  client: pg.Client,
  key: OppositionKeySource,
): Promise<DatabaseFacts['oppositionKey']> {
  try {
    return await inspectOppositionKey(drizzle(client, { schema }), key);
  } catch (error) {
    if (error instanceof OperatorError) return error;
    throw error;
  }
}

/** By the time stamps that drizzle goes by itself. */
async function schemaState(client: pg.Client): Promise<DatabaseFacts['schema']> {
  const { rows } = await client.query<{ last: string | null }>(
    'select max(created_at)::text as last from drizzle.__drizzle_migrations',
  );
  const last = Number(rows[0]?.last ?? 0);
  const ours = readMigrationFiles({ migrationsFolder: MIGRATIONS }).map(({ folderMillis }) => folderMillis);
  const pending = ours.filter((millis) => millis > last).length;
  if (pending === ours.length) return { state: 'none' };
  if (pending > 0) return { state: 'behind', pending };
  return { state: last > Math.max(...ours) ? 'ahead' : 'current' };
}
