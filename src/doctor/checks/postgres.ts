import { inspectDatabase, type DatabaseFacts } from '../../db/inspect.ts';
import { inspectEmbeddedPostgres, openEmbeddedPostgres } from '../../db/embedded-postgres.ts';
import type { Config } from '../../config.ts';
import { OperatorError } from '../../errors.ts';
import type { Check, CheckContext } from '../check.ts';
import { finding, type Finding } from '../findings.ts';
import { orAborted } from '../../or-aborted.ts';

const OLDEST_MAJOR = 14;
/** Leases and hours of calling go by the database's clock. */
const CLOCK_TOLERANCE_MS = 2000;
/** docs/scaling.md: commands and checks beside workers; and with the queues here, a running campaign with its upkeep. */
const SPARE_CONNECTIONS = 10;
const QUEUE_CONNECTIONS = 18;

/** The database: reachable, of this version's schema, with room for a worker; and the key of the opposition list. */
export const checkPostgres: Check = async (context) => {
  const { database } = context.config;
  if (database.url !== null) return findingsOf(await inspect(database.url, context), context.config);
  const { version, isMade } = await inspectEmbeddedPostgres(database.dataDir);
  if (!isMade) return [finding('postgres_embedded_new', { version })];
  const opening = openEmbeddedPostgres({ dataDir: database.dataDir, durable: true }, context.logger);
  const server = await orAborted(opening, context.signal, (late) => late.close());
  try {
    return findingsOf(await inspect(server.url, context), context.config);
  } finally {
    await server.close();
  }
};

function inspect(url: string, { config, deadlineMs, signal }: CheckContext): Promise<DatabaseFacts> {
  return inspectDatabase(url, { oppositionKey: config.compliance.oppositionKey, deadlineMs, signal });
}

function findingsOf(facts: DatabaseFacts, { database, redis }: Config): Finding[] {
  const { version, where, latencyMs, clockAheadMs } = facts;
  const skewMs = Math.abs(clockAheadMs ?? 0);
  return [
    database.url === null
      ? finding('postgres_embedded', { version, latencyMs })
      : finding('postgres_version', { version, where, latencyMs }),
    ...(facts.major < OLDEST_MAJOR ? [finding('postgres_old', { version })] : []),
    ...(facts.isReadOnly ? [finding('postgres_read_only', {})] : []),
    schemaFinding(facts.schema),
    ...connectionFindings(
      facts,
      2 * database.poolMax + SPARE_CONNECTIONS + (redis.url === null ? QUEUE_CONNECTIONS : 0),
    ),
    ...(skewMs > CLOCK_TOLERANCE_MS
      ? [finding('clocks_differ', { seconds: Math.round(skewMs / 1000) })]
      : []),
    ...(facts.oppositionKey === null ? [] : [keyFinding(facts.oppositionKey)]),
  ];
}

function schemaFinding(schema: DatabaseFacts['schema']): Finding {
  switch (schema.state) {
    case 'none':
      return finding('schema_none', {});
    case 'behind':
      return finding('schema_behind', { pending: schema.pending });
    case 'ahead':
      return finding('schema_ahead', {});
    case 'current':
      return finding('schema_current', {});
  }
}

/** Those in use may be the workers' own: only what the server could ever give is held against the need. */
function connectionFindings({ maxConnections, usedConnections }: DatabaseFacts, needed: number): Finding[] {
  const free = maxConnections - usedConnections;
  return maxConnections < needed || free < SPARE_CONNECTIONS
    ? [finding('connections_few', { needed, most: maxConnections, free })]
    : [finding('connections', { used: usedConnections, most: maxConnections })];
}

function keyFinding(state: NonNullable<DatabaseFacts['oppositionKey']>): Finding {
  if (state instanceof OperatorError) return finding('fault', { message: state.message });
  return finding(state === 'matches' ? 'opposition_key_matches' : 'opposition_key_new', {});
}
