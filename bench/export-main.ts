import { stat } from 'node:fs/promises';
import pino from 'pino';
import type { z } from 'zod';
import { openDatabase } from '../src/db/client.ts';
import { CampaignExporter } from '../src/exports/campaign-exporter.ts';
import { exportOrder, type ExportFigures } from './export-process.ts';

/** Exports one campaign as `minibot export-campaign` does, and says how long it took and how much memory it had. */
const order = exportOrder.parse(JSON.parse(process.env['BENCH_EXPORT'] ?? ''));
/** As the command line's. */
const POOL_MAX = 4;
const MEBIBYTE = 2 ** 20;
const database = await openDatabase(
  { url: order.databaseUrl, dataDir: '', poolMax: POOL_MAX },
  pino({ level: 'silent' }),
);
try {
  const exporter = new CampaignExporter(database.db, order.campaignId);
  const rssBeforeMb = Math.round(process.memoryUsage.rss() / MEBIBYTE);
  const cpuBefore = process.cpuUsage();
  const startedMs = performance.now();
  const calls = await write(exporter, order);
  const tookMs = performance.now() - startedMs;
  const { user, system } = process.cpuUsage(cpuBefore);
  const figures: ExportFigures = {
    calls,
    tookMs: Math.round(tookMs),
    cpuMs: Math.round((user + system) / 1000),
    bytes: (await stat(order.file)).size,
    rssBeforeMb,
    // The kernel counts in KiB.
    rssPeakMb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
} finally {
  await database.close();
}

function write(exporter: CampaignExporter, { format, file }: z.infer<typeof exportOrder>): Promise<number> {
  const options = { withTranscriptions: true };
  switch (format) {
    case 'csv':
      return exporter.exportCsv(file, options);
    case 'xlsx':
      return exporter.exportExcel(file, options);
    case 'json':
      return exporter.writeJson(file, options);
  }
}
