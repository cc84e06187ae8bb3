import { countByState } from '../../db/campaign-contacts.ts';
import { listCampaigns } from '../../db/campaigns.ts';
import { CAMPAIGN_STATUSES, type CampaignStatus } from '../../db/schema.ts';
import type { CommandContext } from '../command-context.ts';
import { formatInstant, formatPace } from '../format.ts';
import { sum } from '../launch-summary.ts';
import { withDatabase } from '../resources.ts';

/** Every campaign, oldest first, with how far it is. */
export async function runCampaignList(
  context: CommandContext,
  options: { status?: CampaignStatus[] },
): Promise<undefined> {
  const { messages, terminal } = context;
  const { campaign: texts } = messages;
  await withDatabase(context, async ({ db }) => {
    const campaigns = [];
    for (const campaign of await listCampaigns(db, { statuses: options.status ?? CAMPAIGN_STATUSES })) {
      campaigns.push({ campaign, contacts: await countByState(db, campaign.id) });
    }
    if (context.json) {
      terminal.printJson(campaigns.map(({ campaign, contacts }) => ({ ...campaign, contacts })));
      return;
    }
    if (campaigns.length === 0) {
      terminal.print(texts.none);
      return;
    }
    terminal.printTable(
      [texts.id, texts.name, texts.scenario, texts.status, texts.progress, texts.pace, texts.started],
      campaigns.map(({ campaign, contacts }) => [
        String(campaign.id),
        campaign.name,
        campaign.scenario,
        texts.statuses[campaign.status],
        `${contacts.done}/${sum(contacts)}`,
        formatPace(campaign, messages),
        formatInstant(campaign.startedAt, messages),
      ]),
    );
  });
  return undefined;
}
