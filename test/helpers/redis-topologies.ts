import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Redis, type RedisOptions } from 'ioredis';
import { vi } from 'vitest';
import { freePort } from './free-port.ts';
import { startRedisProcess, type RedisProcess } from './redis-process.ts';

/** Redis as it is set up in production, with processes of our own. Each rejects without a `redis-server` on PATH. */
interface TestTopology {
  url: string;
  close(): Promise<void>;
}

const TLS_FILES = path.join(import.meta.dirname, '../fixtures/redis-tls');
const CA_FILE = path.join(TLS_FILES, 'ca.pem');
const CERT_FILE = path.join(TLS_FILES, 'server.pem');
const KEY_FILE = path.join(TLS_FILES, 'server.key');
const TLS_ARGS = ['--tls-cert-file', CERT_FILE, '--tls-key-file', KEY_FILE, '--tls-ca-cert-file', CA_FILE];
/** For a client of it. Read at use: most tests need none. */
const tlsOptions = () => ({
  ca: readFileSync(CA_FILE),
  cert: readFileSync(CERT_FILE),
  key: readFileSync(KEY_FILE),
});

const SETTLE = { timeout: 15_000, interval: 50 };

/** Servers with their files in one folder, ended together. */
class RedisGroup {
  private readonly servers: RedisProcess[] = [];

  private constructor(readonly dir: string) {}

  /** Closes again whatever was started when `open` fails. */
  static async open<T>(open: (group: RedisGroup) => Promise<T>): Promise<T> {
    const group = new RedisGroup(await mkdtemp(path.join(tmpdir(), 'minibot-redis-')));
    try {
      return await open(group);
    } catch (error) {
      await group.close();
      throw error;
    }
  }

  async start(port: number, args: readonly string[]): Promise<RedisProcess> {
    return this.run([
      ...['--bind', '127.0.0.1', '--dir', this.dir, '--appenddirname', `aof-${port}`, '--save', ''],
      ...['--appendonly', 'yes', '--maxmemory-policy', 'noeviction', ...args],
    ]);
  }

  async run(args: readonly string[], options?: { readyText: string }): Promise<RedisProcess> {
    const server = await startRedisProcess(args, options);
    if (server === null) throw new Error('there is no redis-server on PATH');
    this.servers.push(server);
    return server;
  }

  async close(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.kill()));
    await rm(this.dir, { recursive: true, force: true });
  }
}

interface TlsRedis extends TestTopology {
  /** Without the files of its authority and of the client. */
  bareUrl: string;
}

/** Speaks TLS only and asks its clients for a certificate, as `redis-server` does unless told otherwise. */
export function startTlsRedis(): Promise<TlsRedis> {
  return RedisGroup.open(async (group) => {
    const port = await freePort();
    await group.start(port, ['--port', '0', '--tls-port', String(port), ...TLS_ARGS]);
    const bareUrl = `rediss://localhost:${port}`;
    return { url: `${bareUrl}?${tlsParameters()}`, bareUrl, close: () => group.close() };
  });
}

function tlsParameters(): string {
  return Object.entries({ ca: CA_FILE, cert: CERT_FILE, key: KEY_FILE })
    .map(([name, file]) => `${name}=${encodeURIComponent(file)}`)
    .join('&');
}

interface SentinelRedis extends TestTopology {
  /** kill -9; soon after, the replica is the master. */
  killMaster(): Promise<void>;
  /** Makes the replica the master, and the master a replica, as for maintenance. Resolves once the sentinel says so. */
  swap(): Promise<void>;
}

const MASTER = 'minibot';
const PASSWORD = 'of the servers';
const SENTINEL_PASSWORD = 'of the sentinels';

/** A master, a replica and one sentinel, with passwords. With `tls`, they speak nothing else. */
export function startSentinelRedis({ tls }: { tls: boolean }): Promise<SentinelRedis> {
  return RedisGroup.open(async (group) => {
    const [master, replica, sentinel] = [await freePort(), await freePort(), await freePort()];
    const listen = (port: number) =>
      tls
        ? ['--port', '0', '--tls-port', String(port), ...TLS_ARGS, '--tls-replication', 'yes']
        : ['--port', String(port)];
    const login = ['--requirepass', PASSWORD, '--masterauth', PASSWORD];
    const first = await group.start(master, [...listen(master), ...login, '--repl-diskless-sync-delay', '0']);
    await group.start(replica, [...listen(replica), ...login, '--replicaof', '127.0.0.1', String(master)]);

    const clientOptions = { host: '127.0.0.1', ...(tls ? { tls: tlsOptions() } : {}) };
    await asking({ ...clientOptions, port: replica, password: PASSWORD }, async (client) => {
      await vi.waitUntil(async () => (await client.info()).includes('master_link_status:up'), SETTLE);
    });
    // It writes down in this file what it finds.
    const file = path.join(group.dir, 'sentinel.conf');
    await writeFile(
      file,
      [
        ...['bind 127.0.0.1', `dir ${group.dir}`, `requirepass "${SENTINEL_PASSWORD}"`],
        ...[`sentinel monitor ${MASTER} 127.0.0.1 ${master} 1`, `sentinel auth-pass ${MASTER} "${PASSWORD}"`],
        `sentinel down-after-milliseconds ${MASTER} 500`,
      ].join('\n'),
    );
    await group.run([file, '--sentinel', ...listen(sentinel)], { readyText: '+monitor' });
    const askSentinel = (use: (client: Redis) => Promise<void>) =>
      asking({ ...clientOptions, port: sentinel, password: SENTINEL_PASSWORD }, use);
    await askSentinel(async (client) => {
      const knowsReplica = async () => {
        const reply = JSON.stringify(await client.call('SENTINEL', 'REPLICAS', MASTER));
        return reply.includes('"flags","slave"') && reply.includes('"master-link-status","ok"');
      };
      await vi.waitUntil(knowsReplica, SETTLE);
    });
    const parameters = `sentinel_password=${encodeURIComponent(SENTINEL_PASSWORD)}`;
    const place = `:${encodeURIComponent(PASSWORD)}@127.0.0.1:${sentinel}/${MASTER}`;
    return {
      url: tls
        ? `rediss-sentinel://${place}?${parameters}&${tlsParameters()}`
        : `redis-sentinel://${place}?${parameters}`,
      killMaster: () => first.kill(),
      swap: () =>
        askSentinel(async (client) => {
          await client.call('SENTINEL', 'FAILOVER', MASTER);
          const isSwapped = async () => {
            const address = await client.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', MASTER);
            return JSON.stringify(address).includes(String(replica));
          };
          await vi.waitUntil(isSwapped, SETTLE);
        }),
      close: () => group.close(),
    };
  });
}

interface ClusterRedis extends TestTopology {
  /** Keys of each node. */
  keysByNode(): Promise<number[]>;
}

const SLOTS = 16_384;

/** Three masters without replicas, each with a third of the slots. */
export function startClusterRedis(): Promise<ClusterRedis> {
  return RedisGroup.open(async (group) => {
    const ports = [await freePort(), await freePort(), await freePort()];
    const busPorts = [await freePort(), await freePort(), await freePort()];
    await Promise.all(
      ports.map((port, n) =>
        group.start(port, [
          ...['--port', String(port), '--cluster-enabled', 'yes', '--cluster-port', String(busPorts[n])],
          ...['--cluster-config-file', `nodes-${port}.conf`, '--cluster-node-timeout', '5000'],
        ]),
      ),
    );
    const ask = <T>(port: number | undefined, use: (client: Redis) => Promise<T>) =>
      asking({ host: '127.0.0.1', port: port ?? 0 }, use);
    for (const [n, port] of ports.entries()) {
      await ask(port, async (client) => {
        const bounds = [n, n + 1].map((third) => Math.floor((SLOTS * third) / ports.length));
        await client.call('CLUSTER', 'ADDSLOTSRANGE', String(bounds[0]), String((bounds[1] ?? 0) - 1));
        if (n > 0) await client.call('CLUSTER', 'MEET', '127.0.0.1', String(ports[0]), String(busPorts[0]));
      });
    }
    for (const port of ports) {
      const isWhole = async (client: Redis) =>
        /cluster_state:ok[\s\S]*cluster_known_nodes:3/.test(await client.cluster('INFO'));
      await ask(port, (client) => vi.waitUntil(() => isWhole(client), SETTLE));
    }
    return {
      url: `redis-cluster://127.0.0.1:${ports[0]},127.0.0.1:${ports[1]}`,
      keysByNode: () => Promise.all(ports.map((port) => ask(port, (client) => client.dbsize()))),
      close: () => group.close(),
    };
  });
}

async function asking<T>(options: RedisOptions, use: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(options);
  try {
    return await use(client);
  } finally {
    client.disconnect();
  }
}
