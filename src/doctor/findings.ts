import type { ParametersOf } from '../reasons.ts';

/** `skipped`: it could not be looked at, and that says nothing about it. */
export type Level = 'ok' | 'warning' | 'failed' | 'skipped';

interface Template {
  level: Level;
  found: string;
  /** What to do about it; absent where there is nothing to do, or `found` says it. */
  mend?: string;
}

/**
 * Everything that a check can find, in English; `{places}` are filled with values. Other languages say the same by the same
 * names (`src/cli/messages/fr-doctor.ts`), and programs go by the names.
 */
export const FINDINGS = {
  // Of any component
  timed_out: {
    level: 'failed',
    found: 'no result within {seconds} s',
    mend: 'what does not answer is overloaded, or a firewall swallows the question; --timeout gives more time',
  },
  fault: { level: 'failed', found: '{message}' },
  broke_down: {
    level: 'failed',
    found: 'the check itself broke down: {message}',
    mend: 'this is a mistake in MiniBotPanel: please report it',
  },
  unknown_configuration: { level: 'skipped', found: 'not checked: the configuration cannot be used' },

  // node
  node_version: { level: 'ok', found: '{version}' },
  node_old: {
    level: 'failed',
    found: 'Node {version}; {wanted} is needed',
    mend: 'install Node 20 or newer (nodejs.org, or your distribution)',
  },
  memory: { level: 'ok', found: '{free} of {total} MB of memory free' },
  memory_low: {
    level: 'warning',
    found: 'only {free} of {total} MB of memory are free',
    mend: 'large speech models take 1 to 4 GB: stop something, or choose a smaller model',
  },

  // configuration
  configuration_read: { level: 'ok', found: 'readable, {set} variables set' },
  configuration_fault: { level: 'failed', found: '{fault}', mend: 'correct it in .env (see .env.example)' },
  configuration_warning: { level: 'warning', found: '{warning}' },
  caller_id_none: {
    level: 'warning',
    found: 'no caller ID: only numbers of fiction are called',
    mend: 'set CALLER_ID, and ALLOWED_CALLER_IDS with it (docs/compliance.md)',
  },
  caller_id_not_declared: {
    level: 'failed',
    found: 'CALLER_ID {number} is not among ALLOWED_CALLER_IDS: nobody would be called',
    mend: 'add it there if it is yours',
  },
  caller_id_range: {
    level: 'failed',
    found: 'CALLER_ID {number} is of no range that automated systems may show: nobody would be called',
    mend: 'ask your operator for one (0162, 0163, 0270 …), or set CALLER_ID_CHECK=declared if you know better',
  },

  // clock
  clock: { level: 'ok', found: '{time} in Europe/Paris' },
  clock_wrong: {
    level: 'failed',
    found: "this machine's clock says {time}, which cannot be",
    mend: 'set the clock and keep it right with NTP: the hours of calling depend on it',
  },
  zones_known: { level: 'ok', found: 'time zones right' },
  zone_wrong: {
    level: 'failed',
    found: 'the time zone data are wrong for {zones}: people would be called outside the legal hours',
    mend: 'install a Node with full ICU data',
  },

  // disk
  disk_free: { level: 'ok', found: '{free} GB free for {what}' },
  disk_low: {
    level: 'warning',
    found: 'only {free} GB free for {what} ({directory})',
    mend: 'free some space; minibot purge removes what was kept long enough',
  },
  disk_full: {
    level: 'failed',
    found: '{free} GB free for {what} ({directory})',
    mend: 'free some space: without it calls are lost; minibot purge removes what was kept long enough',
  },
  not_writable: {
    level: 'failed',
    found: '{what}: {directory} cannot be written',
    mend: 'give it to the user that runs MiniBotPanel (chown), or choose another folder',
  },

  // postgres
  postgres_version: { level: 'ok', found: '{version} ({where}), {latencyMs} ms' },
  postgres_embedded: { level: 'ok', found: '{version}, embedded, {latencyMs} ms' },
  postgres_embedded_new: {
    level: 'ok',
    found: 'embedded {version}, made on first use',
  },
  postgres_old: {
    level: 'failed',
    found: 'PostgreSQL {version} is too old',
    mend: 'use 14 or newer',
  },
  postgres_read_only: {
    level: 'failed',
    found: 'the database is read-only',
    mend: 'DATABASE_URL must name the primary server, not a replica',
  },
  schema_current: { level: 'ok', found: 'schema up to date' },
  schema_none: {
    level: 'warning',
    found: 'the database is empty',
    mend: 'minibot migrate; the first command or worker does it too',
  },
  schema_behind: {
    level: 'warning',
    found: '{pending} migrations are pending',
    mend: 'minibot migrate; the next command or worker does it too',
  },
  schema_ahead: {
    level: 'failed',
    found: 'the database was made by a newer MiniBotPanel',
    mend: 'bring this machine to the same version',
  },
  connections: { level: 'ok', found: '{used} of {most} connections' },
  connections_few: {
    level: 'warning',
    found: 'a worker and a web door need up to {needed} connections, of {most} only {free} are free',
    mend: 'raise max_connections, or lower DB_POOL_MAX (docs/scaling.md)',
  },
  clocks_differ: {
    level: 'warning',
    found: "the database's clock and this machine's differ by {seconds} s",
    mend: 'keep both right with NTP',
  },
  opposition_key_matches: { level: 'ok', found: 'opposition key right' },
  opposition_key_new: { level: 'ok', found: 'opposition key not used yet' },

  // redis
  redis_unused: { level: 'ok', found: 'not used: the queues live in PostgreSQL' },
  redis_version: { level: 'ok', found: '{product} {version} at {where}, {latencyMs} ms' },
  redis_memory: { level: 'ok', found: '{used} MB used' },
  redis_evicts: {
    level: 'failed',
    found: 'Redis may throw queued calls away when its memory is full ({detail})',
    mend: 'set maxmemory-policy to noeviction',
  },
  redis_forgets: {
    level: 'warning',
    found: 'Redis keeps no append-only file: if it stops, the queues are made again from the database',
    mend: 'set appendonly to yes',
  },
  redis_old: { level: 'warning', found: 'this Redis is old ({detail})', mend: 'use 6.2 or newer' },
  redis_replica: {
    level: 'failed',
    found: 'this Redis is a replica and takes no writes',
    mend: 'REDIS_URL must name the master, or its sentinels (redis-sentinel://)',
  },
  redis_nearly_full: {
    level: 'warning',
    found: 'Redis uses {used} of {most} MB',
    mend: 'raise maxmemory: when it is full, nothing more can be queued',
  },
  redis_unreachable: {
    level: 'failed',
    found: 'Redis at {where} cannot be reached: {detail}',
    mend: 'start it, correct REDIS_URL, or leave REDIS_URL empty to keep the queues in PostgreSQL',
  },
  redis_refused: {
    level: 'failed',
    found: 'Redis at {where} refuses the user or password',
    mend: 'correct them in REDIS_URL',
  },

  // freeswitch
  switch_version: { level: 'ok', found: '{version} at {where}, {latencyMs} ms' },
  switch_no_password: {
    level: 'failed',
    found: 'FREESWITCH_ESL_PASSWORD is not set',
    mend: 'write the password of event_socket.conf.xml into .env; without a switch, try minibot load-test or npm run demo',
  },
  switch_default_password: {
    level: 'warning',
    found: 'the switch takes its well-known default password: whoever reaches it may place calls',
    mend: 'change it in event_socket.conf.xml, and in .env',
  },
  switch_unreachable: {
    level: 'failed',
    found: 'FreeSWITCH does not answer at {where}: {detail}',
    mend: 'start it (systemctl start freeswitch), or correct FREESWITCH_ESL_HOST and FREESWITCH_ESL_PORT',
  },
  switch_no_event_socket: {
    level: 'failed',
    found: 'what answers at {where} is no FreeSWITCH event socket: {detail}',
    mend: 'correct FREESWITCH_ESL_HOST and FREESWITCH_ESL_PORT',
  },
  switch_password_refused: {
    level: 'failed',
    found: 'FreeSWITCH at {where} refuses the password',
    mend: 'set FREESWITCH_ESL_PASSWORD to the one in its event_socket.conf.xml',
  },
  switch_address_refused: {
    level: 'failed',
    found: 'FreeSWITCH at {where} takes no connection from this machine',
    mend: 'allow it in apply-inbound-acl of its event_socket.conf.xml',
  },
  switch_paused: {
    level: 'failed',
    found: 'the switch is paused and takes no calls',
    mend: 'fs_cli -x "fsctl resume"',
  },
  switch_sessions: { level: 'ok', found: '{now} of {most} sessions, {perSecond}/s' },
  switch_sessions_few: {
    level: 'warning',
    found: 'SWITCH_MAX_CALLS is {wanted}, but the switch takes {most} sessions',
    mend: 'lower SWITCH_MAX_CALLS, or raise max-sessions in switch.conf.xml',
  },
  gateway_up: { level: 'ok', found: 'gateway {gateway} {state}' },
  gateway_unknown: {
    level: 'failed',
    found: 'the switch knows no gateway {gateway}',
    mend: 'correct FREESWITCH_GATEWAY, or add it to a SIP profile (fs_cli -x "sofia status")',
  },
  gateway_down: {
    level: 'failed',
    found: 'gateway {gateway} is down ({state})',
    mend: 'look at its registration and address (fs_cli -x "sofia status gateway {gateway}")',
  },
  audio_module_loaded: { level: 'ok', found: '{module} answers' },
  audio_module_missing: {
    level: 'failed',
    found: 'the switch has no {module}: calls cannot be heard',
    mend: 'install it and load it (fs_cli -x "load {module}"), or choose the other one (FREESWITCH_AUDIO_MODULE)',
  },
  audio_module_mute: {
    level: 'failed',
    found: '{module} is loaded, but its command does not answer: {detail}',
    mend: 'install the build for this FreeSWITCH, and reload it',
  },
  null_endpoint_missing: {
    level: 'warning',
    found: 'the switch has no mod_loopback: whether audio arrives cannot be tried without calling somebody',
    mend: 'fs_cli -x "load mod_loopback"',
  },
  switch_folder_missing: {
    level: 'failed',
    found: 'the switch does not find {directory} ({variable})',
    mend: 'make it on the switch, readable for its user; minibot setup-audio puts recordings there',
  },
  audio_arrives: { level: 'ok', found: 'audio of a call to nobody arrived' },
  audio_missing: {
    level: 'failed',
    found: 'a call to nobody was placed, but no audio arrived: {detail}',
    mend: 'the switch must reach {address}: look at firewall and STREAMING_ASR_PUBLIC_URL',
  },
  audio_untried: { level: 'warning', found: 'a call to nobody could not be placed: {detail}' },

  // streaming
  streaming_free: { level: 'ok', found: 'port {port} free, advertised as {address}' },
  streaming_any: { level: 'ok', found: 'a free port for each worker on {host}' },
  streaming_worker: { level: 'ok', found: 'port {port} is used by a worker' },
  streaming_taken: {
    level: 'failed',
    found: 'port {port} on {host} is used by another program',
    mend: 'stop it (lsof -i :{port}), or set STREAMING_ASR_PORT to another port',
  },
  streaming_unusable: {
    level: 'failed',
    found: 'cannot listen on {host}:{port}: {detail}',
    mend: 'set STREAMING_ASR_HOST to an address of this machine, STREAMING_ASR_PORT to a port above 1023',
  },
  streaming_wildcard: {
    level: 'failed',
    found: 'it listens on every address ({host}), and nothing says under which one the switch reaches it',
    mend: 'set STREAMING_ASR_PUBLIC_URL to ws://host:port',
  },
  streaming_unreachable: {
    level: 'failed',
    found:
      'the switch is on another machine ({switchHost}) and would look for the audio at {host}, which is itself',
    mend: 'set STREAMING_ASR_PUBLIC_URL to ws://host:port as the switch reaches this machine, STREAMING_ASR_HOST to 0.0.0.0',
  },
  streaming_name_unknown: {
    level: 'warning',
    found: 'this machine does not know the host of STREAMING_ASR_PUBLIC_URL ({host})',
    mend: 'correct it, unless the switch alone knows it',
  },

  // vosk
  vosk_model: { level: 'ok', found: '{model}, {rateHz} Hz, loaded in {loadMs} ms, {memoryMb} MB' },
  vosk_decodes: { level: 'ok', found: 'decodes a second in {decodeMs} ms' },
  vosk_demo: {
    level: 'warning',
    found: 'the demo model does not understand people, only synthetic voices',
    mend: 'set VOSK_MODEL_PATH to a French Vosk model (alphacephei.com/vosk/models)',
  },
  vosk_doubled: {
    level: 'ok',
    found: 'audio of {streamHz} Hz (VOSK_SAMPLE_RATE) is brought to {modelHz} Hz',
  },
  vosk_slow: {
    level: 'warning',
    found: 'a second of audio took {decodeMs} ms: answers will be late',
    mend: 'use a smaller model (…-lgraph), or a faster machine',
  },
  vosk_threads: {
    level: 'warning',
    found: 'VOSK_DECODE_THREADS is {threads}, and the thread pool has {pool}: other work waits for speech',
    mend: 'set UV_THREADPOOL_SIZE to {wanted} in the environment of the worker (not in .env)',
  },
  vosk_model_missing: {
    level: 'failed',
    found: '{detail}',
    mend: 'set VOSK_MODEL_PATH to an unpacked French Vosk model, the folder that holds am/, conf/ and graph/ (alphacephei.com/vosk/models)',
  },
  vosk_crashed: {
    level: 'failed',
    found: 'the speech engine crashed on the model {path} ({detail})',
    mend: 'the model is damaged, or made for another version: unpack it again',
  },

  // ollama
  ollama_unused: { level: 'ok', found: 'not needed (INTENT_ENGINE=local)' },
  ollama_ready: {
    level: 'ok',
    found: '{version}, {model} answers in {answerMs} ms (loaded in {loadMs} ms)',
  },
  ollama_late: {
    level: 'warning',
    found:
      '{model} answers in {answerMs} ms; the target is {targetMs} ms: the local classifier decides in its place',
    mend: 'use a smaller model or a GPU, or set INTENT_ENGINE=local',
  },
  ollama_away: {
    level: 'warning',
    found: 'Ollama does not answer at {where}: intents are classified on this machine alone',
    mend: 'start it (ollama serve), correct OLLAMA_BASE_URL, or set INTENT_ENGINE=local',
  },
  ollama_no_model: {
    level: 'warning',
    found: 'Ollama has no model {model}: intents are classified on this machine alone',
    mend: 'ollama pull {model}',
  },
  ollama_failed: {
    level: 'warning',
    found: 'Ollama does not do its work ({detail}): intents are classified on this machine alone',
    mend: 'look at its log (journalctl -u ollama)',
  },

  // scenarios
  scenarios_usable: { level: 'ok', found: '{count} usable: {names}' },
  scenarios_none: {
    level: 'failed',
    found: 'there is no scenario in {directory}',
    mend: 'put one there, or correct SCENARIOS_DIR',
  },
  scenario_broken: {
    level: 'failed',
    found: '{scenario} cannot be used: {detail}',
    mend: 'minibot scenario validate {scenario} names step and field',
  },

  // audio
  recordings_complete: { level: 'ok', found: '{count} of {scenarios} scenarios in {directory}' },
  recordings_unseen: {
    level: 'warning',
    found: '{directory} (FREESWITCH_SOUNDS_DIR) is not on this machine: recordings were not looked at',
    mend: 'run minibot doctor on the machine of the switch as well',
  },
  recordings_missing: {
    level: 'failed',
    found: '{scenario}: {missing} recordings are missing, {example} for one',
    mend: 'minibot setup-audio {voice}; to rehearse: minibot draft-voice {voice} --scenario {scenario}',
  },
  answers_missing: {
    level: 'warning',
    found: '{scenario}: {missing} objections have no recorded answer, {example} for one',
    mend: 'record them; minibot setup-audio {voice}',
  },
  recordings_draft: {
    level: 'warning',
    found: '{scenario}: {drafts} recordings are drafts spoken by a machine',
    mend: 'record them before people are called; minibot setup-audio {voice}',
  },
  ffmpeg_missing: {
    level: 'warning',
    found: 'ffmpeg was not found: setup-audio cannot work',
    mend: 'apt-get install ffmpeg, or npm ci again with install scripts allowed',
  },
} as const satisfies Record<string, Template>;

export type FindingCode = keyof typeof FINDINGS;

export interface Finding {
  code: FindingCode;
  level: Level;
  values: Readonly<Record<string, string | number>>;
}

type Texts<Code extends FindingCode> =
  | (typeof FINDINGS)[Code]['found']
  | ((typeof FINDINGS)[Code] extends { mend: infer Mend extends string } ? Mend : never);
type ValuesOf<Code extends FindingCode> = Readonly<Record<ParametersOf<Texts<Code>>, string | number>>;

/** What was found, with the values of its texts. */
export function finding<Code extends FindingCode>(code: Code, values: ValuesOf<Code>): Finding {
  return { code, level: FINDINGS[code].level, values };
}
