import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EslCommand } from '../../../../../src/call-engine/adapters/freeswitch/esl-commands.ts';
import { LinkLostError } from '../../../../../src/call-engine/adapters/freeswitch/esl-connection.ts';
import { Playbacks } from '../../../../../src/call-engine/adapters/freeswitch/playback.ts';

const UUID = '0b6f7a3e-7a1d-4c55-9a55-0d9a4c3f2a11';
const START_MS = 3000;
const BREAK_MS = 300;

let sent: string[];
let told: string[];
let answer: (command: EslCommand) => Promise<string>;
let playbacks: Playbacks;

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  told = [];
  answer = () => Promise.resolve('+OK\n');
  playbacks = new Playbacks(
    UUID,
    { playbackStartMs: START_MS, playbackBreakMs: BREAK_MS },
    {
      send: (command) => {
        sent.push(command.line.replace(` ${UUID}`, ''));
        return answer(command);
      },
      onStarted: (id) => told.push(`started ${id}`),
      onPaused: (id) => told.push(`paused ${id}`),
      onResumed: (id) => told.push(`resumed ${id}`),
      onFinished: (id, outcome, playedMs) => told.push(`finished ${id} ${outcome} ${playedMs ?? '-'}`),
      onCommandFailed: (command, detail) => told.push(`failed ${command}: ${detail}`),
    },
  );
});

afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const path = (id: string): string => `{minibot_playback=${id}}/s/${id}.wav`;

function event(name: string, headers: Record<string, string>): void {
  playbacks.onEvent({ name, channelUuid: UUID, header: (wanted) => headers[wanted] ?? null, body: '' });
}
const starts = (id: string): void => event('PLAYBACK_START', { 'Playback-File-Path': path(id) });
const stops = (id: string, more: Record<string, string> = {}): void =>
  event('PLAYBACK_STOP', { 'Playback-File-Path': path(id), 'Playback-Status': 'done', ...more });
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);
const play = (id: string): void => playbacks.play(id, `/s/${id}.wav`);

function dump(headers: Record<string, string>): void {
  playbacks.recover((name) => headers[name] ?? null);
}

describe('a break that comes too early is lost, so', () => {
  it('it is sent when the prompt starts, not before', async () => {
    play('a');
    playbacks.stop('a');
    await settle();
    expect(sent).toEqual(['sendmsg']);
    starts('a');
    expect(sent).toEqual(['sendmsg', 'uuid_break all']);
    stops('a', { 'Playback-Status': 'break', variable_playback_last_offset_pos: '160' });
    expect(told).toEqual(['started a', 'finished a stopped 20']);
  });

  it('it is sent again when the prompt plays on', async () => {
    play('a');
    starts('a');
    playbacks.stop('a');
    playbacks.stop('a');
    await vi.advanceTimersByTimeAsync(BREAK_MS);
    expect(sent.filter((line) => line === 'uuid_break all')).toHaveLength(2);
    stops('a', { 'Playback-Status': 'break' });
    expect(told.at(-1)).toBe('finished a stopped -');
  });

  it('it is given up after some tries, and that is told', async () => {
    play('a');
    starts('a');
    playbacks.stop('a');
    await vi.advanceTimersByTimeAsync(BREAK_MS * 5);
    expect(sent.filter((line) => line === 'uuid_break all')).toHaveLength(5);
    expect(told.slice(-2)).toEqual([
      'failed stopPlayback: still playing after 5 orders to stop',
      'finished a stopped -',
    ]);
  });
});

describe('a queue', () => {
  it('loses only the prompt that is stopped', async () => {
    play('a');
    play('b');
    starts('a');
    playbacks.stop('a');
    expect(sent).toEqual(['sendmsg', 'sendmsg', 'uuid_break']);
    stops('a', { 'Playback-Status': 'break' });
    starts('b');
    stops('b', { variable_playback_last_offset_pos: '8000' });
    await settle();
    expect(told).toEqual(['started a', 'finished a stopped -', 'started b', 'finished b completed 1000']);
  });

  it('gives each prompt its time to start only once it is at the head', async () => {
    play('a');
    play('b');
    starts('a');
    await vi.advanceTimersByTimeAsync(START_MS * 3);
    expect(told).toEqual(['started a']);
    stops('a');
    await vi.advanceTimersByTimeAsync(START_MS);
    expect(told.slice(-2)).toEqual([`failed play: not started within ${START_MS} ms`, 'finished b failed -']);
  });

  it('silences a prompt that starts after it was given up', async () => {
    play('a');
    await vi.advanceTimersByTimeAsync(START_MS);
    starts('a');
    expect(sent).toEqual(['sendmsg', 'uuid_break']);
  });

  it('leaves playbacks alone that are not ours', () => {
    event('PLAYBACK_START', { 'Playback-File-Path': '/music/on-hold.wav' });
    event('PLAYBACK_STOP', { 'Playback-File-Path': '/music/on-hold.wav' });
    event('CHANNEL_EXECUTE_COMPLETE', { Application: 'park' });
    expect([sent, told]).toEqual([[], []]);
  });

  it('ends with the leg', () => {
    play('a');
    play('b');
    starts('a');
    playbacks.end();
    expect(told).toEqual(['started a', 'finished a hangup -', 'finished b hangup -']);
  });
});

describe('pausing', () => {
  it('is remembered until the prompt starts', async () => {
    play('a');
    playbacks.pause('a');
    await settle();
    expect(sent).toEqual(['sendmsg']);
    starts('a');
    await settle();
    expect(sent).toEqual(['sendmsg', 'uuid_fileman pause']);
    expect(told).toEqual(['started a', 'paused a']);
    playbacks.end();
  });

  it('toggles once for each change that lasts', async () => {
    play('a');
    starts('a');
    playbacks.pause('a');
    playbacks.resume('a');
    playbacks.pause('a');
    await settle();
    expect(told).toEqual(['started a', 'paused a']);
    playbacks.resume('a');
    await settle();
    expect(told.at(-1)).toBe('resumed a');
    expect(sent.filter((line) => line.includes('fileman'))).toHaveLength(2);
    playbacks.end();
  });

  it('a paused prompt that ignores the break is let go on, then broken again', async () => {
    play('a');
    starts('a');
    playbacks.pause('a');
    await settle();
    playbacks.stop('a');
    await vi.advanceTimersByTimeAsync(BREAK_MS);
    expect(sent.slice(-3)).toEqual(['uuid_break all', 'uuid_fileman pause', 'uuid_break all']);
    stops('a', { 'Playback-Status': 'break' });
  });

  it('a refused toggle changes nothing', async () => {
    play('a');
    starts('a');
    await settle();
    answer = () => Promise.resolve('-ERR no reply\n');
    playbacks.pause('a');
    await settle();
    expect(told.at(-1)).toBe('failed pausePlayback: -ERR no reply');
    answer = () => Promise.resolve('+OK\n');
    playbacks.pause('a');
    await settle();
    expect(told.at(-1)).toBe('paused a');
    playbacks.end();
  });
});

describe('failures', () => {
  it('an order that the switch refuses', async () => {
    answer = () => Promise.resolve(`-ERR invalid session id [${UUID}]`);
    play('a');
    await settle();
    expect(told).toEqual([`failed play: -ERR invalid session id [${UUID}]`, 'finished a failed -']);
  });

  it('an order that the link lost', async () => {
    answer = () => Promise.reject(new LinkLostError('cut'));
    play('a');
    await settle();
    expect(told.at(-1)).toBe('finished a failed -');
  });

  it('a playback error of the switch', () => {
    play('a');
    event('CHANNEL_EXECUTE_COMPLETE', {
      'Application-Data': path('a'),
      'Application-Response': 'PLAYBACK ERROR',
    });
    expect(told).toEqual(['failed play: PLAYBACK ERROR', 'finished a failed -']);
  });
});

describe('after a gap in the events', () => {
  const DATA = 'variable_current_application_data';
  const RESPONSE = 'variable_current_application_response';

  it('a prompt that still plays goes on', () => {
    play('a');
    starts('a');
    dump({ [DATA]: path('a') });
    expect(told).toEqual(['started a']);
    playbacks.end();
  });

  it('a prompt that ended meanwhile is told', () => {
    play('a');
    starts('a');
    dump({ [DATA]: path('a'), [RESPONSE]: 'FILE PLAYED', variable_playback_last_offset_pos: '800' });
    expect(told.at(-1)).toBe('finished a completed 100');
  });

  it('a prompt that started meanwhile is told', () => {
    play('a');
    dump({ [DATA]: path('a') });
    expect(told).toEqual(['started a']);
    playbacks.end();
  });

  it('a prompt whose order was lost fails', () => {
    play('a');
    dump({});
    expect(told.at(-1)).toBe('finished a failed -');
  });

  it('a prompt that waits behind another one goes on waiting', () => {
    play('a');
    starts('a');
    play('b');
    dump({ [DATA]: path('a') });
    expect(told).toEqual(['started a']);
    playbacks.end();
  });

  it('the first of two ended, the second plays', () => {
    play('a');
    starts('a');
    play('b');
    dump({ [DATA]: path('b') });
    expect(told).toEqual(['started a', 'finished a completed -', 'started b']);
    playbacks.end();
  });

  it('a stop that the link swallowed is ordered again', async () => {
    play('a');
    starts('a');
    await settle();
    answer = () => Promise.reject(new LinkLostError('cut'));
    playbacks.stop('a');
    await settle();
    answer = () => Promise.resolve('+OK\n');
    dump({ [DATA]: path('a') });
    expect(sent.filter((line) => line === 'uuid_break all')).toHaveLength(2);
    stops('a', { 'Playback-Status': 'break' });
    expect(told).toEqual(['started a', 'finished a stopped -']);
  });

  it('a prompt given up that plays all the same is silenced', () => {
    dump({ [DATA]: path('z') });
    expect(sent).toEqual(['uuid_break']);
  });
});
