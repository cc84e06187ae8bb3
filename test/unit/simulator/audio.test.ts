import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';

import type { Attempt } from '../../../simulator/callers/persona-schema.ts';
import { personaSchema } from '../../../simulator/callers/persona-schema.ts';
import { startSimulator, TestClient, writeSilence } from './running-simulator.ts';

const UUID = '11111111-2222-4333-8444-555555555555';

/** What one media connection received. */
class MediaConnection {
  readonly binary: Buffer[] = [];
  readonly texts: string[] = [];
  /** Kinds of what came, in order. */
  readonly order: ('text' | 'binary')[] = [];
  closed: { code: number; reason: string } | null = null;

  constructor(
    readonly socket: WebSocket,
    readonly request: IncomingMessage,
    onMessage: () => void,
  ) {
    socket.on('message', (data: Buffer, isBinary) => {
      this.order.push(isBinary ? 'binary' : 'text');
      if (isBinary) this.binary.push(data);
      else this.texts.push(data.toString());
      onMessage();
    });
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
    });
  }

  get pcm(): Int16Array {
    const bytes = Buffer.concat(this.binary);
    return Int16Array.from({ length: bytes.length / 2 }, (_, index) => bytes.readInt16LE(index * 2));
  }
}

describe('streaming audio', () => {
  let media: WebSocketServer;
  let connections: MediaConnection[];
  let running: Awaited<ReturnType<typeof startSimulator>>;
  let client: TestClient;
  let url: string;

  beforeEach(async () => {
    connections = [];
    media = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    media.on('connection', (socket, request) => {
      connections.push(new MediaConnection(socket, request, () => client.look()));
      client.look();
    });
    await once(media, 'listening');
    const address = media.address();
    url = `ws://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/media/abc?lang=fr`;
  });

  afterEach(async () => {
    client.close();
    await running.close();
    for (const { socket } of connections) socket.terminate();
    await new Promise((resolve) => media.close(resolve));
  });

  /** A parked call to somebody with this script. */
  const call = async (script: unknown[], variables = ''): Promise<void> => {
    const leg = { then: 'answer', ringMs: 0 };
    const attempt: Attempt | undefined = personaSchema.parse({
      description: 'x',
      attempts: [{ leg, script }],
    }).attempts[0];
    running = await startSimulator(attempt === undefined ? {} : { attempt });
    client = await TestClient.open(running.port);
    client.send(
      `bgapi originate {origination_uuid=${UUID},ignore_early_media=true${variables}}sofia/gateway/mygateway/33639982001 &park()\n\n`,
    );
    await client.event('CHANNEL_PARK');
  };

  const start = (rest: string, module = 'uuid_audio_stream'): Promise<string> =>
    client.api(`${module} ${UUID} start ${url} ${rest}`);
  const connection = (number = 1): Promise<MediaConnection> =>
    client.until('connection', () => connections[number - 1]);
  const frames = (from: MediaConnection, count: number): Promise<true> =>
    client.until(`${count} frames`, () => from.binary.length >= count);

  it('sends the metadata and 20 ms frames at both rates, never digital silence', async () => {
    await call([]);
    expect(await start('mono 8k {"callId":"c-1","l":"l\'appel"}')).toBe('+OK Success\n');
    const at8k = await connection();
    await frames(at8k, 10);
    expect(at8k.texts).toEqual(['{"callId":"c-1","l":"l\'appel"}']);
    expect(at8k.order.indexOf('text')).toBeLessThanOrEqual(1);
    expect(new Set(at8k.binary.map((frame) => frame.length))).toEqual(new Set([320]));
    expect(at8k.binary.every((frame) => frame.some((byte) => byte !== 0))).toBe(true);
    expect(at8k.request.url).toBe('/media/abc?lang=fr');
    expect(at8k.request.headers).not.toHaveProperty('sec-websocket-extensions');
    expect(at8k.request.headers.origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await client.api(`uuid_audio_stream ${UUID} stop {"bye":1}`)).toBe('+OK Success\n');
    expect(at8k.texts.at(-1)).toBe('{"bye":1}');
    expect(at8k.closed).toEqual({ code: 1000, reason: 'Normal closure' });
    await start('mono 16k');
    const at16k = await connection(2);
    await frames(at16k, 5);
    expect(new Set(at16k.binary.map((frame) => frame.length))).toEqual(new Set([640]));
  });

  it("sends the callee's words and says in its record when they began", async () => {
    await call([{ onAnswer: 300, says: 'oui-m7.wav' }]);
    await start('mono 8k');
    const stream = await connection();
    await client.until('speech', () => running.record().some((entry) => entry['type'] === 'speech-ended'));
    const loud = stream.binary.filter(
      (frame) => frame.readInt16LE(160) > 300 || frame.readInt16LE(160) < -300,
    );
    expect(loud.length).toBeGreaterThan(5);
    expect(running.record().find((entry) => entry['type'] === 'speech-started')).toMatchObject({
      clip: 'oui-m7.wav',
      text: 'oui',
    });
  });

  it('sends no mixed or stereo frame on a parked channel, unless it sends silence when idle', async () => {
    await call([]);
    await start('stereo 8k');
    const silent = await connection();
    await client.event('mod_audio_stream::connect');
    await client.api(`uuid_audio_stream ${UUID} stop`);
    expect(silent.binary).toHaveLength(0);
    await client.api(`uuid_setvar ${UUID} send_silence_when_idle -1`);
    await start('stereo 8k');
    const filled = await connection(2);
    await frames(filled, 3);
    expect(filled.binary[0]).toHaveLength(640);
  });

  it('pauses, resumes, and refuses what a stream in that state refuses', async () => {
    await call([]);
    await start('mono 8k');
    const stream = await connection();
    await frames(stream, 2);
    expect(await start('mono 8k')).toBe('-ERR Operation Failed\n');
    await client.api(`uuid_audio_stream ${UUID} pause`);
    await client.api('version');
    const paused = stream.binary.length;
    // A round trip through the call's own clock: a playback of 100 ms.
    client.send(
      `sendmsg ${UUID}\ncall-command: execute\nexecute-app-name: playback\nexecute-app-arg: silence_stream://100\n\n`,
    );
    await client.event('PLAYBACK_STOP');
    expect(stream.binary.length - paused).toBeLessThanOrEqual(1);
    await client.api(`uuid_audio_stream ${UUID} resume`);
    await frames(stream, paused + 3);
    expect(await client.api(`uuid_audio_stream ${UUID} send_text {"hello":"monde"}`)).toBe('+OK Success\n');
    await client.until('text', () => stream.texts.includes('{"hello":"monde"}'));
    expect(await client.api(`uuid_audio_stream ${UUID} start ${url} both 8k`)).toBe('-ERR no reply\n');
    expect(await client.api(`uuid_audio_stream ${UUID} flush`)).toBe('-ERR Operation Failed\n');
  });

  it('stays attached after the server closes, and says so with its code', async () => {
    await call([]);
    await start('mono 8k');
    (await connection()).socket.close(1011, 'asr failed');
    const event = await client.event('mod_audio_stream::disconnect');
    expect(event.body).toBe('{"status":"disconnected","message":{"code":1011,"reason":"asr failed"}}');
    expect(await start('mono 8k')).toBe('-ERR Operation Failed\n');
    expect(await client.api(`uuid_audio_stream ${UUID} stop`)).toBe('+OK Success\n');
    expect(await start('mono 8k')).toBe('+OK Success\n');
  });

  it('detaches when the connection breaks or never comes up', async () => {
    await call([]);
    await start('mono 8k');
    (await connection()).socket.terminate();
    expect((await client.event('mod_audio_stream::error')).body).toContain('"code":1,');
    await client.event('MEDIA_BUG_STOP');
    url = 'ws://127.0.0.1:1/';
    expect(await start('mono 8k')).toBe('+OK Success\n');
    expect((await client.event('mod_audio_stream::error', 2)).body).toBe(
      '{"status":"error","message":{"code":6,"error":"Connection refused (system error 111)"}}',
    );
    await client.event('MEDIA_BUG_STOP', 2);
    expect(await client.api(`uuid_audio_stream ${UUID} stop`)).toBe('-ERR Operation Failed\n');
  });

  it('gives a server up that does not take part in the upgrade', async () => {
    await call([]);
    const mute = createServer();
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const address = mute.address();
    url = `ws://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
    await start('mono 8k');
    expect((await client.event('mod_audio_stream::error')).body).toBe(
      '{"status":"error","message":{"code":10,"error":"Timeout"}}',
    );
    mute.close();
  });

  it('passes on what the server says, and writes its audio to a file that goes with the stream', async () => {
    await call([]);
    await start('mono 8k');
    const { socket } = await connection();
    socket.send('plain text, été');
    expect((await client.event('mod_audio_stream::json')).body).toBe('plain text, été');
    const audioData = Buffer.alloc(800).toString('base64');
    socket.send(
      JSON.stringify({ type: 'streamAudio', data: { audioDataType: 'raw', sampleRate: 8000, audioData } }),
    );
    const { body } = await client.event('mod_audio_stream::play');
    const file = /"file":"([^"]+)"/.exec(body)?.[1] ?? '';
    expect(existsSync(file)).toBe(true);
    await client.api(`uuid_audio_stream ${UUID} stop`);
    expect(existsSync(file)).toBe(false);
  });

  it('speaks the fork module: sub-protocol, no bodies, killAudio stops the playback', async () => {
    await call([]);
    await start('mono 8k {"callId":"c-1"}', 'uuid_audio_fork');
    const stream = await connection();
    expect((await client.event('mod_audio_fork::connect')).body).toBe('');
    expect(stream.request.headers['sec-websocket-protocol']).toBe('audio.drachtio.org');
    await frames(stream, 1);
    expect(stream.order[0]).toBe('text');
    client.send(
      `sendmsg ${UUID}\ncall-command: execute\nexecute-app-name: playback\nexecute-app-arg: silence_stream://5000\n\n`,
    );
    await client.event('PLAYBACK_START');
    stream.socket.send('{"type":"killAudio"}');
    expect((await client.event('PLAYBACK_STOP')).headers.get('Playback-Status')).toBe('break');
    await client.api(`uuid_audio_fork ${UUID} stop`);
    expect(stream.closed).toEqual({ code: 1000, reason: '' });
  });

  it('records both sides on one clock, callee left and prompt right', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'recording-'));
    await call([{ onAnswer: 200, says: 'oui-m7.wav' }], ',RECORD_STEREO=true');
    const file = join(dir, 'sub', 'call.wav');
    expect(await client.api(`uuid_record ${UUID} start ${file}`)).toBe('+OK Success\n');
    writeSilence(join(dir, 'prompt.wav'), 300);
    client.send(
      `sendmsg ${UUID}\ncall-command: execute\nexecute-app-name: playback\nexecute-app-arg: tone_stream://%(300,0,440)\n\n`,
    );
    await client.event('PLAYBACK_STOP');
    await client.api(`uuid_record ${UUID} stop ${file}`);
    const stop = await client.event('RECORD_STOP');
    const wav = readFileSync(file);
    rmSync(dir, { recursive: true });
    expect(wav.readUInt16LE(22)).toBe(2);
    expect(wav.readUInt32LE(40)).toBe(wav.length - 44);
    expect(stop.headers.get('variable_record_samples')).toBe(String((wav.length - 44) / 4));
    const loudest = (offset: number): number =>
      Math.max(
        ...Array.from({ length: (wav.length - 44) / 4 }, (_, index) =>
          Math.abs(wav.readInt16LE(44 + index * 4 + offset)),
        ),
      );
    expect(loudest(2)).toBeGreaterThan(5000);
    expect(loudest(0)).toBeGreaterThan(1000);
  });
});
