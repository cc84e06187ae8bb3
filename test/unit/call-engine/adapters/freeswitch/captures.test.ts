import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LegEnd } from '../../../../../src/call-engine/events.ts';
import type { Telephony } from '../../../../../src/call-engine/ports.ts';
import { CaptureReplay } from '../../../../helpers/esl-replay.ts';
import { EslServer } from '../../../../helpers/esl-server.ts';
import { CallProbe, openTelephony } from '../../../../helpers/esl-telephony.ts';

let server: EslServer;
let telephony: Telephony;

beforeEach(async () => {
  server = await EslServer.start();
  telephony = openTelephony({ port: server.port, password: server.options.password });
  await telephony.ready({ signal: AbortSignal.timeout(5000) });
});

afterEach(async () => {
  await server.close();
  await telephony.close();
});

type Ending = Omit<LegEnd, 'rang'> & { rang: boolean };

const refused = (
  hangupCause: string,
  sipStatus: number,
  unanswered: LegEnd['unanswered'],
  more: Partial<Ending> = {},
): Ending => ({
  hangupCause,
  sipStatus,
  unanswered,
  rang: false,
  answered: false,
  endedBy: 'network',
  ...more,
});

const ENDINGS: [capture: string, ending: Ending][] = [
  ['originate-03-busy-486.json.txt', refused('USER_BUSY', 486, 'busy', { endedBy: 'callee' })],
  ['originate-03-busy-486.plain.txt', refused('USER_BUSY', 486, 'busy', { endedBy: 'callee' })],
  ['originate-05-unallocated-404.json.txt', refused('UNALLOCATED_NUMBER', 404, 'invalid_number')],
  ['originate-06-service-unavailable-503.json.txt', refused('NORMAL_TEMPORARY_FAILURE', 503, 'congestion')],
  ['originate-10-declined-603.json.txt', refused('CALL_REJECTED', 603, 'rejected', { endedBy: 'callee' })],
  ['originate-13-unavailable-480.plain.txt', refused('NO_USER_RESPONSE', 480, 'no_answer')],
  ['originate-14-server-error-500.plain.txt', refused('NORMAL_TEMPORARY_FAILURE', 500, 'congestion')],
  ['originate-15-forbidden-403.plain.txt', refused('CALL_REJECTED', 403, 'failed')],
  ['originate-17-timeout-408.plain.txt', refused('RECOVERY_ON_TIMER_EXPIRE', 408, 'timeout')],
  ['originate-18-not-acceptable-488.plain.txt', refused('INCOMPATIBLE_DESTINATION', 488, 'failed')],
  [
    'originate-19-rings-2s-then-busy-486.plain.txt',
    refused('USER_BUSY', 486, 'busy', { rang: true, endedBy: 'callee' }),
  ],
  [
    'originate-20-busy-486-with-reason-header.plain.txt',
    refused('USER_BUSY', 486, 'busy', { endedBy: 'callee' }),
  ],
  [
    'originate-25-rings-2s-then-declined-603.plain.txt',
    refused('CALL_REJECTED', 603, 'rejected', { rang: true, endedBy: 'callee' }),
  ],
  ['originate-26-gone-410.plain.txt', refused('NUMBER_CHANGED', 410, 'invalid_number')],
  [
    'originate-27-congestion-503-with-reason-34.plain.txt',
    refused('NORMAL_CIRCUIT_CONGESTION', 503, 'congestion'),
  ],
  ['originate-30-gateway-port-closed.plain.txt', refused('NORMAL_TEMPORARY_FAILURE', 503, 'congestion')],
  [
    'originate-04-no-answer-originate_timeout-5s.json.txt',
    {
      hangupCause: 'NO_ANSWER',
      sipStatus: null,
      unanswered: 'no_answer',
      rang: true,
      answered: false,
      endedBy: 'us',
    },
  ],
  [
    'originate-32-gateway-never-replies-originate_timeout-5s.plain.txt',
    {
      hangupCause: 'NO_ANSWER',
      sipStatus: null,
      unanswered: 'timeout',
      rang: false,
      answered: false,
      endedBy: 'us',
    },
  ],
  [
    'originate-09-gateway-does-not-exist.json.txt',
    {
      hangupCause: 'INVALID_GATEWAY',
      sipStatus: null,
      unanswered: 'failed',
      rang: false,
      answered: false,
      endedBy: null,
    },
  ],
  [
    'originate-31-gateway-marked-down.plain.txt',
    {
      hangupCause: 'GATEWAY_DOWN',
      sipStatus: null,
      unanswered: 'congestion',
      rang: false,
      answered: false,
      endedBy: null,
    },
  ],
  [
    'originate-01-answered-callee-speaks-then-hangs-up.json.txt',
    {
      hangupCause: 'NORMAL_CLEARING',
      sipStatus: 200,
      unanswered: null,
      rang: true,
      answered: true,
      endedBy: 'callee',
    },
  ],
  [
    'originate-08-callee-hangs-up-2s-after-answer.json.txt',
    {
      hangupCause: 'NORMAL_CLEARING',
      sipStatus: 200,
      unanswered: null,
      rang: false,
      answered: true,
      endedBy: 'callee',
    },
  ],
];

describe('captured attempts', () => {
  it.each(ENDINGS)('%s ends as it was', async (capture, ending) => {
    const call = new CallProbe(telephony);
    await new CaptureReplay(server, capture).run();
    const { type, atMs, ...end } = await call.ended();
    expect(end).toEqual(ending);
    expect(type).toBe('leg-ended');
    expect(atMs).toBeGreaterThan(0);
    expect(call.all('leg-ended')).toHaveLength(1);
    expect(call.types.at(-1)).toBe('leg-ended');
    expect(call.types.includes('leg-ringing')).toBe(ending.rang);
    expect(call.types.includes('leg-answered')).toBe(ending.answered);
  });

  it('early media rings; the answer is CHANNEL_ANSWER', async () => {
    const call = new CallProbe(telephony);
    const replay = new CaptureReplay(
      server,
      'originate-11-early-media-183-then-answer-ignore_early_media.plain.txt',
    ).run();
    await call.event('leg-answered');
    call.leg.hangUp();
    await replay;
    await call.ended();
    expect(call.types).toEqual(['leg-created', 'leg-ringing', 'leg-answered', 'leg-ended']);
  });

  it('a job that says +OK at the 183 is no answer', async () => {
    const call = new CallProbe(telephony);
    const replay = new CaptureReplay(
      server,
      'originate-11-early-media-183-then-answer-no-ignore_early_media.plain.txt',
    ).run();
    await call.event('leg-answered');
    call.leg.hangUp();
    await replay;
    expect((await call.ended()).answered).toBe(true);
    expect(call.types).toEqual(['leg-created', 'leg-ringing', 'leg-answered', 'leg-ended']);
  });

  it.each([
    'cancel-while-ringing-uuid_kill.plain.txt',
    'originate-02-answered-callee-silent-then-uuid_kill.json.txt',
  ])('%s is ended by us', async (capture) => {
    const call = new CallProbe(telephony);
    const replay = new CaptureReplay(server, capture).run();
    await call.until(
      () => call.types.some((type) => type === 'leg-ringing' || type === 'leg-answered'),
      'life',
    );
    call.leg.hangUp();
    call.leg.hangUp();
    await replay;
    expect(await call.ended()).toMatchObject({ hangupCause: 'NORMAL_CLEARING', endedBy: 'us' });
    expect(server.count(/^api uuid_kill /)).toBe(1);
  });

  it('keys pressed by the callee arrive in order', async () => {
    const call = new CallProbe(telephony);
    const replay = new CaptureReplay(server, 'dtmf-received-and-sent.plain.txt').run();
    await call.event('digit-received', 3);
    call.leg.hangUp();
    await replay;
    expect(call.all('digit-received').map(({ digit }) => digit)).toEqual(['1', '2', '#']);
  });

  it('an orderly shutdown of the switch ends the call with its cause', async () => {
    const call = new CallProbe(telephony);
    await new CaptureReplay(server, 'freeswitch-orderly-shutdown-with-a-call-up.plain.txt').run();
    expect((await call.ended()).hangupCause).toBe('SYSTEM_SHUTDOWN');
  });
});

describe('captured playbacks', () => {
  it('plays to the end, then is cut: each with what was sent of it', async () => {
    const call = new CallProbe(telephony);
    const replay = new CaptureReplay(server, 'playback-natural-end-then-uuid_break.json.txt').run();
    await call.event('leg-answered');
    call.leg.play({ playbackId: 'one', audioPath: 'short.wav' });
    await call.event('playback-finished');
    call.leg.play({ playbackId: 'two', audioPath: 'long.wav' });
    await call.event('playback-started', 2);
    call.leg.stopPlayback('two');
    await call.event('playback-finished', 2);
    call.leg.hangUp();
    await replay;
    await call.ended();
    expect(
      call
        .all('playback-finished')
        .map(({ playbackId, outcome, playedMs }) => [playbackId, outcome, playedMs]),
    ).toEqual([
      ['one', 'completed', 1298],
      ['two', 'stopped', 860],
    ]);
    expect((await server.command(/^api uuid_break /)).line).toBe(`api uuid_break ${call.channelUuid} all`);
  });

  it('a file that is missing fails, and the next one plays', async () => {
    const call = new CallProbe(telephony);
    const replay = new CaptureReplay(server, 'playback-with-sendmsg-execute.plain.txt').run();
    await call.event('leg-answered');
    call.leg.play({ playbackId: 'one', audioPath: 'hello.wav' });
    await call.event('playback-finished', 1);
    call.leg.play({ playbackId: 'missing', audioPath: 'nope.wav' });
    await call.event('playback-finished', 2);
    call.leg.play({ playbackId: 'three', audioPath: 'hello.wav' });
    await call.event('playback-finished', 3);
    expect(call.all('playback-finished').map(({ outcome }) => outcome)).toEqual([
      'completed',
      'failed',
      'completed',
    ]);
    expect(call.all('command-failed')).toMatchObject([{ command: 'play', detail: 'FILE NOT FOUND' }]);
    call.leg.play({ playbackId: 'four', audioPath: 'hello.wav' });
    call.leg.hangUp();
    await replay;
  });

  it.each(['playback-cut-by-callee-hangup.plain.txt', 'playback-cut-by-uuid_kill.plain.txt'])(
    '%s: "done" with a hangup cause is no complete prompt',
    async (capture) => {
      const call = new CallProbe(telephony);
      const replay = new CaptureReplay(server, capture).run();
      await call.event('leg-answered');
      call.leg.play({ playbackId: 'one', audioPath: 'prompt.wav' });
      await call.event('playback-started');
      call.leg.hangUp();
      await replay;
      await call.ended();
      expect(call.all('playback-finished')).toMatchObject([{ playbackId: 'one', outcome: 'hangup' }]);
      expect(call.types.slice(-2)).toEqual(['playback-finished', 'leg-ended']);
    },
  );
});
