import { createReadStream } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import pino from 'pino';
import { openEmbeddedPostgres } from '../src/db/embedded-postgres.ts';
import { migrate } from '../src/db/migrate.ts';
import type { BenchContext, Benchmark, BenchOutcome } from './benchmark.ts';
import { writeCopyLines, writeCsv, writeWorkbook } from './import-files.ts';
import { measureImport, type ImportFigures } from './import-process.ts';

const CONTACTS = 1_000_000;
const QUICK_CONTACTS = 5_000;
/** What a list of a million may take of the importing process. */
const MAX_RSS_MB = 512;
const COPY =
  'copy contacts (phone, first_name, last_name, company, email, tags, time_zone, raw_phone) from stdin';

interface Measured extends Partial<ImportFigures> {
  what: string;
  contacts: number;
  ms: number;
}

/** Importing a list of contacts, next to what Postgres takes for the same rows at least. */
export const importing: Benchmark = {
  name: 'import',
  run: async (context) => {
    const dir = await mkdtemp(path.join(tmpdir(), 'minibot-bench-import-'));
    // For a run as root: the database's unprivileged user passes through.
    await chmod(dir, 0o755);
    const logger = pino({ level: 'silent' });
    const postgres = await openEmbeddedPostgres(
      { dataDir: path.join(dir, 'postgres'), durable: true },
      logger,
    );
    try {
      await migrate(postgres.url, logger);
      return outcomeOf(await measure(dir, postgres.url, context), context.quick);
    } finally {
      await postgres.close();
      await rm(dir, { recursive: true, force: true });
    }
  },
};

async function measure(dir: string, databaseUrl: string, context: BenchContext): Promise<Measured[]> {
  const { root, quick, onProgress, signal } = context;
  const contacts = quick ? QUICK_CONTACTS : CONTACTS;
  const files = {
    csv: path.join(dir, 'list.csv'),
    xlsx: path.join(dir, 'list.xlsx'),
    copy: path.join(dir, 'list'),
  };
  onProgress(`import: writing lists of ${contacts} contacts`);
  await writeCsv(files.csv, contacts);
  await writeWorkbook(files.xlsx, contacts);
  await writeCopyLines(files.copy, contacts);

  const importing = async (what: string, file: string): Promise<Measured> => {
    onProgress(`import: ${what}`);
    return { what, contacts, ...(await measureImport(root, { databaseUrl, file }, signal)) };
  };
  await emptyContacts(databaseUrl);
  onProgress('import: COPY');
  const copied: Measured = { what: 'COPY', contacts, ms: await copyInto(databaseUrl, files.copy, signal) };
  await emptyContacts(databaseUrl);
  const csv = await importing('CSV', files.csv);
  const again = await importing('CSV, all of them known', files.csv);
  await emptyContacts(databaseUrl);
  const xlsx = await importing('XLSX', files.xlsx);
  return [copied, csv, again, xlsx];
}

/** Lines into the same table, with its indexes and checks, by Postgres' fastest way. */
async function copyInto(databaseUrl: string, file: string, signal: AbortSignal): Promise<number> {
  return withClient(databaseUrl, async (client) => {
    const startedMs = performance.now();
    await pipeline(createReadStream(file), client.query(copyFrom(COPY)), { signal });
    return Math.round(performance.now() - startedMs);
  });
}

async function emptyContacts(databaseUrl: string): Promise<void> {
  await withClient(databaseUrl, async (client) => {
    await client.query('truncate contacts restart identity cascade');
    // What was written before is not to be paid for by what is measured next.
    await client.query('checkpoint');
  });
}

async function withClient<T>(databaseUrl: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

function outcomeOf(measured: Measured[], quick: boolean): BenchOutcome {
  return {
    figures: { imports: measured },
    tables: [
      {
        title: `Importing ${quick ? QUICK_CONTACTS : CONTACTS} contacts`,
        head: ['', 's', 'rows per s', 'CPU s of the import', 'RSS peak MB'],
        rows: measured.map(({ what, contacts, ms, cpuMs, rssPeakMb }) => [
          what,
          (ms / 1000).toFixed(1),
          String(Math.round((contacts * 1000) / ms)),
          cpuMs === undefined ? '–' : (cpuMs / 1000).toFixed(1),
          String(rssPeakMb ?? '–'),
        ]),
      },
    ],
    bars: [],
    faults: measured.flatMap(faultsOf),
  };
}

function faultsOf({ what, contacts, imported, known, rssPeakMb }: Measured): string[] {
  if (imported === undefined || known === undefined || rssPeakMb === undefined) return [];
  const isAgain = what.includes('known');
  return [
    ...(imported === (isAgain ? 0 : contacts) && known === (isAgain ? contacts : 0)
      ? []
      : [`${what}: ${imported} of ${contacts} contacts were imported, ${known} known`]),
    ...(rssPeakMb <= MAX_RSS_MB ? [] : [`${what}: ${rssPeakMb} MB, more than ${MAX_RSS_MB}`]),
  ];
}
