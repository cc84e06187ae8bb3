import { randomUUID } from 'node:crypto';

import { nowMicros } from '../clock.ts';
import type { Header } from '../esl/events.ts';
import { Voice } from '../media/voice.ts';
import type { CallRecord } from '../record.ts';
import type { AudioBugOptions, AudioModule } from './audio-bug.ts';
import { AudioBug } from './audio-bug.ts';
import type { Callee, CalleeLine, HangupBy } from './callee.ts';
import { refusalCause } from './causes.ts';
import type { Channel } from './channel.ts';
import type { EventFactory } from './event-factory.ts';
import { Player } from './player.ts';
import { Recorder } from './recorder.ts';
import type { SwitchEvent } from '../esl/events.ts';

/** The switch's thread of a channel runs once per frame; what another thread orders shows about this much later. */
const THREAD_MS = 20;

interface CallOptions {
  channel: Channel;
  callee: Callee;
  /** `&park()` or another application of the originate string. */
  application: { name: string; argument: string };
  originateTimeoutMs: number;
  /** Whether a 183 counts as success of the originate. */
  ignoresEarlyMedia: boolean;
  events: EventFactory;
  record: CallRecord;
  emit: (event: SwitchEvent) => void;
  load: (path: string) => Int16Array | null;
  api: (command: string, args: string) => Promise<string>;
  /** The originate's result, `+OK <uuid>` or `-ERR <cause>`; called once. */
  settle: (result: string) => void;
  destroyed: () => void;
}

/** One call: owns its channel, its callee's voice, its player, its bugs and all its timers. */
export class Call {
  readonly channel: Channel;
  readonly player: Player;
  readonly #options: CallOptions;
  readonly #voice: Voice;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #recorders = new Map<string, Recorder>();
  readonly #parkUuid = randomUUID();
  #audioBug: AudioBug | null = null;
  #isRinging = false;
  #hasMedia = false;
  #isRouted = false;
  #isParked = false;
  #isSettled = false;
  #isOver = false;

  constructor(options: CallOptions) {
    this.channel = options.channel;
    this.#options = options;
    this.#voice = new Voice((clip, phase) => {
      this.#note(phase === 'start' ? 'speech-started' : 'speech-ended', { clip: clip.name, text: clip.text });
    });
    this.player = new Player({
      emit: (name, trailing) => this.#emit(name, [], trailing),
      setVariables: (variables) => this.#setVariables(variables),
      load: options.load,
      run: (application, argument) => this.#runApplication(application, argument),
      originatedApplicationEnded: () => this.hangUp('NORMAL_CLEARING', 'network'),
      listener: {
        promptStarted: (prompt) => {
          this.#note('playback-started', {
            file: prompt.path,
            argument: prompt.argument,
            durationMs: prompt.durationMs,
          });
          options.callee.promptStarted(prompt, performance.now());
        },
        promptAdvanced: (prompt) => options.callee.promptAdvanced(prompt),
        promptPaused: (prompt, isPaused) => {
          this.#note(isPaused ? 'playback-paused' : 'playback-resumed', {
            file: prompt.path,
            positionMs: prompt.positionMs,
          });
        },
        promptEnded: (prompt, outcome) => {
          this.#note('playback-ended', {
            file: prompt.path,
            outcome,
            positionMs: prompt.positionMs,
            durationMs: prompt.durationMs,
          });
          options.callee.promptEnded(prompt, outcome, performance.now());
        },
      },
    });
  }

  /** Media flows: starting audio on a call without it crashes the switch. */
  get hasMedia(): boolean {
    return this.#hasMedia;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get audioBug(): AudioBug | null {
    return this.#audioBug;
  }

  get persona(): string {
    return this.#options.callee.persona;
  }

  /** The INVITE leaves; the far end's plan takes its course. */
  start(): void {
    this.#emit('CHANNEL_CREATE');
    this.#after(this.#options.originateTimeoutMs, () => this.#giveUp());
    this.#after(THREAD_MS, () => this.#farEndReplies());
  }

  /** One frame: 20 ms of everybody's sound. */
  tick(): void {
    if (!this.#hasMedia || this.#isOver) return;
    this.#voice.advance();
    if (this.channel.isAnswered) this.#options.callee.tick(performance.now());
    if (this.#isRouted) this.player.tick();
    const sent = this.player.frame();
    const fillsSilence = this.channel.variables.has('send_silence_when_idle');
    this.#audioBug?.tick(
      { callee: (rateHz) => this.#voice.frame(rateHz), calleeSamples: () => this.#voice.samples(), sent },
      fillsSilence,
    );
    for (const recorder of this.#recorders.values()) {
      if (!recorder.tick(this.#voice.samples(), sent)) this.stopRecording(recorder.path);
    }
  }

  /** Ends the call; `by` is who did it. Harmless when it is over already. */
  hangUp(cause: string, by: HangupBy): void {
    if (this.#isOver) return;
    this.#beginEnd(cause, by);
    if (!this.channel.isAnswered && !this.#isRouted) {
      this.#after(THREAD_MS, () => {
        this.channel.variables.set('sip_invite_failure_status', '487');
        this.channel.variables.set('sip_invite_failure_phrase', 'CANCEL');
        this.channel.variables.set('sip_hangup_disposition', 'send_cancel');
        this.#reportEnd();
        this.#settle(`-ERR ${cause}\n`);
        setImmediate(() => this.#destroy());
      });
      return;
    }
    if (by === 'callee') this.channel.variables.set('sip_hangup_disposition', 'recv_bye');
    if (by === 'caller') this.#after(THREAD_MS, () => void this.#windUp(by));
    else void this.#windUp(by);
  }

  /** `uuid_audio_stream start`, `uuid_audio_fork start`: false when a stream is attached already. */
  startAudio(options: AudioBugOptions): boolean {
    if (this.#audioBug !== null || this.#isOver) return false;
    this.#note('audio-started', {
      module: options.module,
      url: options.url,
      mix: options.mix,
      rateHz: options.rateHz,
    });
    this.#audioBug = new AudioBug(options, {
      emit: (name, leading, custom) => this.#emit(name, leading, [], custom),
      detached: () => {
        this.#audioBug = null;
      },
      breakPlayback: () => this.player.break(false),
      recordConnected: () => this.#note('audio-connected', {}),
    });
    return true;
  }

  /** Resolves with false when no stream of this module is attached. */
  async stopAudio(module: AudioModule, text: string | null): Promise<boolean> {
    const bug = this.#audioBug;
    if (bug?.module !== module) return false;
    this.#audioBug = null;
    await bug.stop({ text });
    this.#note('audio-stopped', {});
    return true;
  }

  /** False when the file cannot be made; starting the same file twice does nothing. */
  startRecording(path: string, limitS: number | null): boolean {
    if (this.#recorders.has(path)) return true;
    let recorder: Recorder;
    try {
      recorder = new Recorder({
        path,
        isStereo: this.channel.variables.get('RECORD_STEREO') === 'true',
        limitS,
      });
    } catch {
      // The switch tells its client no more than that it could not.
      this.channel.variables.set('record_completion_cause', 'uri-failure');
      return false;
    }
    this.#recorders.set(path, recorder);
    this.#emit('RECORD_START', [], [['Record-File-Path', path]]);
    this.#emit('MEDIA_BUG_START', recorder.bugHeaders());
    this.#note('recording-started', { file: path });
    return true;
  }

  /** Stops one recording, or every one with `all`; false when there is none. */
  stopRecording(path: string): boolean {
    const stopping = path === 'all' ? [...this.#recorders.values()] : [this.#recorders.get(path)];
    let stopped = false;
    for (const recorder of stopping) {
      if (recorder === undefined) continue;
      this.#closeRecorder(recorder, 'success-maxtime');
      stopped = true;
    }
    return stopped;
  }

  maskRecording(path: string, isMasked: boolean): boolean {
    const recorder = this.#recorders.get(path);
    recorder?.setMasked(isMasked);
    return recorder !== undefined;
  }

  /** `sched_hangup` counts whole seconds of the clock: `+3` came 2.3 to 3.0 s later. */
  scheduleHangUp(afterS: number, cause: string): void {
    const now = Date.now();
    const dueMs = Math.floor(now / 1000 + afterS) * 1000;
    this.#after(Math.max(0, dueMs - now), () => this.hangUp(cause, 'caller'));
  }

  /** A digit from the far end, or played into the call by `uuid_recv_dtmf`. */
  receiveDigit(digit: string): void {
    if (this.#isOver) return;
    const headers: Header[] = [
      ...this.channel.headers({ variables: false }),
      ['DTMF-Digit', digit],
      ['DTMF-Duration', '1600'],
      ['DTMF-Source', 'RTP'],
    ];
    this.#options.emit(this.#options.events.make('DTMF', headers));
  }

  /** The switch's process is gone: no event, sockets break. */
  destroy(): void {
    this.#isOver = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#audioBug?.destroy();
    for (const recorder of this.#recorders.values()) recorder.close('success-maxtime');
    this.#recorders.clear();
  }

  #farEndReplies(): void {
    const { plan } = this.#options.callee;
    this.channel.state = 'CS_CONSUME_MEDIA';
    if (plan.then === 'mute') return;
    this.channel.markFarEndHeard();
    const ringMs = plan.then === 'ring' ? Number.POSITIVE_INFINITY : plan.ringMs;
    if (ringMs > 0) this.#ring(plan.then === 'answer' && plan.earlyMedia);
    if (plan.then === 'ring') return;
    const next =
      plan.then === 'answer'
        ? (): void => this.#answer()
        : (): void => this.#refuse(plan.sipStatus, plan.q850Reason);
    if (ringMs > 0) this.#after(ringMs, next);
    else next();
  }

  #ring(earlyMedia: boolean): void {
    this.#isRinging = true;
    this.#note('ringing', { earlyMedia });
    if (!earlyMedia) {
      this.channel.progressMicros = nowMicros();
      this.#emit('CHANNEL_PROGRESS');
      this.channel.callState = 'RINGING';
      return;
    }
    this.#hasMedia = true;
    this.channel.progressMediaMicros = nowMicros();
    this.channel.answerState = 'early';
    this.channel.variables.set('endpoint_disposition', 'EARLY MEDIA');
    this.#emit('CHANNEL_PROGRESS_MEDIA');
    this.channel.callState = 'EARLY';
    if (!this.#options.ignoresEarlyMedia) this.#after(THREAD_MS, () => this.#route('EARLY MEDIA'));
  }

  #answer(): void {
    if (this.#isOver) return;
    const { callee, record } = this.#options;
    this.#hasMedia = true;
    this.channel.markAnswered();
    this.#note('answered', { persona: callee.persona });
    record.count('answered');
    this.#emit('CHANNEL_ANSWER');
    this.channel.callState = 'ACTIVE';
    callee.answered(this.#line(), performance.now());
    const apiOnAnswer = this.channel.variables.get('api_on_answer');
    if (apiOnAnswer !== undefined) {
      const [command = '', ...args] = apiOnAnswer.split(' ');
      void this.#options.api(command, args.join(' '));
    }
    const [application, ...argument] = (this.channel.variables.get('execute_on_answer') ?? '').split(
      /\s+|::/,
    );
    if (application !== undefined && application !== '')
      this.#runApplication(application, argument.join(' '));
    if (this.#isRouted) this.channel.variables.set('endpoint_disposition', 'ANSWER');
    else this.#route('ANSWER');
  }

  /** The originate has succeeded: its application starts. */
  #route(disposition: 'ANSWER' | 'EARLY MEDIA'): void {
    if (this.#isRouted || this.#isOver) return;
    this.#isRouted = true;
    this.#settle(`+OK ${this.channel.uuid}\n`);
    this.#after(THREAD_MS, () => this.#runOriginatedApplication(disposition));
  }

  #runOriginatedApplication(disposition: 'ANSWER' | 'EARLY MEDIA'): void {
    if (this.#isOver) return;
    const { name, argument } = this.#options.application;
    this.channel.markRouted(disposition);
    if (name === 'playback') {
      this.player.enqueue({
        application: name,
        argument,
        eventUuid: undefined,
        isLocked: false,
        source: 'originate',
      });
    } else if (name === 'park') {
      this.#park();
    } else {
      this.hangUp('DESTINATION_OUT_OF_ORDER', 'network');
    }
  }

  #park(): void {
    this.#isParked = true;
    this.channel.variables.set('current_application', 'park');
    this.#emit('CHANNEL_EXECUTE', [], this.#parkHeaders(null));
    this.#emit('CHANNEL_PARK');
    const [seconds, cause] = (this.channel.variables.get('park_timeout') ?? '').split(':');
    const timeoutMs = Number(seconds) * 1000;
    if (timeoutMs > 0) this.#after(timeoutMs, () => this.hangUp(cause ?? 'NORMAL_CLEARING', 'caller'));
  }

  #refuse(sipStatus: number, q850Reason: number | null): void {
    if (this.#isOver) return;
    const { cause, phrase } = refusalCause(sipStatus, q850Reason);
    const variables: Record<string, string> = {
      sip_hangup_disposition: 'recv_refuse',
      sip_invite_failure_status: String(sipStatus),
      sip_invite_failure_phrase: phrase,
      sip_term_status: String(sipStatus),
      proto_specific_hangup_cause: `sip:${sipStatus}`,
      ...(q850Reason === null ? {} : { sip_reason: `Q.850;cause=${q850Reason}` }),
    };
    this.#setVariables(variables);
    this.#beginEnd(cause, 'callee');
    this.#reportEnd();
    const finish = (): void => {
      this.#settle(`-ERR ${cause}\n`);
      setImmediate(() => this.#destroy());
    };
    // Refused after ringing, the job's result follows at once; refused at once, a frame later.
    if (this.#isRinging) finish();
    else this.#after(THREAD_MS, finish);
  }

  /** originate_timeout: here the result comes before CHANNEL_HANGUP_COMPLETE. */
  #giveUp(): void {
    if (this.#isOver || this.channel.isAnswered || this.#isRouted) return;
    this.#beginEnd('NO_ANSWER', 'caller');
    this.channel.variables.set('sip_invite_failure_status', '487');
    this.channel.variables.set('sip_invite_failure_phrase', 'CANCEL');
    this.channel.variables.set('sip_hangup_disposition', 'send_cancel');
    this.#settle('-ERR NO_ANSWER\n');
    setImmediate(() => {
      this.#reportEnd();
      this.#destroy();
    });
  }

  #beginEnd(cause: string, by: HangupBy): void {
    this.#isOver = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.channel.hangupCause = cause;
    this.channel.answerState = 'hangup';
    if (by === 'callee' && this.channel.isAnswered) {
      this.#setVariables({
        sip_reason: `Q.850;cause=16;text="${cause}"`,
        sip_term_status: '200',
        proto_specific_hangup_cause: 'sip:200',
        sip_term_cause: '16',
      });
    }
    this.#note('hangup', { cause, by });
    this.#emit('CHANNEL_HANGUP');
    const failures = this.#options.callee.ended(by);
    if (this.channel.isAnswered) {
      this.#note('verdict', { persona: this.persona, ok: failures.length === 0, failures });
    }
  }

  /** What an answered channel leaves behind, in the captured order. */
  async #windUp(by: HangupBy): Promise<void> {
    this.player.hangUp(by === 'callee' ? 'PLAYBACK ERROR' : 'FILE PLAYED');
    if (this.#isParked) {
      this.#emit('CHANNEL_UNPARK');
      this.#emit('CHANNEL_EXECUTE_COMPLETE', [], this.#parkHeaders(this.player.lastResponse));
    }
    this.channel.state = 'CS_HANGUP';
    this.channel.hangupMicros = nowMicros();
    for (const recorder of [...this.#recorders.values()]) this.#closeRecorder(recorder, 'success-silence');
    const bug = this.#audioBug;
    this.#audioBug = null;
    if (bug !== null) await bug.stop({ text: null });
    if (by !== 'callee') this.channel.variables.set('sip_hangup_disposition', 'send_bye');
    this.#settle(`-ERR ${this.channel.hangupCause ?? 'NORMAL_CLEARING'}\n`);
    this.#reportEnd();
    this.#destroy();
  }

  #reportEnd(): void {
    this.channel.markReported();
    const cause = this.channel.hangupCause ?? 'NORMAL_CLEARING';
    this.#emit('CHANNEL_HANGUP_COMPLETE', [['Hangup-Cause', cause]]);
  }

  #destroy(): void {
    this.channel.isDestroyed = true;
    this.#emit('CHANNEL_DESTROY');
    this.#options.destroyed();
  }

  #closeRecorder(recorder: Recorder, cause: 'success-maxtime' | 'success-silence'): void {
    this.#recorders.delete(recorder.path);
    this.#setVariables(recorder.close(cause));
    this.#emit(
      'RECORD_STOP',
      [],
      [
        ['Record-File-Path', recorder.path],
        ['Record-Completion-Cause', cause],
      ],
    );
    this.#emit('MEDIA_BUG_STOP', recorder.bugHeaders());
    this.#note('recording-ended', { file: recorder.path });
  }

  #runApplication(application: string, argument: string): void {
    if (application === 'hangup') {
      this.hangUp(argument === '' ? 'NORMAL_CLEARING' : argument, 'caller');
    } else if (application === 'sched_hangup') {
      const [after = '', cause] = argument.split(/\s+/);
      this.scheduleHangUp(Number(after.replace('+', '')), cause ?? 'ALLOTTED_TIMEOUT');
    } else if (application === 'set') {
      const equals = argument.indexOf('=');
      if (equals > 0) this.channel.variables.set(argument.slice(0, equals), argument.slice(equals + 1));
    }
  }

  #line(): CalleeLine {
    return {
      say: (clip, options) => this.#voice.say(clip, options),
      isSpeaking: () => this.#voice.isSpeaking,
      hangUp: () => this.hangUp('NORMAL_CLEARING', 'callee'),
      sendDigits: (digits) => {
        for (const digit of digits) this.receiveDigit(digit);
      },
    };
  }

  #parkHeaders(response: string | null): Header[] {
    return [
      ['Application', 'park'],
      ...(response === null ? [] : [['Application-Response', response] as const]),
      ['Application-UUID', this.#parkUuid],
    ];
  }

  #setVariables(variables: Record<string, string | null>): void {
    for (const [name, value] of Object.entries(variables)) {
      if (value === null) this.channel.variables.delete(name);
      else this.channel.variables.set(name, value);
    }
  }

  #settle(result: string): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#options.settle(result);
  }

  #emit(
    name: string,
    leading: readonly Header[] = [],
    trailing: readonly Header[] = [],
    custom?: { subclass: string; body: string },
  ): void {
    this.#options.emit(
      this.#options.events.make(name, [...leading, ...this.channel.headers(), ...trailing], custom),
    );
  }

  #note(type: string, fields: Record<string, unknown>): void {
    this.#options.record.write({ type, uuid: this.channel.uuid, number: this.channel.number, ...fields });
  }

  #after(ms: number, run: () => void): void {
    if (!Number.isFinite(ms)) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, ms);
    this.#timers.add(timer);
  }
}
