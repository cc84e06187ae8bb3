import type { Logger } from 'pino';
import type { AudioReach, Telephony } from '../call-engine/ports.ts';
import { OperatorError } from '../errors.ts';

interface AudioBreakerDeps {
  telephony: Pick<Telephony, 'probeAudio' | 'isReady'>;
  /** Where the switch looks for this worker, as the operator knows it. */
  audioAddress: string;
  nowMs: () => number;
  logger: Logger;
}

export interface AudioBreakerOptions {
  /** So many answered calls in a row without audio are enough, whatever a probe says. */
  maxSilentCalls: number;
  /** Before a try that calls nobody. */
  probePause: Pause;
  /** Where the switch can only try it by a call: before one more person is called. */
  callPause: Pause;
}

/** Doubles with every try that fails. */
interface Pause {
  firstMs: number;
  maxMs: number;
}

/** Leave to make one call. */
export interface CallPermit {
  /** Look again right before dialling: meanwhile the audio may have been found missing. */
  holds(): boolean;
  /** What the call showed of the audio; null when it showed nothing or nobody was dialled. Only the first word counts. */
  end(audioArrived: boolean | null): void;
}

/**
 * Keeps a worker from calling people who would hear nothing, because the switch's audio does not reach this process. Tries it
 * at start and after every answered call without audio, on a channel of the switch that calls nobody; nobody is dialled
 * until that is over. Where the switch has
 * none (no mod_loopback), calls in a row decide, and after a pause a single call tries it.
 */
export class AudioBreaker {
  private silentCalls = 0;
  private shut: { error: OperatorError; tryAtMs: number } | null = null;
  /** Since audio was last known to arrive. */
  private failedTries = 0;
  private canProbe = true;
  /** One call may try it; `taken` while it goes on. */
  private trial: 'none' | 'free' | 'taken' = 'none';
  private probing: Promise<void> | null = null;
  /** An answered call was without audio, and whether the next would be is being tried. */
  private isInDoubt = false;
  private isClosed = false;

  constructor(
    private readonly deps: AudioBreakerDeps,
    private readonly options: AudioBreakerOptions,
  ) {}

  /** Why no calls are taken; null while they are, be it one to try. */
  get trouble(): OperatorError | null {
    return this.trial === 'none' ? (this.shut?.error ?? null) : null;
  }

  /** The first try, before anybody is called. Never rejects. */
  async start(): Promise<void> {
    await this.probe();
  }

  /** Tries again when it is time to. Returns at once. */
  tryIfDue(): void {
    const { nowMs, telephony } = this.deps;
    if (this.shut === null || this.trial !== 'none' || nowMs() < this.shut.tryAtMs) return;
    if (!telephony.isReady()) return;
    void this.probe();
  }

  /** Leave to call; null when nobody may be called now. */
  admit(): CallPermit | null {
    if (this.isInDoubt) return null;
    if (this.shut === null)
      return permit(
        () => this.shut === null && !this.isInDoubt,
        (arrived) => this.note(arrived),
      );
    if (this.trial !== 'free') return null;
    this.trial = 'taken';
    return permit(
      () => true,
      (arrived) => this.endTrial(arrived),
    );
  }

  /** Waits for a try that goes on. May be called twice. */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.probing;
  }

  private note(audioArrived: boolean | null): void {
    if (audioArrived === null) return;
    if (audioArrived) {
      this.silentCalls = 0;
      if (this.shut === null) this.failedTries = 0;
      return;
    }
    this.silentCalls += 1;
    if (this.shut !== null) return;
    if (this.silentCalls >= this.options.maxSilentCalls) {
      this.shutDown(`${this.silentCalls} answered calls in a row were without it`);
    } else if (this.canProbe) void this.probeInDoubt();
  }

  private endTrial(audioArrived: boolean | null): void {
    this.trial = audioArrived === null ? 'free' : 'none';
    if (audioArrived === true) this.reopen();
    if (audioArrived === false) this.shutDown('a call to try it was without it');
  }

  /** Nobody is dialled until it is known. */
  private async probeInDoubt(): Promise<void> {
    this.isInDoubt = true;
    await this.probe();
    this.isInDoubt = false;
  }

  private probe(): Promise<void> {
    this.probing ??= this.tryOnce().finally(() => {
      this.probing = null;
    });
    return this.probing;
  }

  private async tryOnce(): Promise<void> {
    const { telephony, logger } = this.deps;
    const wasShut = this.shut !== null;
    let reach: AudioReach;
    try {
      reach = await telephony.probeAudio();
    } catch (error) {
      logger.warn({ err: error }, 'whether FreeSWITCH’s audio arrives cannot be tried now');
      return;
    }
    if (this.isClosed) return;
    if (reach.result !== 'untried') this.canProbe = true;
    switch (reach.result) {
      case 'arrives':
        // One that began before calls went without audio proves nothing against them.
        if (wasShut) this.reopen();
        return;
      case 'missing':
        this.shutDown(reach.reason);
        return;
      case 'untried':
        if (wasShut) this.trial = 'free';
        if (!this.canProbe) return;
        this.canProbe = false;
        logger.warn(
          { reason: reach.reason },
          'whether FreeSWITCH’s audio arrives cannot be tried without calling anybody: load mod_loopback in FreeSWITCH',
        );
        return;
    }
  }

  private reopen(): void {
    if (this.shut === null) return;
    this.silentCalls = 0;
    this.shut = null;
    this.deps.logger.info('FreeSWITCH’s audio arrives again: calls go on');
  }

  private shutDown(reason: string): void {
    const { audioAddress, nowMs, logger } = this.deps;
    const { firstMs, maxMs } = this.canProbe ? this.options.probePause : this.options.callPause;
    const pauseMs = Math.min(firstMs * 2 ** this.failedTries, maxMs);
    this.failedTries += 1;
    const error = new OperatorError(
      'audio_missing',
      `the audio of calls does not arrive from FreeSWITCH (${reason}): people would hear nothing. FreeSWITCH must be able to ` +
        `connect to ${audioAddress}: check STREAMING_ASR_PUBLIC_URL, STREAMING_ASR_HOST and STREAMING_ASR_PORT, and the ` +
        'firewall on the way',
    );
    const isNew = this.shut === null;
    this.shut = { error, tryAtMs: nowMs() + pauseMs };
    const message = `no calls for now: ${error.message}`;
    if (isNew) logger.error({ code: error.code, nextTryInMs: pauseMs }, message);
    else logger.warn({ code: error.code, nextTryInMs: pauseMs }, message);
  }
}

function permit(holds: () => boolean, end: (audioArrived: boolean | null) => void): CallPermit {
  let isOver = false;
  return {
    holds,
    end: (audioArrived) => {
      if (isOver) return;
      isOver = true;
      end(audioArrived);
    },
  };
}
