import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A cable between the switch and a worker's audio server, to be pulled. Knows nothing of what goes through it. */
export class AudioRelay {
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  /** Listens on a free port and passes everything on to `targetPort`. */
  static async open(targetPort: number): Promise<AudioRelay> {
    const server = createServer((fromSwitch) => relay.plug(fromSwitch, connect(targetPort, '127.0.0.1')));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port was given');
    const relay = new AudioRelay(server, address.port);
    return relay;
  }

  /** Breaks every connection; returns how many there were. New ones go through. */
  cut(): number {
    const connections = this.sockets.size / 2;
    for (const socket of this.sockets) socket.resetAndDestroy();
    return connections;
  }

  async close(): Promise<void> {
    this.cut();
    if (!this.server.listening) return;
    this.server.close();
    await once(this.server, 'close');
  }

  private plug(fromSwitch: Socket, toWorker: Socket): void {
    for (const [here, there] of [
      [fromSwitch, toWorker],
      [toWorker, fromSwitch],
    ] as const) {
      this.sockets.add(here);
      here.setNoDelay(true);
      here.pipe(there);
      // A break on one side is one on the other; the error itself is what this is for.
      here.on('error', () => undefined);
      here.once('close', () => {
        this.sockets.delete(here);
        there.destroy();
      });
    }
  }
}
