import type { Socket } from 'node:net';
import modesl from 'modesl';
import type { Connection, Event } from 'modesl';
import { MinibotError, OperatorError } from '../../../errors.ts';
import { assertSingleLine } from './esl-commands.ts';
import type { EslCommand } from './esl-commands.ts';
import { headerText } from './esl-event.ts';
import type { EslEvent } from './esl-event.ts';

/** FreeSWITCH's own limit for a body; what claims more is no event socket. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;
const MAX_HEADER_BYTES = 1024 * 1024;
const MAX_PENDING_COMMANDS = 1000;
const GOODBYE_MS = 500;

/** The connection ended before the switch answered: the command may or may not have been carried out. */
export class LinkLostError extends MinibotError {
  constructor(reason: string, options?: { cause?: unknown }) {
    super('FREESWITCH_LINK_LOST', `no answer from FreeSWITCH: ${reason}`, options);
  }
}

/** What a waiter is told when the connection ended because of `error`. */
export function linkLost(error: MinibotError): LinkLostError {
  return error instanceof LinkLostError ? error : new LinkLostError(error.message, { cause: error });
}

export interface EslAddress {
  host: string;
  port: number;
  password: string;
}

export interface EslConnectionOptions extends EslAddress {
  /** From the first packet to the accepted password. */
  connectTimeoutMs: number;
  /** A command unanswered for this long means a dead link: the connection is cut. */
  commandTimeoutMs: number;
}

interface ConnectionHandlers {
  onEvent: (event: EslEvent) => void;
  /** Exactly once, after every pending command was rejected. */
  onClosed: (error: MinibotError) => void;
  /** One event was not readable and is left out; the connection goes on. */
  onUnreadableEvent: (error: Error) => void;
}

interface PendingCommand {
  reject: (error: MinibotError) => void;
  deadline: NodeJS.Timeout;
}

/**
 * One authenticated connection to an event socket, from connect to close; it is never reused. modesl parses, encodes
 * and logs in; this class adds what it lacks: deadlines, rejection of every waiter when the connection ends, limits on
 * what is buffered, and protection from exceptions out of its parser.
 */
export class EslConnection {
  private readonly pending = new Set<PendingCommand>();
  private readonly connection: Connection;
  private readonly socket: Socket;
  private closedBy: MinibotError | null = null;
  private lastByteAtMs = performance.now();

  /** Resolves when the password was accepted. Rejects with an `OperatorError` that says what to mend. */
  static open(
    options: EslConnectionOptions,
    handlers: ConnectionHandlers,
    { signal }: { signal: AbortSignal },
  ): Promise<EslConnection> {
    return new Promise((resolve, reject) => {
      let opened = false;
      const settled = (): void => {
        clearTimeout(deadline);
        signal.removeEventListener('abort', abort);
      };
      const onClosed = (error: MinibotError): void => {
        settled();
        if (opened) handlers.onClosed(error);
        else reject(error);
      };
      const onLogin = (): void => {
        opened = true;
        settled();
        resolve(connection);
      };
      const connection = new EslConnection(options, { ...handlers, onClosed }, onLogin);
      const abort = (): void => connection.cut(new LinkLostError('the adapter is closed'));
      const deadline = setTimeout(() => {
        connection.cut(mute(options));
      }, options.connectTimeoutMs);
      signal.addEventListener('abort', abort);
      if (signal.aborted) abort();
    });
  }

  private constructor(
    private readonly options: EslConnectionOptions,
    private readonly handlers: ConnectionHandlers,
    onLogin: () => void,
  ) {
    this.connection = new modesl.Connection(options.host, options.port, options.password);
    const { socket } = this.connection;
    if (socket === null) throw new MinibotError('FREESWITCH_NO_SOCKET', 'modesl made no socket');
    this.socket = socket;
    socket.setNoDelay(true);
    socket.once('end', () => this.cut(new LinkLostError('FreeSWITCH closed the connection')));
    socket.once('close', () => this.cut(new LinkLostError('the connection was closed')));
    this.connection.on('error', (error) => this.onError(error));
    this.connection.on('esl::connect', () => this.guardParser());
    this.connection.on('esl::event::auth::success', onLogin);
    this.connection.on('esl::event::auth::fail', () => this.cut(passwordRefused(options)));
    this.connection.on('esl::event::**', (event, headers) => this.onMessage(event, headers));
  }

  /** Milliseconds since the switch last sent anything. */
  idleMs(): number {
    return performance.now() - this.lastByteAtMs;
  }

  /** Sends a command and resolves with the switch's answer, `+OK …` or `-ERR …`. Rejects when the connection ends. */
  send(command: EslCommand): Promise<string> {
    return new Promise((resolve, reject) => {
      assertSingleLine(command);
      if (this.closedBy !== null) throw linkLost(this.closedBy);
      if (this.pending.size >= MAX_PENDING_COMMANDS) {
        throw new MinibotError(
          'FREESWITCH_OVERLOADED',
          `FreeSWITCH has not answered ${MAX_PENDING_COMMANDS} commands; this one was not sent`,
        );
      }
      const { commandTimeoutMs } = this.options;
      const entry: PendingCommand = {
        reject,
        deadline: setTimeout(() => {
          this.cut(new LinkLostError(`a command was not answered within ${commandTimeoutMs} ms`));
        }, commandTimeoutMs),
      };
      this.pending.add(entry);
      this.write(command, (reply) => {
        if (!this.pending.delete(entry)) return;
        clearTimeout(entry.deadline);
        resolve(reply);
      });
    });
  }

  /** Lets what was sent reach the switch, then closes. Idempotent. */
  async close(): Promise<void> {
    if (this.socket.closed) return;
    await new Promise<void>((resolve) => {
      const deadline = setTimeout(() => this.socket.destroy(), GOODBYE_MS);
      this.socket.once('close', () => {
        clearTimeout(deadline);
        resolve();
      });
      this.socket.end();
    });
  }

  /**
   * Ends the connection at once. What this side's kernel still holds is thrown away (RST). What the switch's has
   * already is not: a switch that hung carries it out when it goes on, so that it is asked something before each originate.
   */
  cut(error: MinibotError): void {
    if (this.closedBy !== null) return;
    this.closedBy = error;
    this.abandonSocket();
    for (const entry of this.pending) {
      clearTimeout(entry.deadline);
      entry.reject(linkLost(error));
    }
    this.pending.clear();
    this.handlers.onClosed(error);
  }

  private abandonSocket(): void {
    const { socket } = this;
    // A reset flushes first and mixes badly with an end that is under way: then the plain way is the sure one.
    const canReset = socket.writable && !socket.connecting && socket.writableLength === 0;
    if (canReset) socket.resetAndDestroy();
    else socket.destroy();
  }

  private write(command: EslCommand, onReply: (reply: string) => void): void {
    // modesl writes line by line; corked, a command leaves as one packet.
    this.socket.cork();
    if (command.kind === 'api') {
      this.connection.api(command.line, (reply) => onReply(reply.getBody()));
    } else {
      const line = command.kind === 'background' ? `bgapi ${command.line}` : command.line;
      this.connection.sendRecv(line, command.headers, (reply) => {
        onReply(headerText(reply.getHeader('Reply-Text')) ?? '');
      });
    }
    this.socket.uncork();
  }

  private onError(error: unknown): void {
    const failure = error instanceof Error ? error : new Error(String(error));
    // A body that is no JSON: its length was right, so the next message is found.
    if (failure instanceof SyntaxError) this.handlers.onUnreadableEvent(failure);
    else this.cut(unreachable(this.options, failure));
  }

  /** Takes modesl's listener off the socket and calls it from one that survives what it throws. */
  private guardParser(): void {
    const listeners = this.socket.listeners('data');
    this.socket.removeAllListeners('data');
    this.socket.on('data', (chunk: Buffer) => {
      if (this.closedBy !== null) return;
      this.lastByteAtMs = performance.now();
      try {
        for (const listener of listeners) listener.call(this.socket, chunk);
      } catch (error) {
        this.cut(notAnEventSocket(this.options, 'a message could not be parsed', error));
        return;
      }
      this.checkLimits();
    });
  }

  private checkLimits(): void {
    const { parser } = this.connection;
    if (parser === undefined) return;
    const { bodyLen } = parser;
    if (!(bodyLen >= 0 && bodyLen <= MAX_BODY_BYTES)) {
      this.cut(notAnEventSocket(this.options, `a body of ${bodyLen} bytes was announced`));
    } else if (bodyLen === 0 && parser.buffer.length > MAX_HEADER_BYTES) {
      this.cut(notAnEventSocket(this.options, 'a header without end'));
    }
  }

  private onMessage(event: Event, headers: Readonly<Record<string, unknown>> | undefined): void {
    switch (headers?.['Content-Type']) {
      case 'text/event-json':
        this.onEvent(event);
        return;
      case 'text/disconnect-notice':
        this.cut(new LinkLostError('FreeSWITCH closes the connection'));
        return;
      case 'text/rude-rejection':
        this.cut(addressRefused(this.options));
        return;
    }
  }

  private onEvent(event: Event): void {
    const name = headerText(event.getHeader('Event-Name'));
    // An unreadable body leaves an event without a name; `onError` has told of it.
    if (name === null) return;
    const header = (wanted: string): string | null => headerText(event.getHeader(wanted));
    this.handlers.onEvent({ name, channelUuid: header('Unique-ID'), header, body: event.getBody() });
  }
}

function address(options: EslAddress): string {
  return `${options.host}:${options.port}`;
}

function unreachable(options: EslAddress, cause: Error): OperatorError {
  return new OperatorError(
    'FREESWITCH_UNREACHABLE',
    `FreeSWITCH cannot be reached at ${address(options)} (${cause.message}): ` +
      'start it, or correct FREESWITCH_ESL_HOST and FREESWITCH_ESL_PORT',
    { cause },
  );
}

function mute(options: EslConnectionOptions): OperatorError {
  return new OperatorError(
    'FREESWITCH_PROTOCOL',
    `${address(options)} takes the connection but lets nobody log in within ${options.connectTimeoutMs} ms: FreeSWITCH hangs ` +
      'there, or something else listens. Look at it with fs_cli, or check FREESWITCH_ESL_HOST and FREESWITCH_ESL_PORT',
  );
}

function notAnEventSocket(options: EslAddress, what: string, cause?: unknown): OperatorError {
  return new OperatorError(
    'FREESWITCH_PROTOCOL',
    `${address(options)} does not speak like a FreeSWITCH event socket (${what}): ` +
      'check FREESWITCH_ESL_HOST and FREESWITCH_ESL_PORT',
    { cause },
  );
}

function passwordRefused(options: EslAddress): OperatorError {
  return new OperatorError(
    'FREESWITCH_PASSWORD_REFUSED',
    `FreeSWITCH at ${address(options)} refused the password: set FREESWITCH_ESL_PASSWORD to the one in its event_socket.conf`,
  );
}

function addressRefused(options: EslAddress): OperatorError {
  return new OperatorError(
    'FREESWITCH_ADDRESS_REFUSED',
    `FreeSWITCH at ${address(options)} accepts no connection from this machine: allow it in apply-inbound-acl of its event_socket.conf`,
  );
}
