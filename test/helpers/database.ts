import { randomUUID } from 'node:crypto';
import pino from 'pino';
import { inject } from 'vitest';
import { openDatabase } from '../../src/db/client.ts';
import type { Database } from '../../src/db/client.ts';
import { databaseUrl, openTestServer, withClient } from './test-server.ts';
import type { TestServer } from './test-server.ts';

/** Opened once per test file. */
let server: Promise<TestServer> | null = null;

/** Databases of this file that are empty again. Making one costs some 350 ms, emptying one 30 ms. */
const emptied: string[] = [];

/**
 * A real Postgres database with the current schema and no rows, for one test; `close()` it in `afterEach`. Uses
 * `TEST_DATABASE_URL` or `DATABASE_URL` (its user must be allowed to create databases), else the embedded server,
 * started once per run.
 */
export async function createTestDatabase({ poolMax = 25 } = {}): Promise<Database> {
  server ??= openTestServer(inject('testServer'));
  const { url: serverUrl, template } = await server;
  const name = emptied.pop() ?? (await cloneDatabase(serverUrl, template));
  const url = databaseUrl(serverUrl, name);
  const database = await openDatabase({ url, dataDir: '', poolMax }, pino({ level: 'silent' }));
  let closed: Promise<void> | null = null;
  return {
    ...database,
    close: () =>
      (closed ??= (async () => {
        await database.close();
        await empty(url);
        emptied.push(name);
      })()),
  };
}

async function cloneDatabase(serverUrl: string, template: string): Promise<string> {
  const name = `${inject('testServer').runId}_${randomUUID().replaceAll('-', '')}`;
  await withClient(serverUrl, (client) => client.query(`create database ${name} template ${template}`));
  return name;
}

/** Ends every connection that a test left open, and removes its rows and the schemas it added (the queue's). */
async function empty(url: string): Promise<void> {
  await withClient(url, async (client) => {
    await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid()`,
    );
    await client.query(`
      do $$
      declare
        name text;
        filled boolean;
        names text[] := '{}';
      begin
        for name in select nspname from pg_namespace
          where nspname not in ('public', 'drizzle', 'information_schema') and nspname !~ '^pg_'
        loop
          execute format('drop schema %I cascade', name);
        end loop;
        for name in select format('%I', tablename) from pg_tables where schemaname = 'public' loop
          execute format('select exists (select from %s)', name) into filled;
          if filled then names := names || name; end if;
        end loop;
        for name in select format('%I', tablename) from pg_tables where schemaname = 'public' loop
          execute format('alter table %s disable trigger user', name);
        end loop;
        if cardinality(names) > 0 then
          execute format('truncate %s restart identity cascade', array_to_string(names, ', '));
        end if;
        for name in select format('%I', tablename) from pg_tables where schemaname = 'public' loop
          execute format('alter table %s enable trigger user', name);
        end loop;
      end $$`);
  });
}
