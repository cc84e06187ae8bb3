import { retryNow } from '../../campaigns/lifecycle.ts';
import { countByState } from '../../db/campaign-contacts.ts';
import type { CommandContext } from '../command-context.ts';
import { findContactBy } from '../find-contact.ts';
import { formatNumber } from '../format.ts';
import { ProgressBar } from '../progress.ts';
import { withQueues } from '../resources.ts';

/** Makes planned tries due now, of everybody or of one contact. */
export async function runCampaignRetryNow(
  context: CommandContext,
  campaignId: number,
  options: { contact?: string },
): Promise<undefined> {
  const { messages, terminal, signal } = context;
  const tries = await withQueues(context, async ({ db, backend }) => {
    const contact = options.contact === undefined ? null : await findContactBy(db, options.contact, messages);
    const { retry_scheduled: planned } = await countByState(db, campaignId);
    const progress = new ProgressBar(terminal.stderr, messages.campaign.bringingForward, () =>
      performance.now(),
    );
    return retryNow({ db, backend }, campaignId, {
      contactId: contact?.id ?? null,
      onProgress: (done) => progress.update(done, planned),
      signal,
    }).finally(() => progress.clear());
  });
  if (context.json) terminal.printJson({ id: campaignId, tries });
  else terminal.print(messages.campaign.broughtForward(campaignId, formatNumber(tries, messages)));
  return undefined;
}
