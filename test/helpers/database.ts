import { randomUUID } from 'node:crypto';
import pino from 'pino';
import { inject } from 'vitest';
import { openDatabase } from '../../src/db/client.ts';
import type { Database } from '../../src/db/client.ts';
import { databaseUrl, openTestServer, withClient } from './test-server.ts';

/**
 * A real Postgres database with the current schema and no rows, for one test. `close()` it in `afterEach`: it drops
 * the database. Uses `TEST_DATABASE_URL` or `DATABASE_URL` (its user must be allowed to create databases), else the
 * embedded server, started once per run.
 */
export async function createTestDatabase({ poolMax = 25 } = {}): Promise<Database> {
  const server = await openTestServer(inject('testServer'));
  const name = `${inject('testServer').runId}_${randomUUID().replaceAll('-', '')}`;
  await withClient(server.url, (client) =>
    client.query(`create database ${name} template ${server.template}`),
  );
  const database = await openDatabase(
    { url: databaseUrl(server.url, name), dataDir: '', poolMax },
    pino({ level: 'silent' }),
  );
  let closed: Promise<void> | null = null;
  return {
    ...database,
    close: () =>
      (closed ??= (async () => {
        await database.close();
        await withClient(server.url, (client) => client.query(`drop database ${name} with (force)`));
      })()),
  };
}
