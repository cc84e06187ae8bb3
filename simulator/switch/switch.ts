import { randomUUID } from 'node:crypto';

import { SimulatorError } from '../errors.ts';
import type { SwitchEvent } from '../esl/events.ts';
import { Pacer } from '../media/pacer.ts';
import type { PromptSource } from '../media/prompt-source.ts';
import { CallRecord } from '../record.ts';
import { Call } from './call.ts';
import type { Callee } from './callee.ts';
import { Channel } from './channel.ts';
import { EventFactory } from './event-factory.ts';
import { parseOriginate, type Destination } from './originate.ts';

export type GatewayState =
  /** Takes calls. */
  | 'up'
  /** Pinged and found dead: refuses before there is a channel. */
  | 'down'
  /** Nothing listens at its address. */
  | 'closed'
  /** Never replies. */
  | 'mute';

interface SwitchOptions {
  gateways: ReadonlyMap<string, GatewayState>;
  maxSessions: number;
  heartbeatMs: number;
  callees: { callee(number: string): Callee };
  prompts: PromptSource;
  record: CallRecord;
  emit: (event: SwitchEvent) => void;
  /** Runs an API command, for `api_on_answer`. */
  api: (command: string, args: string) => Promise<string>;
}

/** The switch proper: its calls, its limits, its clock. One `start()`, then `stop()` or `crash()`. */
export class Switch {
  readonly events = new EventFactory();
  readonly #options: SwitchOptions;
  readonly #calls = new Map<string, Call>();
  readonly #pacer = new Pacer(() => this.#tick());
  readonly #startedAtMs = performance.now();
  #heartbeat: NodeJS.Timeout | null = null;
  #sessionsEver = 0;
  #peakSessions = 0;
  maxSessions: number;
  maxSessionsPerSecond = 200;
  isPaused = false;

  constructor(options: SwitchOptions) {
    this.#options = options;
    this.maxSessions = options.maxSessions;
  }

  start(): void {
    this.#heartbeat = setInterval(() => this.#beat(), this.#options.heartbeatMs);
  }

  get uptimeMs(): number {
    return performance.now() - this.#startedAtMs;
  }

  get sessionsEver(): number {
    return this.#sessionsEver;
  }

  get peakSessions(): number {
    return this.#peakSessions;
  }

  get calls(): readonly Call[] {
    return [...this.#calls.values()];
  }

  gateway(name: string): GatewayState | undefined {
    return this.#options.gateways.get(name);
  }

  call(uuid: string): Call | undefined {
    return this.#calls.get(uuid);
  }

  /** `originate`: resolves with its result once the call is answered, refused or given up. */
  originate(args: string): Promise<string> {
    const request = parseOriginate(args);
    if (!request.ok) return Promise.resolve(request.reply);
    const uuid = request.variables.get('origination_uuid') ?? randomUUID();
    // A channel that calls nobody is no call: the record is of calls.
    const record = request.gateway === null ? new CallRecord(null) : this.#options.record;
    if (this.isPaused || this.#calls.size >= this.maxSessions || this.#calls.has(uuid)) {
      record.write({ type: 'originate-refused', uuid, number: request.number });
      return Promise.resolve('-ERR DESTINATION_OUT_OF_ORDER\n');
    }
    const state = request.gateway === null ? 'up' : this.gateway(request.gateway);
    if (state === undefined || state === 'down')
      return Promise.resolve(this.#refuseAtGateway(uuid, request.number, state));
    const channel = new Channel({
      uuid,
      number: request.number,
      gateway: request.gateway,
      sessionId: ++this.#sessionsEver,
      variables: request.variables,
    });
    return new Promise((resolve) => {
      const call = new Call({
        channel,
        callee: this.#calleeOf(request, state),
        application: request.application,
        originateTimeoutMs: earlyTimeoutMs(request.timeoutS),
        ignoresEarlyMedia: request.variables.get('ignore_early_media') === 'true',
        events: this.events,
        record,
        emit: this.#options.emit,
        load: (path) => this.#options.prompts.load(path),
        api: this.#options.api,
        settle: resolve,
        destroyed: () => this.#remove(uuid),
      });
      this.#calls.set(uuid, call);
      this.#peakSessions = Math.max(this.#peakSessions, this.#calls.size);
      this.#pacer.start();
      record.write({ type: 'originate', uuid, number: request.number, persona: call.persona });
      record.count('originated');
      call.start();
    });
  }

  #calleeOf({ gateway, number }: Destination, state: 'up' | 'closed' | 'mute'): Callee {
    if (gateway === null) return NOBODY;
    return state === 'up' ? this.#options.callees.callee(number) : unreachable(state);
  }

  /** `hupall` */
  hangUpAll(cause: string): void {
    for (const call of this.calls) call.hangUp(cause, 'caller');
  }

  /** Orderly end: SHUTDOWN, then every call with SYSTEM_SHUTDOWN; resolves when they are gone. */
  async stop(): Promise<void> {
    this.#options.emit(this.events.make('SHUTDOWN', [['Event-Info', 'System Shutting Down']]));
    this.hangUpAll('SYSTEM_SHUTDOWN');
    // A media server that does not answer its close frame holds a call up for 1 s, no longer.
    for (let waits = 0; this.#calls.size > 0 && waits < 150; waits++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    this.crash();
  }

  /** The process dies: calls are gone, nothing is told. */
  crash(): void {
    if (this.#heartbeat !== null) clearInterval(this.#heartbeat);
    this.#heartbeat = null;
    this.#pacer.stop();
    for (const call of this.#calls.values()) call.destroy();
    this.#calls.clear();
  }

  #tick(): void {
    for (const call of this.#calls.values()) call.tick();
  }

  #remove(uuid: string): void {
    this.#calls.delete(uuid);
    if (this.#calls.size === 0) this.#pacer.stop();
  }

  /** An unknown or down gateway: one CHANNEL_DESTROY without name or cause, no CREATE, no HANGUP. */
  #refuseAtGateway(uuid: string, number: string, state: 'down' | undefined): string {
    const cause = state === undefined ? 'INVALID_GATEWAY' : 'GATEWAY_DOWN';
    this.#options.record.write({ type: 'originate-refused', uuid, number, cause });
    this.#options.emit(
      this.events.make('CHANNEL_DESTROY', [
        ['Channel-State', 'CS_NONE'],
        ['Channel-Call-State', 'DOWN'],
        ['Channel-State-Number', '0'],
        ['Channel-Name', 'N/A'],
        ['Unique-ID', uuid],
        ['Call-Direction', 'outbound'],
        ['Presence-Call-Direction', 'outbound'],
        ['Channel-HIT-Dialplan', 'false'],
        ['Channel-Call-UUID', uuid],
        ['Answer-State', 'ringing'],
        ['variable_direction', 'outbound'],
        ['variable_is_outbound', 'true'],
        ['variable_uuid', uuid],
        ['variable_call_uuid', uuid],
        ['variable_session_id', String(++this.#sessionsEver)],
      ]),
    );
    return `-ERR ${cause}\n`;
  }

  #beat(): void {
    this.#options.emit(
      this.events.make('HEARTBEAT', [
        ['Event-Info', 'System Ready'],
        ['Up-Time', `${Math.floor(this.uptimeMs / 1000)} seconds`],
        ['FreeSWITCH-Version', '1.10.12-release~64bit'],
        ['Uptime-msec', String(Math.floor(this.uptimeMs))],
        ['Session-Count', String(this.#calls.size)],
        ['Max-Sessions', String(this.maxSessions)],
        ['Session-Per-Sec', String(this.maxSessionsPerSecond)],
        ['Session-Since-Startup', String(this.#sessionsEver)],
        ['Session-Peak-Max', String(this.#peakSessions)],
        ['Idle-CPU', '90.000000'],
        ['Heartbeat-Interval', String(Math.round(this.#options.heartbeatMs / 1000))],
      ]),
    );
  }
}

/** The far end of the endpoint `null`: answers at once and says nothing. */
const NOBODY: Callee = {
  persona: 'nobody',
  plan: { then: 'answer', ringMs: 0, earlyMedia: false },
  answered: () => undefined,
  promptStarted: () => undefined,
  promptAdvanced: () => undefined,
  promptEnded: () => undefined,
  tick: () => undefined,
  ended: () => [],
};

/** The far end behind a gateway where nobody is. */
function unreachable(state: 'closed' | 'mute'): Callee {
  const noCall = (): never => {
    throw new SimulatorError('unanswered', 'nobody is behind this gateway');
  };
  return {
    persona: `gateway-${state}`,
    plan:
      state === 'mute' ? { then: 'mute' } : { then: 'refuse', ringMs: 0, sipStatus: 503, q850Reason: null },
    answered: noCall,
    promptStarted: noCall,
    promptAdvanced: noCall,
    promptEnded: noCall,
    tick: noCall,
    ended: () => [],
  };
}

/** originate_timeout counts whole seconds of the clock: 5 fired between 4.2 and 4.9 s. */
function earlyTimeoutMs(seconds: number): number {
  return Math.max(200, seconds * 1000 - 100 - Math.random() * 700);
}
