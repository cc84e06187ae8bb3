import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type pg from 'pg';
import pino from 'pino';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { openDatabase } from '../../../src/db/client.ts';
import type { Database } from '../../../src/db/client.ts';
import { OperatorError } from '../../../src/errors.ts';
import { createTestDatabase } from '../../helpers/database.ts';
import { databaseUrl, openTestServer } from '../../helpers/test-server.ts';

const logger = pino({ level: 'silent' });
const SECRET = 'tr3s-secret';
let closers: (() => Promise<unknown>)[] = [];
let serverUrl: string;

beforeEach(async () => {
  serverUrl = (await openTestServer(inject('testServer'))).url;
});
afterEach(async () => {
  for (const close of closers.reverse()) await close();
  closers = [];
});

function connect(url: string): Promise<Database> {
  return openDatabase({ url, dataDir: '', poolMax: 2 }, logger);
}

/** What an operator is told: one line, without the password. */
async function complaint(url: string): Promise<{ code: string; message: string }> {
  const error: unknown = await connect(url).catch((reason: unknown) => reason);
  if (!(error instanceof OperatorError)) throw new Error(`not an OperatorError: ${String(error)}`);
  expect(error.message).not.toContain('\n');
  expect(error.message).not.toContain(SECRET);
  return { code: error.code, message: error.message };
}

function changed(change: (url: URL) => void): string {
  const url = new URL(serverUrl);
  change(url);
  return url.href;
}

/** A TCP port on which `onConnection` decides what happens; null: nobody listens. */
async function port(onConnection: 'hang-up' | null): Promise<number> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => new Promise((resolve) => server.close(resolve));
  const { port: number } = server.address() as AddressInfo;
  if (onConnection === null) await close();
  else closers.push(close);
  return number;
}

it('says that nobody listens there', async () => {
  const free = await port(null);
  expect(await complaint(`postgresql://minibot:${SECRET}@127.0.0.1:${free}/minibot`)).toEqual({
    code: 'database_refused',
    message: `Postgres at 127.0.0.1:${free} refuses connections: start the server or mend DATABASE_URL.`,
  });
});

it('says that what listens there is not Postgres', async () => {
  const other = await port('hang-up');
  expect(await complaint(`postgresql://minibot:${SECRET}@127.0.0.1:${other}/minibot`)).toMatchObject({
    code: 'database_no_postgres',
  });
});

it('says that user or password are wrong', async () => {
  const { code, message } = await complaint(changed((url) => (url.password = SECRET)));
  expect(code).toBe('database_login_refused');
  expect(message).toContain('mend user and password in DATABASE_URL');
});

it('says that a password is missing', async () => {
  expect(await complaint(changed((url) => (url.password = '')))).toMatchObject({
    code: 'database_login_refused',
  });
});

it('says that there is no such database', async () => {
  const { code, message } = await complaint(databaseUrl(serverUrl, 'nowhere'));
  expect(code).toBe('database_unknown');
  expect(message).toContain('createdb nowhere');
});

it('says that the host is unknown', async () => {
  expect(await complaint(`postgresql://minibot:${SECRET}@nowhere.invalid/minibot`)).toMatchObject({
    code: expect.stringMatching(/^database_host_unknown$/) as string,
  });
});

it.each(['not a url', `minibot:${SECRET}@127.0.0.1/minibot`, `mysql://minibot:${SECRET}@127.0.0.1/minibot`])(
  'says how a URL is written instead of “%s”',
  async (url) => {
    const { code, message } = await complaint(url);
    expect(code).toBe('database_url_invalid');
    expect(message).toContain('postgresql://user:password@host:5432/database');
  },
);

it('survives connections that are cut, idle or in the middle of a transaction', async () => {
  const database = await createTestDatabase();
  closers.push(() => database.close());
  const idle = await database.pool.query<{ pid: number }>('select pg_backend_pid() as pid');

  const transaction = database.db.transaction(async (tx) => {
    await tx.execute('select 1');
    await database.pool.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()',
      [new URL(database.url).pathname.slice(1)],
    );
    await tx.execute('select 1');
  });

  await expect(transaction).rejects.toThrow();
  await database.pool.query('select pg_terminate_backend($1)', [idle.rows[0]?.pid]).catch(() => undefined);
  expect((await database.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
});

it('gives a connection back that breaks before its transaction has begun', async () => {
  const database = await createTestDatabase({ poolMax: 1 });
  closers.push(() => database.close());
  database.pool.once('acquire', (client: pg.PoolClient) => {
    client.query = () => Promise.reject(new Error('cut'));
  });
  await expect(database.db.transaction((tx) => tx.execute('select 1'))).rejects.toThrow(/begin/);
  // The only one there is: held back, this would wait for it in vain.
  expect((await database.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
});

it('uses no connection again on which a transaction failed', async () => {
  const database = await createTestDatabase({ poolMax: 1 });
  closers.push(() => database.close());
  const pid = async (): Promise<unknown> =>
    (await database.pool.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid;
  const before = await pid();
  await database.db.transaction((tx) => tx.execute('select 1'));
  expect(await pid()).toBe(before);
  await expect(database.db.transaction((tx) => tx.execute('select 1/0'))).rejects.toThrow();
  expect(await pid()).not.toBe(before);
});

it('closes once, however often it is asked', async () => {
  const database = await connect(serverUrl);
  await Promise.all([database.close(), database.close()]);
  expect(database.pool.ended).toBe(true);
});
