import path from 'node:path';
import { z } from 'zod';
import { measureInProcess } from './measured-process.ts';

export const EXPORT_FORMATS = ['csv', 'xlsx', 'json'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** What `bench/export-main.ts` is told and answers. */
export const exportOrder = z.object({
  databaseUrl: z.string(),
  campaignId: z.number(),
  format: z.enum(EXPORT_FORMATS),
  file: z.string(),
});

const exportFigures = z.object({
  calls: z.number(),
  tookMs: z.number(),
  /** Of the process; the database's is not in it. */
  cpuMs: z.number(),
  bytes: z.number(),
  /** Of the process, before and at its peak. */
  rssBeforeMb: z.number(),
  rssPeakMb: z.number(),
});

export type ExportFigures = z.infer<typeof exportFigures>;

export function measureExport(
  root: string,
  { databaseUrl, campaignId, format, dir }: Omit<z.infer<typeof exportOrder>, 'file'> & { dir: string },
  signal: AbortSignal,
): Promise<ExportFigures> {
  const file = path.join(dir, `calls-${campaignId}.${format}`);
  const order: z.infer<typeof exportOrder> = { databaseUrl, campaignId, format, file };
  return measureInProcess(
    { root, entry: 'bench/export-main.ts', env: { BENCH_EXPORT: JSON.stringify(order) }, signal },
    exportFigures,
  );
}
