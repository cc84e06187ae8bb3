import { createPostgresBackend, runMigrations } from 'bullmq';
import pg from 'pg';
import type { Logger } from 'pino';
import { OperatorError, type MinibotError } from '../errors.ts';
import type { QueueStore } from './store.ts';

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Connections per queue or worker, beside the one that each worker keeps for LISTEN. Every one has its own small pool: in
 * a pool shared by all, the LISTEN clients could take every place and the rest would wait for ever without a word.
 */
const POOL_SIZE = { producer: 2, consumer: 3 } as const;

/** Opens the queues in the application's database. Rejects with an `OperatorError` that names DATABASE_URL. */
export async function openPostgresStore(
  options: { databaseUrl: string; namespace: string },
  logger: Logger,
): Promise<QueueStore> {
  await migrate(options.databaseUrl, options.namespace);
  logger.info({ schema: options.namespace }, 'queues are kept in Postgres');
  return {
    kind: 'postgres',
    factory: (name, { connection, ...rest }, extra) =>
      createPostgresBackend(
        name,
        {
          ...rest,
          connection: {
            connectionString: options.databaseUrl,
            schema: options.namespace,
            max: POOL_SIZE[connection.role],
            connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
            keepAlive: true,
          },
        },
        extra,
      ),
    prefixFor: () => null,
    ping: () => withClient(options.databaseUrl, (client) => client.query('select 1')),
    close: () => Promise.resolve(),
  };
}

/** BullMQ brings its own tables; its migrations hold an advisory lock, so several processes may start at once. */
async function migrate(databaseUrl: string, schema: string): Promise<void> {
  try {
    await withClient(databaseUrl, (client) => runMigrations(client, schema));
  } catch (error) {
    throw storeFault(error);
  }
}

/** A connection for as long as `use` takes. */
async function withClient(databaseUrl: string, use: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  // Without a listener a connection that breaks would end the process; the query in flight rejects as well.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await use(client);
  } finally {
    await client.end();
  }
}

function storeFault(error: unknown): MinibotError {
  const detail = error instanceof Error ? error.message : String(error);
  if (error instanceof Error && error.name === 'SchemaVersionMismatchError') {
    return new OperatorError(
      'queue_schema_too_new',
      `the queue's tables were made by a newer version: ${detail}`,
      {
        cause: error,
      },
    );
  }
  return new OperatorError(
    'queue_database_unavailable',
    `the queue's tables cannot be opened in the database of DATABASE_URL: ${detail}. ` +
      'Start Postgres, correct DATABASE_URL, or let its user create a schema',
    { cause: error },
  );
}
