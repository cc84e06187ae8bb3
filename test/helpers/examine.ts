import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import pino from 'pino';
import { loadConfig } from '../../src/config.ts';
import type { Check } from '../../src/doctor/check.ts';
import type { Finding, FindingCode } from '../../src/doctor/findings.ts';

/** Runs one check of the doctor on these settings and no others. */
export function examine(
  check: Check,
  environment: Record<string, string> = {},
  options: { originate?: boolean; now?: Date; deadlineMs?: number } = {},
): Promise<Finding[]> {
  const deadlineMs = options.deadlineMs ?? 10_000;
  return check({
    config: loadConfig(environment),
    environment,
    originate: options.originate ?? false,
    signal: AbortSignal.timeout(deadlineMs),
    deadlineMs,
    now: () => options.now ?? new Date(),
    nowMs: () => performance.now(),
    logger: pino({ level: 'silent' }),
  });
}

export function codesOf(findings: readonly Finding[]): FindingCode[] {
  return findings.map(({ code }) => code);
}

/** Takes every connection on a free port and never says a word. */
export class MuteServer {
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('error', () => socket.destroy());
      // Read on, or the other side's goodbye is never seen.
      socket.resume();
    });
  }

  static async start(): Promise<MuteServer> {
    const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port was given');
    return new MuteServer(server, address.port);
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }
}
