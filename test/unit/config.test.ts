import { FRANCE_LEGAL_WINDOW } from '../../src/compliance/calling-window.ts';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'dotenv';
import { describe, expect, it } from 'vitest';
import { eslPasswordOf, loadConfig, readEnvironment, type Environment } from '../../src/config.ts';
import { KNOWN_NAMES } from '../../src/config/known-names.ts';
import { OperatorError } from '../../src/errors.ts';

const ROOT = path.join(import.meta.dirname, '../..');

function faultsOf(environment: Environment): string {
  try {
    loadConfig(environment);
  } catch (error) {
    expect(error).toBeInstanceOf(OperatorError);
    return (error as OperatorError).message;
  }
  throw new Error('the configuration was accepted');
}

describe('.env.example', () => {
  it('names every variable, and no other', async () => {
    const example = await readFile(path.join(ROOT, '.env.example'), 'utf8');
    const names = [...example.matchAll(/^(?:# )?([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1]);
    expect(names.toSorted()).toEqual(KNOWN_NAMES.toSorted());
  });

  it('copied as it is changes nothing', async () => {
    const example = parse(await readFile(path.join(ROOT, '.env.example'), 'utf8'));
    expect(loadConfig(example)).toEqual(loadConfig({}));
  });

  it('shows valid values where it shows them commented out', async () => {
    const example = await readFile(path.join(ROOT, '.env.example'), 'utf8');
    expect(() => loadConfig(parse(example.replaceAll(/^# ([A-Z][A-Z0-9_]+=)/gm, '$1')))).not.toThrow();
  });
});

describe('every variable of the guides', () => {
  it.each(['v2', 'v3'])('of %s is accepted', (version) => {
    expect(() => loadConfig(parse(GUIDES[version] ?? ''))).not.toThrow();
  });

  it('of v3 arrives in the units of the code', () => {
    expect(loadConfig(parse(GUIDES['v3'] ?? ''))).toMatchObject({
      database: { url: 'postgresql://minibot:your_secure_password@localhost:5432/minibot_freeswitch' },
      amd: { method: 'freeswitch', maxGreetingMs: 4000 },
      calls: { maxConcurrent: 5, delayMs: 2000, maxDurationMs: 300_000 },
      retry: {
        maxAttempts: 3,
        delayMsByResult: { no_answer: 3_600_000, busy: 3_600_000, timeout: 3_600_000 },
      },
      timeouts: { listenMs: 4000, connectionMs: 30_000 },
      streaming: { port: 8080, silenceThresholdMs: 1500, sampleRateHz: 16_000 },
      bargeIn: { gracePeriodMs: 3000, speechStartThresholdMs: 500 },
      ollama: { temperature: 0.7, timeoutMs: 10_000 },
      logging: { level: 'info', dir: 'logs' },
    });
  });

  it('of v2 takes effect under its name of today', () => {
    const config = loadConfig(parse(GUIDES['v2'] ?? ''));
    expect(config).toMatchObject({
      database: { url: 'postgresql://robot:PASSWORD@localhost/minibot_db' },
      ollama: { baseUrl: 'http://ollama:11434', model: 'phi3:mini' },
      streaming: { host: '0.0.0.0', port: 8765, vadMode: 3 },
      latencyTargets: { bargeInMs: 100, totalMs: 1000 },
      amd: { afterGreetingSilenceMs: 1200, machineSpeechMs: 3500, beepDetectionEnabled: false },
      logging: { level: 'debug' },
    });
    expect(config.warnings.join('\n')).toMatch(/STREAMING_LOG_FILE has no effect/);
    expect(config.warnings.join('\n')).toMatch(/ARI_URL has no effect/);
  });
});

describe('wrong values', () => {
  it('are reported all at once, each with what was given and what is allowed', () => {
    const message = faultsOf({ MAX_CONCURRENT_CALLS: 'abc', LISTEN_TIMEOUT: '99', AMD_METHOD: 'magic' });
    expect(message).toContain('MAX_CONCURRENT_CALLS is "abc"; allowed: a whole number from 1 to 10000');
    expect(message).toContain('LISTEN_TIMEOUT is "99"; allowed: seconds, from 0.5 to 15');
    expect(message).toContain('AMD_METHOD is "magic"; allowed: hybrid, energy, silence, freeswitch');
  });

  it('are reported under the name that was written', () => {
    expect(faultsOf({ AUDIOFORK_PORT: 'x' })).toContain('AUDIOFORK_PORT (now STREAMING_ASR_PORT) is "x"');
    expect(faultsOf({ AMD_SILENCE_THRESHOLD: '60' })).toContain(
      'AMD_SILENCE_THRESHOLD (now AMD_SILENCE_THRESHOLD_MS) is "60"',
    );
  });

  it.each(['DATABASE_URL', 'REDIS_URL', 'FREESWITCH_ESL_PASSWORD', 'ARI_URL'])(
    'of %s are refused',
    (name) => {
      expect(faultsOf({ [name]: 'not\nan address' })).toContain(name);
    },
  );

  it('that are secret are not shown', () => {
    const message = faultsOf({
      DATABASE_URL: 'mysql://u:hunter2@h/d',
      REDIS_URL: 'http://u:hunter2@h',
      FREESWITCH_ESL_PASSWORD: 'hunter2\nevents all',
    });
    expect(message).toContain('DATABASE_URL cannot be used');
    expect(message).not.toContain('hunter2');
  });

  it.each([
    [{ RETRY_CONDITIONS: 'opt_out' }],
    [{ RETRY_CONDITIONS: 'busy=soon' }],
    [{ RETRY_CONDITIONS: 'busy=300:0' }],
    [{ RETRY_UNFINISHED: 'no_answer' }],
    [{ RETRY_CONDITIONS: 'busy,,no_answer' }],
    [{ CALL_WINDOW: 'mon-fri' }],
    [{ CALL_WINDOW: 'fri-mon 10:00-12:00' }],
    [{ CALL_WINDOW: 'mon-fri 14:00-12:00' }],
    [{ CALL_TIME_ZONE: 'Mars/Olympus' }],
    [{ CALL_HOLIDAYS: 'alsace' }],
    [{ FREESWITCH_SOUNDS_DIR: '/sounds/../etc' }],
    [{ FREESWITCH_SOUNDS_DIR: 'sounds' }],
    [{ FREESWITCH_GATEWAY: 'a/b' }],
    [{ CALLER_ID: '0123456789' }],
    [{ CALL_DELAY: '1e9' }],
    [{ CALL_DELAY: '0x10' }],
    [{ AMD_ENABLED: 'maybe' }],
    [{ AMD_HUMAN_SPEECH_THRESHOLD: '3', AMD_MACHINE_SPEECH_THRESHOLD: '2' }],
    [{ FREESWITCH_ESL_HOST: '192.0.2.1', FREESWITCH_ESL_PASSWORD: 'ClueCon' }],
  ])('like %j are refused', (environment) => {
    expect(faultsOf(environment)).toContain(Object.keys(environment)[0]);
  });
});

describe('the database', () => {
  it('is the embedded one where nothing says otherwise', () => {
    expect(loadConfig({ DATABASE_URL: '', DB_HOST: ' ' }).database).toMatchObject({
      url: null,
      dataDir: path.join('.minibot', 'postgres'),
    });
  });

  it('is found by its parts, whatever is in the password', () => {
    const { url } = loadConfig({ DB_HOST: 'db', DB_PASSWORD: 'a/b@c:d' }).database;
    expect(url).toBe('postgresql://minibot:a%2Fb%40c%3Ad@db:5432/minibot_freeswitch');
  });

  it('is DATABASE_URL when both are given, which is said', () => {
    const config = loadConfig({ DATABASE_URL: 'postgres://u:p@one/d', DB_HOST: 'two' });
    expect(config.database.url).toBe('postgres://u:p@one/d');
    expect(config.warnings).toEqual(['DATABASE_URL is used; without effect: DB_HOST']);
  });
});

describe('retries', () => {
  it('have a delay per condition where one is given', () => {
    const { retry } = loadConfig({
      RETRY_DELAY: '60',
      RETRY_CONDITIONS: 'busy=300, no_answer',
      CALLBACK_DELAY: '7',
    });
    expect(retry.delayMsByResult).toEqual({ busy: 300_000, no_answer: 60_000, callback: 7000 });
  });

  it('have a maximum per condition where one is given', () => {
    const { retry } = loadConfig({ RETRY_CONDITIONS: 'busy=300:2,no_answer : 3,timeout' });
    expect(retry.delayMsByResult).toMatchObject({ busy: 300_000, no_answer: 3_600_000 });
    expect(retry.maxAttemptsByResult).toEqual({ busy: 2, no_answer: 3, callback: 2 });
  });

  it('call nobody again who picked up and did not come to the end, but for who asked to be called later', () => {
    const { retry } = loadConfig({ CALLBACK_DELAY: '7' });
    expect(Object.keys(retry.delayMsByResult).sort()).toEqual(['busy', 'callback', 'no_answer', 'timeout']);
    expect(loadConfig({ RETRY_UNFINISHED: 'off' }).retry).toEqual(loadConfig({}).retry);
    const unfinished = loadConfig({ CALLBACK_DELAY: '7', RETRY_UNFINISHED: 'hangup,callback=60:3' }).retry;
    expect(unfinished.delayMsByResult).toMatchObject({ hangup: 7000, callback: 60_000 });
    expect(unfinished.maxAttemptsByResult).toEqual({ hangup: 2, callback: 3 });
  });
});

describe('the calling window', () => {
  it('is the legal one unless told otherwise', () => {
    expect(loadConfig({}).compliance.callingWindow).toEqual(FRANCE_LEGAL_WINDOW);
  });

  it("can be one's own, on one zone's clock", () => {
    const { callingWindow } = loadConfig({
      CALL_WINDOW: 'tue-thu 09:30-12:00,14:00-18:00',
      CALL_TIME_ZONE: 'Europe/Paris',
    }).compliance;
    expect(callingWindow).toEqual({
      enabled: true,
      timeZone: 'Europe/Paris',
      days: [2, 3, 4],
      ranges: [
        { start: '09:30', end: '12:00' },
        { start: '14:00', end: '18:00' },
      ],
      holidays: 'alsace-moselle',
    });
  });

  it('goes by the strictest calendar that a number does not tell apart, unless told otherwise', () => {
    const holidaysOf = (environment: Record<string, string>) =>
      loadConfig(environment).compliance.callingWindow.holidays;
    expect(holidaysOf({})).toBe('alsace-moselle');
    expect(holidaysOf({ CALL_HOLIDAYS: 'all-regions', CALL_WINDOW: 'mon-fri 10:00-12:00' })).toBe(
      'all-regions',
    );
    expect(loadConfig({ CALL_HOLIDAYS: 'metropole' }).warnings).toEqual([]);
    expect(loadConfig({ CALL_HOLIDAYS: 'none' }).warnings).toEqual([
      expect.stringContaining('CALL_HOLIDAYS is none'),
    ]);
  });

  it('warns when it is always open', () => {
    expect(loadConfig({ CALL_WINDOW: 'always' }).warnings).toHaveLength(1);
  });
});

it('says which detector stands in for the one that FreeSWITCH lacks', () => {
  expect(loadConfig({ AMD_METHOD: 'freeswitch' }).warnings).toEqual([
    expect.stringContaining('hybrid is used'),
  ]);
});

it('has no password for the switch, and says so to who needs one', () => {
  expect(() => eslPasswordOf(loadConfig({}))).toThrow('FREESWITCH_ESL_PASSWORD is not set');
  expect(eslPasswordOf(loadConfig({ FREESWITCH_ESL_PASSWORD: 'own' }))).toBe('own');
  expect(loadConfig({ FREESWITCH_ESL_PASSWORD: 'ClueCon' }).warnings).toHaveLength(1);
});

it('guesses what a misspelt variable was meant to be, and leaves others alone', () => {
  const { warnings } = loadConfig({ MAX_CONCURENT_CALLS: '9', PATH: '/bin', HOSTNAME: 'x', DB_URL: 'y' });
  expect(warnings).toEqual(['MAX_CONCURENT_CALLS is not known: did you mean MAX_CONCURRENT_CALLS?']);
});

it('prefers a name of today over its old one', () => {
  const config = loadConfig({ OLLAMA_BASE_URL: 'http://new:1', OLLAMA_URL: 'http://old:1' });
  expect(config.ollama.baseUrl).toBe('http://new:1');
  expect(config.warnings).toHaveLength(1);
});

it('cannot be changed', () => {
  const config = loadConfig({});
  expect(Object.isFrozen(config)).toBe(true);
  expect(Object.isFrozen(config.compliance.callingWindow.ranges)).toBe(true);
});

it('reads .env below the environment of the process', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'config-'));
  try {
    await writeFile(path.join(directory, '.env'), 'DEFAULT_VOICE=julie # comment\nPATH=nowhere\n');
    expect(readEnvironment(directory)).toMatchObject({ DEFAULT_VOICE: 'julie', PATH: process.env['PATH'] });
    expect(readEnvironment(path.join(directory, 'none'))['DEFAULT_VOICE']).toBeUndefined();
  } finally {
    await rm(directory, { recursive: true });
  }
});

/** The settings as the guides print them. */
const GUIDES: Record<string, string> = {
  v3: `
DB_HOST=localhost
DB_PORT=5432
DB_NAME=minibot_freeswitch
DB_USER=minibot
DB_PASSWORD=your_secure_password
FREESWITCH_ESL_HOST=localhost
FREESWITCH_ESL_PORT=8021
FREESWITCH_ESL_PASSWORD=ClueCon
FREESWITCH_SOUNDS_DIR=/usr/share/freeswitch/sounds/minibot
FREESWITCH_GATEWAY=mygateway
AUDIO_DIR=audio
DEFAULT_VOICE=julie
AUDIO_VOLUME_ADJUST=2.0
AUDIO_BACKGROUND_REDUCTION=-10.0
VOSK_MODEL_PATH=models/vosk-model-fr-0.22-lgraph
VOSK_SAMPLE_RATE=16000
OLLAMA_BASE_URL=http://localhost:11434
OLLAMA_MODEL=mistral:7b
OLLAMA_TEMPERATURE=0.7
OLLAMA_MAX_TOKENS=150
OLLAMA_TIMEOUT=10
AMD_ENABLED=true
AMD_METHOD=freeswitch  # ou energy, silence
AMD_MAX_GREETING_MS=4000
AMD_SILENCE_THRESHOLD_MS=1000
MAX_CONCURRENT_CALLS=5
CALL_DELAY=2
MAX_CALL_DURATION=300
RETRY_ENABLED=true
MAX_RETRY_ATTEMPTS=3
RETRY_DELAY=3600  # 1 heure
RETRY_CONDITIONS=no_answer,busy,timeout
LISTEN_TIMEOUT=4
CONNECTION_TIMEOUT=30
STREAMING_ASR_PORT=8080
SILENCE_THRESHOLD=1.5
SPEECH_START_THRESHOLD=0.5
BARGE_IN_GRACE_PERIOD=3.0
LOG_LEVEL=INFO  # DEBUG, INFO, WARNING, ERROR
LOG_DIR=logs
OBJECTION_MIN_SCORE=0.5
OBJECTION_USE_PRERECORDED=true
`,
  v2: `
STREAMING_MODE=true
DATABASE_URL=postgresql://robot:PASSWORD@localhost/minibot_db
ARI_URL=http://localhost:8088
ARI_USERNAME=robot
ARI_PASSWORD=GENERATED_PASSWORD
VOSK_MODEL_PATH=/opt/minibot/models/vosk-fr
VOSK_SAMPLE_RATE=16000
OLLAMA_URL=http://ollama:11434
OLLAMA_MODEL=phi3:mini
OLLAMA_TIMEOUT=10
AUDIOFORK_HOST=0.0.0.0
AUDIOFORK_PORT=8765
BARGE_IN_ENABLED=true
TARGET_BARGE_IN_LATENCY=100  # Latence plus agressive
TARGET_ASR_LATENCY=400
TARGET_INTENT_LATENCY=600
TARGET_TOTAL_LATENCY=1000
AMD_ENABLED=true
AMD_PYTHON_ENABLED=true
AMD_MACHINE_SPEECH_THRESHOLD=3.5  # Plus strict
AMD_HUMAN_SPEECH_THRESHOLD=1.2
AMD_SILENCE_THRESHOLD=1.2
AMD_BEEP_DETECTION_ENABLED=false  # Si problématique
VAD_MODE=3  # VAD plus strict (0=loose, 3=very tight)
VAD_FRAME_DURATION=20
LOG_LEVEL=DEBUG
STREAMING_LOG_FILE=logs/streaming_debug.log
AMD_LOG_FILE=logs/amd_debug.log
`,
};
