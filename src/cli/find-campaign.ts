import { findCampaign, findCampaignsNamed } from '../db/campaigns.ts';
import type { Executor } from '../db/client.ts';
import type { Campaign } from '../db/schema.ts';
import { OperatorError } from '../errors.ts';
import { formatInstant } from './format.ts';
import type { Messages } from './language.ts';

/** Up to the largest integer of Postgres. */
const CAMPAIGN_ID = /^[1-9]\d{0,8}$/;

/** By its number or, where no campaign has that number, by its name. Throws an `OperatorError` when it is none, or several. */
export async function findCampaignBy(db: Executor, given: string, messages: Messages): Promise<Campaign> {
  if (CAMPAIGN_ID.test(given)) {
    const found = await findCampaign(db, Number(given));
    if (found !== null) return found;
  }
  const named = await findCampaignsNamed(db, given);
  const [first, ...others] = named;
  const { export: texts, campaign } = messages;
  if (first === undefined) {
    const unknown = CAMPAIGN_ID.test(given) ? campaign.unknown(Number(given)) : texts.campaignUnknown(given);
    throw new OperatorError('campaign_unknown', unknown);
  }
  if (others.length === 0) return first;
  const all = named
    .map(
      ({ id, status, createdAt }) =>
        `${id} (${campaign.statuses[status]}, ${formatInstant(createdAt, messages)})`,
    )
    .join(', ');
  throw new OperatorError('campaign_ambiguous', texts.campaignAmbiguous(first.name, all));
}
