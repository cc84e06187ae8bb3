import { open } from 'node:fs/promises';
import pino from 'pino';
import { importContacts } from '../src/contacts/import-contacts.ts';
import { openContactTable } from '../src/contacts/open-contact-table.ts';
import { loadConfig } from '../src/config.ts';
import { openDatabase } from '../src/db/client.ts';
import { storeContacts } from '../src/db/contacts.ts';
import { openFingerprint } from '../src/db/fingerprints.ts';
import { FRENCH_COUNTRY_CODES } from '../src/phone/numbering-plan.ts';
import { importOrder, type ImportFigures } from './import-process.ts';
import { BENCH_OPPOSITION_KEY } from './queue-people.ts';

/** Imports one file as `minibot import-contacts` does, and says how long it took and how much memory it had. */
const order = importOrder.parse(JSON.parse(process.env['BENCH_IMPORT'] ?? ''));
const HEAD_BYTES = 4096;
/** As the command line's. */
const BATCH = 1000;
const POOL_MAX = 4;

const config = loadConfig({ DATABASE_URL: order.databaseUrl, OPPOSITION_KEY: BENCH_OPPOSITION_KEY });
const database = await openDatabase({ ...config.database, poolMax: POOL_MAX }, pino({ level: 'silent' }));
try {
  const { db } = database;
  const fingerprint = await openFingerprint(db, config.compliance.oppositionKey);
  const startedMs = performance.now();
  const startedCpu = process.cpuUsage();
  const table = await openContactTable(order.file, { head: await readHead(order.file), sheet: null });
  const report = await importContacts(
    {
      table,
      columns: {},
      addTags: ['bench'],
      allowedCountryCodes: FRENCH_COUNTRY_CODES,
      strictNumbers: false,
      departments: null,
      now: new Date(),
      batchSize: BATCH,
      onProgress: () => undefined,
      onChecked: () => undefined,
      onRejected: () => undefined,
      onStored: () => undefined,
      signal: new AbortController().signal,
    },
    (batch) => storeContacts(db, batch, { fingerprint, skipDuplicates: false, source: 'bench' }),
  );
  const cpu = process.cpuUsage(startedCpu);
  const figures: ImportFigures = {
    imported: report.imported,
    known: report.duplicatesKnown,
    ms: Math.round(performance.now() - startedMs),
    cpuMs: Math.round((cpu.user + cpu.system) / 1000),
    // The kernel counts in KiB.
    rssPeakMb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
} finally {
  await database.close();
}

async function readHead(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
