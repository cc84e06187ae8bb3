import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';
import { OperatorError } from '../errors.ts';
import { databaseErrorCode, isTransientDatabaseError } from './connection-errors.ts';
import { locateBinaries } from './embedded/binaries.ts';
import { clusterExists, ensureCluster, SUPERUSER } from './embedded/cluster.ts';
import type { Cluster } from './embedded/cluster.ts';
import { placeServer, possibleHomes } from './embedded/placement.ts';
import type { Placement } from './embedded/placement.ts';
import { findPostmaster, startPostmaster, stopPostmaster } from './embedded/postmaster.ts';

export interface EmbeddedPostgresOptions {
  /** Folder of the server's files, created if need be, e.g. `.minibot/postgres`. */
  dataDir: string;
  /** False for tests: faster, and lost if the machine crashes. */
  durable: boolean;
}

/** This process's share in an embedded server. */
export interface EmbeddedPostgres {
  /** Connection string, password included. */
  url: string;
  /** Gives the share up; stops the server if nobody else has one. Idempotent. */
  close(): Promise<void>;
  /** Gives the share up and lets the server run on: the next process that opens `dataDir` joins it. */
  leaveRunning(): Promise<void>;
}

const DATABASE = 'minibot';
const START_TIMEOUT_MS = 60_000;
const CONNECT_TIMEOUT_MS = 5_000;
const RETRY_MS = 50;
const RECOVERY_RETRY_MS = 1_000;

/** Every user of a server holds this lock, shared, on a session of its own; only the last one out can get it alone. */
const SHARE_LOCK = 7_264_120_816;

/** What there is of the embedded server, without making or starting anything. Rejects with an `OperatorError`. */
export async function inspectEmbeddedPostgres(
  dataDir: string,
): Promise<{ version: string; isMade: boolean }> {
  const [{ version }, isMade] = await Promise.all([locateBinaries(), clusterExists(possibleHomes(dataDir))]);
  return { version, isMade };
}

/**
 * Opens the embedded server on `dataDir`: joins the one that runs (also one left behind by a process that was
 * killed), else starts it. Shares are advisory locks in the server itself, so that neither a crash of a user nor of
 * the server can leave a wrong count behind. Rejects with an `OperatorError` that says what to mend.
 */
export async function openEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
  logger: Logger,
): Promise<EmbeddedPostgres> {
  const placement = await placeServer(options.dataDir, await locateBinaries());
  const cluster = await ensureCluster(placement, options);
  const server = new SharedServer(placement, cluster, options.durable, logger);
  await server.open();
  return {
    url: server.url,
    close: () => server.close({ stopIfLast: true }),
    leaveRunning: () => server.close({ stopIfLast: false }),
  };
}

class SharedServer {
  readonly #placement: Placement;
  readonly #cluster: Cluster;
  readonly #durable: boolean;
  readonly #logger: Logger;
  readonly #closing = new AbortController();
  #port: number | null = null;
  #share: pg.Client | null = null;
  #recovery: Promise<void> = Promise.resolve();
  #closed: Promise<void> | null = null;

  constructor(placement: Placement, cluster: Cluster, durable: boolean, logger: Logger) {
    this.#placement = placement;
    this.#cluster = cluster;
    this.#durable = durable;
    this.#logger = logger;
  }

  get url(): string {
    return this.#urlOf(DATABASE, this.#port);
  }

  async open(): Promise<void> {
    await this.#join(AbortSignal.timeout(START_TIMEOUT_MS));
    await this.#createDatabase();
  }

  close({ stopIfLast }: { stopIfLast: boolean }): Promise<void> {
    return (this.#closed ??= this.#close(stopIfLast));
  }

  async #close(stopIfLast: boolean): Promise<void> {
    this.#closing.abort();
    await this.#recovery;
    const share = this.#share;
    this.#share = null;
    // Without a share it cannot be known who else uses the server: it is left to the next one who opens it.
    if (!share) return;
    try {
      if (stopIfLast && (await isLast(share)) && !(await stopPostmaster(this.#cluster.dataDir))) {
        this.#logger.warn('the embedded Postgres did not stop in time and was left running');
      }
    } finally {
      await share.end();
    }
  }

  /** Resolves with a share in a server that stays up as long as the share is held. */
  async #join(signal: AbortSignal): Promise<void> {
    const { dataDir } = this.#cluster;
    try {
      for (;;) {
        const server = await findPostmaster(dataDir);
        if (!server) {
          await startPostmaster({
            placement: this.#placement,
            dataDir,
            durable: this.#durable,
            preferredPort: this.#port,
            signal,
          });
        } else if (server.ready && (await this.#takeShare(server.port))) {
          this.#logger.debug({ port: server.port, dataDir }, 'using the embedded Postgres');
          return;
        } else {
          await delay(RETRY_MS, undefined, { signal });
        }
      }
    } catch (error) {
      if (!signal.aborted || this.#closing.signal.aborted) throw error;
      throw new OperatorError(
        'embedded_postgres_start',
        `the embedded Postgres was not ready within ${START_TIMEOUT_MS} ms: see ${this.#placement.home}/server.log.`,
        { cause: error },
      );
    }
  }

  /** False when the server went away meanwhile: its last user was just stopping it. */
  async #takeShare(port: number): Promise<boolean> {
    const client = new pg.Client({
      connectionString: this.#urlOf('postgres', port),
      application_name: 'minibotpanel-share',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
    });
    const health = { lost: false };
    client.on('error', (error) => {
      health.lost = true;
      if (this.#share === client) this.#recover(error);
    });
    try {
      await client.connect();
      await client.query('select pg_advisory_lock_shared($1)', [SHARE_LOCK]);
    } catch (error) {
      await client.end();
      if (isTransientDatabaseError(error)) return false;
      throw error;
    }
    if (health.lost) return false;
    if (this.#port !== null && this.#port !== port) {
      this.#logger.error({ port }, 'the embedded Postgres came back on another port: restart this process');
    }
    this.#port = port;
    this.#share = client;
    return true;
  }

  /** The server restarted (it does when one of its processes is killed) or died: take part again, start it again. */
  #recover(error: Error): void {
    this.#share = null;
    if (this.#closing.signal.aborted) return;
    this.#logger.warn({ err: error }, 'the embedded Postgres dropped its connections; joining it again');
    this.#recovery = this.#rejoin();
  }

  async #rejoin(): Promise<void> {
    const { signal } = this.#closing;
    for (;;) {
      try {
        await this.#join(signal);
        return;
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        this.#logger.error({ err: error }, 'the embedded Postgres cannot be joined again; trying on');
        // Rejects only when closing: then `#join` rejects at once, too.
        await delay(RECOVERY_RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async #createDatabase(): Promise<void> {
    const known = await this.#share?.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (known?.rowCount !== 0) return;
    try {
      await this.#share?.query(`create database ${DATABASE}`);
    } catch (error) {
      // Another process of ours created it at the same moment.
      if (databaseErrorCode(error) !== '42P04' && databaseErrorCode(error) !== '23505') throw error;
    }
  }

  #urlOf(database: string, port: number | null): string {
    return `postgresql://${SUPERUSER}:${this.#cluster.password}@127.0.0.1:${String(port)}/${database}`;
  }
}

/** Gives the share up; true when nobody else has one, and then nobody can get one until the session ends. */
async function isLast(share: pg.Client): Promise<boolean> {
  await share.query('select pg_advisory_unlock_shared($1)', [SHARE_LOCK]);
  const { rows } = await share.query<{ alone: boolean }>('select pg_try_advisory_lock($1) as alone', [
    SHARE_LOCK,
  ]);
  return rows[0]?.alone === true;
}
