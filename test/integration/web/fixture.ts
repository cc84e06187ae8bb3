import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { createWebApp } from '../../../src/web/app.ts';
import { createLogin } from '../../../src/web/login.ts';
import { QueueBoard } from '../../../src/web/queue-board/queue-board.ts';
import type { CampaignWorld } from '../queues/fixture.ts';

export const CREDENTIALS = { username: 'operator', password: 'a good : password' };

interface RequestOptions {
  method?: string;
  /** Null: not logged in. */
  login?: { username: string; password: string } | null;
  headers?: Record<string, string>;
  body?: string;
}

/** The web door of a world, on a free port. */
export interface WebDoor {
  board: QueueBoard;
  url: string;
  /** Everything that was logged, as text. */
  logged(): string;
  /** As the operator who is logged in, unless the options say otherwise. */
  request(path: string, options?: RequestOptions): Promise<Response>;
  close(): Promise<void>;
}

export function basic({ username, password }: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

export async function openWebDoor({
  db,
  backend,
  gate,
}: Pick<CampaignWorld, 'db' | 'backend' | 'gate'>): Promise<WebDoor> {
  const lines: string[] = [];
  const logger = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  const login = createLogin(CREDENTIALS, logger);
  const board = new QueueBoard({ db, backend, pollMs: 60_000, logger });
  await board.start();
  const app = createWebApp({ db, gate, backend, login, queueBoard: board, version: '1.2.3', logger });
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    board,
    url,
    logged: () => lines.join(''),
    request: (path, { method = 'GET', login: who = CREDENTIALS, headers = {}, body } = {}) =>
      fetch(url + path, {
        method,
        headers: { ...(who !== null && { authorization: basic(who) }), ...headers },
        ...(body !== undefined && { body }),
      }),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      login.close();
      await board.close();
    },
  };
}
