import type { Logger } from 'pino';
import type { Telephony } from '../call-engine/ports.ts';
import { unfinishedAmong } from '../db/calls.ts';
import type { Executor } from '../db/client.ts';

interface StrayReaperDeps {
  db: Executor;
  telephony: Pick<Telephony, 'listChannels' | 'hangUpChannel' | 'isReady'>;
  /** Calls that this process is making now. */
  ownCalls: ReadonlySet<string>;
  logger: Logger;
}

interface StrayReaperOptions {
  everyMs: number;
  /** A channel is a stray when it was seen without an owner twice, at least so far apart. */
  certainAfterMs: number;
}

/**
 * Hangs up channels of ours on the switch that no unfinished attempt owns: what a worker gave up without the switch hearing
 * of it. Looks at start, as soon as the switch is back, and every `everyMs`. Channels of attempts whose worker died are not
 * strays: `reconcileAttempt` ends those.
 */
export class StrayReaper {
  /** Channels seen without an owner, and when first. */
  private suspects = new Map<string, number>();
  private nextSweepMs = 0;
  private wasReady = false;

  constructor(
    private readonly deps: StrayReaperDeps,
    private readonly options: StrayReaperOptions,
  ) {}

  /** Never rejects: a switch or a database that is away is asked again. */
  async sweepIfDue(): Promise<void> {
    const { telephony, logger } = this.deps;
    const isReady = telephony.isReady();
    const isBack = isReady && !this.wasReady;
    this.wasReady = isReady;
    const now = performance.now();
    if (!isReady || (!isBack && now < this.nextSweepMs)) return;
    const { everyMs, certainAfterMs } = this.options;
    try {
      await this.sweep(now);
      this.nextSweepMs = now + (this.suspects.size > 0 ? certainAfterMs : everyMs);
    } catch (error) {
      logger.warn({ err: error }, 'channels that nobody owns cannot be looked for now; trying again');
    }
  }

  private async sweep(now: number): Promise<void> {
    const { db, telephony, ownCalls, logger } = this.deps;
    // The switch first: an attempt is written down before it is dialled, so that no new channel seems to have no owner.
    const channels = (await telephony.listChannels())
      .map(({ channelUuid }) => channelUuid)
      .filter((channelUuid) => !ownCalls.has(channelUuid));
    const owned = await unfinishedAmong(db, channels.filter(isUuid));
    const before = this.suspects;
    this.suspects = new Map();
    for (const channelUuid of channels.filter((uuid) => !owned.has(uuid))) {
      const sinceMs = before.get(channelUuid);
      if (sinceMs === undefined || now - sinceMs < this.options.certainAfterMs) {
        this.suspects.set(channelUuid, sinceMs ?? now);
        continue;
      }
      await telephony.hangUpChannel(channelUuid);
      logger.warn({ channelUuid }, 'a channel that no attempt owns was hung up');
    }
  }
}

/** Postgres takes nothing else for one; ours all are. */
function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
