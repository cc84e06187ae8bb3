import { drizzle } from 'drizzle-orm/node-postgres';
import type { NodePgDatabase, NodePgQueryResultHKT } from 'drizzle-orm/node-postgres';
import type { PgDatabase } from 'drizzle-orm/pg-core';
import pg from 'pg';
import type { Logger } from 'pino';
import { OperatorError } from '../errors.ts';
import { explainConnectionError } from './connection-errors.ts';
import type { ConnectionTarget } from './connection-errors.ts';
import { openEmbeddedPostgres } from './embedded-postgres.ts';
import * as schema from './schema.ts';

/** What repositories take: the database or a transaction on it. */
export type Executor = PgDatabase<NodePgQueryResultHKT, typeof schema>;

export interface DatabaseOptions {
  /** `DATABASE_URL`; null starts (or joins) the embedded server. */
  url: string | null;
  /** Where the embedded server keeps its data, e.g. `.minibot/postgres`. */
  dataDir: string;
  /** Connections this process may hold. */
  poolMax: number;
}

/** An open database with its schema's types. Owned by the process's `main.ts`, which closes it last. */
export interface Database {
  db: Executor;
  pool: pg.Pool;
  /** Connection string, password included: for what cannot share the pool. Never to be logged. */
  url: string;
  /** Waits for queries in flight, then stops the embedded server unless another process uses it. Idempotent. */
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 10_000;
const STATEMENT_TIMEOUT_MS = 30_000;
const IDLE_TRANSACTION_TIMEOUT_MS = 60_000;
const IDLE_CLIENT_MS = 30_000;

/** Opens the database and proves that it answers. Rejects with an `OperatorError` that says what to mend. */
export async function openDatabase(options: DatabaseOptions, logger: Logger): Promise<Database> {
  if (options.url !== null) return connect(options.url, options.poolMax, logger);
  const server = await openEmbeddedPostgres({ dataDir: options.dataDir, durable: true }, logger);
  try {
    const database = await connect(server.url, options.poolMax, logger);
    return {
      ...database,
      close: once(async () => {
        await database.close();
        await server.close();
      }),
    };
  } catch (error) {
    await server.close();
    throw error;
  }
}

async function connect(url: string, poolMax: number, logger: Logger): Promise<Database> {
  const target = parseTarget(url);
  const pool = new pg.Pool({
    connectionString: url,
    max: poolMax,
    application_name: 'minibotpanel',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_CLIENT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_TRANSACTION_TIMEOUT_MS,
    keepAlive: true,
  });
  // A dropped connection is replaced by the pool at the next query; unheard, its error would end the process. The pool
  // speaks for idle connections only: one that drops between two statements of a transaction has to be heard itself.
  pool.on('connect', (client) =>
    client.on('error', (error) => {
      // `end()` does not wait for its connections: the embedded server may stop before they are gone.
      if (!pool.ending) logger.warn({ err: error }, 'a database connection was lost');
    }),
  );
  pool.on('error', () => undefined);
  try {
    await pool.query('select 1');
  } catch (error) {
    await pool.end();
    throw explainConnectionError(error, target);
  }
  const db = drizzle(pool, { schema });
  db.transaction = (work, config) => inTransaction(pool, (own) => own.transaction(work, config));
  return { db, pool, url, close: once(() => pool.end()) };
}

/**
 * drizzle's own way on a pool never gives a connection back that breaks at `begin`: after a few restarts of the server none
 * would be left. One on which a transaction failed is not used again, for its rollback may have failed as well.
 */
async function inTransaction<T>(pool: pg.Pool, run: (own: Session) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let isSound = false;
  try {
    const result = await run(drizzle(client, { schema }));
    isSound = true;
    return result;
  } finally {
    client.release(!isSound);
  }
}

type Session = NodePgDatabase<typeof schema>;

/** Where a `DATABASE_URL` points. Throws an `OperatorError` that never repeats it. */
export function parseTarget(url: string): ConnectionTarget {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    // The cause is left out: it would carry the password.
    throw new OperatorError('database_url_invalid', `DATABASE_URL is not a URL: write ${URL_FORM}.`);
  }
  if (parsed.protocol !== 'postgres:' && parsed.protocol !== 'postgresql:') {
    throw new OperatorError(
      'database_url_invalid',
      `DATABASE_URL begins with “${parsed.protocol}”: write ${URL_FORM}.`,
    );
  }
  const user = decodeURIComponent(parsed.username);
  return {
    host: parsed.hostname || 'localhost',
    port: Number(parsed.port || 5432),
    database: decodeURIComponent(parsed.pathname.slice(1)) || user,
    user,
  };
}

const URL_FORM = 'postgresql://user:password@host:5432/database';

function once(action: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null;
  return () => (done ??= action());
}
