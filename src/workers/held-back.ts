import type { Logger } from 'pino';
import { noteHeldBack } from '../db/campaigns.ts';
import type { Executor } from '../db/client.ts';
import type { Campaign } from '../db/schema.ts';
import type { OperatorError } from '../errors.ts';

/** Every job of the campaign meets the same trouble: it is told this often, not once per contact. */
const TELL_AGAIN_MS = 60_000;

/** Tells the operator, in the log and with the campaign, that nobody of it can be called for now and why. */
export class HeldBack {
  private readonly toldAtMs = new Map<number, number>();

  constructor(
    private readonly db: Executor,
    private readonly logger: Logger,
    private readonly nowMs: () => number,
  ) {}

  async note(campaign: Pick<Campaign, 'id' | 'scenario'>, error: OperatorError): Promise<void> {
    const { id: campaignId, scenario } = campaign;
    const toldAtMs = this.toldAtMs.get(campaignId) ?? Number.NEGATIVE_INFINITY;
    if (this.nowMs() - toldAtMs < TELL_AGAIN_MS) return;
    this.toldAtMs.set(campaignId, this.nowMs());
    this.logger.error(
      { campaignId, scenario, code: error.code },
      `the campaign cannot be called for now: ${error.message}`,
    );
    await noteHeldBack(this.db, campaignId, error.message);
  }

  /** What was wrong is mended. Costs nothing while nothing was. */
  async clear(campaign: Pick<Campaign, 'id' | 'heldBack'>): Promise<void> {
    this.toldAtMs.delete(campaign.id);
    if (campaign.heldBack !== null) await noteHeldBack(this.db, campaign.id, null);
  }
}
