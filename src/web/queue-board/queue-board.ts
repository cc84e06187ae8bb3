import type { Router } from 'express';
import type { Logger } from 'pino';
import { listCampaigns } from '../../db/campaigns.ts';
import type { Executor } from '../../db/client.ts';
import type { QueueBackend } from '../../queues/backend.ts';
import { CampaignAdapter } from './campaign-adapter.ts';
import { mountBullBoard } from './mount-bull-board.ts';

interface QueueBoardDeps {
  db: Executor;
  backend: QueueBackend;
  /** How often the database is asked which campaigns there are. */
  pollMs: number;
  logger: Logger;
}

/** Where the board is. */
export const QUEUE_BOARD_PATH = '/queues';

/** Keeps Bull Board in step with the campaigns: those that run or are paused are on it. */
export class QueueBoard {
  readonly router: Router;
  private readonly board: ReturnType<typeof mountBullBoard>;
  private timer: NodeJS.Timeout | null = null;
  private looking: Promise<void> | null = null;
  private isClosed = false;

  constructor(private readonly deps: QueueBoardDeps) {
    this.board = mountBullBoard(QUEUE_BOARD_PATH, deps.logger);
    this.router = this.board.router;
  }

  /** Looks once, then every `pollMs`. Rejects when the first look fails. */
  async start(): Promise<void> {
    await this.tick();
    this.scheduleTick();
  }

  /** One look at the database. A look that goes on already is shared. */
  async tick(): Promise<void> {
    this.looking ??= this.look().finally(() => {
      this.looking = null;
    });
    await this.looking;
  }

  /** Looks no more. May be called twice. */
  async close(): Promise<void> {
    this.isClosed = true;
    if (this.timer !== null) clearTimeout(this.timer);
    // Its error was reported to whoever asked for it.
    await this.looking?.catch(() => undefined);
  }

  private scheduleTick(): void {
    if (this.isClosed) return;
    this.timer = setTimeout(() => {
      void this.tick()
        .catch((error: unknown) =>
          this.deps.logger.warn({ err: error }, 'the board could not be brought up to date; trying again'),
        )
        .finally(() => this.scheduleTick());
    }, this.deps.pollMs);
  }

  private async look(): Promise<void> {
    const campaigns = await listCampaigns(this.deps.db, { statuses: ['running', 'paused'] });
    if (this.isClosed) return;
    this.board.show(campaigns.map((campaign) => new CampaignAdapter(this.deps, campaign)));
  }
}
