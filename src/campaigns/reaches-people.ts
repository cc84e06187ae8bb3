import type { Executor } from '../db/client.ts';
import { listContactsForCampaign } from '../db/contacts.ts';
import { isReservedForFiction } from '../phone/numbering-plan.ts';
import type { CampaignSpec } from './launch.ts';

const BATCH = 1_000;

/** Whether a launch would take anybody but numbers of fiction, which nobody answers. */
export async function reachesPeople(
  db: Executor,
  { tags, limit }: Pick<CampaignSpec, 'tags' | 'limit'>,
  { signal }: { signal: AbortSignal },
): Promise<boolean> {
  let left = limit ?? Number.POSITIVE_INFINITY;
  for (let afterId = 0; left > 0;) {
    signal.throwIfAborted();
    const page = await listContactsForCampaign(db, { tags, afterId, batch: Math.min(BATCH, left) });
    const last = page.at(-1);
    if (last === undefined) return false;
    if (page.some(({ phone }) => !isReservedForFiction(phone))) return true;
    afterId = last.id;
    left -= page.length;
  }
  return false;
}
