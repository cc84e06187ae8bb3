import path from 'node:path';
import type { CallingWindow } from '../compliance/calling-window.ts';
import type { RetryPolicy } from '../db/campaign-settings.ts';
import type { VariableName, Variables } from './variables.ts';

/** Where MiniBotPanel's v3 kept its tables; used for what of `DB_*` is left out. */
const V3_DATABASE = { host: 'localhost', port: 5432, name: 'minibot_freeswitch', user: 'minibot' };

/** The variables in the words and units of the code. Durations are milliseconds. */
export function resolveConfig(variables: Variables) {
  return {
    /** Names this installation on servers that it shares: prefix of its queues, mark of its channels. */
    instance: variables.MINIBOT_INSTANCE,
    /** What this machine keeps for itself: the embedded database, for one. */
    dataDir: variables.MINIBOT_DATA_DIR,
    database: {
      /** Null: the embedded server. Holds the password. */
      url: databaseUrl(variables),
      /** Of the embedded server. */
      dataDir: path.join(variables.MINIBOT_DATA_DIR, 'postgres'),
      poolMax: variables.DB_POOL_MAX,
    },
    redis: {
      /** Null: the queues live in Postgres. Holds the password. */
      url: variables.REDIS_URL,
    },
    freeswitch: {
      eslHost: variables.FREESWITCH_ESL_HOST,
      eslPort: variables.FREESWITCH_ESL_PORT,
      /** Null: not set. Who needs the switch asks `eslPasswordOf`. */
      eslPassword: variables.FREESWITCH_ESL_PASSWORD,
      gateway: variables.FREESWITCH_GATEWAY,
      /** Absolute, on the switch. */
      soundsDir: variables.FREESWITCH_SOUNDS_DIR,
      audioModule: variables.FREESWITCH_AUDIO_MODULE,
      /** Calls at once on this switch, over all workers and campaigns. */
      maxCalls: variables.SWITCH_MAX_CALLS,
      /** Absolute, on the switch; null: no campaign can be recorded. */
      recordingsDir: variables.RECORDINGS_DIR,
    },
    retention: {
      recordingDays: variables.RECORDING_RETENTION_DAYS,
      transcriptDays: variables.TRANSCRIPT_RETENTION_DAYS,
    },
    audio: {
      /** Recordings as they were made, one folder per voice. */
      sourceDir: variables.AUDIO_DIR,
      defaultVoice: variables.DEFAULT_VOICE,
      volumeAdjustDb: variables.AUDIO_VOLUME_ADJUST,
      backgroundReductionDb: variables.AUDIO_BACKGROUND_REDUCTION,
    },
    scenarios: { dir: variables.SCENARIOS_DIR },
    vosk: {
      modelPath: variables.VOSK_MODEL_PATH,
      /** Null: the library of the npm package `vosk`. */
      libraryPath: variables.VOSK_LIBRARY_PATH,
      decodeThreads: variables.VOSK_DECODE_THREADS,
    },
    intent: { engine: variables.INTENT_ENGINE },
    ollama: {
      baseUrl: variables.OLLAMA_BASE_URL,
      model: variables.OLLAMA_MODEL,
      temperature: variables.OLLAMA_TEMPERATURE,
      maxTokens: variables.OLLAMA_MAX_TOKENS,
      timeoutMs: variables.OLLAMA_TIMEOUT,
    },
    amd: {
      enabled: variables.AMD_ENABLED,
      // Without its own analysis, v2 went by the greeting's timing.
      method: variables.AMD_METHOD ?? (variables.AMD_PYTHON_ENABLED ? 'hybrid' : 'energy'),
      maxGreetingMs: variables.AMD_MAX_GREETING_MS,
      afterGreetingSilenceMs: variables.AMD_SILENCE_THRESHOLD_MS,
      humanSpeechMs: variables.AMD_HUMAN_SPEECH_THRESHOLD,
      machineSpeechMs: variables.AMD_MACHINE_SPEECH_THRESHOLD,
      beepDetectionEnabled: variables.AMD_BEEP_DETECTION_ENABLED,
    },
    calls: {
      /** Of one campaign, over all workers. A campaign may say otherwise. */
      maxConcurrent: variables.MAX_CONCURRENT_CALLS,
      /** Between two originates of one campaign, over all workers. */
      delayMs: variables.CALL_DELAY,
      maxDurationMs: variables.MAX_CALL_DURATION,
      /** E.164; null: the gateway's own. */
      callerId: variables.CALLER_ID,
      /** How long calls in flight may go on once the worker is told to stop. */
      drainTimeoutMs: variables.WORKER_DRAIN_TIMEOUT,
    },
    compliance: {
      callingWindow: {
        ...variables.CALL_WINDOW,
        timeZone: variables.CALL_TIME_ZONE,
        holidays: variables.CALL_HOLIDAYS,
      } satisfies CallingWindow,
      limits: {
        maxAttemptsPer30Days: variables.MAX_ATTEMPTS_PER_30_DAYS,
        refusalPauseDays: variables.REFUSAL_PAUSE_DAYS,
      },
      consent: {
        validityDays: variables.CONSENT_VALIDITY_DAYS,
        contractRequiresConsent: variables.CONTRACT_REQUIRES_CONSENT,
      },
      callerIds: { declared: variables.ALLOWED_CALLER_IDS, check: variables.CALLER_ID_CHECK },
      /** Of people of the team who agreed to be called when the system is tried. */
      testNumbers: variables.TEST_NUMBERS,
      /** Secret. On a database of one's own, every machine must be given the same key. */
      oppositionKey: {
        given: variables.OPPOSITION_KEY,
        file:
          databaseUrl(variables) === null ? path.join(variables.MINIBOT_DATA_DIR, 'opposition.key') : null,
      },
      disclosureCheck: variables.DISCLOSURE_CHECK,
    },
    retry: retryPolicy(variables),
    timeouts: {
      listenMs: variables.LISTEN_TIMEOUT,
      /** From originate to answer. */
      connectionMs: variables.CONNECTION_TIMEOUT,
    },
    streaming: {
      host: variables.STREAMING_ASR_HOST,
      port: variables.STREAMING_ASR_PORT,
      /** As the switch reaches this machine; null: `host`. */
      publicUrl: variables.STREAMING_ASR_PUBLIC_URL,
      sampleRateHz: variables.VOSK_SAMPLE_RATE,
      /** Silence that ends a turn at the latest. */
      silenceThresholdMs: variables.SILENCE_THRESHOLD,
      vadMode: variables.VAD_MODE,
    },
    bargeIn: {
      enabled: variables.BARGE_IN_ENABLED,
      gracePeriodMs: variables.BARGE_IN_GRACE_PERIOD,
      /** Speech of this length stops the prompt. */
      speechStartThresholdMs: variables.SPEECH_START_THRESHOLD,
    },
    latencyTargets: {
      bargeInMs: variables.TARGET_BARGE_IN_LATENCY,
      asrMs: variables.TARGET_ASR_LATENCY,
      intentMs: variables.TARGET_INTENT_LATENCY,
      totalMs: variables.TARGET_TOTAL_LATENCY,
    },
    logging: {
      level: variables.LOG_LEVEL,
      /** Null: standard output only. */
      dir: variables.LOG_DIR,
      maskPhoneNumbers: variables.LOG_MASK_PHONES,
    },
    /** Bull Board and the HTTP interface. */
    web: {
      host: variables.API_HOST,
      port: variables.API_PORT,
      username: variables.API_USERNAME,
      /** Null: not set. Who opens the web door asks `webCredentialsOf`. */
      password: variables.API_PASSWORD,
    },
    objections: {
      dir: variables.OBJECTIONS_DIR,
      minScore: variables.OBJECTION_MIN_SCORE,
      /** False: no objection is answered by a recording. */
      usePrerecorded: variables.OBJECTION_USE_PRERECORDED,
    },
  };
}

export type ResolvedConfig = ReturnType<typeof resolveConfig>;

/** Faults that no variable has by itself. */
export function contradictions(variables: Variables): string[] {
  const faults: string[] = [];
  if (variables.AMD_HUMAN_SPEECH_THRESHOLD >= variables.AMD_MACHINE_SPEECH_THRESHOLD) {
    faults.push('AMD_HUMAN_SPEECH_THRESHOLD must be less than AMD_MACHINE_SPEECH_THRESHOLD');
  }
  if (isWellKnownPassword(variables) && !isLoopback(variables.FREESWITCH_ESL_HOST)) {
    faults.push(
      "FREESWITCH_ESL_PASSWORD is FreeSWITCH's well-known default, and FREESWITCH_ESL_HOST is another machine: " +
        'change it in event_socket.conf.xml and here',
    );
  }
  return faults;
}

/** Settings that work but are not what their author may think. */
export function warningsAbout(variables: Variables): string[] {
  return [
    ...ineffective(variables).map(([name, why]) => `${name} has no effect: ${why}`),
    ...(variables.DATABASE_URL !== null && DB_PARTS.some((name) => variables[name] !== null)
      ? [
          `DATABASE_URL is used; without effect: ${DB_PARTS.filter((name) => variables[name] !== null).join(', ')}`,
        ]
      : []),
    ...(isWellKnownPassword(variables)
      ? [
          "FREESWITCH_ESL_PASSWORD is FreeSWITCH's well-known default: change it before anyone else can reach the switch",
        ]
      : []),
    ...(isLoopback(variables.API_HOST)
      ? []
      : [
          'API_HOST is open to other machines, and the password travels unencrypted: put a proxy with TLS in front of it',
        ]),
    ...(variables.AMD_METHOD === 'freeswitch'
      ? ['AMD_METHOD is freeswitch, but FreeSWITCH has no detector without a paid module: hybrid is used']
      : []),
    ...(variables.CALL_WINDOW.enabled
      ? []
      : [
          'CALL_WINDOW is always: people would be called at night and on public holidays. For simulations only',
        ]),
    ...(variables.CALL_WINDOW.enabled && variables.CALL_HOLIDAYS === 'none'
      ? ['CALL_HOLIDAYS is none: people would be called on public holidays, which French law forbids']
      : []),
  ];
}

const DB_PARTS = [
  'DB_HOST',
  'DB_PORT',
  'DB_NAME',
  'DB_USER',
  'DB_PASSWORD',
] as const satisfies VariableName[];

function databaseUrl(variables: Variables): string | null {
  if (variables.DATABASE_URL !== null) return variables.DATABASE_URL;
  if (DB_PARTS.every((name) => variables[name] === null)) return null;
  const host = variables.DB_HOST ?? V3_DATABASE.host;
  const user = encodeURIComponent(variables.DB_USER ?? V3_DATABASE.user);
  const password = variables.DB_PASSWORD === null ? '' : `:${encodeURIComponent(variables.DB_PASSWORD)}`;
  const address = `${host.includes(':') ? `[${host}]` : host}:${variables.DB_PORT ?? V3_DATABASE.port}`;
  const name = encodeURIComponent(variables.DB_NAME ?? V3_DATABASE.name);
  return `postgresql://${user}${password}@${address}/${name}`;
}

/** Somebody who was reached once is called once more and not again, where nothing else is said. */
const MAX_UNFINISHED = 2;

function retryPolicy(variables: Variables): RetryPolicy {
  // Who asks to be called later is, whatever the conditions say.
  const delayMsByResult: Record<string, number> = { callback: variables.CALLBACK_DELAY };
  const maxAttemptsByResult: Record<string, number> = { callback: MAX_UNFINISHED };
  for (const { result, delayMs, maxAttempts } of variables.RETRY_CONDITIONS) {
    delayMsByResult[result] =
      delayMs ?? (result === 'callback' ? variables.CALLBACK_DELAY : variables.RETRY_DELAY);
    if (maxAttempts !== null) maxAttemptsByResult[result] = maxAttempts;
  }
  for (const { result, delayMs, maxAttempts } of variables.RETRY_UNFINISHED) {
    delayMsByResult[result] = delayMs ?? variables.CALLBACK_DELAY;
    maxAttemptsByResult[result] = maxAttempts ?? MAX_UNFINISHED;
  }
  return {
    enabled: variables.RETRY_ENABLED,
    maxAttempts: variables.MAX_RETRY_ATTEMPTS,
    delayMsByResult,
    maxAttemptsByResult,
    otherPartOfDay: variables.RETRY_OTHER_PART_OF_DAY,
  };
}

function ineffective(variables: Variables): [VariableName, string][] {
  const settings: [VariableName, boolean, string][] = [
    ['STREAMING_LOG_FILE', variables.STREAMING_LOG_FILE !== null, 'all logs are in one file in LOG_DIR'],
    ['AMD_LOG_FILE', variables.AMD_LOG_FILE !== null, 'all logs are in one file in LOG_DIR'],
    ['VAD_FRAME_DURATION', !['20', null].includes(variables.VAD_FRAME_DURATION), 'frames are 20 ms'],
    [
      'AMD_PYTHON_ENABLED',
      !variables.AMD_PYTHON_ENABLED && variables.AMD_METHOD !== null,
      'AMD_METHOD is set',
    ],
    ['ARI_URL', variables.ARI_URL !== null, 'calls are placed through FreeSWITCH'],
    ['ARI_USERNAME', variables.ARI_USERNAME !== null, 'calls are placed through FreeSWITCH'],
    ['ARI_PASSWORD', variables.ARI_PASSWORD !== null, 'calls are placed through FreeSWITCH'],
  ];
  return settings.flatMap(([name, isSet, why]) => (isSet ? [[name, why] as [VariableName, string]] : []));
}

function isWellKnownPassword(variables: Variables): boolean {
  return variables.FREESWITCH_ESL_PASSWORD === 'ClueCon';
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
