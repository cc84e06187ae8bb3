import { z } from 'zod';
import { measureInProcess } from './measured-process.ts';
import type { QueuePlace } from './queue-place.ts';

/** What `bench/launch-main.ts` is told and answers. */
export const launchOrder = z.object({
  databaseUrl: z.string(),
  redisUrl: z.string().nullable(),
  namespace: z.string(),
  contacts: z.number(),
});

const launchFigures = z.object({
  contacts: z.number(),
  queued: z.number(),
  /** Writing campaign and contacts down. */
  prepareMs: z.number(),
  /** Asking the gate and giving everybody a job. */
  enqueueMs: z.number(),
  /** Of the process, before and at its peak. */
  rssBeforeMb: z.number(),
  rssPeakMb: z.number(),
});

export type LaunchFigures = z.infer<typeof launchFigures>;

/** Launches a campaign over the first `contacts` contacts, in a process of its own whose memory tells something. */
export async function measureLaunch(
  root: string,
  place: QueuePlace,
  contacts: number,
  signal: AbortSignal,
): Promise<LaunchFigures> {
  const { databaseUrl, redisUrl, namespace } = place;
  const order: z.infer<typeof launchOrder> = { databaseUrl, redisUrl, namespace, contacts };
  return measureInProcess(
    { root, entry: 'bench/launch-main.ts', env: { BENCH_LAUNCH: JSON.stringify(order) }, signal },
    launchFigures,
  );
}
