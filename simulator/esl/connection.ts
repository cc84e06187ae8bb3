import type { Socket } from 'node:net';

import type { SwitchEvent } from './events.ts';
import { encodeEvent, headerValue } from './events.ts';
import type { EslCommand } from './framing.ts';
import {
  AUTH_REQUEST,
  CommandReader,
  encodeApiResponse,
  encodeDisconnectNotice,
  encodeReply,
} from './framing.ts';
import { Subscriptions } from './subscriptions.ts';

/** What a connection asks of the switch behind it. */
export interface CommandHandler {
  /** Carries out an API command; resolves with the response body. Never rejects. */
  api(command: string, args: string): Promise<string>;
  /** Starts an API command in the background; returns the job's UUID. */
  backgroundApi(command: string, args: string, jobUuid: string | undefined): string;
  /** `sendmsg`; returns the reply text. */
  sendMessage(channelUuid: string, command: EslCommand): string;
}

/**
 * One ESL client. Commands are answered strictly in order, one at a time; while an `api` command runs, nothing else
 * leaves on this connection, events included.
 */
export class EslConnection {
  readonly #socket: Socket;
  readonly #password: string;
  readonly #handler: CommandHandler;
  readonly #reader = new CommandReader();
  readonly #subscriptions = new Subscriptions();
  readonly #commands: EslCommand[] = [];
  readonly #heldEvents: Buffer[] = [];
  #authenticated = false;
  #working = false;
  #inApi = false;

  constructor(options: { socket: Socket; password: string; handler: CommandHandler; onClose: () => void }) {
    this.#socket = options.socket;
    this.#password = options.password;
    this.#handler = options.handler;
    this.#socket.setNoDelay(true);
    this.#socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    this.#socket.on('close', options.onClose);
    // A client that vanishes (ECONNRESET) is no fault of the switch; 'close' follows.
    this.#socket.on('error', () => this.#socket.destroy());
    this.#socket.write(AUTH_REQUEST);
  }

  /** Sends an event if this client subscribed to it. `encoded` caches the bytes among clients of one format. */
  deliver(event: SwitchEvent, encoded: Map<string, Buffer>): void {
    if (!this.#authenticated || !this.#subscriptions.wants(event)) return;
    const { format } = this.#subscriptions;
    const bytes = encoded.get(format) ?? encodeEvent(event, format);
    encoded.set(format, bytes);
    if (this.#inApi) this.#heldEvents.push(bytes);
    else this.#write(bytes);
    const follows = this.#subscriptions.followedChannel;
    if (
      follows !== null &&
      event.name === 'CHANNEL_HANGUP_COMPLETE' &&
      headerValue(event, 'Unique-ID') === follows
    ) {
      this.end();
    }
  }

  /** Says goodbye and closes. */
  end(notice?: string): void {
    if (!this.#socket.writable) return;
    this.#socket.end(encodeDisconnectNotice(notice));
  }

  /** The TCP connection just breaks, as when the process behind it dies. */
  destroy(): void {
    this.#socket.resetAndDestroy();
  }

  #receive(chunk: Buffer): void {
    try {
      this.#commands.push(...this.#reader.push(chunk));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#socket.destroy();
      return;
    }
    void this.#work();
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    for (let command = this.#commands.shift(); command !== undefined; command = this.#commands.shift()) {
      await this.#answer(command);
    }
    this.#working = false;
  }

  async #answer(command: EslCommand): Promise<void> {
    const [verb = '', ...words] = command.line.split(/\s+/);
    if (!this.#authenticated) {
      this.#authenticate(verb, command.line);
      return;
    }
    if (verb === 'api') {
      await this.#answerApi(command.line);
      return;
    }
    this.#write(this.#reply(verb, words, command));
    if (verb === 'exit') this.end();
  }

  #authenticate(verb: string, line: string): void {
    if (verb === 'auth' && line.slice('auth '.length) === this.#password) {
      this.#authenticated = true;
      this.#write(encodeReply('+OK accepted'));
      return;
    }
    if (verb !== 'auth' && verb !== 'userauth') {
      this.#write(encodeReply('-ERR command not found'));
      return;
    }
    this.#write(encodeReply('-ERR invalid'));
    this.end();
  }

  async #answerApi(line: string): Promise<void> {
    const { command, args } = splitApi(line);
    this.#inApi = true;
    const body = await this.#handler.api(command, args);
    this.#inApi = false;
    this.#write(encodeApiResponse(body));
    for (const bytes of this.#heldEvents.splice(0)) this.#write(bytes);
  }

  #reply(verb: string, words: string[], command: EslCommand): Buffer {
    switch (verb) {
      case 'bgapi': {
        const { command: name, args } = splitApi(command.line);
        const job = this.#handler.backgroundApi(name, args, command.headers.get('job-uuid'));
        return encodeReply(`+OK Job-UUID: ${job}`, [['Job-UUID', job]]);
      }
      case 'sendmsg':
        return encodeReply(this.#handler.sendMessage(words[0] ?? '', command));
      case 'event':
        return encodeReply(this.#subscriptions.add(words));
      case 'nixevent':
        return encodeReply(this.#subscriptions.remove(words));
      case 'noevents':
        return encodeReply(this.#subscriptions.clear());
      case 'filter':
        return encodeReply(words.length === 0 ? '-ERR command not found' : this.#subscriptions.filter(words));
      case 'myevents':
        this.#subscriptions.followChannel(words[0] ?? '');
        return encodeReply('+OK Events Enabled');
      case 'linger':
      case 'nolinger':
        return encodeReply('-ERR not controlling a session');
      case 'exit':
        return encodeReply('+OK bye');
      default:
        return encodeReply('-ERR command not found');
    }
  }

  #write(bytes: Buffer): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }
}

function splitApi(line: string): { command: string; args: string } {
  const match = /^\S+\s*(\S*) ?(.*)$/s.exec(line);
  return { command: match?.[1] ?? '', args: (match?.[2] ?? '').trim() };
}
