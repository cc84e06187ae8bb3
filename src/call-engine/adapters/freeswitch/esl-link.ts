import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { MinibotError } from '../../../errors.ts';
import { channelExists, coreUuid, filter, subscribe } from './esl-commands.ts';
import type { EslCommand } from './esl-commands.ts';
import { EslConnection, linkLost, LinkLostError } from './esl-connection.ts';
import type { EslConnectionOptions } from './esl-connection.ts';
import type { EslEvent } from './esl-event.ts';

/** Every event the adapter reads. Anything more would cost parsing time on each call of the switch. */
const EVENTS = [
  'BACKGROUND_JOB',
  'CHANNEL_CREATE',
  'CHANNEL_PROGRESS',
  'CHANNEL_PROGRESS_MEDIA',
  'CHANNEL_ANSWER',
  'CHANNEL_EXECUTE_COMPLETE',
  'PLAYBACK_START',
  'PLAYBACK_STOP',
  'DTMF',
  'CHANNEL_HANGUP',
  'CHANNEL_HANGUP_COMPLETE',
  'CHANNEL_DESTROY',
] as const;

const NO_CHANNEL = '00000000-0000-0000-0000-000000000000';
const UUID_ONLY = /^[0-9a-f-]{36}$/i;
/** These will not mend themselves in a second: no hammering. */
const REFUSALS = new Set(['FREESWITCH_PASSWORD_REFUSED', 'FREESWITCH_ADDRESS_REFUSED']);

export interface EslLinkOptions extends EslConnectionOptions {
  /** Value of `presence_data` on our channels: the switch sends us no other channel's events. */
  mark: string;
  eventSubclasses: readonly string[];
  /** Wait before the first attempt to connect again; doubles each time. */
  reconnectMinMs: number;
  reconnectMaxMs: number;
  /** Wait after a refused password or address. */
  refusedRetryMs: number;
  /** After this long without a byte the switch is asked something. */
  idleProbeMs: number;
}

interface LinkHandlers {
  /** Logged in and subscribed. `switchRestarted` when it is another process than before: all its calls are gone. */
  onUp: (up: { switchRestarted: boolean }) => void;
  onDown: () => void;
  onEvent: (event: EslEvent) => void;
}

/** A background command gave no result in time; it may still be under way. */
export class JobTimeoutError extends MinibotError {
  constructor(command: string, deadlineMs: number) {
    super('FREESWITCH_JOB_TIMEOUT', `no result of ${command} within ${deadlineMs} ms`);
  }
}

interface PendingJob {
  resolve: (result: string) => void;
  reject: (error: MinibotError) => void;
  deadline: NodeJS.Timeout;
}

/**
 * The connection to the switch that is always being kept up. Nothing is queued while it is down: commands are rejected
 * at once, and those that were under way are rejected when it drops, so that none is carried out late.
 */
export class EslLink {
  private connection: EslConnection | null = null;
  private isLoggedIn = false;
  private readonly closing = new AbortController();
  private failedAttempts = 0;
  private switchCoreUuid: string | null = null;
  private failure: MinibotError | null = null;
  private retryTimer: NodeJS.Timeout | null = null;
  private probeTimer: NodeJS.Timeout | null = null;
  private readonly jobs = new Map<string, PendingJob>();
  private readonly stateListeners = new Set<() => void>();

  constructor(
    private readonly options: EslLinkOptions,
    private readonly handlers: LinkHandlers,
    private readonly logger: Logger,
  ) {}

  start(): void {
    void this.connect();
  }

  isUp(): boolean {
    return this.isLoggedIn;
  }

  /** Why the link is down; null while it is up or nothing was tried yet. */
  lastFailure(): MinibotError | null {
    return this.failure;
  }

  /** True when waiting will not help: the password or this machine was refused. */
  isRefused(): boolean {
    return this.failure !== null && REFUSALS.has(this.failure.code);
  }

  /** Calls back whenever the link went up or an attempt failed; returns the way to stop that. */
  onStateChange(listener: () => void): () => void {
    this.stateListeners.add(listener);
    return () => this.stateListeners.delete(listener);
  }

  /** Sends a command; resolves with the switch's answer, `+OK …` or `-ERR …`. */
  async send(command: EslCommand): Promise<string> {
    if (this.connection === null || !this.isLoggedIn) throw this.downError();
    return this.connection.send(command);
  }

  /** Runs a background command; resolves with its result (`+OK …`, `-ERR …` or text). */
  async run(command: EslCommand, { deadlineMs }: { deadlineMs: number }): Promise<string> {
    const jobUuid = randomUUID();
    const result = this.expectJob(jobUuid, command, deadlineMs);
    // Whoever awaits `result` below learns of it; this keeps a rejection during the next line from ending the process.
    result.catch(() => undefined);
    try {
      const reply = await this.send({ ...command, headers: { ...command.headers, 'Job-UUID': jobUuid } });
      if (!reply.startsWith('+OK')) return reply;
      return await result;
    } finally {
      this.forgetJob(jobUuid);
    }
  }

  /** Closes the connection and stops trying. Idempotent. */
  async close(): Promise<void> {
    if (this.closing.signal.aborted) return;
    this.closing.abort();
    this.clearTimers();
    const { connection } = this;
    this.down(new LinkLostError('the adapter is closed'));
    await connection?.close();
    this.tellState();
  }

  private async connect(): Promise<void> {
    let connection: EslConnection | null = null;
    try {
      connection = await EslConnection.open(
        this.options,
        {
          onEvent: (event) => this.onEvent(event),
          onClosed: (error) => this.onConnectionClosed(error),
          onUnreadableEvent: (error) => this.logger.warn({ err: error }, 'unreadable event left out'),
        },
        { signal: this.closing.signal },
      );
      this.connection = connection;
      const switchRestarted = await this.subscribe(connection);
      this.failedAttempts = 0;
      this.failure = null;
      this.isLoggedIn = true;
      this.armProbe();
      this.logger.info({ switchRestarted }, 'connected to FreeSWITCH');
      this.handlers.onUp({ switchRestarted });
      this.tellState();
    } catch (error) {
      // A failure after the login closes the connection, and `onConnectionClosed` has taken care of that one.
      if (connection === null) this.retryLater(asMinibotError(error));
      else connection.cut(asMinibotError(error));
    }
  }

  /** Filters first, so that not one foreign event comes. Returns whether this is another switch process than before. */
  private async subscribe(connection: EslConnection): Promise<boolean> {
    const { mark, eventSubclasses } = this.options;
    const commands = [
      filter('Channel-Presence-Data', mark),
      filter('Event-Name', 'BACKGROUND_JOB'),
      subscribe(EVENTS, eventSubclasses),
    ];
    for (const command of commands) {
      const reply = await connection.send(command);
      if (reply.startsWith('+OK')) continue;
      throw new MinibotError('FREESWITCH_REFUSED', `FreeSWITCH refused "${command.line}": ${reply}`);
    }
    const core = (await connection.send(coreUuid())).trim();
    const before = this.switchCoreUuid;
    // A switch that does not tell is taken for the same one: each call is asked for anyway.
    this.switchCoreUuid = UUID_ONLY.test(core) ? core : null;
    return before !== null && this.switchCoreUuid !== null && before !== this.switchCoreUuid;
  }

  private onConnectionClosed(error: MinibotError): void {
    if (this.closing.signal.aborted) return;
    const wasUp = this.isLoggedIn;
    this.down(error);
    this.retryLater(error);
    if (wasUp) this.handlers.onDown();
  }

  private down(error: MinibotError): void {
    this.isLoggedIn = false;
    this.connection = null;
    this.failure = error;
    if (this.probeTimer !== null) clearInterval(this.probeTimer);
    for (const [jobUuid, job] of this.jobs) {
      this.forgetJob(jobUuid);
      job.reject(linkLost(error));
    }
  }

  private retryLater(error: MinibotError): void {
    this.failure = error;
    if (this.closing.signal.aborted) return;
    const waitMs = this.isRefused() ? this.options.refusedRetryMs : this.nextBackoffMs();
    this.failedAttempts += 1;
    this.logger.warn({ reason: error.message, retryInMs: waitMs }, 'no connection to FreeSWITCH');
    if (this.retryTimer !== null) clearTimeout(this.retryTimer);
    this.retryTimer = setTimeout(() => void this.connect(), waitMs);
    this.tellState();
  }

  /** Exponential and bounded; half of it random, so that many workers do not come back in step. */
  private nextBackoffMs(): number {
    const { reconnectMinMs, reconnectMaxMs } = this.options;
    const full = Math.min(reconnectMaxMs, reconnectMinMs * 2 ** Math.min(this.failedAttempts, 16));
    return Math.round(full / 2 + (Math.random() * full) / 2);
  }

  private onEvent(event: EslEvent): void {
    if (event.name === 'BACKGROUND_JOB') {
      this.jobs.get(event.header('Job-UUID') ?? '')?.resolve(event.body);
      return;
    }
    try {
      this.handlers.onEvent(event);
    } catch (error) {
      this.logger.error({ err: error, event: event.name }, 'an event of the switch could not be handled');
    }
  }

  private expectJob(jobUuid: string, command: EslCommand, deadlineMs: number): Promise<string> {
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => {
        const name = command.line.split(' ', 1)[0] ?? '';
        reject(new JobTimeoutError(name, deadlineMs));
      }, deadlineMs);
      this.jobs.set(jobUuid, { resolve, reject, deadline });
    });
  }

  private forgetJob(jobUuid: string): void {
    clearTimeout(this.jobs.get(jobUuid)?.deadline);
    this.jobs.delete(jobUuid);
  }

  /** A peer that vanished sends no RST: ask something when it is quiet; the command's deadline cuts a dead link. */
  private armProbe(): void {
    const { idleProbeMs } = this.options;
    if (this.probeTimer !== null) clearInterval(this.probeTimer);
    this.probeTimer = setInterval(() => {
      if (this.connection === null || this.connection.idleMs() < idleProbeMs) return;
      this.connection.send(channelExists(NO_CHANNEL)).catch((error: unknown) => {
        this.logger.debug({ err: error }, 'probe of a quiet link failed');
      });
    }, idleProbeMs);
  }

  private clearTimers(): void {
    if (this.retryTimer !== null) clearTimeout(this.retryTimer);
    if (this.probeTimer !== null) clearInterval(this.probeTimer);
  }

  private tellState(): void {
    for (const listener of [...this.stateListeners]) listener();
  }

  private downError(): LinkLostError {
    return this.failure === null ? new LinkLostError('not connected yet') : linkLost(this.failure);
  }
}

function asMinibotError(error: unknown): MinibotError {
  if (error instanceof MinibotError) return error;
  return new LinkLostError(error instanceof Error ? error.message : String(error), { cause: error });
}
