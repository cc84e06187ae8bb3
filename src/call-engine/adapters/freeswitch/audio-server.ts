import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { WebSocketServer } from 'ws';
import type { RawData, WebSocket } from 'ws';
import { OperatorError } from '../../../errors.ts';
import { FrameSplitter } from './frame-splitter.ts';

/** Two seconds of 16 kHz audio in one message: the modules send 20 to 100 ms. */
const MAX_MESSAGE_BYTES = 64 * 1024;
const MAX_REQUEST_HEADER_BYTES = 8 * 1024;
const UPGRADE_DEADLINE_MS = 5000;
const PATH_PREFIX = '/audio/';
/** Wildcard addresses: nobody can connect to them by that name. */
const WILDCARDS = new Set(['0.0.0.0', '::', '']);
/** Refused or early connections beside the streams. */
const SPARE_CONNECTIONS = 16;

export interface AudioServerOptions {
  listenHost: string;
  /** 0 takes a free port. */
  listenPort: number;
  /** `ws://host[:port]` as the switch reaches it; null when `listenHost` is that address. */
  advertisedUrl: string | null;
  sampleRateHz: 8000 | 16000;
  subprotocol: string | null;
  maxStreams: number;
  /** Frames never stop on a live stream; after this long without one it is cut. */
  stallTimeoutMs: number;
}

/** What becomes of one expected stream. After `onClosed` nothing more comes. */
export interface StreamHandlers {
  onFrame: (samples: Int16Array) => void;
  onClosed: (close: { code: number; reason: string }) => void;
}

/** A stream the server waits for, then serves. */
export interface AudioStream {
  /** Where the switch must connect. The token in it is good for one connection. */
  readonly url: string;
  isConnected(): boolean;
  /** Stops waiting, or closes the connection. Nothing more is told. Idempotent. */
  close(): void;
}

interface OpenStream {
  socket: WebSocket;
  handlers: StreamHandlers;
  splitter: FrameSplitter;
  lastMessageAtMs: number;
}

/** Receives the callees' audio from the switch: one WebSocket per call, let in by a one-time token in its path. */
export class AudioServer {
  private readonly http: Server;
  private readonly sockets: WebSocketServer;
  private readonly expected = new Map<string, (socket: WebSocket) => void>();
  private readonly open = new Set<OpenStream>();
  /** Also those that are being closed and whose other side has not answered yet. */
  private readonly webSockets = new Set<WebSocket>();
  private stallTimer: NodeJS.Timeout | null = null;
  private listening: Promise<void> | null = null;
  private closing: Promise<void> | null = null;

  constructor(
    private readonly options: AudioServerOptions,
    private readonly logger: Logger,
  ) {
    const { subprotocol, maxStreams } = options;
    this.sockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: MAX_MESSAGE_BYTES,
      handleProtocols: (offered) => (subprotocol !== null && offered.has(subprotocol) ? subprotocol : false),
    });
    this.http = createServer(
      {
        maxHeaderSize: MAX_REQUEST_HEADER_BYTES,
        headersTimeout: UPGRADE_DEADLINE_MS,
        requestTimeout: UPGRADE_DEADLINE_MS,
        connectionsCheckingInterval: UPGRADE_DEADLINE_MS / 5,
      },
      (_request, response) => response.writeHead(426, { connection: 'close' }).end(),
    );
    this.http.maxConnections = maxStreams + SPARE_CONNECTIONS;
    this.http.on('upgrade', (request, socket, head) => this.onUpgrade(request, socket, head));
    this.http.on('clientError', (_error, socket) => socket.destroy());
  }

  /** Resolves when the port is open; rejects with an `OperatorError` when it cannot be. The same promise every time. */
  listen(): Promise<void> {
    this.listening ??= this.startListening();
    return this.listening;
  }

  /** Waits for one connection; `stream.url` is what the switch must be told. */
  expect(handlers: StreamHandlers): AudioStream {
    const token = randomBytes(24).toString('base64url');
    let stream: OpenStream | null = null;
    this.expected.set(token, (socket) => {
      stream = this.serve(socket, handlers);
    });
    return {
      url: `${this.baseUrl()}${PATH_PREFIX}${token}`,
      isConnected: () => stream !== null,
      close: () => {
        this.expected.delete(token);
        if (stream === null || !this.open.delete(stream)) return;
        stream.socket.close(1000);
      },
    };
  }

  /** Cuts every stream and closes the port. Idempotent. */
  close(): Promise<void> {
    this.closing ??= this.closeAll();
    return this.closing;
  }

  private startListening(): Promise<void> {
    const { listenHost, listenPort, advertisedUrl, stallTimeoutMs } = this.options;
    if (advertisedUrl === null && WILDCARDS.has(listenHost)) {
      return Promise.reject(
        new OperatorError(
          'AUDIO_ADDRESS_UNKNOWN',
          `the audio server listens on every address ("${listenHost}"): ` +
            'say under which one the switch reaches it (STREAMING_ASR_PUBLIC_URL, ws://host:port), or listen on that one',
        ),
      );
    }
    return new Promise((resolve, reject) => {
      this.http.once('error', (error) => {
        reject(
          new OperatorError(
            'AUDIO_PORT_UNAVAILABLE',
            `cannot receive audio on ${listenHost}:${listenPort} (${error.message}): set STREAMING_ASR_PORT to another port, or to 0 for a free one`,
            { cause: error },
          ),
        );
      });
      this.http.listen(listenPort, listenHost, () => {
        this.http.removeAllListeners('error');
        this.http.on('error', (error) => this.logger.error({ err: error }, 'audio server'));
        this.stallTimer = setInterval(() => this.cutStalled(), Math.max(1, stallTimeoutMs / 4));
        resolve();
      });
    });
  }

  private baseUrl(): string {
    const port = this.port();
    const { listenHost, advertisedUrl } = this.options;
    if (advertisedUrl === null) return `ws://${listenHost}:${port}`;
    const url = new URL(advertisedUrl);
    return `${url.protocol}//${url.hostname}:${url.port === '' ? port : url.port}`;
  }

  private port(): number {
    const address: AddressInfo | string | null = this.http.address();
    return typeof address === 'object' && address !== null ? address.port : this.options.listenPort;
  }

  private onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Until ws takes over, an error of the socket has no other listener.
    const onEarlyError = (): void => {
      socket.destroy();
    };
    socket.on('error', onEarlyError);
    const path = request.url ?? '';
    const token = path.startsWith(PATH_PREFIX) ? path.slice(PATH_PREFIX.length) : '';
    const accept = this.expected.get(token);
    if (accept === undefined || this.open.size >= this.options.maxStreams) {
      const status = accept === undefined ? '404 Not Found' : '503 Service Unavailable';
      this.logger.warn({ status }, 'audio connection refused');
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    this.expected.delete(token);
    this.sockets.handleUpgrade(request, socket, head, (webSocket) => {
      socket.removeListener('error', onEarlyError);
      accept(webSocket);
    });
  }

  private serve(socket: WebSocket, handlers: StreamHandlers): OpenStream {
    const splitter = new FrameSplitter(this.options.sampleRateHz);
    const stream: OpenStream = { socket, handlers, splitter, lastMessageAtMs: performance.now() };
    this.open.add(stream);
    this.webSockets.add(socket);
    socket.on('message', (data, isBinary) => this.onMessage(stream, data, isBinary));
    // `close` follows each error, with a code that says what it was.
    socket.on('error', (error) => this.logger.debug({ err: error }, 'audio connection failed'));
    socket.once('close', (code, reason) => {
      this.webSockets.delete(socket);
      if (splitter.oddMessages > 0)
        this.logger.warn({ odd: splitter.oddMessages }, 'audio messages with half a sample');
      if (this.open.delete(stream)) handlers.onClosed({ code, reason: reason.toString() });
    });
    return stream;
  }

  private onMessage(stream: OpenStream, data: RawData, isBinary: boolean): void {
    // Text is the module's metadata. It may come after the first audio, and we need none of it.
    if (!isBinary || !this.open.has(stream)) return;
    stream.lastMessageAtMs = performance.now();
    stream.splitter.push(bytesOf(data), stream.handlers.onFrame);
  }

  private cutStalled(): void {
    const oldest = performance.now() - this.options.stallTimeoutMs;
    for (const stream of this.open) {
      if (stream.lastMessageAtMs >= oldest) continue;
      this.open.delete(stream);
      stream.socket.close(1011, 'no audio');
      stream.handlers.onClosed({ code: 1011, reason: `no audio for ${this.options.stallTimeoutMs} ms` });
    }
  }

  private async closeAll(): Promise<void> {
    if (this.stallTimer !== null) clearInterval(this.stallTimer);
    this.expected.clear();
    this.open.clear();
    for (const socket of this.webSockets) socket.terminate();
    if (this.listening === null) return;
    // A port that could not be opened was reported by `listen`.
    await this.listening.catch(() => undefined);
    await new Promise<void>((resolve) => {
      this.http.close(() => resolve());
      this.http.closeAllConnections();
    });
  }
}

function bytesOf(data: RawData): Uint8Array {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : new Uint8Array(data);
}
