import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';
import { openEmbeddedPostgres, type EmbeddedPostgres } from '../src/db/embedded-postgres.ts';
import { MinibotError } from '../src/errors.ts';

/** What Postgres takes for a fast and for an immediate shutdown; the latter recovers from its log, as after a crash. */
const SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

const BACK_DEADLINE_MS = 60_000;
const LOOK_MS = 50;

/** An embedded Postgres of our own, to be restarted. Workers know it by its URL only. */
export class PostgresServer {
  private constructor(private readonly server: EmbeddedPostgres) {}

  static async open(dataDir: string, logger: Logger): Promise<PostgresServer> {
    return new PostgresServer(await openEmbeddedPostgres({ dataDir, durable: true }, logger));
  }

  get url(): string {
    return this.server.url;
  }

  /** Stops the server; our share in it starts it again at once. Resolves when it answers anew. */
  async restart(how: keyof typeof SIGNALS): Promise<void> {
    const before = await this.postmasterPid();
    process.kill(before, SIGNALS[how]);
    const deadline = performance.now() + BACK_DEADLINE_MS;
    while (performance.now() < deadline) {
      await delay(LOOK_MS);
      // It refuses connections until it is back.
      const now = await this.postmasterPid().catch(() => before);
      if (now !== before) return;
    }
    throw new MinibotError('chaos_postgres_late', `Postgres was not back within ${BACK_DEADLINE_MS} ms`);
  }

  async close(): Promise<void> {
    await this.server.close();
  }

  private async postmasterPid(): Promise<number> {
    const client = new pg.Client({ connectionString: this.url, connectionTimeoutMillis: 5000 });
    // A connection cut while it is asked: the question rejects as well.
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query<{ file: string }>(`select pg_read_file('postmaster.pid') as file`);
      return Number(rows[0]?.file.split('\n', 1)[0]);
    } finally {
      await client.end();
    }
  }
}
