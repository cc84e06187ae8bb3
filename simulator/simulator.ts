import { randomUUID } from 'node:crypto';

import type { EslCommand } from './esl/framing.ts';
import { EslServer } from './esl/server.ts';
import { PromptSource } from './media/prompt-source.ts';
import type { CallRecord } from './record.ts';
import { runApi } from './switch/api.ts';
import type { Callee } from './switch/callee.ts';
import type { GatewayState } from './switch/switch.ts';
import { Switch } from './switch/switch.ts';

export interface SimulatorOptions {
  eslHost: string;
  /** 0 takes a free one. */
  eslPort: number;
  password: string;
  /** Who answers a number. */
  callees: { callee(number: string): Callee };
  record: CallRecord;
  /** Where relative playback paths are looked for; null: nowhere. */
  soundsDir: string | null;
  gateways: ReadonlyMap<string, GatewayState>;
  maxSessions: number;
  heartbeatMs: number;
  /** After a crash, be back after this; null: stay dead. */
  restartAfterMs: number | null;
  /** The switch is gone and will not come back. */
  onDead: (how: 'crashed' | 'shut-down') => void;
}

/** A switch and its event socket, with the faults that tests ask for. */
export class Simulator {
  readonly #options: SimulatorOptions;
  readonly #prompts: PromptSource;
  #server: EslServer;
  #switch: Switch;
  #eslPort: number;
  #restart: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(options: SimulatorOptions) {
    this.#options = options;
    this.#eslPort = options.eslPort;
    this.#prompts = new PromptSource(options.soundsDir);
    this.#switch = this.#newSwitch();
    this.#server = this.#newServer();
  }

  get eslPort(): number {
    return this.#eslPort;
  }

  get callCount(): number {
    return this.#switch.calls.length;
  }

  /** Opens the event socket. */
  async start(): Promise<void> {
    this.#eslPort = await this.#server.listen(this.#options.eslHost, this.#eslPort);
    this.#switch.start();
  }

  /** Cuts off every ESL client; calls go on. */
  dropConnections(): void {
    this.#server.dropConnections();
  }

  /** Limits the calls there may be at once; those there are go on. */
  limitSessions(maxSessions: number): void {
    this.#switch.maxSessions = maxSessions;
  }

  /** Ends every call from the network's side, as a trunk that fails does. */
  loseCalls(): void {
    for (const call of this.#switch.calls) call.hangUp('NORMAL_TEMPORARY_FAILURE', 'network');
  }

  /** The switch dies at once: calls are lost, sockets break, nobody is told. It may come back. */
  crash(restartAfterMs: number | null = this.#options.restartAfterMs): void {
    if (this.#isClosed) return;
    this.#options.record.write({ type: 'crash', calls: this.callCount });
    this.#switch.crash();
    const closed = this.#server.close({ abrupt: true });
    if (restartAfterMs === null) {
      void closed.then(() => this.#options.onDead('crashed'));
      return;
    }
    this.#restart = setTimeout(() => void closed.then(() => this.#revive()), restartAfterMs);
  }

  /** Orderly end: SHUTDOWN event, calls end with SYSTEM_SHUTDOWN, clients get a notice. May be called twice. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#restart !== null) clearTimeout(this.#restart);
    await this.#switch.stop();
    await this.#server.close({ abrupt: false, notice: 'The system is being shut down.\n' });
    this.#options.record.close();
  }

  async #revive(): Promise<void> {
    if (this.#isClosed) return;
    this.#switch = this.#newSwitch();
    this.#server = this.#newServer();
    await this.start();
    this.#options.record.write({ type: 'restarted' });
  }

  #newSwitch(): Switch {
    const { callees, record, gateways, maxSessions, heartbeatMs } = this.#options;
    return new Switch({
      gateways,
      maxSessions,
      heartbeatMs,
      record,
      callees,
      prompts: this.#prompts,
      emit: (event) => this.#server.broadcast(event),
      api: (command, args) => this.#api(command, args),
    });
  }

  #newServer(): EslServer {
    return new EslServer({
      password: this.#options.password,
      handler: {
        api: (command, args) => this.#api(command, args),
        backgroundApi: (command, args, jobUuid) =>
          this.#backgroundApi(command, args, jobUuid ?? randomUUID()),
        sendMessage: (uuid, command) => this.#sendMessage(uuid, command),
      },
    });
  }

  #api(command: string, args: string): Promise<string> {
    return runApi(command, args, {
      switch: this.#switch,
      crash: () => this.crash(),
      shutDown: () => {
        setImmediate(() => void this.close().then(() => this.#options.onDead('shut-down')));
      },
    });
  }

  #backgroundApi(command: string, args: string, jobUuid: string): string {
    const theSwitch = this.#switch;
    const run = async (): Promise<void> => {
      const body = await this.#api(command, args);
      const headers: [string, string][] = [
        ['Job-UUID', jobUuid],
        ['Job-Command', command],
      ];
      if (args !== '') headers.push(['Job-Command-Arg', args]);
      // A switch that crashed meanwhile has nobody left to tell.
      if (theSwitch === this.#switch)
        this.#server.broadcast(theSwitch.events.make('BACKGROUND_JOB', headers, { body }));
    };
    setImmediate(() => void run());
    return jobUuid;
  }

  #sendMessage(uuid: string, { headers, body }: EslCommand): string {
    const call = this.#switch.call(uuid);
    if (call === undefined) return `-ERR invalid session id [${uuid}]`;
    const kind = headers.get('call-command');
    if (kind === 'hangup') {
      call.hangUp(headers.get('hangup-cause') ?? 'NORMAL_CLEARING', 'caller');
    } else if (kind === 'execute') {
      call.player.enqueue({
        application: headers.get('execute-app-name') ?? '',
        argument: headers.get('execute-app-arg') ?? body,
        eventUuid: headers.get('event-uuid'),
        isLocked: headers.get('event-lock') === 'true',
        source: 'sendmsg',
      });
    }
    return '+OK';
  }
}
