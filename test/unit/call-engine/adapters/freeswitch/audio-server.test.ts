import { connect } from 'node:net';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import {
  AudioServer,
  type AudioServerOptions,
  type AudioStream,
} from '../../../../../src/call-engine/adapters/freeswitch/audio-server.ts';
import { OperatorError } from '../../../../../src/errors.ts';

let server: AudioServer | null = null;
const clients: WebSocket[] = [];

interface Heard {
  stream: AudioStream;
  frames: Int16Array[];
  closes: { code: number; reason: string }[];
}

async function listening(options: Partial<AudioServerOptions> = {}): Promise<AudioServer> {
  server = new AudioServer(
    {
      listenHost: '127.0.0.1',
      listenPort: 0,
      advertisedUrl: null,
      sampleRateHz: 8000,
      subprotocol: null,
      maxStreams: 10,
      stallTimeoutMs: 60_000,
      ...options,
    },
    pino({ level: 'silent' }),
  );
  await server.listen();
  return server;
}

function expectStream(audio: AudioServer): Heard {
  const frames: Int16Array[] = [];
  const closes: Heard['closes'] = [];
  const stream = audio.expect({
    onFrame: (frame) => frames.push(frame),
    onClosed: (close) => closes.push(close),
  });
  return { stream, frames, closes };
}

function dial(url: string, protocol?: string): WebSocket {
  const client = protocol === undefined ? new WebSocket(url) : new WebSocket(url, protocol);
  client.on('error', () => undefined);
  clients.push(client);
  return client;
}

function happened<T>(client: WebSocket, event: string, pick: (...args: never[]) => T): Promise<T> {
  return new Promise((resolve, reject) => {
    const deadline = setTimeout(() => reject(new Error(`no ${event}`)), 5000);
    client.once(event, (...args) => {
      clearTimeout(deadline);
      resolve(pick(...(args as never[])));
    });
  });
}

const opened = (client: WebSocket): Promise<void> => happened(client, 'open', () => undefined);
const refusedWith = (client: WebSocket): Promise<number | undefined> =>
  happened(
    client,
    'unexpected-response',
    (_request: never, response: { statusCode?: number }) => response.statusCode,
  );
const closedWith = (client: WebSocket): Promise<number> => happened(client, 'close', (code: number) => code);

async function until(condition: () => boolean): Promise<void> {
  const deadline = AbortSignal.timeout(5000);
  while (!condition()) {
    deadline.throwIfAborted();
    await new Promise(setImmediate);
  }
}

afterEach(async () => {
  for (const client of clients.splice(0)) client.terminate();
  await server?.close();
  server = null;
});

describe('who gets in', () => {
  it('one connection per token', async () => {
    const { stream } = expectStream(await listening());
    await opened(dial(stream.url));
    expect(stream.isConnected()).toBe(true);
    expect(await refusedWith(dial(stream.url))).toBe(404);
  });

  it.each(['/', '/audio/', '/audio/guess', '/other', '/audio/../audio/x'])('nobody by %s', async (path) => {
    const audio = await listening();
    const { stream } = expectStream(audio);
    expect(await refusedWith(dial(new URL(path, stream.url).href))).toBe(404);
  });

  it('nobody once the stream is no longer wanted', async () => {
    const { stream } = expectStream(await listening());
    stream.close();
    stream.close();
    expect(await refusedWith(dial(stream.url))).toBe(404);
  });

  it('no more than the limit', async () => {
    const audio = await listening({ maxStreams: 1 });
    await opened(dial(expectStream(audio).stream.url));
    expect(await refusedWith(dial(expectStream(audio).stream.url))).toBe(503);
  });

  it('no plain web request', async () => {
    const { stream } = expectStream(await listening());
    const response = await fetch(stream.url.replace('ws://', 'http://'));
    expect(response.status).toBe(426);
  });

  it('rubbish does no harm', async () => {
    const { stream } = expectStream(await listening());
    const socket = connect(Number(new URL(stream.url).port), '127.0.0.1');
    await new Promise<void>((resolve) => {
      socket.on('error', () => undefined);
      socket.on('close', () => resolve());
      socket.write('\u0000\u0001 rubbish\r\n\r\n');
    });
    await opened(dial(stream.url));
  });

  it('tokens differ and cannot be guessed', async () => {
    const audio = await listening();
    const tokens = Array.from({ length: 100 }, () => expectStream(audio).stream.url);
    expect(new Set(tokens).size).toBe(100);
    expect(tokens[0]).toMatch(/\/audio\/[A-Za-z0-9_-]{32}$/);
  });

  it.each([
    ['audio.drachtio.org', 'audio.drachtio.org'],
    [null, ''],
  ])('sub-protocol %s', async (subprotocol, agreed) => {
    const { stream } = expectStream(await listening({ subprotocol }));
    const client = dial(stream.url, subprotocol ?? undefined);
    await opened(client);
    expect(client.protocol).toBe(agreed);
  });
});

describe('what is received', () => {
  it('frames, whatever text comes before, between or after them', async () => {
    const { stream, frames } = expectStream(await listening());
    const client = dial(stream.url);
    await opened(client);
    client.send(Buffer.alloc(320));
    client.send('{"callId":"c-1"}');
    client.send(Buffer.alloc(1600));
    await until(() => frames.length === 6);
    expect(frames.every((frame) => frame.length === 160)).toBe(true);
  });

  it('a message that is too large ends the stream', async () => {
    const { stream, frames, closes } = expectStream(await listening());
    const client = dial(stream.url);
    await opened(client);
    client.send(Buffer.alloc(100_000));
    expect(await closedWith(client)).toBe(1009);
    await until(() => closes.length === 1);
    expect(frames).toEqual([]);
  });

  it('a stream without frames is cut', async () => {
    const { stream, closes } = expectStream(await listening({ stallTimeoutMs: 40 }));
    const client = dial(stream.url);
    await opened(client);
    expect(await closedWith(client)).toBe(1011);
    expect(closes).toMatchObject([{ code: 1011 }]);
  });
});

describe('how it ends', () => {
  it('a close is answered at once and told once', async () => {
    const { stream, closes } = expectStream(await listening());
    const client = dial(stream.url);
    await opened(client);
    client.close(1000, 'Normal closure');
    expect(await closedWith(client)).toBe(1000);
    await until(() => closes.length === 1);
    expect(closes).toEqual([{ code: 1000, reason: 'Normal closure' }]);
  });

  it('a cut connection is told', async () => {
    const { stream, closes } = expectStream(await listening());
    const client = dial(stream.url);
    await opened(client);
    client.terminate();
    await until(() => closes.length === 1);
    expect(closes[0]?.code).toBe(1006);
  });

  it('our own close is not told', async () => {
    const { stream, closes } = expectStream(await listening());
    const client = dial(stream.url);
    await opened(client);
    stream.close();
    expect(await closedWith(client)).toBe(1000);
    expect(closes).toEqual([]);
  });

  it('closing the server does not wait for who never answers a close', async () => {
    const audio = await listening();
    const { stream } = expectStream(audio);
    const { port, pathname } = new URL(stream.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => undefined);
    const key = Buffer.alloc(16).toString('base64');
    socket.write(
      `GET ${pathname} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
    );
    await until(() => stream.isConnected());
    stream.close();
    await audio.close();
    socket.destroy();
  });

  it('closing the server cuts everybody', async () => {
    const audio = await listening();
    const client = dial(expectStream(audio).stream.url);
    await opened(client);
    const closed = closedWith(client);
    await audio.close();
    await audio.close();
    expect(await closed).toBe(1006);
  });
});

describe('its address', () => {
  it.each([
    ['ws://voicebot.example.org', /^ws:\/\/voicebot\.example\.org:\d+\/audio\//],
    ['ws://10.0.0.5:9999', /^ws:\/\/10\.0\.0\.5:9999\/audio\//],
    [null, /^ws:\/\/127\.0\.0\.1:\d+\/audio\//],
  ])('advertised as %s', async (advertisedUrl, pattern) => {
    expect(expectStream(await listening({ advertisedUrl })).stream.url).toMatch(pattern);
  });

  it('every address at once is none', async () => {
    await expect(listening({ listenHost: '0.0.0.0' })).rejects.toMatchObject({
      code: 'AUDIO_ADDRESS_UNKNOWN',
    });
  });

  it('a port in use is the operator’s to mend', async () => {
    const first = await listening();
    const port = Number(new URL(expectStream(first).stream.url).port);
    const failure: unknown = await listening({ listenPort: port }).catch((error: unknown) => error);
    await first.close();
    expect(failure).toBeInstanceOf(OperatorError);
    expect(failure).toMatchObject({ code: 'AUDIO_PORT_UNAVAILABLE' });
  });
});
