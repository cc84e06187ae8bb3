import { countExported, figuresByHour, figuresByResult } from '../db/call-figures.ts';
import { findCampaign } from '../db/campaigns.ts';
import type { Executor } from '../db/client.ts';
import { pageExportedCalls, readSnapshot, type CallFilter, type ExportedCall } from '../db/exported-calls.ts';
import type { Campaign } from '../db/schema.ts';
import { OperatorError } from '../errors.ts';
import { campaignFigures, type CampaignFigures } from './figures.ts';

export interface ExportSettings {
  filter: CallFilter;
  /** Whose clock days and hours are on; an IANA zone. */
  timeZone: string;
  withTranscriptions: boolean;
  onProgress: (done: number, total: number) => void;
  signal: AbortSignal;
}

/** A campaign's calls as they were at one moment, while they are read. */
export interface OpenExport {
  campaign: Campaign;
  exportedAt: Date;
  total: number;
  figures(): Promise<CampaignFigures>;
  /** In the order in which they were begun, a page at a time. To be read once, and by itself. */
  pages(options: { withSaid: boolean }): AsyncGenerator<ExportedCall[]>;
}

/** Calls in memory at once. */
const PAGE = 1000;

/** Everything that `write` is given belongs to one moment. Rejects with an `OperatorError` when there is no such campaign. */
export async function openExport<T>(
  db: Executor,
  campaignId: number,
  { filter, timeZone, onProgress, signal }: ExportSettings,
  write: (source: OpenExport) => Promise<T>,
): Promise<T> {
  return readSnapshot(db, async (tx) => {
    const campaign = await findCampaign(tx, campaignId);
    if (campaign === null) throw new OperatorError('campaign_unknown', `there is no campaign ${campaignId}`);
    const { calls: total, contacts } = await countExported(tx, campaignId, filter);
    onProgress(0, total);
    signal.throwIfAborted();
    return write({
      campaign,
      exportedAt: new Date(),
      total,
      figures: async () =>
        campaignFigures(
          await figuresByResult(tx, campaignId, filter),
          await figuresByHour(tx, campaignId, { filter, timeZone }),
          contacts,
        ),
      pages: async function* ({ withSaid }) {
        let done = 0;
        for await (const page of pageExportedCalls(tx, campaignId, { filter, withSaid, batch: PAGE })) {
          signal.throwIfAborted();
          yield page;
          done += page.length;
          onProgress(done, total);
        }
      },
    });
  });
}
