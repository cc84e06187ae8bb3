import { cancelCampaign, pauseCampaign, resumeCampaign } from '../../campaigns/lifecycle.ts';
import type { CommandContext } from '../command-context.ts';
import { withQueues } from '../resources.ts';

const CHANGES = {
  pause: { change: pauseCampaign, status: 'paused', message: 'paused' },
  resume: { change: resumeCampaign, status: 'running', message: 'resumed' },
  cancel: { change: cancelCampaign, status: 'cancelled', message: 'cancelled' },
} as const;

/** Pauses, resumes or cancels a campaign. Refused, with the status it has, where it has the wrong one. */
export async function runCampaignSteer(
  context: CommandContext,
  campaignId: number,
  verb: keyof typeof CHANGES,
): Promise<undefined> {
  const { change, status, message } = CHANGES[verb];
  await withQueues(context, ({ db, backend }) => change({ db, backend }, campaignId));
  if (context.json) context.terminal.printJson({ id: campaignId, status });
  else context.terminal.print(context.messages.campaign[message](campaignId));
  return undefined;
}
