import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { loadConfig } from '../../../src/config.ts';
import { TEST_OPPOSITION_KEY } from '../../helpers/campaign-fixture.ts';
import type { Database } from '../../../src/db/client.ts';
import { openWebServer } from '../../../src/web/server.ts';
import { createTestDatabase } from '../../helpers/database.ts';
import { freePort } from '../../helpers/free-port.ts';
import { basic } from './fixture.ts';

const silent = pino({ level: 'silent' });
const PASSWORD = 'correct horse battery';

let database: Database;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.close());

function configFor(port: number, more: Record<string, string> = {}) {
  return loadConfig({
    DATABASE_URL: database.url,
    OPPOSITION_KEY: TEST_OPPOSITION_KEY,
    MINIBOT_INSTANCE: `t${randomUUID().slice(0, 8)}`,
    API_PORT: String(port),
    API_PASSWORD: PASSWORD,
    ...more,
  });
}

async function connections(): Promise<number> {
  const { rows } = await database.pool.query<{ n: number }>(
    `select count(*)::int as n from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  );
  return rows[0]?.n ?? -1;
}

it('opens, answers and leaves nothing behind', async () => {
  const before = await connections();
  const server = await openWebServer(configFor(await freePort()), silent);
  const health = await fetch(`${server.url}/health`);
  expect(health.status).toBe(200);
  expect(await health.json()).toEqual({
    status: 'ok',
    version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string,
    database: 'ok',
    queue: 'ok',
  });
  const authorization = basic({ username: 'operator', password: PASSWORD });
  expect((await fetch(`${server.url}/queues`, { headers: { authorization } })).status).toBe(200);

  await Promise.all([server.close(), server.close()]);
  await expect(fetch(`${server.url}/health`)).rejects.toThrow();
  await vi.waitFor(async () => expect(await connections()).toBe(before), { timeout: 5_000, interval: 50 });
});

it('does not open without a password', async () => {
  const config = configFor(await freePort(), { API_PASSWORD: '' });
  await expect(openWebServer(config, silent)).rejects.toMatchObject({
    name: 'OperatorError',
    message: expect.stringMatching(/API_PASSWORD is not set: .*\.env/) as string,
  });
});

it('says that the port is taken, and lets go of the rest', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  try {
    const before = await connections();
    const { port } = other.address() as AddressInfo;
    await expect(openWebServer(configFor(port), silent)).rejects.toMatchObject({
      code: 'web_port_unusable',
      message: expect.stringMatching(/API_PORT/) as string,
    });
    await vi.waitFor(async () => expect(await connections()).toBe(before), { timeout: 5_000, interval: 50 });
  } finally {
    other.close();
  }
});
