import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate as applyMigrations } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import type { Logger } from 'pino';
import { convertDoNotCall } from './convert-do-not-call.ts';
import type { OppositionKeySource } from './fingerprints.ts';
import * as schema from './schema.ts';

/** The folder that drizzle reads. */
export const MIGRATIONS = fileURLToPath(new URL('migrations', import.meta.url));

/** Any constant of ours: two processes that start together migrate one after the other. */
const MIGRATION_LOCK = 7_264_120_815;

const CONNECT_TIMEOUT_MS = 10_000;
const LOCK_TIMEOUT_MS = 120_000;

/**
 * Brings the database to this version's schema. Safe to run by many processes at once and again and again. `key` is needed
 * where an earlier version left a list of plain numbers.
 */
export async function migrate(
  url: string,
  logger: Logger,
  key: OppositionKeySource = { given: null, file: null },
): Promise<void> {
  // A connection of its own: a migration may outlast the pool's statement timeout, and the lock belongs to a session.
  const client = new pg.Client({
    connectionString: url,
    application_name: 'minibotpanel-migrate',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
  });
  // A query in flight rejects by itself; unheard, the same error would end the process.
  client.on('error', (error) => logger.warn({ err: error }, 'the connection was lost while migrating'));
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const db = drizzle(client, { schema });
    await applyMigrations(db, { migrationsFolder: MIGRATIONS });
    await convertDoNotCall(db, key, logger);
    logger.debug('database schema is up to date');
  } finally {
    await client.end();
  }
}
