import { randomUUID } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';

/** One command as it came over the wire. */
export interface ReceivedCommand {
  /** `auth …`, `api …`, `bgapi …`, `sendmsg …`, `event …`. */
  line: string;
  headers: ReadonlyMap<string, string>;
  session: EslSession;
}

/** What a command is answered with: raw bytes through the session, or null for the default answer. */
export type CommandHandler = (command: ReceivedCommand) => boolean;

export interface EslServerOptions {
  password: string;
  coreUuid: string;
}

const DISCONNECT_NOTICE = 'Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n';
const WAIT_MS = 5000;

/** One client's connection. */
export class EslSession {
  private isAuthenticated = false;
  private received = '';

  constructor(
    private readonly socket: Socket,
    private readonly server: EslServer,
  ) {
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => this.onData(chunk.toString()));
  }

  get listens(): boolean {
    return this.isAuthenticated && !this.socket.destroyed;
  }

  raw(bytes: string | Buffer): void {
    if (!this.socket.destroyed) this.socket.write(bytes);
  }

  reply(text: string): void {
    this.raw(`Content-Type: command/reply\nReply-Text: ${text}\n\n`);
  }

  apiResponse(text: string): void {
    this.raw(`Content-Type: api/response\nContent-Length: ${Buffer.byteLength(text)}\n\n${text}`);
  }

  jsonEvent(json: string): void {
    this.raw(`Content-Length: ${Buffer.byteLength(json)}\nContent-Type: text/event-json\n\n${json}`);
  }

  /** Without a goodbye, as a killed process or a cut cable. */
  reset(): void {
    this.socket.resetAndDestroy();
  }

  refusePassword(): void {
    this.reply('-ERR invalid');
    this.disconnect();
  }

  disconnect(): void {
    this.raw(
      `Content-Type: text/disconnect-notice\nContent-Length: ${DISCONNECT_NOTICE.length}\n\n${DISCONNECT_NOTICE}`,
    );
    this.socket.end();
  }

  accept(): void {
    this.isAuthenticated = true;
    this.reply('+OK accepted');
  }

  private onData(text: string): void {
    this.received += text;
    for (;;) {
      const end = this.received.indexOf('\n\n');
      if (end === -1) return;
      const [line = '', ...rest] = this.received.slice(0, end).split('\n');
      this.received = this.received.slice(end + 2);
      const headers = new Map(rest.map((header) => splitHeader(header)));
      this.server.receive({ line, headers, session: this });
    }
  }
}

/** An event socket for tests: answers like FreeSWITCH, and the test decides what else happens. */
export class EslServer {
  readonly commands: ReceivedCommand[] = [];
  readonly options: EslServerOptions = { password: 'test-password', coreUuid: randomUUID() };
  /** Asked first; a handler that returns true has answered. */
  readonly handlers: CommandHandler[] = [];
  greeting = 'Content-Type: auth/request\n\n';
  connections = 0;
  private readonly sessions = new Set<EslSession>();
  private readonly sockets = new Set<Socket>();
  private readonly waiters = new Set<() => void>();
  private readonly server: Server;
  port = 0;

  private constructor() {
    this.server = createServer((socket) => {
      this.connections += 1;
      this.sockets.add(socket);
      const session = new EslSession(socket, this);
      this.sessions.add(session);
      socket.once('close', () => {
        this.sockets.delete(socket);
        this.sessions.delete(session);
      });
      session.raw(this.greeting);
      this.wake();
    });
  }

  static async start(): Promise<EslServer> {
    const server = new EslServer();
    await server.listen(0);
    return server;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await this.stopListening();
  }

  /** Cuts every connection. */
  drop(): void {
    for (const session of this.sessions) session.reset();
  }

  /** Nobody can connect until `reopen`. */
  async shut(): Promise<void> {
    this.drop();
    await this.stopListening();
  }

  reopen(): Promise<void> {
    return this.listen(this.port);
  }

  emit(headers: Readonly<Record<string, string>>): void {
    this.emitJson(JSON.stringify(headers));
  }

  emitJson(json: string): void {
    for (const session of this.sessions) if (session.listens) session.jsonEvent(json);
  }

  finishJob(jobUuid: string, result: string): void {
    this.emit({ 'Event-Name': 'BACKGROUND_JOB', 'Job-UUID': jobUuid, _body: result });
  }

  /** Resolves with the `count`-th command whose line matches. */
  async command(pattern: RegExp, count = 1): Promise<ReceivedCommand> {
    const find = (): ReceivedCommand | undefined =>
      this.commands.filter(({ line }) => pattern.test(line))[count - 1];
    await this.until(() => find() !== undefined, `command ${count} like ${String(pattern)}`);
    const found = find();
    if (found === undefined) throw new Error('unreachable');
    return found;
  }

  count(pattern: RegExp): number {
    return this.commands.filter(({ line }) => pattern.test(line)).length;
  }

  /** Waits for something that a connection or a command can bring about. */
  async until(condition: () => boolean, what: string): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve, reject) => {
      const deadline = setTimeout(() => {
        this.waiters.delete(check);
        reject(
          new Error(
            `no ${what} within ${WAIT_MS} ms; got ${this.commands.map(({ line }) => line).join(' | ')}`,
          ),
        );
      }, WAIT_MS);
      const check = (): void => {
        if (!condition()) return;
        clearTimeout(deadline);
        this.waiters.delete(check);
        resolve();
      };
      this.waiters.add(check);
    });
  }

  receive(command: ReceivedCommand): void {
    this.commands.push(command);
    if (!this.handlers.some((handle) => handle(command))) this.answer(command);
    this.wake();
  }

  private answer({ line, headers, session }: ReceivedCommand): void {
    const [verb = '', ...words] = line.split(' ');
    switch (verb) {
      case 'auth':
        if (words.join(' ') === this.options.password) session.accept();
        else session.refusePassword();
        return;
      case 'api':
        session.apiResponse(this.apiAnswer(words.join(' ')));
        return;
      case 'bgapi': {
        const jobUuid = headers.get('Job-UUID') ?? randomUUID();
        session.raw(
          `Content-Type: command/reply\nReply-Text: +OK Job-UUID: ${jobUuid}\nJob-UUID: ${jobUuid}\n\n`,
        );
        // An originate's result comes with the call; every other job is done at once.
        if (words[0] !== 'originate') this.finishJob(jobUuid, '+OK Success\n');
        return;
      }
      default:
        session.reply('+OK');
    }
  }

  private apiAnswer(command: string): string {
    if (command === 'global_getvar core_uuid') return this.options.coreUuid;
    if (command.startsWith('module_exists')) return 'true';
    if (command.startsWith('uuid_exists')) return 'false';
    if (command.startsWith('uuid_dump')) return '-ERR No such channel!\n';
    if (command.startsWith('sofia status gateway')) return 'Name\tmygateway\n';
    return '+OK\n';
  }

  private listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, '127.0.0.1', () => {
        this.server.removeListener('error', reject);
        const address = this.server.address();
        if (typeof address === 'object' && address !== null) this.port = address.port;
        resolve();
      });
    });
  }

  private stopListening(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private wake(): void {
    for (const waiter of [...this.waiters]) waiter();
  }
}

function splitHeader(header: string): [string, string] {
  const colon = header.indexOf(': ');
  return colon === -1 ? [header, ''] : [header.slice(0, colon), header.slice(colon + 2)];
}
