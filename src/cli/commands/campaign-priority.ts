import { setPriority } from '../../campaigns/lifecycle.ts';
import type { CommandContext } from '../command-context.ts';
import { withDatabase } from '../resources.ts';

/** Changes which campaign gets a free line first where the switch has too few. */
export async function runCampaignPriority(
  context: CommandContext,
  campaignId: number,
  priority: number,
): Promise<undefined> {
  await withDatabase(context, ({ db }) => setPriority(db, campaignId, priority));
  if (context.json) context.terminal.printJson({ id: campaignId, priority });
  else context.terminal.print(context.messages.campaign.priorityChanged(campaignId, priority));
  return undefined;
}
