import { z } from 'zod';
import { parseRedisUrl } from '../queues/redis-address.ts';
import { CALLER_ID_CHECKS } from '../compliance/caller-id.ts';
import { FRANCE_LEGAL_WINDOW } from '../compliance/calling-window.ts';
import { HOLIDAY_CALENDARS } from '../compliance/holidays.ts';
import { isTimeZone, readWindow, WINDOW_FORMS } from './calling-window.ts';
import {
  readRetryConditions,
  readUnfinishedConditions,
  RETRY_CONDITION_FORMS,
  RETRY_UNFINISHED_FORMS,
  type RetryCondition,
} from './retry-conditions.ts';
import {
  choice,
  decimal,
  flag,
  matching,
  milliseconds,
  port,
  seconds,
  text,
  url,
  value,
  wholeNumber,
} from './values.ts';

const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;

/** On the switch: absolute, without anything that the switch would interpret. */
const SWITCH_PATH = /^(?:\/(?!\.)[A-Za-z0-9_.-]+)+$/;
const SWITCH_PATH_FORM = 'an absolute path on the switch without spaces or accents';
const E164 = /^\+[1-9]\d{5,14}$/;
const NO_NUMBERS: string[] = [];
const FOLDER_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

const DEFAULT_RETRY_CONDITIONS: RetryCondition[] = [
  { result: 'no_answer', delayMs: null, maxAttempts: null },
  { result: 'busy', delayMs: null, maxAttempts: null },
  { result: 'timeout', delayMs: null, maxAttempts: null },
];

const DEFAULT_LEVEL = 'info';

/** Every variable under its published name. Durations leave here as milliseconds. */
export const VARIABLES = z.object({
  // Installation
  MINIBOT_DATA_DIR: text('.minibot'),
  MINIBOT_INSTANCE: matching(
    /^[a-z][a-z0-9_]{0,30}$/,
    'a name of lower-case letters, digits and _, at most 31',
    'minibot',
  ),
  /** Checked here; read before the rest of the configuration, which may be at fault, by whoever speaks to the operator. */
  MINIBOT_LANG: choice(['fr', 'en'], null),
  SCENARIOS_DIR: text('scenarios'),
  OBJECTIONS_DIR: text('objections'),

  // Database
  DATABASE_URL: url(['postgres:', 'postgresql:'], 'postgresql://user:password@host:5432/database', null),
  DB_HOST: text(null),
  DB_PORT: port(null),
  DB_NAME: text(null),
  DB_USER: text(null),
  DB_PASSWORD: text(null),
  DB_POOL_MAX: wholeNumber({ min: 5, max: 1000 }, 30),

  // Queue
  REDIS_URL: value(
    'redis://[user:password@]host[:6379][/database], rediss:// for TLS (?ca=FILE), redis-sentinel://, redis-cluster://: ' +
      'see docs/scaling.md',
    null,
    readRedisUrl,
  ),

  // FreeSWITCH
  FREESWITCH_ESL_HOST: text('localhost'),
  FREESWITCH_ESL_PORT: port(8021),
  FREESWITCH_ESL_PASSWORD: matching(/^[^\r\n]+$/, 'one line of text', null),
  FREESWITCH_SOUNDS_DIR: matching(SWITCH_PATH, SWITCH_PATH_FORM, '/usr/share/freeswitch/sounds/minibot'),
  FREESWITCH_GATEWAY: matching(
    /^[A-Za-z0-9_.-]{1,64}$/,
    'the name of a gateway: letters, digits, _ . and -',
    'mygateway',
  ),
  FREESWITCH_AUDIO_MODULE: choice(['audio_stream', 'audio_fork'], 'audio_stream'),
  SWITCH_MAX_CALLS: wholeNumber({ min: 1, max: 10_000 }, 30),
  RECORDINGS_DIR: matching(SWITCH_PATH, SWITCH_PATH_FORM, null),

  // Audio
  AUDIO_DIR: text('audio'),
  DEFAULT_VOICE: matching(
    FOLDER_NAME,
    'the name of a folder below AUDIO_DIR: letters, digits, _ and -',
    'demo',
  ),
  AUDIO_VOLUME_ADJUST: decimal({ min: -30, max: 30 }, 2),
  AUDIO_BACKGROUND_REDUCTION: decimal({ min: -60, max: 0 }, -10),

  // Speech recognition
  VOSK_MODEL_PATH: text('models/vosk-demo-fr/model'),
  VOSK_SAMPLE_RATE: value('8000 or 16000', 16_000 as const, readSampleRate),
  VOSK_LIBRARY_PATH: text(null),
  VOSK_DECODE_THREADS: wholeNumber({ min: 1, max: 64 }, 3),

  // Intents
  INTENT_ENGINE: choice(['cascade', 'local', 'ollama'], 'cascade'),
  OLLAMA_BASE_URL: url(['http:', 'https:'], 'http://localhost:11434', 'http://localhost:11434'),
  OLLAMA_MODEL: matching(/^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,127}$/, 'a model such as mistral:7b', 'mistral:7b'),
  OLLAMA_TEMPERATURE: decimal({ min: 0, max: 1 }, 0),
  OLLAMA_MAX_TOKENS: wholeNumber({ min: 1, max: 4096 }, 150),
  OLLAMA_TIMEOUT: seconds({ min: 0.1, max: 60 }, 3),

  // Answering machines
  AMD_ENABLED: flag(true),
  AMD_METHOD: choice(['hybrid', 'energy', 'silence', 'freeswitch'], null),
  AMD_PYTHON_ENABLED: flag(true),
  AMD_MAX_GREETING_MS: milliseconds({ min: 500, max: 20_000 }, 4000),
  AMD_SILENCE_THRESHOLD_MS: milliseconds({ min: 100, max: 5000 }, 1000),
  AMD_HUMAN_SPEECH_THRESHOLD: seconds({ min: 0.1, max: 10 }, 1.2),
  AMD_MACHINE_SPEECH_THRESHOLD: seconds({ min: 0.1, max: 20 }, 2.8),
  AMD_BEEP_DETECTION_ENABLED: flag(true),

  // Calls
  MAX_CONCURRENT_CALLS: wholeNumber({ min: 1, max: 10_000 }, 5),
  CALL_DELAY: seconds({ min: 0, max: HOUR_S }, 2),
  MAX_CALL_DURATION: seconds({ min: 10, max: HOUR_S }, 300),
  CALLER_ID: matching(E164, 'an international number such as +33162000000', null),
  ALLOWED_CALLER_IDS: value(
    'international numbers separated by commas, such as +33162000000,+33162000001',
    NO_NUMBERS,
    readNumbers,
  ),
  TEST_NUMBERS: value(
    'international numbers separated by commas, such as +33639980001,+33639980002',
    NO_NUMBERS,
    readNumbers,
  ),
  CALLER_ID_CHECK: choice(CALLER_ID_CHECKS, 'strict'),
  WORKER_DRAIN_TIMEOUT: seconds({ min: 0, max: HOUR_S }, 120),

  // Calling window
  CALL_WINDOW: value(WINDOW_FORMS, FRANCE_LEGAL_WINDOW, readWindow),
  CALL_TIME_ZONE: value('contact, or a time zone such as Europe/Paris', 'contact', (given) =>
    isTimeZone(given) ? given : undefined,
  ),
  CALL_HOLIDAYS: choice(HOLIDAY_CALENDARS, FRANCE_LEGAL_WINDOW.holidays),
  // Over all campaigns. Code de la consommation D223-9: 4 attempts in 30 days, 60 days after a refusal.
  MAX_ATTEMPTS_PER_30_DAYS: wholeNumber({ min: 1, max: 100 }, 4),
  REFUSAL_PAUSE_DAYS: wholeNumber({ min: 0, max: 3650 }, 60),

  // Consent, opposition, disclosure
  CONSENT_VALIDITY_DAYS: wholeNumber({ min: 1, max: 3650 }, 365),
  CONTRACT_REQUIRES_CONSENT: flag(true),
  OPPOSITION_KEY: matching(/^\S{32,256}$/, 'one word of 32 to 256 characters', null),
  DISCLOSURE_CHECK: choice(['strict', 'warn'], 'strict'),

  // Retention. CNIL on recording calls: six months at most. Ours are far shorter.
  RECORDING_RETENTION_DAYS: wholeNumber({ min: 1, max: 3650 }, 30),
  TRANSCRIPT_RETENTION_DAYS: wholeNumber({ min: 1, max: 3650 }, 90),

  // Retries
  RETRY_ENABLED: flag(true),
  MAX_RETRY_ATTEMPTS: wholeNumber({ min: 1, max: 20 }, 3),
  RETRY_DELAY: seconds({ min: 1, max: 30 * DAY_S }, HOUR_S),
  RETRY_CONDITIONS: value(RETRY_CONDITION_FORMS, DEFAULT_RETRY_CONDITIONS, readRetryConditions),
  CALLBACK_DELAY: seconds({ min: 1, max: 30 * DAY_S }, DAY_S),
  RETRY_UNFINISHED: value(RETRY_UNFINISHED_FORMS, [] as RetryCondition[], readUnfinishedConditions),
  RETRY_OTHER_PART_OF_DAY: flag(true),

  // Timeouts
  LISTEN_TIMEOUT: seconds({ min: 0.5, max: 15 }, 4),
  CONNECTION_TIMEOUT: seconds({ min: 5, max: 120 }, 30),

  // Audio stream and turn-taking
  STREAMING_MODE: value('true (there is no other mode)', true, (given) =>
    given === 'true' ? true : undefined,
  ),
  STREAMING_ASR_HOST: text('127.0.0.1'),
  /** 0 takes a free one: several workers on one machine. */
  STREAMING_ASR_PORT: wholeNumber({ min: 0, max: 65_535 }, 8080),
  STREAMING_ASR_PUBLIC_URL: matching(
    /^wss?:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?$/,
    'ws://host:port as the switch reaches this machine, without a path',
    null,
  ),
  SILENCE_THRESHOLD: seconds({ min: 0.2, max: 10 }, 1.5),
  SPEECH_START_THRESHOLD: seconds({ min: 0.1, max: 5 }, 0.5),
  VAD_MODE: value('0, 1, 2 or 3', 2 as const, readVadMode),
  VAD_FRAME_DURATION: value('10, 20 or 30', null, (given) => ['10', '20', '30'].find((ms) => ms === given)),

  // Barge-in
  BARGE_IN_ENABLED: flag(true),
  BARGE_IN_GRACE_PERIOD: seconds({ min: 0, max: 30 }, 3),

  // Latency targets
  TARGET_BARGE_IN_LATENCY: milliseconds({ min: 1, max: 60_000 }, 150),
  TARGET_ASR_LATENCY: milliseconds({ min: 1, max: 60_000 }, 400),
  TARGET_INTENT_LATENCY: milliseconds({ min: 1, max: 60_000 }, 600),
  TARGET_TOTAL_LATENCY: milliseconds({ min: 1, max: 60_000 }, 1000),

  // Logs
  LOG_LEVEL: value('DEBUG, INFO, WARNING, ERROR (or trace, fatal, silent)', DEFAULT_LEVEL, readLevel),
  LOG_DIR: text(null),
  LOG_MASK_PHONES: flag(true),
  STREAMING_LOG_FILE: text(null),
  AMD_LOG_FILE: text(null),

  // Web door
  API_HOST: text('127.0.0.1'),
  API_PORT: port(8000),
  API_USERNAME: matching(
    /^[^\s:]{1,64}$/,
    'a name without spaces and colons, at most 64 characters',
    'operator',
  ),
  API_PASSWORD: matching(/^.{12,256}$/, 'one line of 12 to 256 characters', null),

  // Objections
  OBJECTION_MIN_SCORE: decimal({ min: 0, max: 1 }, 0.5),
  OBJECTION_USE_PRERECORDED: flag(true),

  // Asterisk (v2)
  ARI_URL: url(['http:', 'https:'], 'http://localhost:8088', null),
  ARI_USERNAME: text(null),
  ARI_PASSWORD: text(null),
});

export type Variables = z.output<typeof VARIABLES>;
export type VariableName = keyof Variables;

/** Their values are never shown. */
export const SECRETS: ReadonlySet<string> = new Set<VariableName>([
  'DATABASE_URL',
  'DB_PASSWORD',
  'REDIS_URL',
  'FREESWITCH_ESL_PASSWORD',
  'API_PASSWORD',
  'OPPOSITION_KEY',
  'ARI_PASSWORD',
]);

export interface Alias {
  name: string;
  of: VariableName;
  /** Other unit than the variable's: factor to it. */
  factor?: number;
}

/** Names of the v2 for variables that have another name here. */
export const ALIASES: readonly Alias[] = [
  { name: 'OLLAMA_URL', of: 'OLLAMA_BASE_URL' },
  { name: 'AUDIOFORK_HOST', of: 'STREAMING_ASR_HOST' },
  { name: 'AUDIOFORK_PORT', of: 'STREAMING_ASR_PORT' },
  { name: 'AMD_SILENCE_THRESHOLD', of: 'AMD_SILENCE_THRESHOLD_MS', factor: 1000 },
];

function readRedisUrl(given: string): string | undefined {
  try {
    parseRedisUrl(given);
    return given;
  } catch {
    // Its message says no more than the forms that are allowed, which the fault names anyway.
    return undefined;
  }
}

function readNumbers(given: string): string[] | undefined {
  const numbers = given.split(',').map((number) => number.trim());
  return numbers.every((number) => E164.test(number)) ? numbers : undefined;
}

function readSampleRate(given: string): 8000 | 16_000 | undefined {
  if (given === '8000') return 8000;
  return given === '16000' ? 16_000 : undefined;
}

function readVadMode(given: string): 0 | 1 | 2 | 3 | undefined {
  return ([0, 1, 2, 3] as const).find((mode) => String(mode) === given);
}

const LEVELS = {
  trace: 'trace',
  debug: 'debug',
  info: 'info',
  warning: 'warn',
  warn: 'warn',
  error: 'error',
  critical: 'fatal',
  fatal: 'fatal',
  silent: 'silent',
} as const;

export type LogLevel = (typeof LEVELS)[keyof typeof LEVELS];

function readLevel(given: string): LogLevel | undefined {
  return Object.entries(LEVELS).find(([name]) => name === given.toLowerCase())?.[1];
}
