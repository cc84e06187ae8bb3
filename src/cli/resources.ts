import type { Logger } from 'pino';
import pretty from 'pino-pretty';
import { Closers } from '../closers.ts';
import type { Fingerprint } from '../compliance/fingerprint.ts';
import { loadConfig, type Config } from '../config.ts';
import { openDatabase, type Executor } from '../db/client.ts';
import { openFingerprint } from '../db/fingerprints.ts';
import { migrate } from '../db/migrate.ts';
import { createLogger } from '../logging.ts';
import type { QueueBackend } from '../queues/backend.ts';
import type { CommandContext } from './command-context.ts';

export interface DatabaseResources {
  config: Config;
  logger: Logger;
  db: Executor;
  /** Rejects with an `OperatorError` when the key of the opposition list is not the one it was made with. */
  fingerprint: () => Promise<Fingerprint>;
}

export interface QueueResources extends DatabaseResources {
  backend: QueueBackend;
}

/** Commands do one thing after the other. */
const POOL_MAX = 4;

/** Opens the database, brought to this version's schema, for as long as `use` takes. */
export async function withDatabase<T>(
  context: CommandContext,
  use: (resources: DatabaseResources) => Promise<T>,
): Promise<T> {
  return withClosers(context, async (config, logger, closers) => {
    const { db } = await openMigrated(config, logger, closers);
    return use({
      config,
      logger,
      db,
      fingerprint: () => openFingerprint(db, config.compliance.oppositionKey),
    });
  });
}

/** Opens database and queues for as long as `use` takes. */
export async function withQueues<T>(
  context: CommandContext,
  use: (resources: QueueResources) => Promise<T>,
): Promise<T> {
  return withClosers(context, async (config, logger, closers) => {
    const { db, url } = await openMigrated(config, logger, closers);
    // Loaded here: most commands need no queue, and its library takes the longest to load.
    const { openQueueBackend } = await import('../queues/backend.ts');
    const backend = await openQueueBackend(
      { redisUrl: config.redis.url, databaseUrl: url, namespace: config.instance },
      logger,
    );
    closers.add('queues', () => backend.close());
    const fingerprint = () => openFingerprint(db, config.compliance.oppositionKey);
    return use({ config, logger, db, fingerprint, backend });
  });
}

async function withClosers<T>(
  context: CommandContext,
  open: (config: Config, logger: Logger, closers: Closers) => Promise<T>,
): Promise<T> {
  const config = loadConfig(context.environment);
  const logger = createLogger({ ...config.logging, level: levelFor(context, config) }, logOutput(context));
  const closers = new Closers(logger);
  try {
    return await open(config, logger, closers);
  } finally {
    await closers.close();
  }
}

async function openMigrated(config: Config, logger: Logger, closers: Closers) {
  const database = await openDatabase({ ...config.database, poolMax: POOL_MAX }, logger);
  closers.add('database', () => database.close());
  await migrate(database.url, logger, config.compliance.oppositionKey);
  return database;
}

/** A command speaks for itself: of the log, only what goes wrong is shown. */
function levelFor({ verbose }: CommandContext, { logging }: Config): Config['logging']['level'] {
  if (verbose) return logging.level === 'trace' ? 'trace' : 'debug';
  return logging.level === 'info' ? 'warn' : logging.level;
}

/** Readable lines on a terminal, JSON elsewhere; never among the results. */
function logOutput({ terminal }: CommandContext) {
  const { stderr } = terminal;
  if (stderr.isTTY !== true) return { write: (line: string) => void stderr.write(line) };
  return pretty({ colorize: true, sync: true, destination: 2 });
}
