import { posix } from 'node:path';
import type { Logger } from 'pino';
import { withDeadline } from '../../../deadline.ts';
import type { CallLegEvent, LegEnd } from '../../events.ts';
import { RECORDING_CUT_SHORT, type CallLeg, type OriginateRequest } from '../../ports.ts';
import { AnsweredChannel } from './audio-modules.ts';
import {
  channelExists,
  checkedUuid,
  dumpChannel,
  isDiallable,
  killChannel,
  originate,
  promptPath,
  startRecording,
  UnsafeValueError,
} from './esl-commands.ts';
import type { EslCommand } from './esl-commands.ts';
import { LinkLostError } from './esl-connection.ts';
import { headersOfJson } from './esl-event.ts';
import type { EslEvent, HeaderReader } from './esl-event.ts';
import { JobTimeoutError } from './esl-link.ts';
import { LegAudio } from './leg-audio.ts';
import type { LegAudioOptions } from './leg-audio.ts';
import {
  causeOfJob,
  endFromCause,
  endFromChannel,
  happened,
  LINK_LOST,
  ORIGINATE_REFUSED,
} from './leg-end.ts';
import { Playbacks } from './playback.ts';
import type { PlaybackTimeouts } from './playback.ts';

const MAX_KILLS = 3;
/** How a recording ended that the disk did not take. */
const NOT_WRITTEN = 'uri-failure';

export interface LegTimeouts extends PlaybackTimeouts {
  /** A switch that does not answer for so long is not told to dial. */
  preflightMs: number;
  /** What the switch may be late with its own ring and duration limits. */
  switchGraceMs: number;
  /** From uuid_kill to the end of the channel, before it is looked for. */
  hangupMs: number;
  /** From the first sign of the end (job result, CHANNEL_DESTROY) to the one with the facts. */
  endSettleMs: number;
  /** Longest wait for a background command other than originate. */
  jobMs: number;
}

export interface LegOptions {
  gateway: string;
  soundsDir: string;
  /** Value of `presence_data` on the channel. */
  mark: string;
  audio: LegAudioOptions;
  timeouts: LegTimeouts;
}

/** What a leg needs of the link to the switch. */
export interface LegLink {
  send: (command: EslCommand) => Promise<string>;
  run: (command: EslCommand, options: { deadlineMs: number }) => Promise<string>;
}

interface LegHandlers {
  /** After `leg-ended`. `isLostTrack` when the channel may live on at the switch unheard. */
  onEnded: (end: { isLostTrack: boolean }) => void;
}

/** One attempt on the switch. Turns its events into the session's and its orders into commands. */
export class FreeswitchLeg implements CallLeg {
  readonly channelUuid: string;
  /** The order to dial went out: from here on the phone may ring, heard or not. */
  private isOrdered = false;
  private isCreated = false;
  private hasRung = false;
  private answered: AnsweredChannel | null = null;
  /** CHANNEL_HANGUP was seen: the facts follow. */
  private isHangingUp = false;
  private isHangupOrdered = false;
  private isEnded = false;
  private kills = 0;
  private recordingPath: string | null = null;
  private isRecording = false;
  private watchdog: NodeJS.Timeout | null = null;
  private settleTimer: NodeJS.Timeout | null = null;
  private readonly endListeners = new Set<() => void>();
  private readonly playbacks: Playbacks;
  private readonly audio: LegAudio;

  constructor(
    private readonly request: OriginateRequest,
    private readonly options: LegOptions,
    private readonly link: LegLink,
    private readonly handlers: LegHandlers,
    private readonly logger: Logger,
  ) {
    this.channelUuid = checkedUuid(request.channelUuid);
    const send = (command: EslCommand): Promise<string> => this.link.send(command);
    this.playbacks = new Playbacks(this.channelUuid, options.timeouts, {
      send,
      onStarted: (playbackId) => this.emit({ type: 'playback-started', atMs: now(), playbackId }),
      onPaused: (playbackId) => this.emit({ type: 'playback-paused', atMs: now(), playbackId }),
      onResumed: (playbackId) => this.emit({ type: 'playback-resumed', atMs: now(), playbackId }),
      onFinished: (playbackId, outcome, playedMs) =>
        this.emit({ type: 'playback-finished', atMs: now(), playbackId, outcome, playedMs }),
      onCommandFailed: (command, detail) => this.commandFailed(command, detail),
    });
    this.audio = new LegAudio(options.audio, {
      send,
      run: (command) => this.link.run(command, { deadlineMs: options.timeouts.jobMs }),
      onStarted: () =>
        this.emit({ type: 'audio-started', atMs: now(), sampleRateHz: options.audio.sampleRateHz }),
      onFrame: (samples) => this.emit({ type: 'audio-frame', atMs: now(), samples }),
      onLost: (reason) => {
        if (!this.isHangingUp) this.emit({ type: 'audio-lost', atMs: now(), reason });
      },
    });
  }

  /** Dials. Whatever comes of it is told by events, never before this returns. */
  dial(): void {
    queueMicrotask(() => void this.originate());
  }

  onEvent(event: EslEvent): void {
    if (this.isEnded) return;
    switch (event.name) {
      case 'CHANNEL_CREATE':
        this.created();
        return;
      case 'CHANNEL_PROGRESS':
      case 'CHANNEL_PROGRESS_MEDIA':
        this.ringing();
        return;
      case 'CHANNEL_ANSWER':
        this.answer(event.header);
        return;
      case 'PLAYBACK_START':
      case 'PLAYBACK_STOP':
      case 'CHANNEL_EXECUTE_COMPLETE':
        this.playbacks.onEvent(event);
        return;
      case 'DTMF':
        this.emit({ type: 'digit-received', atMs: now(), digit: event.header('DTMF-Digit') ?? '' });
        return;
      case 'CUSTOM':
        this.audio.onEvent(event);
        return;
      case 'CHANNEL_HANGUP':
        this.isHangingUp = true;
        return;
      case 'CHANNEL_HANGUP_COMPLETE':
      case 'CHANNEL_DESTROY':
        this.channelGone(event.header);
        return;
    }
  }

  startAudio(): void {
    if (!this.isEnded) this.audio.start();
  }

  play({ playbackId, audioPath }: { playbackId: string; audioPath: string }): void {
    if (this.isEnded) return;
    if (this.isHangingUp) {
      this.emit({ type: 'playback-finished', atMs: now(), playbackId, outcome: 'hangup', playedMs: null });
      return;
    }
    try {
      if (this.answered === null) throw new UnsafeValueError('playback', 'the call is not answered');
      this.playbacks.play(playbackId, promptPath(this.options.soundsDir, audioPath));
    } catch (error) {
      this.commandFailed('play', messageOf(error));
      this.emit({ type: 'playback-finished', atMs: now(), playbackId, outcome: 'failed', playedMs: null });
    }
  }

  pausePlayback(playbackId: string): void {
    this.playbacks.pause(playbackId);
  }

  resumePlayback(playbackId: string): void {
    this.playbacks.resume(playbackId);
  }

  stopPlayback(playbackId: string): void {
    this.playbacks.stop(playbackId);
  }

  startRecording({ path }: { path: string }): void {
    if (this.isEnded) return;
    this.recordingPath = path;
    if (this.answered !== null) void this.record(path);
  }

  hangUp(): void {
    if (this.isEnded || this.isHangupOrdered) return;
    this.isHangupOrdered = true;
    this.kill();
  }

  async close(): Promise<void> {
    if (this.isEnded) return;
    this.hangUp();
    const deadline = setTimeout(() => this.loseTrack(), this.options.timeouts.hangupMs);
    await new Promise<void>((resolve) => {
      this.endListeners.add(resolve);
    });
    clearTimeout(deadline);
  }

  /** After a gap in the link: catches up with the switch, or ends when it has the channel no longer. */
  async reconcile(): Promise<void> {
    if (this.isEnded) return;
    try {
      const header = headersOfJson(await this.link.send(dumpChannel(this.channelUuid)));
      if (header === null) {
        await this.endIfGone();
        return;
      }
      this.catchUp(header);
    } catch (error) {
      this.logger.warn({ err: error }, 'the call could not be looked for on the switch');
    }
  }

  /** The switch can no longer be asked about this leg. */
  loseTrack(): void {
    this.end(endFromCause(LINK_LOST, this.likelyHistory(), 'network'), { isLostTrack: true });
  }

  /** The switch has no such channel, and why was not heard. One that was never seen may still be on its way. */
  endUnheard(): void {
    this.end(endFromCause(LINK_LOST, this.likelyHistory(), 'network'), { isLostTrack: !this.isCreated });
  }

  // ---- dialling ------------------------------------------------------------------------------------------------

  private async originate(): Promise<void> {
    const { request, options } = this;
    const { switchGraceMs } = options.timeouts;
    if (!isDiallable(request.number)) {
      this.end(endFromCause('INVALID_NUMBER_FORMAT', this.history(), null));
      return;
    }
    if (!(await this.switchAnswers())) return;
    try {
      const command = originate({ ...request, gateway: options.gateway, mark: options.mark });
      const deadlineMs = request.ringTimeoutMs + switchGraceMs;
      this.watch(deadlineMs, () => this.overdue('no result of the call'));
      this.isOrdered = true;
      const result = await this.link.run(command, { deadlineMs });
      if (!result.startsWith('+OK')) this.notDialled(result);
    } catch (error) {
      this.originateFailed(error);
    }
  }

  /**
   * Asks the switch something right before it is told to dial. One that hangs takes orders in all the same and carries them
   * out when it goes on, however long ago they were given up and the connection was cut. Without an answer the leg ends, and
   * nothing was ordered.
   */
  private async switchAnswers(): Promise<boolean> {
    const { preflightMs } = this.options.timeouts;
    try {
      const asked = this.link.send(channelExists(this.channelUuid));
      await withDeadline(asked, preflightMs, 'the switch’s answer before dialling');
    } catch (error) {
      this.commandFailed('originate', messageOf(error));
      this.end(endFromCause(LINK_LOST, this.history(), null));
    }
    if (this.isHangupOrdered) this.end(endFromCause('ORIGINATOR_CANCEL', this.history(), 'us'));
    return !this.isEnded;
  }

  /** The job's word is not ordered with the channel's events, which tell more: they get a moment to come. */
  private notDialled(result: string): void {
    const cause = causeOfJob(result);
    if (cause === null) this.commandFailed('originate', result.trim());
    const end = (): void => this.end(endFromCause(cause ?? ORIGINATE_REFUSED, this.history(), null));
    if (this.isCreated) this.settle(end);
    else end();
  }

  private originateFailed(error: unknown): void {
    // The order may have been carried out: the watchdog or the next connection finds out.
    if (error instanceof LinkLostError || error instanceof JobTimeoutError) return;
    this.commandFailed('originate', messageOf(error));
    this.end(endFromCause(ORIGINATE_REFUSED, this.history(), null));
  }

  // ---- what the switch tells -----------------------------------------------------------------------------------

  private created(): void {
    if (this.isCreated) return;
    this.isCreated = true;
    this.emit({ type: 'leg-created', atMs: now() });
    // The hangup came before there was a channel to hang up.
    if (this.isHangupOrdered) this.kill();
  }

  private ringing(): void {
    if (this.hasRung || this.answered !== null) return;
    this.hasRung = true;
    this.emit({ type: 'leg-ringing', atMs: now() });
  }

  private answer(header: HeaderReader): void {
    if (this.answered !== null) return;
    const channel = AnsweredChannel.from(header);
    if (channel === null) return;
    this.created();
    this.answered = channel;
    const { maxDurationMs } = this.request;
    this.watch(maxDurationMs + this.options.timeouts.switchGraceMs, () =>
      this.overdue('still up after its limit'),
    );
    this.emit({ type: 'leg-answered', atMs: now() });
    if (this.isHangupOrdered) {
      this.kill();
      return;
    }
    this.audio.onAnswered(channel);
    if (this.recordingPath !== null) void this.record(this.recordingPath);
  }

  private channelGone(header: HeaderReader): void {
    const end = endFromChannel(header, this.history());
    if (end !== null) {
      if (this.isRecording && header('variable_record_completion_cause') === NOT_WRITTEN) {
        this.recordingFailed(RECORDING_CUT_SHORT);
      }
      this.end(end);
      return;
    }
    // Unknown or down gateway: no cause here, the job has it.
    this.settle(() => this.endUnheard());
  }

  private catchUp(header: HeaderReader): void {
    this.created();
    const hasProgress =
      happened(header('Caller-Channel-Progress-Time')) ||
      happened(header('Caller-Channel-Progress-Media-Time'));
    if (hasProgress) this.ringing();
    this.answer(header);
    if (this.answered !== null) this.playbacks.recover(header);
    if (this.isHangupOrdered) this.kill();
    else this.audio.recover();
  }

  // ---- ending --------------------------------------------------------------------------------------------------

  private kill(): void {
    this.kills += 1;
    this.watch(this.options.timeouts.hangupMs, () => this.overdue('still up after a hangup'));
    this.link.send(killChannel(this.channelUuid)).then(
      // `No such channel!` before it is created, or just ended: either way an event follows.
      (reply) => this.logger.debug({ reply: reply.trim() }, 'hangup ordered'),
      (error: unknown) => this.commandFailed('hangUp', messageOf(error)),
    );
  }

  /** An end that should have come has not: look, order it again, and give up after a few rounds. */
  private overdue(what: string): void {
    this.logger.warn({ what, kills: this.kills }, 'call overdue');
    if (this.kills >= MAX_KILLS) {
      this.loseTrack();
      return;
    }
    this.isHangupOrdered = true;
    this.kill();
    this.endIfGone().catch((error: unknown) => {
      this.logger.warn({ err: error }, 'the call could not be looked for on the switch');
    });
  }

  private async endIfGone(): Promise<void> {
    const reply = await this.link.send(channelExists(this.channelUuid));
    if (reply.trim() === 'false') this.settle(() => this.endUnheard());
  }

  /** Leaves the events that tell more a moment to come. */
  private settle(end: () => void): void {
    if (this.isEnded) return;
    if (this.settleTimer !== null) clearTimeout(this.settleTimer);
    this.settleTimer = setTimeout(end, this.options.timeouts.endSettleMs);
  }

  private end(end: LegEnd, { isLostTrack } = { isLostTrack: false }): void {
    if (this.isEnded) return;
    this.isHangingUp = true;
    this.playbacks.end();
    this.audio.close();
    if (this.watchdog !== null) clearTimeout(this.watchdog);
    if (this.settleTimer !== null) clearTimeout(this.settleTimer);
    this.isEnded = true;
    this.deliver({ type: 'leg-ended', atMs: now(), ...end });
    for (const listener of this.endListeners) listener();
    this.handlers.onEnded({ isLostTrack });
  }

  // ---- small things --------------------------------------------------------------------------------------------

  private async record(path: string): Promise<void> {
    try {
      const { jobMs } = this.options.timeouts;
      const reply = await this.link.run(startRecording(this.channelUuid, path), { deadlineMs: jobMs });
      if (!reply.startsWith('+OK')) {
        this.recordingFailed(`the switch cannot record into ${posix.dirname(path)}: ${reply.trim()}`);
        return;
      }
      this.isRecording = true;
      this.emit({ type: 'recording-started', atMs: now(), path });
    } catch (error) {
      this.recordingFailed(messageOf(error));
    }
  }

  private recordingFailed(problem: string): void {
    this.emit({ type: 'recording-failed', atMs: now(), problem });
  }

  private watch(delayMs: number, onDeadline: () => void): void {
    if (this.isEnded) return;
    if (this.watchdog !== null) clearTimeout(this.watchdog);
    this.watchdog = setTimeout(onDeadline, delayMs);
  }

  private history(): { rang: boolean; answered: boolean } {
    return { rang: this.hasRung, answered: this.answered !== null };
  }

  /** What is to be assumed of a call whose end nobody heard: better count a ring too many than disturb once too often. */
  private likelyHistory(): { rang: boolean; answered: boolean } {
    return { ...this.history(), rang: this.hasRung || this.isOrdered };
  }

  private commandFailed(command: string, detail: string): void {
    this.emit({ type: 'command-failed', atMs: now(), command, detail });
  }

  private emit(event: CallLegEvent): void {
    if (!this.isEnded) this.deliver(event);
  }

  private deliver(event: CallLegEvent): void {
    try {
      this.request.onEvent(event);
    } catch (error) {
      this.logger.error({ err: error, event: event.type }, 'the session failed on an event of its leg');
    }
  }
}

function now(): number {
  return performance.now();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
