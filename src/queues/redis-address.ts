import { OperatorError } from '../errors.ts';

/** Where Redis is, as `REDIS_URL` says it. */
export interface RedisAddress {
  topology: 'single' | 'sentinel' | 'cluster';
  /** One server, or the sentinels, or some nodes of the cluster. Never empty. */
  nodes: RedisNode[];
  username: string | null;
  password: string | null;
  tls: boolean;
  /** Always 0 on a cluster. */
  database: number;
  /** The sentinels' name of the master; null without sentinels. */
  masterName: string | null;
}

interface RedisNode {
  host: string;
  port: number;
}

const FORMS =
  'redis://[user:password@]host[:6379][/database], rediss:// for TLS, ' +
  'redis-sentinel://[user:password@]host[:26379],host…/master-name[/database], redis-cluster://host[:6379],host… ' +
  '(rediss-sentinel:// and rediss-cluster:// for TLS)';

const SCHEME = /^(redis|rediss)(-sentinel|-cluster)?:\/\//;

/** Reads `REDIS_URL`. Throws an `OperatorError` that names the variable and never repeats a password. */
export function parseRedisUrl(url: string): RedisAddress {
  const scheme = SCHEME.exec(url);
  if (scheme === null) throw invalid('its scheme is not one of those known');
  const topology = scheme[2] === '-sentinel' ? 'sentinel' : scheme[2] === '-cluster' ? 'cluster' : 'single';

  const [authority = '', ...path] = (url.slice(scheme[0].length).split(/[?#]/, 1)[0] ?? '').split('/');
  const at = authority.lastIndexOf('@');
  const credentials = at === -1 ? '' : authority.slice(0, at);
  const colon = credentials.indexOf(':');
  const nodes = authority
    .slice(at + 1)
    .split(',')
    .map((node) => parseNode(node, topology === 'sentinel' ? 26_379 : 6379));
  if (topology === 'single' && nodes.length > 1) {
    throw invalid('it names several hosts: say redis-sentinel:// or redis-cluster://');
  }

  const segments = path.filter((segment) => segment !== '');
  const masterName = topology === 'sentinel' ? (segments.shift() ?? null) : null;
  if (topology === 'sentinel' && masterName === null) throw invalid('the name of the master is missing');
  const database = segments.shift() ?? '0';
  if (!/^\d{1,4}$/.test(database) || segments.length > 0) throw invalid('its path is not a database number');
  if (topology === 'cluster' && database !== '0') throw invalid('a cluster has database 0 only');

  return {
    topology,
    nodes,
    username: decoded(colon === -1 ? credentials : credentials.slice(0, colon)),
    password: colon === -1 ? null : decoded(credentials.slice(colon + 1)),
    tls: scheme[1] === 'rediss',
    database: Number(database),
    masterName,
  };
}

/** `host:port, host:port (sentinels of mymaster)`: fit for logs and errors, without credentials. */
export function describeRedis(address: RedisAddress): string {
  const nodes = address.nodes.map((node) => `${node.host}:${node.port}`).join(', ');
  if (address.masterName !== null) return `${nodes} (sentinels of ${address.masterName})`;
  return address.topology === 'cluster' ? `${nodes} (cluster)` : nodes;
}

function parseNode(text: string, defaultPort: number): RedisNode {
  const match = /^(\[[0-9a-fA-F:.]+\]|[^\s:[\]]+)(?::(\d{1,5}))?$/.exec(text);
  const host = match?.[1]?.replace(/^\[|\]$/g, '');
  const port = match?.[2] === undefined ? defaultPort : Number(match[2]);
  if (host === undefined || port < 1 || port > 65_535) throw invalid('a host or port in it cannot be read');
  return { host, port };
}

function decoded(text: string): string | null {
  if (text === '') return null;
  try {
    return decodeURIComponent(text);
  } catch (error) {
    throw invalid('its user or password has a stray % (write %25)', error);
  }
}

function invalid(fault: string, cause?: unknown): OperatorError {
  return new OperatorError('redis_url_invalid', `REDIS_URL cannot be read: ${fault}. Allowed: ${FORMS}`, {
    cause,
  });
}
