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
  output: LogDestination & { isTTY?: boolean } = process.stdout,
): Logger {
  const console = output.isTTY === true ? pretty({ colorize: true, sync: true, destination: 1 }) : output;
  const streams = [console, ...(options.dir === null ? [] : [openLogFile(options.dir)])];
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: redactedPaths(options.maskPhoneNumbers), censor },
    },
    pino.multistream(streams.map((stream) => ({ level: 'trace', stream }))),
  );
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
