import { z } from 'zod';
import { measureInProcess } from './measured-process.ts';

/** What `bench/import-main.ts` is told and answers. */
export const importOrder = z.object({ databaseUrl: z.string(), file: z.string() });

const importFigures = z.object({
  imported: z.number(),
  known: z.number(),
  ms: z.number(),
  /** Of the importing process; the database's own is not in it. */
  cpuMs: z.number(),
  /** Of the process, at its peak. */
  rssPeakMb: z.number(),
});

export type ImportFigures = z.infer<typeof importFigures>;

export function measureImport(
  root: string,
  order: z.infer<typeof importOrder>,
  signal: AbortSignal,
): Promise<ImportFigures> {
  const env = { BENCH_IMPORT: JSON.stringify(order) };
  return measureInProcess({ root, entry: 'bench/import-main.ts', env, signal }, importFigures);
}
