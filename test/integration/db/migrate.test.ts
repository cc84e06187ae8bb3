import { randomUUID } from 'node:crypto';
import pino from 'pino';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { migrate } from '../../../src/db/migrate.ts';
import { databaseUrl, openTestServer, withClient } from '../../helpers/test-server.ts';

const logger = pino({ level: 'silent' });
let serverUrl: string;
let name: string;
let url: string;

beforeEach(async () => {
  serverUrl = (await openTestServer(inject('testServer'))).url;
  name = `${inject('testServer').runId}_${randomUUID().replaceAll('-', '')}`;
  url = databaseUrl(serverUrl, name);
  await withClient(serverUrl, (client) => client.query(`create database ${name}`));
});

afterEach(async () => {
  await withClient(serverUrl, (client) => client.query(`drop database ${name} with (force)`));
});

it('lets processes that start together migrate one after the other', async () => {
  await Promise.all(Array.from({ length: 5 }, () => migrate(url, logger)));

  expect(await tables()).toEqual([
    'call_interactions',
    'call_lines',
    'calls',
    'campaign_contacts',
    'campaigns',
    'consent_records',
    'contacts',
    'dial_turns',
    'ledger',
    'line_leases',
    'line_wants',
    'opposition_key',
    'oppositions',
  ]);
  expect(await appliedMigrations()).toEqual(await distinctMigrations());
});

it('changes nothing on a database that is up to date', async () => {
  await migrate(url, logger);
  const before = await appliedMigrations();

  await migrate(url, logger);

  expect(await appliedMigrations()).toBe(before);
});

function tables(): Promise<string[]> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ table_name: string }>(
      "select table_name from information_schema.tables where table_schema = 'public' order by 1",
    );
    return rows.map((row) => row.table_name);
  });
}

function appliedMigrations(): Promise<number> {
  return countOf('select count(*)::int as total from drizzle.__drizzle_migrations');
}

function distinctMigrations(): Promise<number> {
  return countOf('select count(distinct hash)::int as total from drizzle.__drizzle_migrations');
}

function countOf(query: string): Promise<number> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ total: number }>(query);
    return rows[0]?.total ?? 0;
  });
}
