import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** Passes connections on to a port of this machine until it cuts them. */
export interface TcpProxy {
  port: number;
  /** Breaks every connection that is open now, as a network does. */
  cut(): void;
  /** Cuts, and lets nobody through until `unblock`. */
  block(): void;
  unblock(): void;
  close(): Promise<void>;
}

export async function openTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const own = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // What breaks one side breaks the other below.
    socket.on('error', () => socket.destroy());
    return socket;
  };
  let isBlocked = false;
  const server = createServer((incoming) => {
    if (isBlocked) {
      incoming.resetAndDestroy();
      return;
    }
    const outgoing = own(connect(targetPort, '127.0.0.1'));
    own(incoming).pipe(outgoing).pipe(incoming);
    incoming.once('close', () => outgoing.destroy());
    outgoing.once('close', () => incoming.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  const cut = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    port: address.port,
    cut,
    block: () => {
      isBlocked = true;
      cut();
    },
    unblock: () => {
      isBlocked = false;
    },
    close: async () => {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
