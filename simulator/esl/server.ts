import type { AddressInfo, Server } from 'node:net';
import { createServer } from 'node:net';

import type { CommandHandler } from './connection.ts';
import { EslConnection } from './connection.ts';
import type { SwitchEvent } from './events.ts';

/** The event socket: accepts clients and tells each what it subscribed to. */
export class EslServer {
  readonly #connections = new Set<EslConnection>();
  readonly #password: string;
  readonly #handler: CommandHandler;
  #server: Server | null = null;

  constructor(options: { password: string; handler: CommandHandler }) {
    this.#password = options.password;
    this.#handler = options.handler;
  }

  /** Resolves with the port listened on (0 takes a free one). */
  async listen(host: string, port: number): Promise<number> {
    const server = createServer((socket) => {
      const connection = new EslConnection({
        socket,
        password: this.#password,
        handler: this.#handler,
        onClose: () => this.#connections.delete(connection),
      });
      this.#connections.add(connection);
    });
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => {
        server.off('error', reject);
        resolve();
      });
    });
    const address = server.address();
    return isAddressInfo(address) ? address.port : port;
  }

  broadcast(event: SwitchEvent): void {
    const encoded = new Map<string, Buffer>();
    for (const connection of this.#connections) connection.deliver(event, encoded);
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  /** Cuts every client off without a word; new ones may come. */
  dropConnections(): void {
    for (const connection of [...this.#connections]) connection.destroy();
  }

  /** Stops listening. `abrupt` cuts the clients off as a crash does, otherwise they get a notice. */
  async close(options: { abrupt: boolean; notice?: string }): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (options.abrupt) this.dropConnections();
    else for (const connection of [...this.#connections]) connection.end(options.notice);
    if (server === null) return;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      // A client that does not hang up after the notice must not keep the port.
      setTimeout(() => this.dropConnections(), 500).unref();
    });
  }
}

function isAddressInfo(address: string | AddressInfo | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}
