import { WebSocket } from 'ws';

interface StreamClientOptions {
  url: string;
  subprotocol: string | null;
  headers: Record<string, string>;
  /** Sent on the first occasion; null sends none. */
  metadata: string | null;
  /** As seen in 11 starts of 40: one binary frame leaves before the metadata. */
  metadataAfterFirstFrame: boolean;
  onOpen: () => void;
  onText: (text: string) => void;
  /** The server closed, with its code (1005 when it gave none). */
  onServerClosed: (code: number, reason: string) => void;
  /** Never connected, or the connection broke without a close frame. */
  onFailed: (failure: StreamFailure) => void;
}

interface StreamFailure {
  /** The module's own error codes: 1 I/O, 6 connect, 10 timeout. */
  code: 1 | 6 | 10;
  error: string;
}

/** A server that does not take part in the upgrade is given up after this. */
const HANDSHAKE_MS = 1000;
/** A server that does not answer the close frame holds the switch up this long. */
const CLOSE_MS = 1000;
/** Frames for a server that has stopped reading are kept up to here (about 4 minutes at 8 kHz), then dropped. */
const MAX_BUFFERED_BYTES = 4_000_000;

/** The module's WebSocket: one connection, never reopened. */
export class StreamClient {
  readonly #socket: WebSocket;
  readonly #options: StreamClientOptions;
  #metadataDue: boolean;
  #isOpen = false;
  #isClosing = false;
  #isDone = false;
  droppedFrames = 0;

  constructor(options: StreamClientOptions) {
    this.#options = options;
    this.#metadataDue = options.metadata !== null;
    const { origin } = new URL(options.url.replace(/^ws/, 'http'));
    this.#socket = new WebSocket(options.url, options.subprotocol === null ? [] : [options.subprotocol], {
      perMessageDeflate: false,
      handshakeTimeout: HANDSHAKE_MS,
      origin,
      headers: options.headers,
    });
    this.#listen();
  }

  get isOpen(): boolean {
    return this.#isOpen && !this.#isClosing && !this.#isDone;
  }

  /** Sends one bundle of audio. */
  sendAudio(pcm: Buffer): void {
    if (!this.isOpen) return;
    if (this.#socket.bufferedAmount > MAX_BUFFERED_BYTES) {
      this.droppedFrames++;
      return;
    }
    if (!this.#options.metadataAfterFirstFrame) this.#sendMetadata();
    this.#socket.send(pcm);
    this.#sendMetadata();
  }

  sendText(text: string): void {
    if (this.isOpen) this.#socket.send(text);
  }

  /** Ends the stream with code 1000; resolves when the server has answered, or after 1 s when it does not. */
  async close(reason: string): Promise<void> {
    if (this.#isDone) return;
    this.#isClosing = true;
    if (!this.#isOpen) {
      this.destroy();
      return;
    }
    const deadline = setTimeout(() => this.#socket.terminate(), CLOSE_MS);
    await new Promise<void>((resolve) => {
      this.#socket.once('close', () => resolve());
      this.#socket.close(1000, reason);
    });
    clearTimeout(deadline);
  }

  /** The TCP connection just breaks. */
  destroy(): void {
    this.#isDone = true;
    this.#socket.terminate();
  }

  #listen(): void {
    this.#socket.on('open', () => {
      this.#isOpen = true;
      if (!this.#options.metadataAfterFirstFrame) this.#sendMetadata();
      this.#options.onOpen();
    });
    this.#socket.on('message', (data: Buffer, isBinary: boolean) => {
      // Binary frames from the server are ignored by both modules.
      if (!isBinary && !this.#isClosing) this.#options.onText(data.toString('utf8'));
    });
    this.#socket.on('error', (error: Error & { code?: string }) => this.#fail(connectFailure(error)));
    this.#socket.on('close', (code: number, reason: Buffer) => {
      if (this.#isClosing || this.#isDone) {
        this.#isDone = true;
      } else if (code === 1006) {
        this.#fail({ code: 1, error: 'Connection closed without WebSocket CLOSE (abnormal EOF)' });
      } else {
        this.#isDone = true;
        this.#options.onServerClosed(code, reason.toString('utf8'));
      }
    });
  }

  #sendMetadata(): void {
    if (!this.#metadataDue || this.#options.metadata === null) return;
    this.#metadataDue = false;
    this.#socket.send(this.#options.metadata);
  }

  #fail(failure: StreamFailure): void {
    if (this.#isDone || this.#isClosing) return;
    this.#isDone = true;
    this.#options.onFailed(failure);
  }
}

function connectFailure(error: Error & { code?: string }): StreamFailure {
  if (error.message.includes('handshake has timed out')) return { code: 10, error: 'Timeout' };
  if (error.message.startsWith('Unexpected server response'))
    return { code: 6, error: 'WebSocket upgrade failed' };
  if (error.code === 'ECONNRESET' || error.code === 'EPIPE') {
    return { code: 1, error: 'Connection closed without WebSocket CLOSE (abnormal EOF)' };
  }
  if (error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN') {
    return { code: 6, error: 'Resource temporarily unavailable (system error 11)' };
  }
  return { code: 6, error: 'Connection refused (system error 111)' };
}
