import { describe, expect, it } from 'vitest';
import {
  assertSingleLine,
  breakPlayback,
  checkedUuid,
  dialledDigits,
  filter,
  gatewayStatus,
  isDiallable,
  originate,
  playbackArgument,
  playFile,
  promptPath,
  startRecording,
  subscribe,
  UnsafeValueError,
} from '../../../../../src/call-engine/adapters/freeswitch/esl-commands.ts';

const UUID = '0b6f7a3e-7a1d-4c55-9a55-0d9a4c3f2a11';
const CALL = {
  channelUuid: UUID,
  gateway: 'mygateway',
  number: '+33199000012',
  callerIdNumber: '+33199000099',
  ringTimeoutMs: 29_200,
  maxDurationMs: 180_000,
  mark: 'minibot.1',
};

describe('originate', () => {
  it('dials the number parked, marked and limited by the switch itself', () => {
    const { kind, line } = originate(CALL);
    expect(kind).toBe('background');
    expect(line).toMatch(
      /^originate \{origination_uuid=0b6f7a3e-.*\}sofia\/gateway\/mygateway\/33199000012 &park\(\)$/,
    );
    for (const variable of [
      'originate_timeout=30',
      'ignore_early_media=true',
      'send_silence_when_idle=-1',
      'playback_terminators=none',
      'presence_data=minibot.1',
      "execute_on_answer='sched_hangup +180 ALLOTTED_TIMEOUT'",
      'origination_caller_id_number=33199000099',
    ]) {
      expect(line).toContain(variable);
    }
  });

  it('leaves the caller ID to the gateway when there is none', () => {
    expect(originate({ ...CALL, callerIdNumber: null }).line).not.toContain('caller_id');
  });

  it.each([
    { number: '+33199000012\n\napi hupall' },
    { number: '33199000012 &system(reboot)' },
    { number: '+33199000012,sofia/gateway/other/1' },
    { number: '' },
    { callerIdNumber: "1,execute_on_answer='system x'" },
    { gateway: 'a/b' },
    { gateway: '' },
    { channelUuid: 'not-a-uuid' },
    { channelUuid: `${UUID},a=b` },
    { mark: 'a,b=c' },
    { ringTimeoutMs: Number.NaN },
    { maxDurationMs: 0 },
  ])('refuses %j', (change) => {
    expect(() => originate({ ...CALL, ...change })).toThrow(UnsafeValueError);
  });
});

describe('numbers', () => {
  it.each(['+33199000012', '33199000012'])('%s is dialled without +', (number) => {
    expect(dialledDigits(number)).toBe('33199000012');
  });
  it.each(['0199000012', '+331990000121234567', '+33 199', '*100#', '+33199000012\n'])(
    '%j is not diallable',
    (number) => {
      expect(isDiallable(number)).toBe(false);
    },
  );
});

describe('prompt paths', () => {
  it.each([
    ['julie/base/hello.wav', '/sounds/julie/base/hello.wav'],
    ['voix féminine/étape 1.wav', '/sounds/voix féminine/étape 1.wav'],
  ])('%s lies under the sounds directory', (path, absolute) => {
    expect(promptPath('/sounds', path)).toBe(absolute);
  });
  it.each([
    '../secret.wav',
    'a/../../secret.wav',
    '/etc/passwd',
    'a//b.wav',
    './a.wav',
    'tone_stream://%(100,0,440)',
    'http://host/a.wav',
    '${system(reboot)}.wav',
    '{a=b}x.wav',
    'a.wav\nevent-lock: false',
    '',
    'a.wav ',
  ])('refuses %j', (path) => {
    expect(() => promptPath('/sounds', path)).toThrow(UnsafeValueError);
  });
});

describe('other commands', () => {
  it('queues a playback under its own id', () => {
    const argument = playbackArgument('p-1', '/sounds/a.wav');
    expect(argument).toBe('{minibot_playback=p-1}/sounds/a.wav');
    expect(playFile(UUID, 'p-1', argument)).toEqual({
      kind: 'plain',
      line: `sendmsg ${UUID}`,
      headers: {
        'call-command': 'execute',
        'execute-app-name': 'playback',
        'execute-app-arg': argument,
        'event-lock': 'true',
        'Event-UUID': 'p-1',
      },
    });
  });
  it('names CUSTOM last', () => {
    expect(subscribe(['A', 'B'], ['x::y']).line).toBe('event json A B CUSTOM x::y');
  });
  it.each([
    () => playbackArgument('a}b', '/x'),
    () => playFile('x', 'p', '/x'),
    () => checkedUuid(`${UUID}\n`),
    () => filter('Name', 'a b'),
    () => gatewayStatus('a b'),
    () => startRecording(UUID, '/rec/a b.wav'),
    () => startRecording(UUID, '/rec/../a.wav'),
    () => startRecording(UUID, 'rec/a.wav'),
    () => breakPlayback('all', true),
    () => assertSingleLine({ kind: 'plain', line: 'a\nb', headers: null }),
    () => assertSingleLine({ kind: 'plain', line: 'a', headers: { b: 'c\r\nd: e' } }),
  ])('refuses unsafe values %#', (build) => {
    expect(build).toThrow(UnsafeValueError);
  });
});
