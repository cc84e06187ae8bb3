import { DrizzleQueryError } from 'drizzle-orm';
import { OperatorError } from '../errors.ts';

/** Where a connection was attempted, without the password. */
export interface ConnectionTarget {
  host: string;
  port: number;
  database: string;
  user: string;
}

/** SQLSTATE or system code of a driver error; drizzle wraps it. Null when it has none. */
export function databaseErrorCode(error: unknown): string | null {
  const cause = error instanceof DrizzleQueryError ? error.cause : error;
  if (cause instanceof AggregateError) return databaseErrorCode(cause.errors[0]);
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return null;
}

/** The same statement may well succeed on a new connection a moment later. */
export function isTransientDatabaseError(error: unknown): boolean {
  const code = databaseErrorCode(error);
  if (code !== null) {
    // 08 connection, 40 serialisation and deadlock, 53 resources, 57P0x shutdown and start-up, 57014 timeout.
    return /^(08|40|53|57P0|57014)/.test(code) || NETWORK_CODES.has(code);
  }
  const cause = error instanceof DrizzleQueryError ? error.cause : error;
  return cause instanceof Error && CONNECTION_LOST.test(cause.message);
}

/** Turns the reason why a first connection failed into one line that says what to mend. Never holds the password. */
export function explainConnectionError(error: unknown, target: ConnectionTarget): OperatorError {
  const where = `Postgres at ${target.host}:${target.port}`;
  const code = databaseErrorCode(error);
  const say = (stableCode: string, message: string) =>
    new OperatorError(stableCode, message, { cause: error });
  switch (code) {
    case 'ECONNREFUSED':
      return say('database_refused', `${where} refuses connections: start the server or mend DATABASE_URL.`);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return say(
        'database_host_unknown',
        `the host ${target.host} is unknown: mend the host in DATABASE_URL.`,
      );
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
      return say(
        'database_unreachable',
        `${where} cannot be reached over the network: check it or DATABASE_URL.`,
      );
    case '28P01':
    case '28000':
      return say(
        'database_login_refused',
        `${where} refuses user “${target.user}”: mend user and password in DATABASE_URL.`,
      );
    case '3D000':
      return say(
        'database_unknown',
        `${where} has no database “${target.database}”: create it (createdb ${target.database}) or mend DATABASE_URL.`,
      );
    case '53300':
      return say('database_full', `${where} has no connection left: raise its max_connections.`);
    case '57P01':
    case '57P02':
    case '57P03':
      return say('database_starting', `${where} is starting or stopping: try again in a moment.`);
    default:
  }
  const message = error instanceof Error ? error.message : String(error);
  if (code === 'ETIMEDOUT' || /timeout/i.test(message)) {
    return say(
      'database_timeout',
      `${where} does not answer: check that it runs and that DATABASE_URL names it.`,
    );
  }
  if (/password must be a string/i.test(message)) {
    return say('database_login_refused', `${where} asks for a password: give one in DATABASE_URL.`);
  }
  if (/SSL|certificate/i.test(message)) {
    return say('database_tls', `${where} and DATABASE_URL disagree about TLS (sslmode): ${message}`);
  }
  if (CONNECTION_LOST.test(message)) {
    return say('database_no_postgres', `what answers at ${where} is not Postgres: mend DATABASE_URL.`);
  }
  return say('database_failed', `${where} cannot be used (${code ?? message}): check it and DATABASE_URL.`);
}

const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** What pg says, without a code, when the socket closed or could not be opened in time. */
const CONNECTION_LOST =
  /connection terminated|timeout exceeded when trying to connect|connection ended|not queryable/i;
