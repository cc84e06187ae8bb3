import { OperatorError } from '../errors.ts';

/** Where Redis is, as `REDIS_URL` says it. */
export interface RedisAddress {
  topology: 'single' | 'sentinel' | 'cluster';
  /** One server, or the sentinels, or some nodes of the cluster. Never empty. */
  nodes: RedisNode[];
  username: string | null;
  password: string | null;
  /** Null: in clear. */
  tls: RedisTls | null;
  /** Always 0 on a cluster. */
  database: number;
  /** The sentinels' name of the master; null without sentinels. */
  masterName: string | null;
  /** Sentinels have a password of their own, or none; null without sentinels. */
  sentinelLogin: { username: string | null; password: string | null } | null;
}

/** Files in PEM form; null where the machine's own authorities do, and no certificate of ours is asked for. */
interface RedisTls {
  caFile: string | null;
  certFile: string | null;
  keyFile: string | null;
}

interface RedisNode {
  host: string;
  port: number;
}

const FORMS =
  'redis://[user:password@]host[:6379][/database], rediss:// for TLS, ' +
  'redis-sentinel://[user:password@]host[:26379],host…/master-name[/database], redis-cluster://host[:6379],host… ' +
  '(rediss-sentinel:// and rediss-cluster:// for TLS). After a ?, joined by &: ca=FILE, cert=FILE and key=FILE for TLS, ' +
  'sentinel_user=… and sentinel_password=… for sentinels';

const TLS_PARAMETERS = ['ca', 'cert', 'key'];
const SENTINEL_PARAMETERS = ['sentinel_user', 'sentinel_password'];

const SCHEME = /^(redis|rediss)(-sentinel|-cluster)?:\/\//;

/** Reads `REDIS_URL`. Throws an `OperatorError` that names the variable and never repeats a password. */
export function parseRedisUrl(url: string): RedisAddress {
  const scheme = SCHEME.exec(url);
  if (scheme === null) throw invalid('its scheme is not one of those known');
  const topology = scheme[2] === '-sentinel' ? 'sentinel' : scheme[2] === '-cluster' ? 'cluster' : 'single';

  const tls = scheme[1] === 'rediss';
  const [place, query] = splitOnce(url.slice(scheme[0].length), '?');
  const [authority = '', ...path] = place.split('/');
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

  const parameters = readParameters(query, [
    ...(tls ? TLS_PARAMETERS : []),
    ...(topology === 'sentinel' ? SENTINEL_PARAMETERS : []),
  ]);
  const parameter = (name: string) => parameters.get(name) ?? null;
  if ((parameter('cert') === null) !== (parameter('key') === null)) {
    throw invalid('cert and key belong together');
  }
  return {
    topology,
    nodes,
    username: decoded(colon === -1 ? credentials : credentials.slice(0, colon)),
    password: colon === -1 ? null : decoded(credentials.slice(colon + 1)),
    tls: tls ? { caFile: parameter('ca'), certFile: parameter('cert'), keyFile: parameter('key') } : null,
    database: Number(database),
    masterName,
    sentinelLogin:
      topology === 'sentinel'
        ? { username: parameter('sentinel_user'), password: parameter('sentinel_password') }
        : null,
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

/** `name=value&name=value`, each name one of `known`. */
function readParameters(query: string, known: readonly string[]): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const part of query.split('&').filter((text) => text !== '')) {
    const [name, text] = splitOnce(part, '=');
    const given = decoded(text);
    if (!known.includes(name) || given === null) {
      // Its value is left out: it may be a password.
      throw invalid(`“${name.slice(0, 40)}” after its ? is not known there, or has no value`);
    }
    parameters.set(name, given);
  }
  return parameters;
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}

function decoded(text: string): string | null {
  if (text === '') return null;
  try {
    return decodeURIComponent(text);
  } catch (error) {
    throw invalid('a user, password or value in it has a stray % (write %25)', error);
  }
}

function invalid(fault: string, cause?: unknown): OperatorError {
  return new OperatorError('redis_url_invalid', `REDIS_URL cannot be read: ${fault}. Allowed: ${FORMS}`, {
    cause,
  });
}
