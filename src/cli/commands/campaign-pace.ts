import { setPace } from '../../campaigns/lifecycle.ts';
import { findCampaign } from '../../db/campaigns.ts';
import { OperatorError } from '../../errors.ts';
import type { CommandContext } from '../command-context.ts';
import { formatPace } from '../format.ts';
import { withQueues } from '../resources.ts';

export interface CampaignPaceOptions {
  maxConcurrent?: number;
  /** Milliseconds. */
  delay?: number;
}

/** Changes the pace; what is not given stays as it is. */
export async function runCampaignPace(
  context: CommandContext,
  campaignId: number,
  options: CampaignPaceOptions,
): Promise<undefined> {
  const { messages, terminal } = context;
  if (options.maxConcurrent === undefined && options.delay === undefined) {
    throw new OperatorError('nothing_to_change', messages.usage.nothingToChange);
  }
  const pace = await withQueues(context, async ({ db, backend }) => {
    const campaign = await findCampaign(db, campaignId);
    if (campaign === null) throw new OperatorError('campaign_unknown', messages.campaign.unknown(campaignId));
    const changed = {
      maxConcurrentCalls: options.maxConcurrent ?? campaign.maxConcurrentCalls,
      callDelayMs: options.delay ?? campaign.callDelayMs,
    };
    await setPace({ db, backend }, campaignId, changed);
    return changed;
  });
  if (context.json) terminal.printJson({ id: campaignId, ...pace });
  else terminal.print(messages.campaign.paceChanged(campaignId, formatPace(pace, messages)));
  return undefined;
}
