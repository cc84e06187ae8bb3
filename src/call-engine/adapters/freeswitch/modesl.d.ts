/** The part of modesl 1.2 that is used here; the package ships no types. */
declare module 'modesl' {
  import type { Socket } from 'node:net';

  export class Event {
    getHeader(name: string): unknown;
    getBody(): string;
  }

  /** What is buffered of the message being received. */
  export interface Parser {
    readonly buffer: Buffer;
    readonly bodyLen: number;
  }

  export class Connection {
    constructor(host: string, port: number, password: string);
    /** Null once the other side ended the connection. */
    readonly socket: Socket | null;
    /** Undefined until connected. */
    readonly parser: Parser | undefined;
    on(event: 'error', listener: (error: unknown) => void): this;
    on(
      event: 'esl::connect' | 'esl::event::auth::success' | 'esl::event::auth::fail',
      listener: () => void,
    ): this;
    on(
      event: 'esl::event::**',
      listener: (event: Event, headers: Readonly<Record<string, unknown>> | undefined) => void,
    ): this;
    sendRecv(
      command: string,
      headers: Readonly<Record<string, string>> | null,
      onReply: (reply: Event) => void,
    ): void;
    api(command: string, onReply: (reply: Event) => void): void;
  }

  const modesl: { Connection: typeof Connection };
  export default modesl;
}
