import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EslCommand } from '../../../../../src/call-engine/adapters/freeswitch/esl-commands.ts';
import type { EslEvent } from '../../../../../src/call-engine/adapters/freeswitch/esl-event.ts';
import { EslLink } from '../../../../../src/call-engine/adapters/freeswitch/esl-link.ts';
import { readCapture } from '../../../../helpers/esl-capture.ts';
import { EslServer, type EslSession } from '../../../../helpers/esl-server.ts';

let server: EslServer;
let link: EslLink;
let events: EslEvent[];
let ups: boolean[];
let downs: number;
/** Log lines that say how long the link waits before it tries again. */
let waits: number[];

const api = (line: string): EslCommand => ({ kind: 'api', line, headers: null });
const background = (line: string): EslCommand => ({ kind: 'background', line, headers: null });

function open(
  timeouts: { connectTimeoutMs?: number; commandTimeoutMs?: number; idleProbeMs?: number } = {},
): void {
  link = new EslLink(
    {
      host: '127.0.0.1',
      port: server.port,
      password: server.options.password,
      mark: 'test.1',
      eventSubclasses: ['mod_audio_stream::connect'],
      connectTimeoutMs: 2000,
      commandTimeoutMs: 2000,
      reconnectMinMs: 10,
      reconnectMaxMs: 40,
      refusedRetryMs: 60_000,
      idleProbeMs: 60_000,
      ...timeouts,
    },
    {
      onUp: ({ switchRestarted }) => ups.push(switchRestarted),
      onDown: () => (downs += 1),
      onEvent: (event) => events.push(event),
    },
    pino(
      { level: 'warn' },
      { write: (line: string) => waits.push(Number(/"retryInMs":(\d+)/.exec(line)?.[1])) },
    ),
  );
  link.start();
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = AbortSignal.timeout(5000);
  while (!condition()) {
    deadline.throwIfAborted();
    await delay(2);
  }
}

async function connected(timeouts: Parameters<typeof open>[0] = {}): Promise<EslSession> {
  open(timeouts);
  await until(() => link.isUp());
  const { session } = await server.command(/^auth /);
  return session;
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
}

beforeEach(async () => {
  server = await EslServer.start();
  events = [];
  ups = [];
  downs = 0;
  waits = [];
});

afterEach(async () => {
  await link.close();
  await server.close();
});

describe('logging in', () => {
  it('filters before it subscribes, with the format first and CUSTOM last', async () => {
    await connected();
    const lines = server.commands.map(({ line }) => line);
    const subscription = lines.findIndex((line) =>
      line.startsWith('event json BACKGROUND_JOB CHANNEL_CREATE'),
    );
    expect(lines.indexOf('filter Channel-Presence-Data test.1')).toBeGreaterThan(0);
    expect(lines.indexOf('filter Channel-Presence-Data test.1')).toBeLessThan(subscription);
    expect(lines[subscription]).toMatch(/ CUSTOM mod_audio_stream::connect$/);
    expect(ups).toEqual([false]);
  });

  it('a refused password is named, and the switch is left in peace', async () => {
    server.handlers.push(({ line, session }) => {
      if (!line.startsWith('auth ')) return false;
      session.refusePassword();
      return true;
    });
    open();
    await until(() => link.isRefused());
    expect(link.lastFailure()).toMatchObject({ code: 'FREESWITCH_PASSWORD_REFUSED' });
    expect(link.lastFailure()?.message).toContain('FREESWITCH_ESL_PASSWORD');
    expect(waits).toEqual([60_000]);
    expect(server.connections).toBe(1);
  });

  it('a rude rejection is named, and the switch is left in peace', async () => {
    server.greeting = 'Content-Type: text/rude-rejection\nContent-Length: 24\n\nAccess Denied, go away.\n';
    open();
    await until(() => link.isRefused());
    expect(link.lastFailure()).toMatchObject({ code: 'FREESWITCH_ADDRESS_REFUSED' });
    expect(waits).toEqual([60_000]);
    expect(server.connections).toBe(1);
  });

  it.each([
    ['says nothing', ''],
    ['speaks another language', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['sends headers that cannot be decoded', 'Content-Type: %E0%A4%A\n\n'],
    ['announces a body that is too large', 'Content-Type: api/response\nContent-Length: 99999999999\n\nx'],
    ['announces a negative body', 'Content-Type: api/response\nContent-Length: -5\n\nxxxxxxxxxx'],
  ])('what %s is no event socket, and is tried again', async (_what, greeting) => {
    server.greeting = greeting;
    open({ connectTimeoutMs: 60 });
    await server.until(() => server.connections >= 3, 'third attempt');
    expect(link.isUp()).toBe(false);
    expect(link.lastFailure()?.code).toMatch(/^FREESWITCH_/);
    server.greeting = 'Content-Type: auth/request\n\n';
    await until(() => link.isUp());
  });

  it('a refused subscription is no connection', async () => {
    let isRefusing = true;
    server.handlers.push(({ line, session }) => {
      if (!isRefusing || !line.startsWith('filter ')) return false;
      session.reply('-ERR permission denied');
      return true;
    });
    open();
    await server.until(() => server.connections >= 2, 'second attempt');
    expect(link.lastFailure()?.message).toContain('permission denied');
    isRefusing = false;
    await until(() => link.isUp());
  });
});

describe('commands', () => {
  it('get their own answers, though events come in between', async () => {
    const session = await connected();
    server.handlers.push(({ line }) => {
      if (!line.startsWith('api echo')) return false;
      server.emit({ 'Event-Name': 'HEARTBEAT' });
      session.apiResponse(line.slice('api echo '.length));
      return true;
    });
    const answers = await Promise.all(
      ['un', 'deux', 'é'.repeat(500)].map((word) => link.send(api(`echo ${word}`))),
    );
    expect(answers).toEqual(['un', 'deux', 'é'.repeat(500)]);
    expect(events).toHaveLength(3);
  });

  it('a job’s result may come before the reply', async () => {
    await connected();
    server.handlers.push(({ line, session, headers }) => {
      if (!line.startsWith('bgapi early')) return false;
      server.finishJob(headers.get('Job-UUID') ?? '', '+OK done\n');
      session.reply(`+OK Job-UUID: ${headers.get('Job-UUID') ?? ''}`);
      return true;
    });
    expect(await link.run(background('early'), { deadlineMs: 1000 })).toBe('+OK done\n');
  });

  it('a job without a result ends at its deadline, and the link stays', async () => {
    await connected();
    await expect(link.run(background('originate x'), { deadlineMs: 30 })).rejects.toMatchObject({
      code: 'FREESWITCH_JOB_TIMEOUT',
    });
    expect(link.isUp()).toBe(true);
  });

  it('a job that the switch refuses gives its refusal', async () => {
    await connected();
    server.handlers.push(({ line, session }) => {
      if (!line.startsWith('bgapi no')) return false;
      session.reply('-ERR command not found');
      return true;
    });
    expect(await link.run(background('no'), { deadlineMs: 1000 })).toBe('-ERR command not found');
  });

  it('a line break in a command is refused and the link stays', async () => {
    await connected();
    await expect(link.send(api('status\n\napi hupall'))).rejects.toMatchObject({
      code: 'FREESWITCH_UNSAFE_VALUE',
    });
    expect(link.isUp()).toBe(true);
    expect(server.count(/hupall/)).toBe(0);
  });

  it('an unanswered command means a dead link', async () => {
    await connected({ commandTimeoutMs: 60 });
    server.handlers.push(({ line }) => line === 'api sleep');
    await expect(link.send(api('sleep'))).rejects.toMatchObject({ code: 'FREESWITCH_LINK_LOST' });
    expect(downs).toBe(1);
    await until(() => link.isUp());
  });

  it('a quiet link is probed, and cut when nobody answers', async () => {
    let isDeaf = false;
    server.handlers.push(({ line }) => isDeaf && line.startsWith('api uuid_exists'));
    await connected({ commandTimeoutMs: 60, idleProbeMs: 20 });
    await server.command(/^api uuid_exists 0000/, 2);
    expect(downs).toBe(0);
    isDeaf = true;
    await until(() => downs === 1);
    isDeaf = false;
    await until(() => link.isUp());
  });
});

describe('a lost link', () => {
  it('rejects what was under way, and sends none of it later', async () => {
    await connected();
    server.handlers.push(({ line }) => line.startsWith('bgapi originate'));
    const first = link.run(background('originate one'), { deadlineMs: 5000 });
    const second = link.send(api('status'));
    server.handlers.length = 0;
    const failures = Promise.all([first, second].map((sent) => sent.catch((error: unknown) => error)));
    await server.command(/^bgapi originate one/);
    server.drop();
    await until(() => downs === 1);
    const late = link.run(background('originate two'), { deadlineMs: 5000 });
    await expect(late).rejects.toMatchObject({ code: 'FREESWITCH_LINK_LOST' });
    expect((await failures)[0]).toMatchObject({ code: 'FREESWITCH_LINK_LOST' });
    await until(() => link.isUp());
    await link.send(api('status'));
    expect(server.count(/originate one/)).toBe(1);
    expect(server.count(/originate two/)).toBe(0);
    expect(ups).toEqual([false, false]);
  });

  it('subscribes again, and notices that the switch is another one', async () => {
    await connected();
    server.options.coreUuid = crypto.randomUUID();
    server.drop();
    await until(() => ups.length === 2);
    expect(ups).toEqual([false, true]);
    expect(server.count(/^event json BACKGROUND_JOB CHANNEL_CREATE/)).toBe(2);
  });

  it('is retried with growing, bounded, uneven waits', async () => {
    await server.shut();
    open();
    await until(() => waits.length >= 6);
    expect(waits.every((waitMs) => waitMs >= 5 && waitMs <= 40)).toBe(true);
    expect(waits[0]).toBeLessThanOrEqual(10);
    expect(Math.min(...waits.slice(3))).toBeGreaterThanOrEqual(20);
    await server.reopen();
    await until(() => link.isUp());
  });

  it('an orderly goodbye is a lost link too', async () => {
    const session = await connected();
    session.disconnect();
    await until(() => downs === 1);
    await until(() => link.isUp());
  });

  it('closing while it waits or connects leaves nothing behind', async () => {
    await server.shut();
    const before = timers();
    open();
    await until(() => link.lastFailure() !== null);
    await link.close();
    await link.close();
    expect(timers()).toBe(before);
    await server.reopen();
    await expect(link.send(api('status'))).rejects.toMatchObject({ code: 'FREESWITCH_LINK_LOST' });
  });
});

describe('what the switch sends', () => {
  const capture = (): Buffer =>
    Buffer.concat(
      readCapture('originate-01-answered-callee-speaks-then-hangs-up.json.txt')
        .filter(({ from, bytes }) => from === 'switch' && bytes.includes('text/event-json'))
        .map(({ bytes }) => bytes),
    );

  it.each([1, 7, 100, 1460, 65_536])('is understood in pieces of %d bytes', async (size) => {
    const session = await connected();
    const bytes = capture();
    for (let at = 0; at < bytes.length; at += size) session.raw(bytes.subarray(at, at + size));
    await until(() => events.some(({ name }) => name === 'CHANNEL_DESTROY'));
    expect(events.map(({ name }) => name)).toEqual([
      'CHANNEL_CREATE',
      'CHANNEL_PROGRESS',
      'CHANNEL_ANSWER',
      'CHANNEL_EXECUTE',
      'CHANNEL_PARK',
      'CHANNEL_HANGUP',
      'CHANNEL_UNPARK',
      'CHANNEL_EXECUTE_COMPLETE',
      'CHANNEL_HANGUP_COMPLETE',
      'CHANNEL_DESTROY',
    ]);
  });

  it('an event that is no JSON is left out; the next one counts', async () => {
    const session = await connected();
    session.jsonEvent('{"Event-Name":"CHANNEL_ANSWER", broken');
    server.emit({ 'Event-Name': 'CHANNEL_DESTROY' });
    await until(() => events.length > 0);
    expect(events.map(({ name }) => name)).toEqual(['CHANNEL_DESTROY']);
    expect(downs).toBe(0);
  });

  it.each(['null', '5', '[]', '{}', '{"Event-Name":{}}'])(
    'an event that is %s does no harm',
    async (json) => {
      const session = await connected();
      session.jsonEvent(json);
      server.emit({ 'Event-Name': 'CHANNEL_DESTROY' });
      await until(() => events.length > 0 || downs > 0);
      await until(() => link.isUp());
    },
  );

  it('a header that cannot be decoded ends this connection only', async () => {
    const session = await connected();
    session.raw('Content-Type: command/reply\nReply-Text: 100% broken\n\n');
    await until(() => downs === 1);
    await until(() => link.isUp());
  });

  it.each([
    ['a body larger than any', 'Content-Type: text/event-json\nContent-Length: 99999999999\n\n{'],
    ['a header without end', 'x'.repeat(1_100_000)],
  ])('%s is not waited for', async (_what, bytes) => {
    const session = await connected();
    session.raw(bytes);
    await until(() => downs === 1);
    await until(() => link.isUp());
  });

  it('answers that nobody asked for are ignored', async () => {
    const session = await connected();
    session.reply('+OK what?');
    session.apiResponse('+OK what?');
    server.emit({ 'Event-Name': 'BACKGROUND_JOB', 'Job-UUID': 'nobody', _body: '+OK' });
    server.emit({ 'Event-Name': 'DTMF' });
    await until(() => events.length > 0);
    expect(link.isUp()).toBe(true);
  });
});
