import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import type { Logger } from 'pino';
import { z } from 'zod';
import { createContactGate } from '../campaigns/contact-gate.ts';
import { contactGateOptions } from '../campaigns/from-config.ts';
import { Closers } from '../closers.ts';
import { webCredentialsOf, type Config } from '../config.ts';
import { openDatabase } from '../db/client.ts';
import { openFingerprint } from '../db/fingerprints.ts';
import { migrate } from '../db/migrate.ts';
import { OperatorError } from '../errors.ts';
import { openQueueBackend } from '../queues/backend.ts';
import { createWebApp } from './app.ts';
import { createLogin } from './login.ts';
import { QUEUE_BOARD_PATH, QueueBoard } from './queue-board/queue-board.ts';

/** The web door, open. Whoever opened it closes it. */
export interface WebServer {
  /** `http://host:port`. */
  readonly url: string;
  /** Lets requests in flight end, for a moment; then releases everything in reverse. May be called twice. */
  close(): Promise<void>;
}

const CAMPAIGN_POLL_MS = 2_000;
const REQUEST_TIMEOUT_MS = 30_000;
const CLOSE_GRACE_MS = 5_000;

/** Opens all that the web door needs and listens. Rejects with an `OperatorError` that says what to mend. */
export async function openWebServer(config: Config, logger: Logger): Promise<WebServer> {
  const closers = new Closers(logger);
  try {
    const url = await assemble(config, logger, closers);
    return { url, close: () => closers.close() };
  } catch (error) {
    await closers.close();
    throw error;
  }
}

async function assemble(config: Config, logger: Logger, closers: Closers): Promise<string> {
  // First what fails fast on a mistake in the configuration.
  const login = createLogin(webCredentialsOf(config), logger);
  closers.add('login', () => login.close());
  const database = await openDatabase(config.database, logger);
  closers.add('database', () => database.close());
  const { db } = database;
  await migrate(database.url, logger, config.compliance.oppositionKey);
  const fingerprint = await openFingerprint(db, config.compliance.oppositionKey);
  const backend = await openQueueBackend(
    { redisUrl: config.redis.url, databaseUrl: database.url, namespace: config.instance },
    logger,
  );
  closers.add('queues', () => backend.close());
  const queueBoard = new QueueBoard({ db, backend, pollMs: CAMPAIGN_POLL_MS, logger });
  closers.add('queue board', () => queueBoard.close());
  await queueBoard.start();

  const gate = createContactGate(db, contactGateOptions(config, fingerprint));
  const app = createWebApp({ db, gate, backend, login, queueBoard, version: await ownVersion(), logger });
  const server = await listen(app, config.web);
  closers.add('web server', () => close(server));
  const url = urlOf(server, config.web.host);
  logger.info({ address: url, queueBoard: `${url}${QUEUE_BOARD_PATH}` }, 'the web door is open');
  return url;
}

async function listen(app: Express, { host, port }: { host: string; port: number }): Promise<Server> {
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, app);
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new OperatorError(
      'web_port_unusable',
      `cannot listen on ${host}:${port}: choose another API_HOST or API_PORT, or stop what listens there`,
      { cause: error },
    );
  }
  return server;
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  const graceOver = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
  try {
    await closed;
  } finally {
    clearTimeout(graceOver);
  }
}

function urlOf(server: Server, host: string): string {
  // A server that listens on a TCP port answers with nothing else.
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

async function ownVersion(): Promise<string> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}
