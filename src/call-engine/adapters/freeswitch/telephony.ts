import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import { maskPhoneNumber } from '../../../masking.ts';
import { MinibotError, OperatorError } from '../../../errors.ts';
import type { AudioReach, CallLeg, LiveChannel, OriginateRequest, Telephony } from '../../ports.ts';
import { audioModule } from './audio-modules.ts';
import type { AudioModule, AudioModuleName } from './audio-modules.ts';
import { AudioProbe } from './audio-probe.ts';
import { AudioServer } from './audio-server.ts';
import {
  channelExists,
  checkedAbsolutePath,
  checkedName,
  gatewayStatus,
  killChannel,
  listChannels,
  moduleExists,
} from './esl-commands.ts';
import type { EslAddress } from './esl-connection.ts';
import type { EslEvent } from './esl-event.ts';
import { EslLink } from './esl-link.ts';
import { FreeswitchLeg } from './leg.ts';
import type { LegOptions, LegTimeouts } from './leg.ts';
import { readChannelRows } from './live-channels.ts';

/** Everything resolved by the caller; no defaults in here. */
export interface FreeswitchTelephonyOptions {
  esl: EslAddress;
  /** Name of the gateway as FreeSWITCH knows it. */
  gateway: string;
  /** Absolute, on the switch's file system. */
  soundsDir: string;
  /**
   * Tells this installation's channels from everybody else's on the switch; the same for all its workers. Letters,
   * digits, `_`, `.` and `-`, at most 40.
   */
  channelMark: string;
  audio: {
    module: AudioModuleName;
    listenHost: string;
    /** 0 takes a free port. */
    listenPort: number;
    /** `ws://host[:port]` as the switch reaches this machine; null when it is `listenHost`. Without a port: the real one. */
    advertisedUrl: string | null;
    sampleRateHz: 8000 | 16000;
    maxStreams: number;
  };
  timeouts: FreeswitchTimeouts;
}

export interface FreeswitchTimeouts extends LegTimeouts {
  connectTimeoutMs: number;
  commandTimeoutMs: number;
  reconnectMinMs: number;
  reconnectMaxMs: number;
  refusedRetryMs: number;
  idleProbeMs: number;
  /** How long legs live on without a link before they are given up. */
  linkGraceMs: number;
  audioConnectMs: number;
  audioStallMs: number;
  audioCloseGraceMs: number;
}

export const DEFAULT_FREESWITCH_TIMEOUTS: FreeswitchTimeouts = {
  connectTimeoutMs: 5000,
  commandTimeoutMs: 5000,
  reconnectMinMs: 250,
  reconnectMaxMs: 2000,
  refusedRetryMs: 60_000,
  idleProbeMs: 10_000,
  linkGraceMs: 15_000,
  preflightMs: 3000,
  switchGraceMs: 10_000,
  hangupMs: 5000,
  endSettleMs: 500,
  jobMs: 5000,
  playbackStartMs: 3000,
  playbackBreakMs: 300,
  audioConnectMs: 3000,
  audioStallMs: 3000,
  audioCloseGraceMs: 500,
};

/** Tries of the audio beside the calls. */
const PROBES = 1;
/** Channels given up here that may live on at the switch; killed at the first opportunity. */
const MAX_STRAYS = 1000;
const INVALID_GATEWAY = 'Invalid Gateway!';

/** The telephony port on FreeSWITCH. Starts to connect at once; `close()` releases everything. */
export function createFreeswitchTelephony(options: FreeswitchTelephonyOptions, logger: Logger): Telephony {
  return new FreeswitchTelephony(options, logger);
}

class FreeswitchTelephony implements Telephony {
  private readonly module: AudioModule;
  private readonly audioServer: AudioServer;
  private readonly link: EslLink;
  private readonly legOptions: LegOptions;
  private readonly legs = new Map<string, FreeswitchLeg>();
  private readonly probes = new Map<string, AudioProbe>();
  private readonly strays = new Set<string>();
  private graceTimer: NodeJS.Timeout | null = null;
  private isAudioOpen = false;
  private closing: Promise<void> | null = null;

  constructor(
    private readonly options: FreeswitchTelephonyOptions,
    private readonly logger: Logger,
  ) {
    const { audio, esl, timeouts } = options;
    if (/\p{Cc}/u.test(esl.password)) {
      throw new OperatorError(
        'FREESWITCH_PASSWORD_INVALID',
        'FREESWITCH_ESL_PASSWORD has a line break or another control character: remove it',
      );
    }
    this.module = audioModule(audio.module);
    this.audioServer = new AudioServer(
      {
        ...audio,
        maxStreams: audio.maxStreams + PROBES,
        subprotocol: this.module.subprotocol,
        stallTimeoutMs: timeouts.audioStallMs,
      },
      logger,
    );
    // The part after the mark is this process: the switch sends it no other worker's events.
    const mark = checkedName(`${options.channelMark}.${randomBytes(6).toString('hex')}`, 'channel mark');
    this.legOptions = {
      gateway: checkedName(options.gateway, 'gateway name'),
      soundsDir: checkedAbsolutePath(options.soundsDir, 'sounds directory'),
      mark,
      timeouts,
      audio: {
        module: this.module,
        server: this.audioServer,
        sampleRateHz: audio.sampleRateHz,
        connectTimeoutMs: timeouts.audioConnectMs,
        closeGraceMs: timeouts.audioCloseGraceMs,
      },
    };
    this.link = new EslLink(
      { ...esl, ...timeouts, mark, eventSubclasses: this.module.eventSubclasses },
      {
        onUp: (up) => this.onLinkUp(up),
        onDown: () => this.onLinkDown(),
        onEvent: (event) => this.onEvent(event),
      },
      logger,
    );
    this.audioServer.listen().then(
      () => {
        this.isAudioOpen = true;
      },
      // `ready()` rejects with it.
      (error: unknown) => this.logger.debug({ err: error }, 'no calls: audio cannot be received'),
    );
    this.link.start();
  }

  originate(request: OriginateRequest): CallLeg {
    const { channelUuid, number } = request;
    if (this.legs.has(channelUuid)) {
      throw new MinibotError('CHANNEL_UUID_IN_USE', `channel ${channelUuid} is already being dialled`);
    }
    const logger = this.logger.child({ channelUuid });
    const leg = new FreeswitchLeg(
      request,
      this.legOptions,
      this.link,
      { onEnded: ({ isLostTrack }) => this.onLegEnded(channelUuid, isLostTrack) },
      logger,
    );
    this.legs.set(channelUuid, leg);
    logger.info({ number: maskPhoneNumber(number) }, 'dialling');
    leg.dial();
    return leg;
  }

  async listChannels(): Promise<LiveChannel[]> {
    const text = await this.link.run(listChannels(), { deadlineMs: this.options.timeouts.jobMs });
    const rows = readChannelRows(text);
    if (rows === null) throw this.unexpected('show channels', text);
    const prefix = `${this.options.channelMark}.`;
    return rows.filter((row) => row.mark.startsWith(prefix)).map((row) => row.channel);
  }

  async channelExists(channelUuid: string): Promise<boolean> {
    const reply = (await this.link.send(channelExists(channelUuid))).trim();
    if (reply !== 'true' && reply !== 'false') throw this.unexpected('uuid_exists', reply);
    return reply === 'true';
  }

  async hangUpChannel(channelUuid: string): Promise<void> {
    const reply = (await this.link.send(killChannel(channelUuid))).trim();
    if (!reply.startsWith('+OK') && reply !== '-ERR No such channel!')
      throw this.unexpected('uuid_kill', reply);
  }

  async ready({ signal }: { signal: AbortSignal }): Promise<void> {
    await this.audioServer.listen();
    await this.linkUp(signal);
    const { moduleName } = this.module;
    if ((await this.link.send(moduleExists(moduleName))).trim() === 'false') {
      throw new OperatorError(
        'FREESWITCH_MODULE_MISSING',
        `FreeSWITCH has no ${moduleName}: install it and "load ${moduleName}", or choose the other audio module`,
      );
    }
    const { gateway } = this.options;
    if ((await this.link.send(gatewayStatus(gateway))).trim() === INVALID_GATEWAY) {
      throw new OperatorError(
        'FREESWITCH_GATEWAY_UNKNOWN',
        `FreeSWITCH knows no gateway "${gateway}": correct FREESWITCH_GATEWAY or add it to a SIP profile ("sofia status")`,
      );
    }
  }

  async probeAudio(): Promise<AudioReach> {
    const probe = new AudioProbe(this.legOptions, this.link);
    this.probes.set(probe.channelUuid, probe);
    try {
      return await probe.run();
    } finally {
      this.probes.delete(probe.channelUuid);
    }
  }

  isReady(): boolean {
    return this.isAudioOpen && this.link.isUp() && this.closing === null;
  }

  close(): Promise<void> {
    this.closing ??= this.closeAll();
    return this.closing;
  }

  private async closeAll(): Promise<void> {
    await Promise.all([...this.legs.values()].map((leg) => leg.close()));
    if (this.graceTimer !== null) clearTimeout(this.graceTimer);
    await this.link.close();
    await this.audioServer.close();
  }

  /** Waits for the login. Rejects with what to mend when waiting is of no use or no longer wanted. */
  private async linkUp(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const check = (): void => {
        if (this.link.isUp()) settle(resolve);
        else if (this.link.isRefused() || signal.aborted || this.closing !== null)
          settle(() => reject(this.notReady()));
      };
      const settle = (end: () => void): void => {
        stop();
        signal.removeEventListener('abort', check);
        end();
      };
      const stop = this.link.onStateChange(check);
      signal.addEventListener('abort', check);
      check();
    });
  }

  private notReady(): MinibotError {
    const { host, port } = this.options.esl;
    return (
      this.link.lastFailure() ??
      new OperatorError(
        'FREESWITCH_UNREACHABLE',
        `FreeSWITCH at ${host}:${port} did not answer in time: check FREESWITCH_ESL_HOST and FREESWITCH_ESL_PORT`,
      )
    );
  }

  private onEvent(event: EslEvent): void {
    const { channelUuid } = event;
    if (channelUuid === null) return;
    const leg = this.legs.get(channelUuid);
    if (leg !== undefined) leg.onEvent(event);
    else if (this.probes.has(channelUuid)) this.probes.get(channelUuid)?.onEvent(event);
    else if (this.strays.has(channelUuid)) this.onStrayEvent(channelUuid, event);
  }

  private onStrayEvent(channelUuid: string, event: EslEvent): void {
    if (event.name === 'CHANNEL_CREATE' || event.name === 'CHANNEL_ANSWER') this.killStray(channelUuid);
    if (event.name === 'CHANNEL_DESTROY') this.strays.delete(channelUuid);
  }

  private onLinkUp({ switchRestarted }: { switchRestarted: boolean }): void {
    if (this.graceTimer !== null) clearTimeout(this.graceTimer);
    this.graceTimer = null;
    if (switchRestarted) {
      this.logger.error({ calls: this.legs.size }, 'FreeSWITCH was restarted: all calls are gone');
      this.strays.clear();
      for (const leg of [...this.legs.values()]) leg.endUnheard();
      return;
    }
    for (const channelUuid of this.strays) this.killStray(channelUuid);
    for (const leg of this.legs.values()) void leg.reconcile();
  }

  private onLinkDown(): void {
    this.graceTimer ??= setTimeout(() => {
      this.graceTimer = null;
      this.logger.error({ calls: this.legs.size }, 'no link to FreeSWITCH: calls given up');
      for (const leg of [...this.legs.values()]) leg.loseTrack();
    }, this.options.timeouts.linkGraceMs);
  }

  private onLegEnded(channelUuid: string, isLostTrack: boolean): void {
    this.legs.delete(channelUuid);
    if (!isLostTrack) return;
    const [oldest] = this.strays;
    if (this.strays.size >= MAX_STRAYS && oldest !== undefined) this.strays.delete(oldest);
    this.strays.add(channelUuid);
  }

  private killStray(channelUuid: string): void {
    this.hangUpChannel(channelUuid).then(
      () => this.logger.info({ channelUuid }, 'stray call hung up'),
      (error: unknown) => this.logger.warn({ err: error, channelUuid }, 'stray call could not be hung up'),
    );
  }

  private unexpected(command: string, reply: string): MinibotError {
    return new MinibotError(
      'FREESWITCH_REFUSED',
      `FreeSWITCH answered ${command} with "${reply.slice(0, 200).trim()}"`,
    );
  }
}
