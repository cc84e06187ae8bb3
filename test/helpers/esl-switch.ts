import { basename } from 'node:path';
import { WebSocket } from 'ws';
import { EslServer, type ReceivedCommand } from './esl-server.ts';

const FRAME_MS = 20;
const FRAME_BYTES = 320;
/** The switch looks at its orders once per frame. */
const TAKE_UP_MS = 20;
const RING_MS = 20;
const HANGS_UP_AFTER_MS = 400;

/** Milliseconds each prompt of `ScriptedSwitch` lasts, by file name; others are missing. */
const SCRIPTED_PROMPTS: Readonly<Record<string, number>> = { 'short.wav': 200, 'long.wav': 10_000 };

interface Playing {
  argument: string;
  eventUuid: string;
  leftMs: number;
  totalMs: number;
  startedAtMs: number;
  isPaused: boolean;
  timer: NodeJS.Timeout | null;
}

interface Call {
  uuid: string;
  presence: string;
  jobUuid: string;
  createdMs: number;
  hasRung: boolean;
  isAnswered: boolean;
  current: Playing | null;
  queue: Playing[];
  audio: WebSocket | null;
  frames: NodeJS.Timeout | null;
  timers: Set<NodeJS.Timeout>;
}

/**
 * A switch in a few lines whose callees act by the last two digits of their number, as in the captures: 02 answers,
 * 03 is busy, 04 rings for ever, 05 is unallocated, 08 answers and hangs up soon. Fast, and in this process.
 */
export class ScriptedSwitch {
  /** Audio starts on channels that were not answered: each would have killed a real switch. */
  crashes = 0;
  /** mod_loopback is loaded, and with it the endpoint `null`. */
  hasNullEndpoint = true;
  private readonly calls = new Map<string, Call>();

  private constructor(readonly server: EslServer) {
    server.handlers.push((command) => this.handle(command));
  }

  static async start(): Promise<ScriptedSwitch> {
    return new ScriptedSwitch(await EslServer.start());
  }

  get port(): number {
    return this.server.port;
  }

  get password(): string {
    return this.server.options.password;
  }

  dropLink(): void {
    this.server.drop();
  }

  /** All calls end, and nobody who is not connected at this moment hears of it. */
  loseCalls(): void {
    for (const call of [...this.calls.values()])
      this.hangUp(call, 'NORMAL_TEMPORARY_FAILURE', 'recv_bye', 503);
  }

  /** Every call is gone without a word; another process answers. */
  restart(): void {
    for (const call of this.calls.values()) this.forget(call);
    this.server.options.coreUuid = crypto.randomUUID();
    this.server.drop();
  }

  async close(): Promise<void> {
    for (const call of this.calls.values()) this.forget(call);
    await this.server.close();
  }

  private handle(command: ReceivedCommand): boolean {
    const { line, session, headers } = command;
    if (line.startsWith('bgapi originate ')) {
      const jobUuid = headers.get('Job-UUID') ?? '';
      session.reply(`+OK Job-UUID: ${jobUuid}`);
      this.originate(line, jobUuid);
      return true;
    }
    if (line.startsWith('bgapi show channels')) {
      const jobUuid = headers.get('Job-UUID') ?? '';
      session.reply(`+OK Job-UUID: ${jobUuid}`);
      this.server.finishJob(jobUuid, this.listing());
      return true;
    }
    if (line.startsWith('sendmsg ')) {
      const call = this.calls.get(line.slice('sendmsg '.length));
      session.reply(call === undefined ? '-ERR invalid session id' : '+OK');
      if (call !== undefined) this.enqueue(call, headers);
      return true;
    }
    const [, verb, uuid = '', ...rest] = /^api (uuid_\w+) (\S+) ?(.*)$/.exec(line) ?? [];
    if (verb === undefined) return false;
    session.apiResponse(this.channelCommand(verb, uuid, rest.join(' ')));
    return true;
  }

  private channelCommand(verb: string, uuid: string, rest: string): string {
    const call = this.calls.get(uuid);
    if (verb === 'uuid_exists') return String(call !== undefined);
    if (call === undefined) return '-ERR No such channel!\n';
    switch (verb) {
      case 'uuid_kill':
        this.hangUp(call, 'NORMAL_CLEARING', call.isAnswered ? 'send_bye' : 'send_cancel', null);
        return '+OK\n';
      case 'uuid_dump':
        return JSON.stringify({ ...this.headers(call), ...this.currentApplication(call) });
      case 'uuid_break':
        this.break(call, rest === 'all');
        return '+OK\n';
      case 'uuid_fileman':
        this.togglePause(call);
        return '+OK\n';
      case 'uuid_audio_stream':
        return this.startAudio(call, rest);
      default:
        return '+OK\n';
    }
  }

  // ---- the call ------------------------------------------------------------------------------------------------

  private originate(line: string, jobUuid: string): void {
    const value = (name: string): string => new RegExp(`[{,]${name}=([^,}]*)`).exec(line)?.[1] ?? '';
    const [, gateway = '', number = ''] = /sofia\/gateway\/([^/]+)\/(\d+) /.exec(line) ?? [];
    const call: Call = {
      uuid: value('origination_uuid'),
      presence: value('presence_data'),
      jobUuid,
      createdMs: Date.now(),
      hasRung: false,
      isAnswered: false,
      current: null,
      queue: [],
      audio: null,
      frames: null,
      timers: new Set(),
    };
    const callsNobody = line.includes('}null/');
    if (callsNobody && !this.hasNullEndpoint) {
      this.server.finishJob(jobUuid, '-ERR CHAN_NOT_IMPLEMENTED\n');
      return;
    }
    if (gateway !== 'mygateway' && !callsNobody) {
      this.server.emit({ 'Event-Name': 'CHANNEL_DESTROY', 'Unique-ID': call.uuid });
      this.server.finishJob(jobUuid, '-ERR INVALID_GATEWAY\n');
      return;
    }
    this.calls.set(call.uuid, call);
    this.emit(call, 'CHANNEL_CREATE');
    switch (number.slice(-2)) {
      case '03':
        this.hangUp(call, 'USER_BUSY', 'recv_refuse', 486);
        return;
      case '05':
        this.hangUp(call, 'UNALLOCATED_NUMBER', 'recv_refuse', 404);
        return;
      case '04':
        this.later(call, RING_MS, () => this.ring(call));
        this.later(call, Number(value('originate_timeout')) * 1000, () =>
          this.hangUp(call, 'NO_ANSWER', 'send_cancel', null),
        );
        return;
      case '08':
        this.later(call, RING_MS + HANGS_UP_AFTER_MS, () =>
          this.hangUp(call, 'NORMAL_CLEARING', 'recv_bye', 200),
        );
    }
    this.later(call, RING_MS, () => this.answer(call));
  }

  private ring(call: Call): void {
    call.hasRung = true;
    this.emit(call, 'CHANNEL_PROGRESS');
  }

  private answer(call: Call): void {
    call.isAnswered = true;
    this.emit(call, 'CHANNEL_ANSWER');
    this.server.finishJob(call.jobUuid, `+OK ${call.uuid}\n`);
  }

  private hangUp(call: Call, cause: string, disposition: string, sipStatus: number | null): void {
    if (!this.calls.delete(call.uuid)) return;
    const end = {
      'Hangup-Cause': cause,
      variable_sip_hangup_disposition: disposition,
      ...(sipStatus === null ? {} : { variable_sip_term_status: String(sipStatus) }),
    };
    this.emit(call, 'CHANNEL_HANGUP', end);
    if (call.current !== null) this.stopped(call, call.current, { ...end, 'Playback-Status': 'done' });
    this.forget(call);
    this.emit(call, 'CHANNEL_HANGUP_COMPLETE', end);
    if (!call.isAnswered) this.server.finishJob(call.jobUuid, `-ERR ${cause}\n`);
    this.emit(call, 'CHANNEL_DESTROY', end);
  }

  private forget(call: Call): void {
    this.calls.delete(call.uuid);
    for (const timer of call.timers) clearTimeout(timer);
    clearTimeout(call.current?.timer ?? undefined);
    if (call.frames !== null) clearInterval(call.frames);
    call.audio?.close(1000);
  }

  // ---- prompts -------------------------------------------------------------------------------------------------

  private enqueue(call: Call, headers: ReadonlyMap<string, string>): void {
    const argument = headers.get('execute-app-arg') ?? '';
    const totalMs = SCRIPTED_PROMPTS[basename(argument)] ?? 0;
    const eventUuid = headers.get('Event-UUID') ?? '';
    call.queue.push({
      argument,
      eventUuid,
      leftMs: totalMs,
      totalMs,
      startedAtMs: 0,
      isPaused: false,
      timer: null,
    });
    this.later(call, TAKE_UP_MS, () => this.takeUp(call));
  }

  private takeUp(call: Call): void {
    if (call.current !== null) return;
    const next = call.queue.shift();
    if (next === undefined) return;
    if (next.totalMs === 0) {
      this.completed(call, next, 'FILE NOT FOUND');
      return;
    }
    call.current = next;
    this.emit(call, 'PLAYBACK_START', { 'Playback-File-Path': next.argument });
    this.runOn(call, next);
  }

  private runOn(call: Call, playing: Playing): void {
    playing.startedAtMs = performance.now();
    playing.timer = setTimeout(() => {
      playing.leftMs = 0;
      this.stopped(call, playing, { 'Playback-Status': 'done' });
    }, playing.leftMs);
  }

  private togglePause(call: Call): void {
    const playing = call.current;
    if (playing === null) return;
    playing.isPaused = !playing.isPaused;
    if (!playing.isPaused) {
      this.runOn(call, playing);
      return;
    }
    if (playing.timer !== null) clearTimeout(playing.timer);
    playing.leftMs = Math.max(0, playing.leftMs - (performance.now() - playing.startedAtMs));
  }

  /** With nothing playing it is lost, but `all` still drops what waits. */
  private break(call: Call, everything: boolean): void {
    if (everything) call.queue.length = 0;
    const playing = call.current;
    if (playing === null) return;
    this.later(call, TAKE_UP_MS, () => {
      if (call.current === playing) this.stopped(call, playing, { 'Playback-Status': 'break' });
    });
  }

  private stopped(call: Call, playing: Playing, more: Record<string, string>): void {
    if (playing.timer !== null) clearTimeout(playing.timer);
    const runMs = playing.isPaused || playing.leftMs === 0 ? 0 : performance.now() - playing.startedAtMs;
    const playedMs = Math.min(playing.totalMs, playing.totalMs - playing.leftMs + runMs);
    call.current = null;
    this.emit(call, 'PLAYBACK_STOP', {
      'Playback-File-Path': playing.argument,
      variable_playback_last_offset_pos: String(Math.round(playedMs * 8)),
      ...more,
    });
    this.completed(call, playing, 'FILE PLAYED', more['Hangup-Cause']);
  }

  private completed(call: Call, playing: Playing, response: string, hangupCause?: string): void {
    this.emit(call, 'CHANNEL_EXECUTE_COMPLETE', {
      Application: 'playback',
      'Application-Data': playing.argument,
      'Application-Response': response,
      'Application-UUID': playing.eventUuid,
      ...(hangupCause === undefined ? {} : { 'Hangup-Cause': hangupCause }),
    });
    this.later(call, 1, () => this.takeUp(call));
  }

  // ---- audio ---------------------------------------------------------------------------------------------------

  private startAudio(call: Call, rest: string): string {
    if (!call.isAnswered) {
      this.crashes += 1;
      this.restart();
      return '';
    }
    const [action, url = ''] = rest.split(' ');
    if (action !== 'start' || call.audio !== null) return '-ERR Operation Failed\n';
    const socket = new WebSocket(url);
    call.audio = socket;
    const frame = Buffer.alloc(FRAME_BYTES, 1);
    socket.on('open', () => {
      // The metadata is not always first.
      socket.send(frame);
      socket.send('{"callId":"c-1"}');
      call.frames = setInterval(() => socket.send(frame), FRAME_MS);
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      if (call.frames !== null) clearInterval(call.frames);
    });
    return '+OK Success\n';
  }

  // ---- telling -------------------------------------------------------------------------------------------------

  private emit(call: Call, name: string, more: Record<string, string> = {}): void {
    this.server.emit({ 'Event-Name': name, ...this.headers(call), ...more });
  }

  private headers(call: Call): Record<string, string> {
    return {
      'Unique-ID': call.uuid,
      'Channel-Presence-Data': call.presence,
      'Answer-State': call.isAnswered ? 'answered' : 'ringing',
      'Caller-Channel-Progress-Time': call.hasRung ? '1795322875909066' : '0',
      'Caller-Channel-Answered-Time': call.isAnswered ? '1795322876909066' : '0',
    };
  }

  private currentApplication(call: Call): Record<string, string> {
    if (call.current === null) return {};
    return {
      variable_current_application: 'playback',
      variable_current_application_data: call.current.argument,
    };
  }

  private listing(): string {
    if (this.calls.size === 0) return '{"row_count": 0}\n';
    const rows = [...this.calls.values()].map((call) => ({
      uuid: call.uuid,
      created_epoch: String(Math.floor(call.createdMs / 1000)),
      callstate: call.isAnswered ? 'ACTIVE' : 'RINGING',
      presence_data: call.presence,
    }));
    const foreign = { uuid: crypto.randomUUID(), created_epoch: '1', callstate: 'ACTIVE', presence_data: '' };
    return JSON.stringify({ row_count: rows.length + 1, rows: [...rows, foreign] });
  }

  private later(call: Call, delayMs: number, action: () => void): void {
    const timer = setTimeout(() => {
      call.timers.delete(timer);
      action();
    }, delayMs);
    call.timers.add(timer);
  }
}
