import { mkdirSync } from 'node:fs';
import path from 'node:path';
import pino, { type Logger } from 'pino';
import pretty from 'pino-pretty';
import type { Config } from './config.ts';
import { OperatorError } from './errors.ts';
import { maskPhoneNumber } from './masking.ts';

/** Fields that hold a phone number, at the top of an entry or one level down. */
const PHONE_FIELDS = ['phone', 'number', 'callerId', 'callerIdNumber', 'rawPhone'];
/** Fields that must never be written, wherever they turn up. */
const SECRET_FIELDS = ['password', 'eslPassword', 'url', 'redisUrl', 'databaseUrl'];

const MAX_CAUSES = 3;
const FILE_NAME = 'minibot.log';

export interface LogDestination {
  write(line: string): void;
}

/**
 * The logger of a process: readable lines on a terminal, JSON elsewhere, and JSON in `LOG_DIR/minibot.log` too where that
 * is set. Phone numbers in fields are masked. Writes synchronously, so that nothing is lost when the process ends.
 */
export function createLogger(
  options: Config['logging'],
  output: LogDestination & { isTTY?: boolean; fd?: number } = process.stdout,
): Logger {
  const console =
    output.isTTY === true ? pretty({ colorize: true, sync: true, destination: output.fd ?? 1 }) : output;
  const streams = [console, ...(options.dir === null ? [] : [openLogFile(options.dir)])];
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: describeError },
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: redactedPaths(options.maskPhoneNumbers), censor },
    },
    pino.multistream(streams.map((stream) => ({ level: 'trace', stream }))),
  );
}

interface LoggedError {
  type: string;
  code: string | undefined;
  message: string;
  stack: string | undefined;
  cause: LoggedError | undefined;
}

/** What of an error may be written: drivers hang connections and query parameters (people's numbers) on theirs. */
function describeError(error: unknown): LoggedError | string {
  return error instanceof Error ? describe(error, MAX_CAUSES) : String(error);
}

function describe(error: Error, depth: number): LoggedError {
  const { cause } = error;
  return {
    type: error.name,
    code: 'code' in error && typeof error.code === 'string' ? error.code : undefined,
    message: withoutParameters(error.message),
    stack: error.stack === undefined ? undefined : withoutParameters(error.stack),
    cause: cause instanceof Error && depth > 0 ? describe(cause, depth - 1) : undefined,
  };
}

/** Drizzle's messages end with the values of the query that failed. */
function withoutParameters(text: string): string {
  return text.replace(/\nparams: [\s\S]*?(?=\n {4}at |$)/g, '\nparams: (not shown)');
}

function openLogFile(directory: string): LogDestination {
  try {
    mkdirSync(directory, { recursive: true });
    return pino.destination({ dest: path.join(directory, FILE_NAME), sync: true });
  } catch (error) {
    throw new OperatorError(
      'LOG_DIR_UNUSABLE',
      `LOG_DIR ${directory} cannot be written to: check its permissions`,
      {
        cause: error,
      },
    );
  }
}

function redactedPaths(masksPhoneNumbers: boolean): string[] {
  const fields = masksPhoneNumbers ? [...PHONE_FIELDS, ...SECRET_FIELDS] : SECRET_FIELDS;
  return fields.flatMap((field) => [field, `*.${field}`]);
}

function censor(value: unknown, pathTo: string[]): unknown {
  const field = pathTo.at(-1) ?? '';
  if (!PHONE_FIELDS.includes(field)) return '[hidden]';
  return typeof value === 'string' ? maskPhoneNumber(value) : value;
}
