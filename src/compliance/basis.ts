/**
 * Why a campaign may call people at all. `consent`: each agreed to automated calls. `contract`: each has a running contract.
 * `professional`: each line is a professional's. `non-commercial`: nothing is sold (a reminder, a survey without a sale).
 */
export const CAMPAIGN_BASES = ['consent', 'contract', 'professional', 'non-commercial'] as const;
export type CampaignBasis = (typeof CAMPAIGN_BASES)[number];
