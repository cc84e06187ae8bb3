import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { OperatorError } from '../../src/errors.ts';
import type { Telephony } from '../../src/call-engine/ports.ts';
import { CallProbe } from '../helpers/esl-telephony.ts';

/** A switch whose callees act by the last two digits: 02 answers, 03 busy, 04 rings, 05 unallocated, 08 hangs up. */
export interface SwitchUnderTest {
  /** Connects an adapter to this switch, or to what the overrides say. */
  open: (overrides?: { port?: number; password?: string; gateway?: string; audioUrl?: string }) => Telephony;
  /** Relative paths of prompts: below 1 s, above 5 s, absent. */
  prompts: { short: string; long: string; missing: string };
  sampleRateHz: 8000 | 16000;
  /** Cuts the control connections; calls live on. */
  dropLink: () => void | Promise<void>;
  /** The control connections are cut and every call has ended when the switch can be reached again. */
  restart: () => void | Promise<void>;
  close: () => Promise<void>;
}

const ANSWERS = '+33199000102';
const BUSY = '+33199000103';
const RINGS = '+33199000104';
const UNALLOCATED = '+33199000105';
const HANGS_UP = '+33199000108';

/** What every telephony adapter owes to its session, whichever switch is behind it. */
export function describeTelephony(name: string, start: () => Promise<SwitchUnderTest>): void {
  describe(name, () => {
    let theSwitch: SwitchUnderTest;
    let telephony: Telephony | null = null;

    beforeAll(async () => {
      theSwitch = await start();
    });
    afterEach(async () => {
      await telephony?.close();
      telephony = null;
    });
    afterAll(() => theSwitch.close());

    const connected = async (): Promise<Telephony> => {
      telephony = theSwitch.open();
      await telephony.ready({ signal: AbortSignal.timeout(5000) });
      return telephony;
    };
    const answered = async (number = ANSWERS): Promise<CallProbe> => {
      const call = new CallProbe(await connected(), { number });
      await call.event('leg-answered');
      return call;
    };
    const until = async (condition: () => Promise<boolean>): Promise<void> => {
      const deadline = AbortSignal.timeout(5000);
      while (!(await condition())) {
        deadline.throwIfAborted();
        await new Promise(setImmediate);
      }
    };

    describe('attempts', () => {
      it('an answered call streams the callee and ends when it is hung up', async () => {
        const call = await answered();
        call.leg.startAudio();
        await call.until(() => call.frames.length >= 10, '10 frames');
        call.leg.hangUp();
        call.leg.hangUp();
        expect(await call.ended()).toMatchObject({
          hangupCause: 'NORMAL_CLEARING',
          answered: true,
          unanswered: null,
          endedBy: 'us',
        });
        const { sampleRateHz } = theSwitch;
        expect(call.frames.every((frame) => frame.length === sampleRateHz / 50)).toBe(true);
        expect(call.all('audio-started')).toMatchObject([{ sampleRateHz }]);
        expect(call.types.slice(0, 2)).toEqual(['leg-created', 'leg-answered']);
        expect(call.types.at(-1)).toBe('leg-ended');
      });

      it.each([
        [BUSY, { hangupCause: 'USER_BUSY', sipStatus: 486, unanswered: 'busy' }],
        [UNALLOCATED, { hangupCause: 'UNALLOCATED_NUMBER', sipStatus: 404, unanswered: 'invalid_number' }],
      ])('a call to %s is refused', async (number, end) => {
        const call = new CallProbe(await connected(), { number });
        expect(await call.ended()).toMatchObject({ ...end, answered: false });
        expect(call.all('leg-ended')).toHaveLength(1);
      });

      it('a phone that nobody takes rings out', async () => {
        const call = new CallProbe(await connected(), { number: RINGS, ringTimeoutMs: 1000 });
        expect(await call.ended()).toMatchObject({
          hangupCause: 'NO_ANSWER',
          unanswered: 'no_answer',
          rang: true,
          answered: false,
        });
        expect(call.all('leg-ringing')).toHaveLength(1);
      });

      it('a call is cancelled while it rings', async () => {
        const call = new CallProbe(await connected(), { number: RINGS });
        await call.event('leg-ringing');
        call.leg.hangUp();
        expect(await call.ended()).toMatchObject({ answered: false, rang: true, endedBy: 'us' });
      });

      it('a hangup ordered before the switch has the channel is not lost', async () => {
        const call = new CallProbe(await connected(), { number: RINGS });
        call.leg.hangUp();
        expect((await call.ended()).answered).toBe(false);
      });

      it('an unknown gateway ends the leg with its cause', async () => {
        telephony = theSwitch.open({ gateway: 'nosuchgateway' });
        const opened = telephony;
        await until(() => Promise.resolve(opened.isReady()));
        expect(await new CallProbe(opened).ended()).toMatchObject({
          hangupCause: 'INVALID_GATEWAY',
          unanswered: 'failed',
        });
      });

      it('a number that could be a command is never dialled', async () => {
        const call = new CallProbe(await connected(), { number: '+33199000102\n\napi hupall' });
        expect(await call.ended()).toMatchObject({
          hangupCause: 'INVALID_NUMBER_FORMAT',
          unanswered: 'invalid_number',
        });
        expect(call.types).toEqual(['leg-ended']);
      });

      it('audio asked for while it rings waits for the answer', async () => {
        const call = new CallProbe(await connected());
        call.leg.startAudio();
        await call.event('audio-started');
        expect(call.types.indexOf('leg-answered')).toBeLessThan(call.types.indexOf('audio-started'));
      });
    });

    describe('prompts', () => {
      it('a prompt plays to its end', async () => {
        const call = await answered();
        call.leg.play({ playbackId: 'one', audioPath: theSwitch.prompts.short });
        const finished = await call.event('playback-finished');
        expect(finished).toMatchObject({ playbackId: 'one', outcome: 'completed' });
        expect(finished.playedMs).toBeGreaterThan(100);
        expect(call.all('playback-started')).toMatchObject([{ playbackId: 'one' }]);
      });

      it('a prompt that is stopped ends early, and the next one plays', async () => {
        const call = await answered();
        call.leg.play({ playbackId: 'one', audioPath: theSwitch.prompts.long });
        await call.event('playback-started');
        call.leg.stopPlayback('one');
        call.leg.play({ playbackId: 'two', audioPath: theSwitch.prompts.short });
        await call.event('playback-finished', 2);
        expect(call.all('playback-finished')).toMatchObject([
          { playbackId: 'one', outcome: 'stopped' },
          { playbackId: 'two', outcome: 'completed' },
        ]);
      });

      it('a prompt stopped before it starts is cut at its start', async () => {
        const call = await answered();
        call.leg.play({ playbackId: 'one', audioPath: theSwitch.prompts.long });
        call.leg.stopPlayback('one');
        const finished = await call.event('playback-finished');
        expect(finished.outcome).toBe('stopped');
        expect(finished.playedMs ?? 0).toBeLessThan(1000);
      });

      it('stopping one prompt leaves the one behind it', async () => {
        const call = await answered();
        call.leg.play({ playbackId: 'one', audioPath: theSwitch.prompts.long });
        call.leg.play({ playbackId: 'two', audioPath: theSwitch.prompts.short });
        await call.event('playback-started');
        call.leg.stopPlayback('one');
        await call.event('playback-finished', 2);
        expect(call.all('playback-finished').map(({ outcome }) => outcome)).toEqual(['stopped', 'completed']);
      });

      it('a prompt pauses and goes on to its end', async () => {
        const call = await answered();
        call.leg.play({ playbackId: 'one', audioPath: theSwitch.prompts.short });
        call.leg.pausePlayback('one');
        await call.event('playback-paused');
        call.leg.resumePlayback('one');
        await call.event('playback-resumed');
        expect((await call.event('playback-finished')).outcome).toBe('completed');
        expect(call.types.filter((type) => type.startsWith('playback'))).toEqual([
          'playback-started',
          'playback-paused',
          'playback-resumed',
          'playback-finished',
        ]);
      });

      it('a paused prompt can be stopped', async () => {
        const call = await answered();
        call.leg.play({ playbackId: 'one', audioPath: theSwitch.prompts.long });
        call.leg.pausePlayback('one');
        await call.event('playback-paused');
        call.leg.stopPlayback('one');
        expect((await call.event('playback-finished')).outcome).toBe('stopped');
      });

      it('a missing file fails', async () => {
        const call = await answered();
        call.leg.play({ playbackId: 'one', audioPath: theSwitch.prompts.missing });
        expect((await call.event('playback-finished')).outcome).toBe('failed');
        expect(call.all('command-failed')).toMatchObject([{ command: 'play' }]);
      });

      it('a path that leaves the sounds directory fails and is not sent', async () => {
        const call = await answered();
        call.leg.play({ playbackId: 'one', audioPath: '../../etc/passwd' });
        expect((await call.event('playback-finished')).outcome).toBe('failed');
      });

      it('a callee who hangs up ends the prompt, then the leg', async () => {
        const call = await answered(HANGS_UP);
        call.leg.startAudio();
        call.leg.play({ playbackId: 'one', audioPath: theSwitch.prompts.long });
        await call.ended();
        expect(call.all('playback-finished')).toMatchObject([{ outcome: 'hangup' }]);
        expect(call.all('leg-ended')).toMatchObject([{ endedBy: 'callee', answered: true, sipStatus: 200 }]);
        expect(call.all('audio-lost')).toEqual([]);
        expect(call.types.slice(-2)).toEqual(['playback-finished', 'leg-ended']);
      });
    });

    describe('trying the audio without a call', () => {
      it('says that audio arrives, and leaves no channel behind', async () => {
        const opened = await connected();
        expect(await opened.probeAudio()).toEqual({ result: 'arrives', reason: null });
        await until(async () => (await opened.listChannels()).length === 0);
      });

      it('says that none arrives where the switch cannot connect', async () => {
        telephony = theSwitch.open({ audioUrl: 'ws://127.0.0.1:1' });
        await telephony.ready({ signal: AbortSignal.timeout(5000) });
        expect((await telephony.probeAudio()).result).toBe('missing');
      });

      it('can be done while calls go on', async () => {
        const call = await answered();
        call.leg.startAudio();
        await call.event('audio-started');
        expect(await telephony?.probeAudio()).toMatchObject({ result: 'arrives' });
        const { length } = call.frames;
        await call.until(() => call.frames.length > length + 5, 'more frames');
        expect(call.all('audio-lost')).toEqual([]);
      });

      it('is refused without a link', async () => {
        telephony = theSwitch.open({ port: 1 });
        await expect(telephony.probeAudio()).rejects.toThrow();
      });
    });

    describe('the link', () => {
      it('a call lives through a lost link, and so does its audio', async () => {
        const call = await answered();
        call.leg.startAudio();
        await call.event('audio-started');
        await theSwitch.dropLink();
        await until(() => Promise.resolve(telephony?.isReady() === false));
        await telephony?.ready({ signal: AbortSignal.timeout(5000) });
        const { length } = call.frames;
        await call.until(() => call.frames.length > length + 5, 'more frames');
        call.leg.play({ playbackId: 'one', audioPath: theSwitch.prompts.short });
        expect((await call.event('playback-finished')).outcome).toBe('completed');
        call.leg.hangUp();
        expect((await call.ended()).hangupCause).toBe('NORMAL_CLEARING');
      });

      it('a call that is gone after a lost link ends as lost', async () => {
        const call = await answered();
        await theSwitch.restart();
        expect(await call.ended()).toMatchObject({ hangupCause: 'LINK_LOST', answered: true });
        await telephony?.ready({ signal: AbortSignal.timeout(5000) });
        const next = new CallProbe(await Promise.resolve(telephony ?? theSwitch.open()));
        await next.event('leg-answered');
      });

      it('a wrong password is the operator’s to mend, and is not tried again and again', async () => {
        telephony = theSwitch.open({ password: 'wrong-password' });
        const failure: unknown = await telephony
          .ready({ signal: AbortSignal.timeout(5000) })
          .catch((e: unknown) => e);
        expect(failure).toBeInstanceOf(OperatorError);
        expect(failure).toMatchObject({ code: 'FREESWITCH_PASSWORD_REFUSED' });
        expect(String(failure)).toContain('FREESWITCH_ESL_PASSWORD');
        expect(telephony.isReady()).toBe(false);
        expect(await new CallProbe(telephony).ended()).toMatchObject({
          hangupCause: 'LINK_LOST',
          unanswered: 'failed',
        });
      });

      it('a switch that is not there is named, and calls end at once', async () => {
        telephony = theSwitch.open({ port: 1 });
        const failure: unknown = await telephony
          .ready({ signal: AbortSignal.timeout(200) })
          .catch((e: unknown) => e);
        expect(failure).toBeInstanceOf(OperatorError);
        expect(String(failure)).toContain('FREESWITCH_ESL_HOST');
        expect((await new CallProbe(telephony).ended()).hangupCause).toBe('LINK_LOST');
        await expect(telephony.listChannels()).rejects.toThrow();
        await expect(telephony.channelExists(randomUUID())).rejects.toThrow();
      });
    });

    describe('reconciliation', () => {
      it('lists our channels, and hangs up one by its UUID', async () => {
        const call = await answered();
        const opened = telephony ?? theSwitch.open();
        await until(async () =>
          (await opened.listChannels()).some(({ channelUuid }) => channelUuid === call.channelUuid),
        );
        const listed = (await opened.listChannels()).find(
          ({ channelUuid }) => channelUuid === call.channelUuid,
        );
        expect(listed?.answered).toBe(true);
        expect(Math.abs((listed?.createdAt?.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
        expect(await opened.channelExists(call.channelUuid)).toBe(true);
        await opened.hangUpChannel(call.channelUuid);
        await call.ended();
        expect(await opened.channelExists(call.channelUuid)).toBe(false);
        await opened.hangUpChannel(call.channelUuid);
      });

      it('refuses to ask for what is no UUID', async () => {
        const opened = await connected();
        await expect(opened.channelExists('x\n\napi hupall')).rejects.toThrow(/UUID/);
      });
    });

    describe('closing', () => {
      it('ends every leg and leaves nothing open', async () => {
        const before = openResources();
        const opened = await connected();
        const calls = [new CallProbe(opened), new CallProbe(opened)];
        for (const call of calls) {
          call.leg.startAudio();
          await call.event('audio-started');
          call.leg.play({ playbackId: 'one', audioPath: theSwitch.prompts.long });
        }
        await opened.close();
        await opened.close();
        for (const call of calls) expect(call.types.at(-1)).toBe('leg-ended');
        expect(opened.isReady()).toBe(false);
        await until(() => Promise.resolve(openResources() <= before));
      });
    });
  });
}

/** Sockets and timers of this process. */
function openResources(): number {
  const counted = new Set(['TCPSocketWrap', 'TCPServerWrap', 'Timeout']);
  return process.getActiveResourcesInfo().filter((resource) => counted.has(resource)).length;
}
