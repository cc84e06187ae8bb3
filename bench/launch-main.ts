import pino from 'pino';
import { createContactGate } from '../src/campaigns/contact-gate.ts';
import { campaignSettings, contactGateOptions } from '../src/campaigns/from-config.ts';
import { launchCampaign, prepareCampaign } from '../src/campaigns/launch.ts';
import { Closers } from '../src/closers.ts';
import { loadConfig } from '../src/config.ts';
import { openDatabase } from '../src/db/client.ts';
import { openFingerprint } from '../src/db/fingerprints.ts';
import { openQueueBackend } from '../src/queues/backend.ts';
import { launchOrder, type LaunchFigures } from './launch-process.ts';
import { BENCH_OPPOSITION_KEY, keepingThemWaiting } from './queue-people.ts';

/** Launches one campaign as `minibot launch-campaign` does, and says how long it took and how much memory it had. */
const order = launchOrder.parse(JSON.parse(process.env['BENCH_LAUNCH'] ?? ''));
const logger = pino({ level: 'silent' });
const closers = new Closers(logger);
const { signal } = new AbortController();
/** As the command line's. */
const POOL_MAX = 4;
const MEBIBYTE = 2 ** 20;
try {
  const config = loadConfig({
    DATABASE_URL: order.databaseUrl,
    CALL_DELAY: '0',
    OPPOSITION_KEY: BENCH_OPPOSITION_KEY,
  });
  const database = await openDatabase({ ...config.database, poolMax: POOL_MAX }, logger);
  closers.add('database', () => database.close());
  const backend = await openQueueBackend(order, logger);
  closers.add('queues', () => backend.close());
  const { db } = database;
  const fingerprint = await openFingerprint(db, config.compliance.oppositionKey);
  const rssBeforeMb = Math.round(process.memoryUsage.rss() / MEBIBYTE);

  const startedMs = performance.now();
  const campaign = await prepareCampaign(
    db,
    {
      ...campaignSettings(config),
      name: `Bench ${order.contacts}`,
      scenario: 'test',
      limit: order.contacts,
    },
    { signal },
  );
  const preparedMs = performance.now();
  const gate = keepingThemWaiting(createContactGate(db, contactGateOptions(config, fingerprint)));
  const { queued } = await launchCampaign({ db, backend, gate, now: () => new Date() }, campaign.id, {
    onProgress: () => undefined,
    signal,
  });
  const figures: LaunchFigures = {
    contacts: order.contacts,
    queued,
    prepareMs: Math.round(preparedMs - startedMs),
    enqueueMs: Math.round(performance.now() - preparedMs),
    rssBeforeMb,
    // The kernel counts in KiB.
    rssPeakMb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
} finally {
  await closers.close();
}
