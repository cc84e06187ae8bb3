import type { Outlook } from '../../campaigns/outlook.ts';
import type { CampaignWatch } from '../../db/campaign-watch.ts';
import type { LatencyFigures } from '../latencies.ts';

/** What the monitor shows at one moment. */
export interface MonitorView {
  watch: CampaignWatch;
  outlook: Outlook;
  latencies: readonly LatencyFigures[];
  /** When `watch` was read. */
  readAt: Date;
  now: Date;
  /** Since when the database does not answer; null while it does. */
  awaySince: Date | null;
  showLiveCalls: boolean;
  /** In place of the keys: a question, or what came of one; null: the keys. */
  message: string | null;
  /** Whether there are keys. */
  hasKeys: boolean;
}

export interface Size {
  width: number;
  height: number;
}
