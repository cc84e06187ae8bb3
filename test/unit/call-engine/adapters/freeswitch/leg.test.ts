import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import {
  createFreeswitchTelephony,
  DEFAULT_FREESWITCH_TIMEOUTS,
  type FreeswitchTelephonyOptions,
} from '../../../../../src/call-engine/adapters/freeswitch/telephony.ts';
import type { Telephony } from '../../../../../src/call-engine/ports.ts';
import { EslServer } from '../../../../helpers/esl-server.ts';
import { CallProbe, openTelephony, type TelephonyOverrides } from '../../../../helpers/esl-telephony.ts';

let server: EslServer;
let telephony: Telephony;
const streams: WebSocket[] = [];

async function open(overrides: Partial<TelephonyOverrides> = {}): Promise<void> {
  telephony = openTelephony({
    port: server.port,
    password: server.options.password,
    ...overrides,
    timeouts: {
      hangupMs: 50,
      endSettleMs: 20,
      audioCloseGraceMs: 30,
      audioConnectMs: 200,
      ...overrides.timeouts,
    },
  });
  await telephony.ready({ signal: AbortSignal.timeout(5000) });
}

beforeEach(async () => {
  server = await EslServer.start();
});

afterEach(async () => {
  for (const stream of streams.splice(0)) stream.terminate();
  await server.close();
  await telephony.close();
});

function tell(call: CallProbe, name: string, headers: Record<string, string> = {}): void {
  server.emit({ 'Event-Name': name, 'Unique-ID': call.channelUuid, ...headers });
}

function answer(call: CallProbe): void {
  tell(call, 'CHANNEL_ANSWER', { 'Answer-State': 'answered' });
}

function hangUp(call: CallProbe): void {
  tell(call, 'CHANNEL_HANGUP_COMPLETE', { 'Hangup-Cause': 'NORMAL_CLEARING' });
}

async function dialled(): Promise<CallProbe> {
  const call = new CallProbe(telephony);
  await server.command(/^bgapi originate/);
  return call;
}

async function answeredCall(): Promise<CallProbe> {
  const call = await dialled();
  tell(call, 'CHANNEL_CREATE');
  answer(call);
  await call.event('leg-answered');
  return call;
}

/** Connects as the module does after the `count`-th start. */
async function stream(count = 1): Promise<WebSocket> {
  const { line } = await server.command(/^api uuid_audio_stream \S+ start /, count);
  const socket = new WebSocket(/ start (\S+)/.exec(line)?.[1] ?? '');
  streams.push(socket);
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return socket;
}

describe('audio on a channel that is not answered would kill the switch', () => {
  it('nothing that happens before the answer starts it', async () => {
    await open();
    const call = new CallProbe(telephony);
    call.leg.startAudio();
    await server.command(/^bgapi originate/);
    tell(call, 'CHANNEL_CREATE', { 'Answer-State': 'ringing' });
    tell(call, 'CHANNEL_PROGRESS', { 'Answer-State': 'ringing' });
    tell(call, 'CHANNEL_PROGRESS_MEDIA', { 'Answer-State': 'early' });
    tell(call, 'CHANNEL_ANSWER', { 'Answer-State': 'ringing' });
    call.leg.startAudio();
    await call.event('leg-ringing');
    // The answers of the switch come in order: what was sent before this is known.
    await telephony.channelExists(call.channelUuid);
    expect(server.count(/uuid_audio/)).toBe(0);
    answer(call);
    await server.command(/^api uuid_audio_stream \S+ start ws:\/\/127\.0\.0\.1:\d+\/audio\/\S+ mono 8k$/);
    hangUp(call);
    await call.ended();
  });

  it('a call that is hung up at its answer gets none', async () => {
    await open();
    const call = await dialled();
    call.leg.startAudio();
    call.leg.hangUp();
    answer(call);
    await server.command(/^api uuid_kill/, 2);
    hangUp(call);
    await call.ended();
    expect(server.count(/uuid_audio/)).toBe(0);
  });
});

describe('lost audio', () => {
  it('is told once, and started again only after a stop', async () => {
    await open();
    const call = await answeredCall();
    call.leg.startAudio();
    const first = await stream();
    first.send(Buffer.alloc(320));
    await call.event('audio-started');
    first.terminate();
    expect((await call.event('audio-lost')).reason).toContain('1006');
    tell(call, 'CUSTOM', { 'Event-Subclass': 'mod_audio_stream::error', _body: '{"status":"error"}' });
    call.leg.startAudio();
    const second = await stream(2);
    second.send(Buffer.alloc(320));
    await call.event('audio-started', 2);
    const orders = server.commands.map(({ line }) => / (start|stop)(?: |$)/.exec(line)?.[1]).filter(Boolean);
    expect(orders).toEqual(['start', 'stop', 'start']);
    expect(call.all('audio-lost')).toHaveLength(1);
    hangUp(call);
    await call.ended();
  });

  it('a module that cannot connect is a loss', async () => {
    await open();
    const call = await answeredCall();
    call.leg.startAudio();
    await server.command(/uuid_audio_stream/);
    tell(call, 'CUSTOM', {
      'Event-Subclass': 'mod_audio_stream::error',
      _body: '{"status":"error","message":{"code":6,"error":"Connection refused"}}',
    });
    expect((await call.event('audio-lost')).reason).toContain('Connection refused');
    hangUp(call);
  });

  it('a start that is refused is a loss', async () => {
    await open();
    server.handlers.push(({ line, session }) => {
      if (!line.startsWith('api uuid_audio_stream')) return false;
      session.apiResponse('-ERR Operation Failed\n');
      return true;
    });
    const call = await answeredCall();
    call.leg.startAudio();
    expect((await call.event('audio-lost')).reason).toContain('Operation Failed');
    hangUp(call);
  });

  it('a module that never connects is a loss', async () => {
    await open({ timeouts: { audioConnectMs: 30 } });
    const call = await answeredCall();
    call.leg.startAudio();
    expect((await call.event('audio-lost')).reason).toContain('30 ms');
    hangUp(call);
  });

  it('an orderly close is a loss when no hangup follows', async () => {
    await open();
    const call = await answeredCall();
    call.leg.startAudio();
    const socket = await stream();
    socket.send(Buffer.alloc(320));
    await call.event('audio-started');
    socket.close(1000, 'Normal closure');
    expect((await call.event('audio-lost')).reason).toContain('1000');
    hangUp(call);
  });

  it('an orderly close that belongs to a hangup is none', async () => {
    await open({ timeouts: { audioCloseGraceMs: 2000 } });
    const call = await answeredCall();
    call.leg.startAudio();
    const socket = await stream();
    socket.send(Buffer.alloc(320));
    await call.event('audio-started');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.close(1000, 'Normal closure');
    await closed;
    hangUp(call);
    await call.ended();
    expect(call.all('audio-lost')).toEqual([]);
  });
});

describe('ending', () => {
  it('a hangup that came before the channel is ordered again when it appears', async () => {
    await open({ timeouts: { hangupMs: 5000 } });
    server.handlers.push(({ line, session }) => {
      if (!line.startsWith('api uuid_kill')) return false;
      session.apiResponse('-ERR No such channel!\n');
      return true;
    });
    const call = await dialled();
    call.leg.hangUp();
    await server.command(/^api uuid_kill/);
    tell(call, 'CHANNEL_CREATE');
    await server.command(/^api uuid_kill/, 2);
    hangUp(call);
    await call.ended();
  });

  it('a channel that is gone without a word ends as lost', async () => {
    await open();
    const call = await answeredCall();
    call.leg.hangUp();
    expect(await call.ended()).toMatchObject({ hangupCause: 'LINK_LOST', answered: true });
    // Before dialling, and for its end.
    expect(server.count(/^api uuid_exists/)).toBe(2);
  });

  it('a switch that is deaf to hangups is asked three times, then given up', async () => {
    await open();
    server.handlers.push(({ line, session }) => {
      if (!line.startsWith('api uuid_exists')) return false;
      session.apiResponse('true');
      return true;
    });
    const call = await answeredCall();
    call.leg.hangUp();
    expect(await call.ended()).toMatchObject({ hangupCause: 'LINK_LOST' });
    expect(server.count(/^api uuid_kill/)).toBe(3);
  });

  it('an attempt without any news is ended a little after its ring time', async () => {
    await open({ timeouts: { switchGraceMs: 30 } });
    const call = new CallProbe(telephony, { ringTimeoutMs: 30 });
    expect(await call.ended()).toMatchObject({
      hangupCause: 'LINK_LOST',
      unanswered: 'failed',
      answered: false,
    });
    expect(server.count(/^api uuid_kill/)).toBeGreaterThan(0);
  });

  it('a call that outlives its limit is hung up', async () => {
    await open({ timeouts: { switchGraceMs: 20, hangupMs: 1000 } });
    const call = new CallProbe(telephony, { maxDurationMs: 20 });
    await server.command(/^bgapi originate/);
    answer(call);
    await server.command(/^api uuid_kill/);
    hangUp(call);
    await call.ended();
  });

  it('the end is told once, however often the switch says it', async () => {
    await open();
    const call = await answeredCall();
    hangUp(call);
    tell(call, 'CHANNEL_DESTROY', { 'Hangup-Cause': 'NORMAL_CLEARING' });
    hangUp(call);
    await call.ended();
    await telephony.channelExists(call.channelUuid);
    expect(call.all('leg-ended')).toHaveLength(1);
    call.leg.hangUp();
    call.leg.startAudio();
    call.leg.play({ playbackId: 'p', audioPath: 'a.wav' });
    await call.leg.close();
    expect(call.types.at(-1)).toBe('leg-ended');
  });

  it('a result that comes before the facts waits for them', async () => {
    await open({ timeouts: { endSettleMs: 2000 } });
    const call = await dialled();
    const { headers } = await server.command(/^bgapi originate/);
    tell(call, 'CHANNEL_CREATE');
    server.finishJob(headers.get('Job-UUID') ?? '', '-ERR CALL_REJECTED\n');
    await telephony.channelExists(call.channelUuid);
    tell(call, 'CHANNEL_HANGUP_COMPLETE', {
      'Hangup-Cause': 'CALL_REJECTED',
      variable_sip_term_status: '603',
      variable_sip_hangup_disposition: 'recv_refuse',
    });
    expect(await call.ended()).toMatchObject({ sipStatus: 603, unanswered: 'rejected', endedBy: 'callee' });
  });

  it('a result whose facts never come is enough', async () => {
    await open();
    const call = await dialled();
    const { headers } = await server.command(/^bgapi originate/);
    tell(call, 'CHANNEL_CREATE');
    server.finishJob(headers.get('Job-UUID') ?? '', '-ERR USER_BUSY\n');
    expect(await call.ended()).toMatchObject({
      hangupCause: 'USER_BUSY',
      sipStatus: null,
      unanswered: 'busy',
    });
  });

  it('an order that the switch cannot read ends the leg and says so', async () => {
    await open();
    const call = await dialled();
    const { headers } = await server.command(/^bgapi originate/);
    server.finishJob(headers.get('Job-UUID') ?? '', '-USAGE: <call url> …\n');
    expect(await call.ended()).toMatchObject({ hangupCause: 'ORIGINATE_REFUSED', unanswered: 'failed' });
    expect(call.all('command-failed')).toMatchObject([{ command: 'originate' }]);
  });

  it('a session that throws does not harm the other calls', async () => {
    await open();
    telephony.originate({
      channelUuid: crypto.randomUUID(),
      number: '+33199000103',
      callerIdNumber: null,
      ringTimeoutMs: 5000,
      maxDurationMs: 60_000,
      onEvent: () => {
        throw new Error('session failed');
      },
    });
    const { line } = await server.command(/^bgapi originate/);
    const uuid = /origination_uuid=([^,]+)/.exec(line)?.[1] ?? '';
    server.emit({ 'Event-Name': 'CHANNEL_CREATE', 'Unique-ID': uuid });
    server.emit({ 'Event-Name': 'CHANNEL_DESTROY', 'Unique-ID': uuid, 'Hangup-Cause': 'USER_BUSY' });
    const call = new CallProbe(telephony);
    await server.command(/^bgapi originate/, 2);
    answer(call);
    hangUp(call);
    await call.ended();
  });
});

describe('no link', () => {
  it('a call without a link for too long is given up, and killed when the link is back', async () => {
    await open({ timeouts: { linkGraceMs: 30 } });
    const call = await answeredCall();
    await server.shut();
    expect(await call.ended()).toMatchObject({ hangupCause: 'LINK_LOST', answered: true });
    await server.reopen();
    expect((await server.command(/^api uuid_kill/)).line).toContain(call.channelUuid);
  });

  it('an originate that was under way is looked for, not sent again', async () => {
    await open();
    server.handlers.push(({ line, session }) => {
      if (line.startsWith('bgapi originate')) return true;
      if (!line.startsWith('api uuid_dump')) return false;
      session.apiResponse(JSON.stringify({ 'Unique-ID': line.split(' ')[2], 'Answer-State': 'answered' }));
      return true;
    });
    const call = await dialled();
    server.drop();
    await call.event('leg-answered');
    expect(server.count(/^bgapi originate/)).toBe(1);
    hangUp(call);
    await call.ended();
  });

  it('an originate that never arrived ends as lost; should it come after all, it is killed', async () => {
    await open();
    const call = await dialled();
    server.drop();
    expect(await call.ended()).toMatchObject({ hangupCause: 'LINK_LOST', unanswered: 'failed', rang: true });
    tell(call, 'CHANNEL_CREATE');
    expect((await server.command(/^api uuid_kill/)).line).toContain(call.channelUuid);
  });

  it('a restarted switch has lost every call: nothing is asked', async () => {
    await open();
    const call = await answeredCall();
    server.options.coreUuid = crypto.randomUUID();
    server.drop();
    expect(await call.ended()).toMatchObject({ hangupCause: 'LINK_LOST' });
    // Before dialling only.
    expect(server.count(/^api uuid_(dump|exists)/)).toBe(1);
  });
});

describe('the adapter', () => {
  const options = (change: Partial<FreeswitchTelephonyOptions>): FreeswitchTelephonyOptions => ({
    esl: { host: '127.0.0.1', port: server.port, password: server.options.password },
    gateway: 'mygateway',
    soundsDir: '/sounds',
    channelMark: 'minibot-test',
    audio: {
      module: 'audio_stream',
      listenHost: '127.0.0.1',
      listenPort: 0,
      advertisedUrl: null,
      sampleRateHz: 8000,
      maxStreams: 1,
    },
    timeouts: DEFAULT_FREESWITCH_TIMEOUTS,
    ...change,
  });

  it('writes no phone number to the log', async () => {
    const lines: string[] = [];
    telephony = createFreeswitchTelephony(
      options({}),
      pino({ level: 'trace' }, { write: (line: string) => lines.push(line) }),
    );
    await telephony.ready({ signal: AbortSignal.timeout(5000) });
    const call = await dialled();
    hangUp(call);
    await call.ended();
    const log = lines.join('');
    expect(log).toContain('+331990••••02');
    expect(log).not.toContain('33199000102');
    expect(log).not.toContain(server.options.password);
  });

  it('says why nothing is recorded', async () => {
    await open();
    server.handlers.push(({ line, headers, session }) => {
      if (!line.startsWith('bgapi uuid_record ')) return false;
      const jobUuid = headers.get('Job-UUID') ?? '';
      session.reply(`+OK Job-UUID: ${jobUuid}`);
      server.finishJob(jobUuid, '-ERR Cannot record session!\n');
      return true;
    });
    const call = await answeredCall();
    call.leg.startRecording({ path: '/rec/a.wav' });
    const problem = 'the switch cannot record into /rec: -ERR Cannot record session!';
    expect(await call.event('recording-failed')).toMatchObject({ problem });
    tell(call, 'CHANNEL_HANGUP_COMPLETE', {
      ...{ 'Hangup-Cause': 'NORMAL_CLEARING', variable_record_completion_cause: 'uri-failure' },
    });
    await call.ended();
    expect(call.all('recording-failed')).toHaveLength(1);
  });

  it.each([
    ['uri-failure', 1],
    ['success-silence', 0],
  ])('tells of a recording that ended with %s', async (cause, problems) => {
    await open();
    const call = await answeredCall();
    call.leg.startRecording({ path: '/rec/a.wav' });
    await call.event('recording-started');
    tell(call, 'CHANNEL_HANGUP_COMPLETE', {
      ...{ 'Hangup-Cause': 'NORMAL_CLEARING', variable_record_completion_cause: cause },
    });
    await call.ended();
    expect(call.all('recording-failed')).toHaveLength(problems);
  });

  it('gives no order to dial to a switch that does not answer', async () => {
    await open({ timeouts: { preflightMs: 50 } });
    server.handlers.push(({ line }) => line.startsWith('api uuid_exists'));
    const call = new CallProbe(telephony);
    expect(await call.ended()).toMatchObject({ hangupCause: 'LINK_LOST', rang: false, answered: false });
    expect(call.all('command-failed')).toMatchObject([{ command: 'originate' }]);
    expect(server.count(/^bgapi originate/)).toBe(0);
  });

  it('does not dial who was hung up before', async () => {
    await open();
    const call = new CallProbe(telephony);
    call.leg.hangUp();
    expect(await call.ended()).toMatchObject({
      hangupCause: 'ORIGINATOR_CANCEL',
      rang: false,
      endedBy: 'us',
    });
    expect(server.count(/^bgapi originate/)).toBe(0);
  });

  it('takes no other installation’s channels on the switch for its own', async () => {
    await open();
    const row = (uuid: string, mark: string) => ({ uuid, presence_data: mark, callstate: 'ACTIVE' });
    const rows = [
      row('ours', 'minibot-test.0123456789ab'),
      row('unmarked', ''),
      row('desk', '1001@example.org'),
      row('sister', 'minibot-test2.0123456789ab'),
      row('neighbour', 'minibot-text.0123456789ab'),
      row('doctor', 'minibot-test-doctor.0123456789ab'),
    ];
    server.handlers.push(({ line, headers, session }) => {
      if (!line.startsWith('bgapi show channels')) return false;
      const jobUuid = headers.get('Job-UUID') ?? '';
      session.reply(`+OK Job-UUID: ${jobUuid}`);
      server.finishJob(jobUuid, JSON.stringify({ row_count: rows.length, rows }));
      return true;
    });
    expect((await telephony.listChannels()).map(({ channelUuid }) => channelUuid)).toEqual(['ours']);
  });

  it('dials a channel UUID once', async () => {
    await open();
    const call = await dialled();
    expect(() => telephony.originate({ ...REQUEST, channelUuid: call.channelUuid })).toThrow(/already/);
    hangUp(call);
    await call.ended();
  });

  it.each([
    ['a gateway that is a path', { gateway: 'a/b' }],
    ['a relative sounds directory', { soundsDir: 'sounds' }],
    ['a mark with a comma', { channelMark: 'a,b' }],
    ['a mark that is too long', { channelMark: 'a'.repeat(60) }],
    ['a password with a line break', { esl: { host: 'h', port: 1, password: 'a\n\nexit' } }],
  ])('refuses %s', async (_what, change) => {
    await open();
    expect(() => createFreeswitchTelephony(options(change), pino({ level: 'silent' }))).toThrow();
  });

  it.each([
    [/^api module_exists mod_audio_stream/, 'false', 'FREESWITCH_MODULE_MISSING'],
    [/^api sofia status gateway mygateway/, 'Invalid Gateway!\n', 'FREESWITCH_GATEWAY_UNKNOWN'],
  ])('is not ready when %s is answered with %j', async (pattern, reply, code) => {
    server.handlers.push(({ line, session }) => {
      if (!pattern.test(line)) return false;
      session.apiResponse(reply);
      return true;
    });
    await expect(open()).rejects.toMatchObject({ code });
  });
});

const REQUEST = {
  number: '+33199000102',
  callerIdNumber: null,
  ringTimeoutMs: 5000,
  maxDurationMs: 60_000,
  onEvent: () => undefined,
};
